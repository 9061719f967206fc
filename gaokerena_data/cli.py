"""The command line: every command reads its options, calls the library, and prints what it did."""

import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from gaokerena_data.crawl import commands as crawl_commands
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub import commands as hub_commands
from gaokerena_data.release import commands as release_commands
from gaokerena_data.review import commands as review_commands
from gaokerena_data.text import commands as text_commands
from gaokerena_data.workspace import Workspace
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

Preset = Literal["default", "paper"]
Engine = Literal["local", "ray"]
_INTERRUPTED = 130  # what Typer makes of Ctrl-C
WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", envvar="GAOKERENA_WORKSPACE", help="Folder of all your work."),
]
DEFAULT_WORKSPACE = Path("workspace")


app.command()(crawl_commands.crawl)
app.command()(crawl_commands.extract)
app.command()(hub_commands.publish)
app.command()(hub_commands.verify)
app.command()(hub_commands.pull)
app.command()(release_commands.diff)
app.add_typer(release_commands.takedown)
app.add_typer(review_commands.app, name="review")
app.add_typer(text_commands.app, name="text")
app.add_typer(training_commands.app, name="train")
app.add_typer(evaluation_commands.app, name="evaluate")
app.add_typer(translate_commands.app, name="translate")


@app.command("import")
def import_(
    source: Annotated[
        str, typer.Argument(help="Whose crawl it is (niniban), or a benchmark (ibmsee).")
    ],
    files: Annotated[list[Path], typer.Argument(help="xlsx, csv, jsonl or parquet files.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Turn files of an older crawl into records, or of a benchmark into questions."""
    from gaokerena_data.benchmarks.definitions import BENCHMARKS
    from gaokerena_data.benchmarks.imports import import_benchmark
    from gaokerena_data.imports.records import import_file
    from gaokerena_data.tables import print_import

    take = import_benchmark if source in BENCHMARKS else import_file
    for file in files:
        print_import(file, take(Workspace(workspace), source, file))


@app.command()
def curate(
    dataset: Annotated[str, typer.Argument(help="mf3qa or medical_corpus.")],
    preset: Annotated[
        Preset, typer.Option(help="Our rules, or the authors' own (paper).")
    ] = "default",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; as many as cores by default.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="Measure on this machine (local), or on a cluster (ray).")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="With --engine ray: the cluster's head; this machine alone by default.",
        ),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Write nothing; show what the thresholds of now would change against a "
            'curation: "last", a curated folder, or a released version.',
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=0, help="With --compare: records to show of each change.")
    ] = 3,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Clean, deduplicate and split a dataset; every record is kept or explained."""
    from gaokerena_data.curate.measures.workers import expects_many, start_forking

    if engine == "local" and workers != 1 and expects_many(workspace):
        start_forking()  # before anything is imported, which takes as long

    from rich.console import Console

    from gaokerena_data.config import find_dataset, load_config
    from gaokerena_data.curate.measures.engines import LocalEngine
    from gaokerena_data.curate.measures.ray_engine import RayEngine
    from gaokerena_data.curate.run import curate as run
    from gaokerena_data.curate.told.preview import preview
    from gaokerena_data.curate.told.printing import print_curation, print_preview
    from gaokerena_data.progress import show_progress

    if address is not None and engine != "ray":
        raise typer.BadParameter("it is for --engine ray", param_hint="--address")
    room = Workspace(workspace)
    name = find_dataset(dataset)
    config = load_config(room.config_file)
    measuring = RayEngine(address, workers) if engine == "ray" else LocalEngine(workers)
    bars = show_progress(Console(stderr=True))
    if compare is not None:
        with bars as progress:
            seen = preview(room, name, config, progress, measuring, preset, compare, samples)
        print_preview(seen)
        return
    with bars as progress:
        curation = run(room, name, config, progress, preset=preset, engine=measuring)
    print_curation(curation)


@app.command()
def why(
    record: Annotated[str, typer.Argument(help="Id, url, or FILE:ROW of an import.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Tell the whole story of one record."""
    from gaokerena_data.curate.told.why import find_story
    from gaokerena_data.tables import print_story

    print_story(find_story(Workspace(workspace), record))


@app.command()
def release(
    dataset: Annotated[str, typer.Argument(help="mf3qa, medical_corpus, or a benchmark.")],
    version: Annotated[str, typer.Argument(help="MAJOR.MINOR.PATCH.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Write a version that load_dataset opens: card, parquet files, manifest."""
    from gaokerena_data.release.build import release as build
    from gaokerena_data.tables import print_release

    print_release(build(Workspace(workspace), dataset, version))


@app.command()
def status(workspace: WorkspaceOption = DEFAULT_WORKSPACE) -> None:
    """Show where every source and dataset stands, and what is next."""
    from gaokerena_data.status import read_status
    from gaokerena_data.tables import print_status

    print_status(read_status(Workspace(workspace)))


@app.command()
def demo(
    workspace: Annotated[
        Path, typer.Option("--workspace", help="A folder for the demo alone.")
    ] = Path("demo-workspace"),
) -> None:
    """Run all of it on bundled replica sites, offline, in a minute or two."""
    from gaokerena_data.demo.run import run_demo

    run_demo(Workspace(workspace))


def main() -> None:
    """Run the command line. A mistake that a person can mend is one line and exit code 1."""
    try:
        app()
    except GaokerenaError as error:
        typer.echo(f"gaokerena: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os._exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"gaokerena: {where}{error.strerror or error}", err=True)
        sys.exit(1)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            told = "gaokerena: stopped; what was finished is kept, run it again to go on"
            typer.echo(told, err=True)
        raise
    finally:
        # What is left goes with the process: to look for garbage in it first takes half a second.
        gc.freeze()
