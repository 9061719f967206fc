"""Tables of counts, the same on a terminal and in a log: what all rooms print with."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from gaokerena_data.outside_text import printable


class SafeConsole(Console):
    """A console on which text from outside cannot do anything: see `outside_text.printable`."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The pieces of what is printed; those that rich adds itself, as colours, stay."""
        for piece in super().render(renderable, options):
            if piece.control:
                yield piece
            else:
                yield Segment(printable(piece.text), piece.style)

    def render_str(self, text: str, **options: Any) -> Text:
        """A text as it is laid out: made visible first, so that columns are as wide as it."""
        return super().render_str(printable(text), **options)


def make_console(*, stderr: bool = False, markup: bool = False) -> Console:
    """A console for results; a log gets lines wide enough not to be broken.

    Args:
        stderr: whether it prints there.
        markup: whether «[bold]» in a text is an order; for texts of our own only.
    """
    console = SafeConsole(highlight=False, soft_wrap=True, stderr=stderr, markup=markup)
    if not console.is_terminal:
        console.width = 120
    return console


def count_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """A table whose numbers stand right, with thousands marked; None is an empty cell."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[place], int | float | None) for row in rows)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)
