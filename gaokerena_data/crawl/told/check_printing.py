"""Prints what a look at a few pages of each site found."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from gaokerena_data.crawl.checks.checking import SiteCheck
from gaokerena_data.tables import make_console


def print_checks(checks: Sequence[SiteCheck], console: Console | None = None) -> None:
    """A table of the sites, and what is not as it was, to stdout."""
    console = console or make_console()
    table = Table(box=None)
    table.add_column("site")
    table.add_column("pages compared", justify="right")
    table.add_column("")
    for check in checks:
        told = "as before" if check.compared else "readable"
        if check.trouble is not None:
            told = "not looked at" if not check.compared else "not looked at to the end"
        if check.drift:
            told = "not as before"
        table.add_row(check.site, str(check.compared), told)
    console.print(table)
    for check in checks:
        for line in check.notes:
            _print(console, check.site, line)
        for line in [*([check.trouble] if check.trouble else []), *check.drift]:
            _print(console, check.site, line, style="bold red")


def _print(console: Console, site: str, line: str, style: str = "") -> None:
    console.print(f"{site}: {line}", style=style, markup=False, highlight=False, soft_wrap=True)
