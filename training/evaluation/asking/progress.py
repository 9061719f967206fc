"""Progress of long work: who does the work tells how many of how many are done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

type Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Show nothing."""
    del done, total


@contextmanager
def shown(what: str) -> Iterator[Progress]:
    """Show it on stderr: a bar on a terminal, a plain line now and then elsewhere."""
    from rich.console import Console

    from gaokerena_data.progress import show_progress

    with show_progress(Console(stderr=True)) as report:
        yield partial(report, what)
