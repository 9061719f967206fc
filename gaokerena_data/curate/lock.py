"""One curation of a dataset at a time, and what a killed one left is cleared away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import FILE_MODE, Workspace, make_folder


@contextmanager
def only_one(workspace: Workspace, declaration: Declaration) -> Iterator[None]:
    """Hold the lock of a dataset; the operating system frees it after a kill.

    Half-written files that a killed run left behind are deleted: nobody else can be writing them.

    Raises:
        GaokerenaError: another process holds it.
    """
    dataset = declaration.name
    folder = workspace.curated(dataset).parent
    make_folder(folder)
    try:
        held = FileLock(folder / f".{dataset}.lock", mode=FILE_MODE).acquire(timeout=0)
    except Timeout:
        raise GaokerenaError(
            f"{workspace.root}: {dataset} is being curated by another process; "
            "wait until it has ended"
        ) from None
    with held:
        for part in _left_behind(workspace, declaration):
            if part.is_dir():
                shutil.rmtree(part)
            else:
                part.unlink()
        yield


def _left_behind(workspace: Workspace, declaration: Declaration) -> list[Path]:
    signals = workspace.root / "signals" / declaration.kind.name
    return [
        *signals.rglob(".*.part"),
        *workspace.curated(declaration.name).parent.glob(f".{declaration.name}*.part"),
    ]
