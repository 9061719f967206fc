"""What a crawl shows while it runs and when it ends: a live table, or plain lines."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from gaokerena_data.crawl.extract import BROKEN, NO_RECORD, Extraction
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.report import Report
from gaokerena_data.crawl.run import Running

_PLAIN_EVERY = 30.0  # seconds between two lines where there is no terminal


class CrawlDisplay:
    """Shows every site's pages, queue, rate, errors and time left."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._live: Live | None = None
        self._began = time.monotonic()
        self._said = self._began

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, running: list[Running]) -> None:
        """Called about once a second."""
        now = time.monotonic()
        if self._live is not None:
            self._live.update(self._table(running, now), refresh=True)
        elif now - self._said >= _PLAIN_EVERY:
            self._said = now
            for site in running:
                self._console.print(self._line(site, now), markup=False, highlight=False)

    def _line(self, site: Running, now: float) -> str:
        if site.session is None:
            return f"{site.site}: {site.note or 'not begun'}"
        _, pages, queued, rate, errors, left, note = self._cells(site, now)
        told = f"{pages} pages, {queued} queued, {rate} a second, {errors} errors, {left} left"
        return f"{site.site}: {told}, {note}" if note else f"{site.site}: {told}"

    def _table(self, running: list[Running], now: float) -> Table:
        table = Table(box=None)
        for name in ("site", "pages", "queued", "a second", "errors", "time left", ""):
            table.add_column(name, justify="left" if name in {"site", ""} else "right")
        for site in running:
            table.add_row(*map(escape, self._cells(site, now)))
        return table

    def _cells(self, site: Running, now: float) -> tuple[str, ...]:
        session = site.session
        if session is None:
            return (site.site, "", "", "", "", "", site.note)
        counts = session.frontier.counts()
        queued = sum(counts.get(state, 0) for state in states.OPEN_STATES)
        done = sum(counts.get(state, 0) for state in states.FINAL_STATES)
        rate = session.asked / max(now - self._began, 1e-3)
        left = _duration(queued / rate) if rate else "?"
        errors = session.tally["retries"] + session.tally[states.FAILED]
        note = "paused" if session.paused else site.note
        return (site.site, f"{done:,}", f"{queued:,}", f"{rate:.1f}", f"{errors:,}", left, note)


def print_reports(reports: list[Report], console: Console | None = None) -> None:
    """A table of the runs, and what needs a person, to stdout."""
    console = console or Console()
    table = Table(box=None)
    columns = ("site", "run", "requests", "done", "other ends", "queued", "records")
    for name in columns:
        table.add_column(name, justify="left" if name in {"site", "other ends"} else "right")
    for report in reports:
        others = ", ".join(
            f"{count} {state}"
            for state, count in report.states.items()
            if state not in {states.DONE, *states.OPEN_STATES}
        )
        queued = sum(report.states.get(state, 0) for state in states.OPEN_STATES)
        table.add_row(
            report.site,
            str(report.run),
            f"{report.requests:,}",
            f"{report.states.get(states.DONE, 0):,}",
            others or "-",
            f"{queued:,}",
            f"{sum(report.records.values()):,}",
        )
    console.print(table)
    for report in reports:
        _print_notes(report, console)


def print_extraction(extraction: Extraction, console: Console | None = None) -> None:
    """What an extraction gave, to stdout."""
    console = console or Console()
    for kind, count in extraction.records.items():
        console.print(f"{extraction.site}: {count:,} {kind} records", highlight=False)
    for reason, count in extraction.dropped.items():
        console.print(f"  {count:,} pages without a record: {escape(reason)}", highlight=False)


def _print_notes(report: Report, console: Console) -> None:
    notes = []
    if report.stopped:
        notes.append(f"stopped early: {report.stopped}; `gaokerena crawl {report.site}` goes on")
    notes += [
        f"{count:,} fetched pages without a record: {reason}"
        for reason, count in report.dropped.items()
        if reason in {NO_RECORD, BROKEN}
    ]
    notes += [f"{kind} fields: {_fields(report, kind)}" for kind in report.coverage]
    for note in notes:
        console.print(f"{report.site}: {note}", markup=False, highlight=False)
    for failure in report.failures:
        console.print(
            f"{report.site}: {failure}: has the layout changed? Mend spiders/{report.site}.py, "
            f"then run `gaokerena extract {report.site}`; records read before are kept",
            style="bold red",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _fields(report: Report, kind: str) -> str:
    told = []
    for name, share in report.coverage[kind].items():
        now, was = f"{share:.0%}", f"{report.coverage_before.get(kind, {}).get(name, share):.0%}"
        told.append(f"{name} {now}" if now == was else f"{name} {now} (was {was})")
    return ", ".join(told)


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours}:{minutes:02}:{seconds:02}"
