"""Crawls of one or several sites in this process: locks, the run's begin and end, the report."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.crawler import Crawler

from gaokerena_data.crawl.archive_check import forget_lost
from gaokerena_data.crawl.extract import ExtractionStoppedError, extract_pages
from gaokerena_data.crawl.fetching.archive import ArchiveWriter
from gaokerena_data.crawl.history import COUNT_FALL, end_findings, judge
from gaokerena_data.crawl.lists import NO_RECORD_LINK
from gaokerena_data.crawl.lock import SiteLock
from gaokerena_data.crawl.polite import end_on_signals
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.queue.states import GONE, OFF_SITE, OPTED_OUT, REFUSED
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.report import INTERRUPTED, Report, last_steady, load_report
from gaokerena_data.crawl.session import SiteSession
from gaokerena_data.crawl.settings import (
    LONGEST_DELAY,
    MIN_DELAY,
    Pace,
    connect_all,
    scrapy_settings,
    software,
)
from gaokerena_data.crawl.spiders import SiteSpider
from gaokerena_data.crawl.watch import BodyWatch
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.purged import purged_ids
from gaokerena_data.sources import find_source
from gaokerena_data.workspace import Workspace

_LOCK_POLL = 1.0  # seconds between two looks at another process's lock
_LAST_SECONDS = 4.0  # for reading records after an interruption


@dataclass(frozen=True, slots=True)
class Options:
    """How a crawl is run.

    Args:
        max_pages: how many pages of each site to ask for at the most; None for all.
        delay: seconds between two requests to a site.
        recheck: ask again for every page, with its validators, and walk every listing to its end.
        longest_delay: seconds between two requests; a site that asks for more is left alone.
        count_fall: the share of its records that a site may lose without a failure.
    """

    max_pages: int | None = None
    delay: float = MIN_DELAY
    recheck: bool = False
    longest_delay: float = LONGEST_DELAY
    count_fall: float = COUNT_FALL

    def pace(self) -> Pace:
        """How fast a site is asked.

        Raises:
            GaokerenaError: for a delay that would harm a live site, or a replica's wrong address.
        """
        longest = max(self.longest_delay, self.delay)
        return replace(Pace.of(self.delay, connect_all()), longest_delay=longest)


@dataclass(slots=True)
class Running:
    """A site's crawl as its progress shows it; the session is None while it waits or is done."""

    site: str
    session: SiteSession | None = None
    note: str = ""
    interrupted_at: float | None = None  # on the monotonic clock

    def interrupt(self) -> None:
        """End it within seconds."""
        self.note = INTERRUPTED
        if self.interrupted_at is None:
            self.interrupted_at = time.monotonic()
        if self.session is not None:
            self.session.stop_at_once(INTERRUPTED)

    def may_extract(self) -> bool:
        """Whether there is time left to read records: an archive may take an hour."""
        return self.interrupted_at is None or time.monotonic() < self.interrupted_at + _LAST_SECONDS


class SitesFailedError(GaokerenaError):
    """Some sites could not be crawled at all.

    Attributes:
        reports: of the others.
    """

    def __init__(self, told: str, reports: list[Report]) -> None:
        super().__init__(told)
        self.reports = reports


type Show = Callable[[list[Running]], None]


