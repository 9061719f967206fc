"""A look at a few pages of a site before a crawl of weeks: do they give what they gave before?

Nothing is archived, and the frontier stays as it is.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from scrapy.crawler import Crawler
from scrapy.http import Response

from gaokerena_data.crawl.checks.samples import Known, compare, known_samples, vanished_fields
from gaokerena_data.crawl.fetching import answers
from gaokerena_data.crawl.fetching.download import ForeignHostError, PausedError
from gaokerena_data.crawl.lock import SiteLock
from gaokerena_data.crawl.polite import PoliteSession, StoppedError, end_on_signals
from gaokerena_data.crawl.reading.links import RECORD, Link
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.run import Options
from gaokerena_data.crawl.settings import Pace, scrapy_settings
from gaokerena_data.crawl.spiders import SITEMAP_BYTES, SiteSpider
from gaokerena_data.crawl.watch import all_alike, read_answer
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.sources import find_source
from gaokerena_data.workspace import Workspace

SAMPLES = 5  # pages of a site that are compared
_SEEDS = 2  # listings or sitemaps that are looked at
_SHOWN = 3  # links that a finding shows
_ALIKE = 3  # pages from which on one text on all of them is a wall, no chance


@dataclass(slots=True)
class SiteCheck:
    """What a look at a site's pages found.

    Args:
        site: its name.
        compared: how many pages were held against what they gave before.
        drift: what is not as it was, one sentence each.
        trouble: why the site could not be looked at; None where it could.
        notes: what else was seen, such as pages that are gone.
    """

    site: str
    compared: int = 0
    drift: list[str] = field(default_factory=list)
    trouble: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def ended_well(self) -> bool:
        """Whether the site was looked at, and is as it was."""
        return not self.drift and self.trouble is None


def check_sites(workspace: Workspace, names: Sequence[str], options: Options) -> list[SiteCheck]:
    """Ask each site for a few pages, and compare what they give with the extracted records.

    A site that was never crawled is asked for its listings or sitemaps, and for a few pages that
    they lead to.

    Args:
        workspace: where the records lie.
        names: names, aliases or hosts of sources.
        options: how to ask; only the delays count.

    Returns:
        One a site, in the order of `names`.

    Raises:
        GaokerenaError: for an unknown site or a wrong setting, before anything is asked.
    """
    use_workspace(workspace)
    spiders = [
        load_spider(name, workspace)
        for name in dict.fromkeys(find_source(name).name for name in names)
    ]
    pace = options.pace()
    for library in ("scrapy", "aiohttp", "asyncio"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    return asyncio.run(_check_all(workspace, spiders, pace))


async def _check_all(
    workspace: Workspace, spiders: list[type[SiteSpider]], pace: Pace
) -> list[SiteCheck]:
    sessions = []
    for spider in spiders:
        source = find_source(spider.name)
        known = known_samples(workspace, source, 2 * SAMPLES)
        sessions.append(CheckSession(source.name, frozenset(source.hosts), pace, known))

    def interrupt() -> None:
        for session in sessions:
            session.give_up("interrupted")

    end_on_signals(interrupt)
    pairs = zip(spiders, sessions, strict=True)
    return await asyncio.gather(*(_check(workspace, *pair) for pair in pairs))


async def _check(
    workspace: Workspace, spider: type[SiteSpider], session: "CheckSession"
) -> SiteCheck:
    lock = SiteLock(workspace, spider.name)
    if not lock.take():
        session.check.trouble = "another process crawls it now"
        return session.check
    try:
        crawler = Crawler(spider, scrapy_settings(session.pace))
        await crawler.crawl_async(session=session)
    finally:
        lock.free()
    session.check.trouble = session.check.trouble or session.trouble
    return session.check


class CheckSession(PoliteSession):
    """Looks at a few pages of one site.

    Args:
        site, hosts, pace: as `PoliteSession`.
        known: pages with what they gave; empty for a site that was never crawled.
    """

    def __init__(self, site: str, hosts: frozenset[str], pace: Pace, known: list[Known]) -> None:
        super().__init__(site, hosts, pace)
        self.check = SiteCheck(site)
        self._known = known

    async def crawl(self, spider: SiteSpider) -> None:
        """Ask for the pages, one after the other."""
        self._spider = spider
        with suppress(StoppedError):
            found = await self._look_at_lists(spider)
            if self._known:
                await self._compare(spider)
            elif found and not self.check.trouble:
                await self._read_first(spider, found)

    async def _look_at_lists(self, spider: SiteSpider) -> list[Link]:
        """The links of a few seeds; a seed without any is told."""
        found: list[Link] = []
        for seed in list(spider.seeds())[:_SEEDS]:
            response = await self._page(seed.url)
            if response is None:
                if self.check.trouble:
                    return []
                continue
            try:
                links = spider.links(seed, response)
                if not links:
                    seen = ", ".join(spider.seen(seed, response)[:_SHOWN]) or "no link at all"
                    self.check.drift.append(f"{seed.url} leads to no record; it shows {seen}")
            except Exception as error:
                self.check.drift.append(f"{seed.url} cannot be read: {error}")
                continue
            found += links
        return found

    async def _compare(self, spider: SiteSpider) -> None:
        pairs = []
        for known in self._known:
            if self.check.compared >= SAMPLES or self.check.trouble:
                break
            response = await self._page(known.asked)
            if response is None:
                continue
            self.check.compared += 1
            records = read_answer(response, spider.pages)
            self.check.drift += [f"{known.url}: {found}" for found in compare(known, records)]
            pairs.append((known, records))
        self.check.drift += vanished_fields(pairs)
        if len(pairs) >= _ALIKE and all_alike(records for _, records in pairs):
            self.check.drift.append(
                f"all {len(pairs)} pages that were looked at hold the same text"
            )
        if not self.check.compared and not self.check.trouble:
            self.check.trouble = f"none of {len(self._known)} known pages is there any more"

    async def _read_first(self, spider: SiteSpider, found: list[Link]) -> None:
        links = [link for link in found if link.role == RECORD][:SAMPLES]
        held = asked = 0
        for link in links:
            response = await self._page(link.url)
            if response is not None:
                asked += 1
                held += bool(read_answer(response, spider.pages))
        if asked and not held:
            self.check.drift.append(f"none of {asked} pages holds a record, as {links[0].url}")
        self.check.notes.append(f"never crawled: {held} of {asked} new pages hold a record")

    async def _page(self, url: str) -> Response | None:
        """A page's answer; None, with a note, where there is none that can be read."""
        for _ in range(3):
            while self.paused:
                await self.wait(self.pause_left)
            rules = await self._rules.of(url)
            self._keep_pace()
            if rules.unread is not None:
                self.check.trouble = rules.unread
                return None
            refusal = rules.refuses(url) or rules.opts_out(url)
            if refusal:
                self.check.notes.append(f"{url}: {refusal}")
                return None
            try:
                response = await self.ask(url, {"download_maxsize": SITEMAP_BYTES})
            except PausedError:
                continue
            except ForeignHostError as error:
                self.check.notes.append(str(error))
                return None
            except StoppedError:
                raise
            except Exception as error:
                self.check.trouble = f"{url}: {type(error).__name__}: {error}".rstrip(": ")
                return None
            location = answers.header(answers.header_list(response), "location")
            if answers.meaning(response.status, location) == answers.MOVED and location:
                with suppress(ValueError):
                    url = answers.target(response, location)
                    continue
            if response.status == 200:
                return response
            told = f"{url} answers HTTP {response.status}"
            if response.status in {403, 429} or response.status >= 500:
                self.check.trouble = told
            else:
                self.check.notes.append(told)
            return None
        self.check.notes.append(f"{url}: no answer")
        return None
