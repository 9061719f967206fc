"""Prints a site's runs, and its pages that are gone."""

from collections.abc import Collection

from rich.console import Console
from rich.table import Table

from gaokerena_data.crawl.site_history import Run, SiteHistory, sparkline

_COLUMNS = (
    "run",
    "began",
    "end",
    "requests",
    "errors",
    "fresh",
    "with a record",
    "fields",
    "records",
)
_LEFT = {"began", "end"}


def print_history(
    history: SiteHistory, published: Collection[str], console: Console, shown: int | None = 20
) -> None:
    """Print a site's runs as a table, and its pages that are gone.

    Args:
        history: the site's.
        published: the urls of what was released.
        console: where to.
        shown: how many pages that are gone; None for all.
    """
    table = Table(box=None)
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name in _LEFT else "right")
    for run in history.runs:
        table.add_row(*_cells(run))
    console.print(table)
    for name, values in (
        ("records", [run.records for run in history.runs]),
        ("fields", [run.coverage for run in history.runs]),
        ("errors", [run.errors for run in history.runs]),
    ):
        console.print(f"{name:<8} {sparkline(values)}", markup=False, highlight=False)
    last = next((run.report for run in reversed(history.runs) if run.report is not None), None)
    if last is not None:
        for line in [last.trouble, *last.failures, *(": ".join(e) for e in last.unread_lists)]:
            if line:
                _print(console, f"{history.site}: {line}", style="bold red")
    _print_lost(history, published, console, shown)


def _print_lost(
    history: SiteHistory, published: Collection[str], console: Console, shown: int | None
) -> None:
    if not history.lost:
        return
    _print(
        console,
        f"{len(history.lost):,} pages are gone, whose records are kept. Keep them, or take them "
        "out: `gaokerena takedown add URL`",
    )
    # What was published is to be decided first.
    lost = sorted(history.lost, key=lambda page: (page.url not in published, page.url))
    for page in lost[:shown]:
        told = "published" if page.url in published else "not published"
        _print(console, f"  {page.url} ({page.reason} in run {page.run}, {told})")
    if shown is not None and len(lost) > shown:
        _print(console, f"  and {len(lost) - shown:,} more: `gaokerena status SITE --gone`")


def _print(console: Console, line: str, style: str = "") -> None:
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def _cells(run: Run) -> list[str]:
    report = run.report
    if report is None:
        return [str(run.number), run.started_at, run.end, *[""] * (len(_COLUMNS) - 3)]
    coverage = run.coverage
    return [
        str(run.number),
        run.started_at,
        run.end,
        f"{report.requests:,}",
        f"{run.errors:,}",
        f"{report.fresh_pages:,}",
        "" if report.yield_share is None else f"{report.yield_share:.0%}",
        "" if coverage is None else f"{coverage:.0%}",
        f"{run.records:,}",
    ]