def crawl_sites(
    workspace: Workspace, names: Sequence[str], options: Options, show: Show | None = None
) -> list[Report]:
    """Crawl sites side by side, each at its own pace, and extract their records.

    A site that another process crawls is waited for, while the others go on. An interrupted
    crawl is taken up where it was. Ctrl-C ends it after the requests that are on their way.

    Args:
        workspace: where everything lies.
        names: names, aliases or hosts of sources.
        options: how.
        show: called every second with the state of every site.

    Returns:
        A report a site, in the order of `names`; sites that another process finished meanwhile
        have none.

    Raises:
        GaokerenaError: for an unknown site or a wrong setting, before anything is asked.
        SitesFailedError: for a damaged archive, a full disk, or an interruption while another
            process crawls a site, when the other sites are done.
    """
    # Everything that a person can have got wrong is looked at before the first request.
    use_workspace(workspace)
    chosen = dict.fromkeys(find_source(name).name for name in names)
    spiders = [load_spider(name, workspace) for name in chosen]
    pace = options.pace()
    # What Scrapy and aiohttp log of single requests, the frontier keeps.
    for library in ("scrapy", "aiohttp", "asyncio"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    return asyncio.run(_crawl_all(workspace, spiders, pace, options, show))


async def _crawl_all(
    workspace: Workspace,
    spiders: list[type[SiteSpider]],
    pace: Pace,
    options: Options,
    show: Show | None,
) -> list[Report]:
    running = [Running(spider.name) for spider in spiders]

    def interrupt() -> None:
        for site in running:
            site.interrupt()

    end_on_signals(interrupt)
    progress = asyncio.create_task(_show(running, show)) if show else None
    sites = [
        _Site(workspace, spider, state, pace, options)
        for spider, state in zip(spiders, running, strict=True)
    ]
    try:
        # What ends one site's crawl must not end a fortnight's crawl of the others.
        ends = await asyncio.gather(*(site.crawl() for site in sites), return_exceptions=True)
    finally:
        if progress is not None:
            progress.cancel()
            with suppress(asyncio.CancelledError):
                await progress
    errors = [end for end in ends if isinstance(end, BaseException)]
    for error in errors:
        if not isinstance(error, GaokerenaError):
            raise error
    reports = [end for end in ends if isinstance(end, Report)]
    if errors:
        raise SitesFailedError("; ".join(map(str, errors)), reports)
    return reports


async def _show(running: list[Running], show: Show) -> None:
    while True:
        show(running)
        await asyncio.sleep(1)


class _Site:
    """One site's way from the lock to the report."""

    def __init__(
        self,
        workspace: Workspace,
        spider: type[SiteSpider],
        state: Running,
        pace: Pace,
        options: Options,
    ) -> None:
        self.workspace = workspace
        self.spider = spider
        self.state = state
        self.pace = pace
        self.options = options
        self.began = _now()

    async def crawl(self) -> Report | None:
        name = self.spider.name
        lock = SiteLock(self.workspace, name)
        waited = False
        while not lock.take():
            if not waited:
                self.state.note = "another process crawls it: waiting"
                waited = True
            await asyncio.sleep(_LOCK_POLL)
            if self.state.interrupted_at is not None:
                raise GaokerenaError(
                    f"{name}: {INTERRUPTED} while another process crawls it; nothing was asked for"
                )
        try:
            path = self.workspace.frontier(name)
            hosts = find_source(name).hosts
            with Frontier(path, hosts, purged_ids(self.workspace)) as frontier:
                if waited and self._finished_meanwhile(frontier):
                    self.state.note = "another process crawled it"
                    return None
                self.state.note = "" if self.state.interrupted_at is None else INTERRUPTED
                report = await self._fetch(frontier, hosts)
                await self._extract(frontier, report)
                if frontier.open_pages() == 0:
                    frontier.end_run(_now(), report.to_json())
                else:
                    frontier.keep_report(report.to_json())
                report.save(path.with_suffix(".report.json"))
                self.state.note = "done"
                return report
        finally:
            self.state.session = None
            lock.free()

    async def _extract(self, frontier: Frontier, report: Report) -> None:
        self.state.note = "extracting"
        may_go_on = self.state.may_extract
        try:
            # Other sites go on meanwhile.
            extraction = await asyncio.to_thread(
                extract_pages, self.workspace, self.spider, may_go_on
            )
        except ExtractionStoppedError:
            report.trouble = f"its records are to be read by `gaokerena extract {report.site}`"
            return
        # Pages whose answers are damaged in the archive are queued again.
        report.complete = report.complete and frontier.open_pages() == 0
        judge(report, extraction, _earlier(frontier), self.options.count_fall)

    async def _fetch(self, frontier: Frontier, hosts: Sequence[str]) -> Report:
        name = self.spider.name
        folder = self.workspace.archive(name)
        frontier.check()
        forget_lost(frontier, folder)
        clock = time.monotonic()
        resumed = frontier.begin_run(
            self.spider().seeds(), self.began, recheck=self.options.recheck
        )
        before = last_steady(_earlier(frontier))
        watch = BodyWatch(
            self.spider.pages,
            1.0 if before is None else before.yield_share or 0.0,
            None if before is None else before.lengths,
        )
        with ArchiveWriter(folder, software()) as archive:
            session = SiteSession(
                name,
                frozenset(hosts),
                frontier,
                archive,
                pace=self.pace,
                watch=watch,
                max_pages=self.options.max_pages,
            )
            if self.state.interrupted_at is not None:
                session.stop_at_once(INTERRUPTED)
            self.state.session = session
            crawler = Crawler(self.spider, scrapy_settings(self.pace))
            await crawler.crawl_async(session=session)
        if isinstance(session.error, sqlite3.DatabaseError):
            raise session.error  # told by the frontier, which knows what its file is
        if session.error is not None:
            raise GaokerenaError(
                f"the crawl of {name} stopped: {session.error}; what was fetched is kept, "
                f"`gaokerena crawl {name}` goes on from there"
            ) from session.error
        unread, empty = frontier.unread_lists(), frontier.empty_lists(NO_RECORD_LINK)
        if not frontier.any_list_leads(NO_RECORD_LINK):
            unread, empty = [*unread, *empty], []  # not sections without a record, but all of it
        return Report(
            site=name,
            run=frontier.run,
            resumed=resumed,
            complete=frontier.open_pages() == 0 and not unread,
            stopped=session.stopped,
            started_at=self.began,
            seconds=round(time.monotonic() - clock, 1),
            requests=session.asked,
            retries=session.tally["retries"],
            bytes=session.tally["bytes"],
            states=frontier.counts(),
            failures=[
                *([] if session.collapsed is None else [session.collapsed]),
                *_lost_seeds(frontier, session.named_sitemaps),
                *end_findings(frontier.record_ends(frontier.run)),
            ],
            trouble=session.trouble,
            as_wanted=session.as_wanted,
            unread_lists=unread,
            asked_delay=session.asked_delay,
            lost_pages=len(frontier.lost_pages()),
            empty_lists=empty,
        )

    def _finished_meanwhile(self, frontier: Frontier) -> bool:
        return any((end or "") >= self.began for _, _, end, _ in frontier.reports())


def _earlier(frontier: Frontier) -> list[Report]:
    """The reports of the runs before this one, oldest first; a damaged one tells nothing."""
    found = []
    for run, _, _, text in frontier.reports():
        if run != frontier.run and text is not None:
            with suppress(GaokerenaError):
                found.append(load_report(text))
    return found


def _lost_seeds(frontier: Frontier, named: frozenset[str]) -> list[str]:
    """The listings and sitemaps that are not there, or are not to be asked for."""
    return [
        f"{url} is {state}{reason and f' ({reason})'}"
        for state in (GONE, REFUSED, OPTED_OUT, OFF_SITE)
        for url, reason in frontier.lists(state)
        if url not in named
    ]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
