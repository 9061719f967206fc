"""The command line: it mounts the commands, which stand in the rooms, and tells their errors."""

import gc
import os
import sys
from typing import Annotated

import typer

from gaokerena_data import status_commands
from gaokerena_data.annotate import commands as annotate_commands
from gaokerena_data.crawl import commands as crawl_commands
from gaokerena_data.curate import commands as curate_commands
from gaokerena_data.demo import commands as demo_commands
from gaokerena_data.errors import GaokerenaError, says_full
from gaokerena_data.extensions import REFUSED
from gaokerena_data.hub import commands as hub_commands
from gaokerena_data.imports import commands as imports_commands
from gaokerena_data.outside_text import tell
from gaokerena_data.purge import commands as purge_commands
from gaokerena_data.release import commands as release_commands
from gaokerena_data.review import commands as review_commands
from gaokerena_data.takedowns import commands as takedown_commands
from gaokerena_data.text import commands as text_commands
from training import commands as training_commands
from training.evaluation import commands as evaluation_commands
from training.evaluation import translate_commands

app = typer.Typer(
    name="gaokerena",
    help="From the Persian medical web to published, versioned datasets, and to a model.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_INTERRUPTED = 130  # what Typer makes of Ctrl-C


@app.callback()
def root(
    no_workspace_code: Annotated[
        bool,
        typer.Option(
            "--no-workspace-code",
            help="Run no spider and no rule that lies in the workspace: for a workspace of "
            f"somebody else. {REFUSED}=1 says the same.",
        ),
    ] = False,
) -> None:
    """Options that stand before the command."""
    if no_workspace_code:
        os.environ[REFUSED] = "1"  # processes that the command starts inherit it


app.command()(crawl_commands.crawl)
app.command()(crawl_commands.extract)
app.command()(hub_commands.publish)
app.command()(hub_commands.verify)
app.command()(hub_commands.pull)
app.command()(release_commands.diff)
app.command("import")(imports_commands.import_)
app.command()(curate_commands.curate)
app.command()(curate_commands.why)
app.command()(curate_commands.sample)
app.command()(curate_commands.clusters)
app.command()(curate_commands.similar)
app.command()(release_commands.release)
app.command()(purge_commands.purge)
app.command()(status_commands.status)
app.command()(demo_commands.demo)
takedown_commands.takedown.command("purge")(purge_commands.purge_hub)
app.add_typer(takedown_commands.takedown)
app.add_typer(review_commands.app, name="review")
app.add_typer(annotate_commands.app, name="annotate")
app.add_typer(text_commands.app, name="text")
app.add_typer(training_commands.app, name="train")
app.add_typer(evaluation_commands.app, name="evaluate")
app.add_typer(translate_commands.app, name="translate")


def main() -> None:
    """Run the command line. A mistake that a person can mend is one line and exit code 1."""
    os.umask(0o077)  # whatever is written holds patients' words: nobody else may read it
    try:
        app()
    except GaokerenaError as error:
        tell(f"gaokerena: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os._exit(0)
    except OSError as error:
        from gaokerena_data.workspace import is_full

        where = f"{error.filename}: " if error.filename else ""
        full = is_full(error)
        told = "no room left to write: make room and run it again" if full else error.strerror
        tell(f"gaokerena: {where}{told or error}", err=True)
        sys.exit(1)
    except Exception as error:
        if not says_full(error):
            raise
        tell("gaokerena: no room left to write: make room and run it again", err=True)
        sys.exit(1)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            told = "gaokerena: stopped; what was finished is kept, run it again to go on"
            typer.echo(told, err=True)
        raise
    finally:
        # What is left goes with the process: to look for garbage in it first takes half a second.
        gc.freeze()
