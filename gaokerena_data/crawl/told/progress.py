"""What a crawl shows while it runs and when it ends: a live table, or plain lines."""

import time
from collections import deque
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from gaokerena_data.crawl.extract import BROKEN, NO_RECORD, Extraction
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.report import Report
from gaokerena_data.crawl.run import Running
from gaokerena_data.crawl.session import SiteSession
from gaokerena_data.tables import SafeConsole, make_console

_LATELY = 600.0  # seconds
_SHOWN = 5  # listings that could not be read
_PLAIN_EVERY = 30.0  # seconds between two lines where there is no terminal


class CrawlDisplay:
    """Shows every site's pages, queue, rate, errors and time left."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or SafeConsole(stderr=True)
        self._live: Live | None = None
        self._said = time.monotonic()
        self._rates: dict[str, Pacer] = {}

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, running: list[Running]) -> None:
        """Called about once a second."""
        now = time.monotonic()
        for site in running:
            if site.session is not None:
                self._rates.setdefault(site.site, Pacer()).note(now, site.session.asked)
        if self._live is not None:
            self._live.update(self._table(running), refresh=True)
        elif now - self._said >= _PLAIN_EVERY:
            self._said = now
            for site in running:
                self._console.print(self._line(site), markup=False, highlight=False)

    def _line(self, site: Running) -> str:
        if site.session is None:
            return f"{site.site}: {site.note or 'not begun'}"
        _, pages, queued, rate, errors, left, note = self._cells(site)
        told = f"{pages} pages, {queued} queued, {rate} a second, {errors} errors, {left} left"
        return f"{site.site}: {told}, {note}" if note else f"{site.site}: {told}"

    def _table(self, running: list[Running]) -> Table:
        table = Table(box=None)
        for name in ("site", "pages", "queued", "a second", "errors", "time left", ""):
            table.add_column(name, justify="left" if name in {"site", ""} else "right")
        for site in running:
            table.add_row(*map(Text, self._cells(site)))
        return table

    def _cells(self, site: Running) -> tuple[str, ...]:
        session = site.session
        if session is None:
            return (site.site, "", "", "", "", "", site.note)
        counts = session.frontier.counts()
        queued = sum(counts.get(state, 0) for state in states.OPEN_STATES)
        done = sum(counts.get(state, 0) for state in states.FINAL_STATES)
        rate = self._rates.setdefault(site.site, Pacer()).rate()
        left = _left(session, queued, rate)
        errors = session.tally["retries"] + session.tally[states.FAILED]
        note = site.note or session.asked_delay or ""
        if session.paused:
            note = f"paused for {session.pause_left:,.0f} s: {session.waits_for}"
        return (site.site, f"{done:,}", f"{queued:,}", f"{rate:.1f}", f"{errors:,}", left, note)


class Pacer:
    """How many pages a second were asked for lately: a crawl of weeks is not its first minutes."""

    def __init__(self) -> None:
        self._noted: deque[tuple[float, int]] = deque()

    def note(self, now: float, asked: int) -> None:
        """Note how many pages were asked for until now."""
        self._noted.append((now, asked))
        while now - self._noted[0][0] > _LATELY and len(self._noted) > 2:
            self._noted.popleft()

    def rate(self) -> float:
        """Pages a second; 0 where nothing was asked for lately."""
        if len(self._noted) < 2:
            return 0.0
        (began, before), (now, asked) = self._noted[0], self._noted[-1]
        return (asked - before) / max(now - began, 1e-3)


def time_left(queued: int, rate: float, delay: float, pause: float) -> float | None:
    """Seconds until what is queued is fetched; None where nobody can know.

    Args:
        queued: pages.
        rate: pages a second, lately.
        delay: seconds between two requests.
        pause: seconds for which the site is left alone from now.
    """
    if not queued:
        return 0.0
    if not rate and not delay:
        return None
    a_page = max(delay, 1 / rate if rate else 0.0)
    return pause + queued * a_page


def _left(session: SiteSession, queued: int, rate: float) -> str:
    seconds = time_left(queued, rate, session.delay, session.pause_left)
    if seconds is None:
        return "?"
    # Listings and graphs show more as they are read.
    return f"{_duration(seconds)}{'+' if session.finds_more else ''}"


def print_reports(
    reports: list[Report], console: Console | None = None, alarms: Console | None = None
) -> None:
    """A table of the runs to stdout, and what needs a person to stderr."""
    console = console or make_console()
    alarms = alarms or make_console(stderr=True)
    table = Table(box=None)
    columns = ("site", "run", "requests", "done", "other ends", "queued", "records", "end")
    for name in columns:
        left = name in {"site", "other ends", "end"}
        table.add_column(name, justify="left" if left else "right")
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
            "complete" if report.complete else "incomplete",
        )
    console.print(table)
    for report in reports:
        _print_notes(report, console)
        _print_alarms(report, alarms)


def print_extraction(extraction: Extraction, console: Console | None = None) -> None:
    """What an extraction gave, to stdout."""
    console = console or make_console()
    for kind, count in extraction.records.items():
        console.print(f"{extraction.site}: {count:,} {kind} records", highlight=False)
    for reason, count in extraction.dropped.items():
        console.print(f"  {count:,} pages without a record: {reason}", markup=False)


def _print_notes(report: Report, console: Console) -> None:
    notes = []
    if report.asked_delay:
        notes.append(report.asked_delay)
    if report.stopped:
        notes.append(f"stopped early: {report.stopped}; `gaokerena crawl {report.site}` goes on")
    notes += [
        f"{count:,} fetched pages without a record: {reason}"
        for reason, count in report.dropped.items()
        if reason in {NO_RECORD, BROKEN}
    ]
    notes += [f"{kind} fields: {_fields(report, kind)}" for kind in report.coverage]
    if report.empty_lists:
        shown = ", ".join(url for url, _ in report.empty_lists[:_SHOWN])
        notes.append(f"{len(report.empty_lists):,} listings show no record, as {shown}")
    if report.lost_pages:
        notes.append(
            f"{report.lost_pages:,} pages are gone whose records are kept: "
            f"`gaokerena status {report.site}` lists them for a decision"
        )
    for note in notes:
        line = f"{report.site}: {note}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_alarms(report: Report, console: Console) -> None:
    lines = [f"{url} stays open for the next run: {reason}" for url, reason in report.unread_lists]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"{len(lines) - _SHOWN:,} more listings and sitemaps stay open"]
    lists = [failure for failure in report.failures if failure.startswith("http")]
    shown = [each for each in report.failures if each not in lists[_SHOWN:]]
    lines += [f"{failure}: {_remedy(report, failure)}" for failure in shown]
    if len(lists) > _SHOWN:
        lines.append(f"{len(lists) - _SHOWN:,} more listings and sitemaps cannot be asked for")
    if not report.ended_well and not report.complete:
        told = report.trouble or report.stopped or "listings or sitemaps could not be read"
        lines.append(f"incomplete: {told}; `gaokerena crawl {report.site}` goes on")
    for line in lines:
        console.print(
            f"{report.site}: {line}",
            style="bold red",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _remedy(report: Report, failure: str) -> str:
    spider = f"spiders/{report.site}.py"
    if failure.startswith("http"):
        return f"does the site still list its pages there, and want to be read? See {spider}"
    if failure.endswith("in an earlier run"):
        return (
            f"what took them? See the ledger beside the records; --count-fall of `gaokerena crawl "
            f"{report.site}` allows for more"
        )
    return (
        f"has the layout changed? Mend {spider}, then run `gaokerena extract {report.site}`; "
        "records read before are kept"
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
