"""Progress of long work: a live bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

# Told (what, done, total) as long work goes on.
type Progress = Callable[[str, int, int], None]


@contextmanager
def show_progress(console: Console) -> Iterator[Progress]:
    """Yield a function that is told (what, done, total) as the work goes on.

    Args:
        console: where to show it. A log gets a line when a task starts and every tenth of it.
    """
    if not console.is_terminal:
        yield _plain_lines(console)
        return
    with Bars(
        SpinnerColumn(),
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=console,
        transient=True,
    ) as bars:
        tasks = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """The speed of the last half minute, or of all of it."""
        speed = task.finished_speed or task.speed
        if speed is None and task.completed and task.elapsed:
            speed = task.completed / task.elapsed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


def _plain_lines(console: Console) -> Progress:
    shown: dict[str, int] = {}
    began: dict[str, float] = {}

    def report(what: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth > shown.get(what, -1):
            shown[what] = tenth
            took = time.monotonic() - began.setdefault(what, time.monotonic())
            line = f"{what}: {done:,} of {total:,}{_speed(done, total, took)}"
            console.print(line, highlight=False)

    return report


def _speed(done: int, total: int, seconds: float) -> str:
    if not done or seconds < 1:
        return ""
    left = f", {(total - done) * seconds / done:,.0f} s left" if done < total else ""
    return f", {done / seconds:,.0f}/s{left}"
