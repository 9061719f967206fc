"""The options that commands of several rooms share: each is declared here and nowhere else.

An option that only one room knows stands beside that room's commands. Whatever imports a commands
module imports this one, so that nothing heavy may be imported here.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gaokerena_data.workspace import Workspace

WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "--workspace",
        envvar="GAOKERENA_WORKSPACE",
        help="Folder of all your work.",
        file_okay=False,
    ),
]
DEFAULT_WORKSPACE = Path("workspace")


def open_workspace(root: Path) -> "Workspace":
    """The workspace that a person named; what it declares is known by name from here on.

    Args:
        root: its folder, which need not exist.

    Raises:
        GaokerenaError: a declaration of it that cannot be read, by its file and key.
    """
    from gaokerena_data.datasets.registry import use_workspace
    from gaokerena_data.workspace import Workspace

    workspace = Workspace(root)
    use_workspace(workspace)
    return workspace


def existing_workspace(root: Path) -> "Workspace":
    """The workspace that a person named, for a command that has nothing to do where none is.

    Args:
        root: its folder.

    Raises:
        GaokerenaError: nothing of a workspace lies there, or a declaration of it cannot be read.
    """
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.workspace import is_workspace

    if not is_workspace(root):
        raise GaokerenaError(
            f"{root}: there is no workspace; give the folder of your work by --workspace, or go "
            "to the folder that it lies in"
        )
    return open_workspace(root)


# What publishing a dataset and publishing a model have in common.
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, change nothing.")
]
PrivateOption = Annotated[
    bool, typer.Option("--private", help="Make the repository private first.")
]
GatedOption = Annotated[
    bool,
    typer.Option("--gated", help="Readers accept the terms on the card before they download."),
]
ParentOption = Annotated[
    str | None,
    typer.Option(
        "--parent",
        help="Head commit that may be overwritten although others worked on it.",
        metavar="COMMIT",
    ),
]
