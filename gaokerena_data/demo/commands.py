"""`gaokerena demo`."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    # Not the workspace of everybody else, nor its variable: the demo empties its folder first.
    workspace: Annotated[
        Path, typer.Option("--workspace", help="A folder for the demo alone.")
    ] = Path("demo-workspace"),
) -> None:
    """Run all of it on bundled replica sites, offline, in a minute or two."""
    from gaokerena_data.demo.run import run_demo
    from gaokerena_data.workspace import Workspace

    run_demo(Workspace(workspace))
