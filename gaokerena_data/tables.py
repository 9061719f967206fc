"""Tables of counts, the same on a terminal and in a log: what all rooms print with."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table


def make_console() -> Console:
    """A console for results; a log gets lines wide enough not to be broken."""
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=120)


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
