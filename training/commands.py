"""`gaokerena train`: every command a few lines that call the library."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption
from training import home_commands, model_commands
from training.libraries.extras import needs_extra

if TYPE_CHECKING:
    from training.runs.recipe import Stage

app = typer.Typer(no_args_is_help=True)

RecipeOption = Annotated[
    str | None,
    typer.Option("--recipe", help="YAML file or shipped recipe (tiny), laid over the stage's own."),
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a key: --set lora.rank=4. Repeatable."),
]
FromCheckpoint = Annotated[
    int | None,
    typer.Option(
        "--from-checkpoint",
        min=1,
        metavar="STEP",
        help="Go on from this step's checkpoint; the learning rate may be another one then.",
    ),
]
RunName = Annotated[str | None, typer.Option("--name", help="Of the run folder.")]


@app.callback()
def train() -> None:
    """Train a model on the published datasets."""


@app.command()
def pretrain(
    recipe: RecipeOption = None,
    changes: Changes = None,
    name: RunName = None,
    from_checkpoint: FromCheckpoint = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Train a LoRA adapter on the corpus; run it again to go on after a stop."""
    _train("pretrain", recipe, changes, workspace, from_checkpoint, name=name)


@app.command()
def instruct(
    recipe: RecipeOption = None,
    changes: Changes = None,
    name: RunName = None,
    adapter: Annotated[
        str | None, typer.Option(help="Run, folder or repository of the pre-trained adapter.")
    ] = None,
    from_checkpoint: FromCheckpoint = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Train a LoRA adapter on questions and answers, over the pre-trained one."""
    _train("instruct", recipe, changes, workspace, from_checkpoint, name=name, adapter=adapter)


@app.command()
def prefer(
    recipe: RecipeOption = None,
    changes: Changes = None,
    name: RunName = None,
    adapter: Annotated[
        str | None, typer.Option(help="Run, folder or repository of the adapter below it.")
    ] = None,
    from_checkpoint: FromCheckpoint = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Train a LoRA adapter on preference pairs (DPO), over the stages before it."""
    _train("prefer", recipe, changes, workspace, from_checkpoint, name=name, adapter=adapter)


def _train(
    stage: "Stage",
    recipe: str | None,
    changes: list[str] | None,
    workspace: Path,
    from_step: int | None,
    *,
    name: str | None,
    adapter: str | None = None,
) -> None:
    from gaokerena_data.workspace import Workspace
    from training.runs.recipe import load_recipe

    over = [f"name={name}"] if name else []
    over += [f"model.adapter={adapter}"] if adapter else []
    chosen = load_recipe(stage, recipe, [*(changes or []), *over])
    place = Workspace(workspace)
    with needs_extra("train"):
        from training.checks import check_recipe
    # Before the imports below, which take seconds.
    check_recipe(chosen, place)
    with needs_extra("train"):
        from training.train import this_process
        from training.train import train as run
    folder = run(chosen, place, say=partial(typer.echo, err=True), from_step=from_step)
    if this_process().is_main_process:
        typer.echo(folder.path)


app.command()(model_commands.merge)
app.command()(model_commands.publish)
app.command()(model_commands.footprint)
app.command()(home_commands.export)
app.command()(home_commands.chat)
