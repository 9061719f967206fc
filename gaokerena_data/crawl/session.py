"""One site's crawl: lease a page, ask, archive the answer, note what it leads to.

Scrapy downloads (pace, limits, decompression, TLS); what to ask next, and what an answer means,
is decided here.
"""

import asyncio
import hashlib
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response, TextResponse

from gaokerena_data.crawl.fetching import answers
from gaokerena_data.crawl.fetching.archive import ArchiveWriter, Headers
from gaokerena_data.crawl.fetching.download import RAW, ForeignHostError, PausedError
from gaokerena_data.crawl.fetching.hosts import HostRules
from gaokerena_data.crawl.fetching.optout import NONE, header_opt_out, meta_opt_out
from gaokerena_data.crawl.fetching.rules import ALLOWED
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.canonical import canonical_url, host_of
from gaokerena_data.crawl.reading.links import LISTING, RECORD, SITEMAP, Fetched, Link, Page
from gaokerena_data.crawl.settings import TRIES, Pace
from gaokerena_data.crawl.spiders import SITEMAP_BYTES, ListingSpider, SiteSpider
from gaokerena_data.crawl.watch import BodyWatch

END_OF_LISTING = "the listing ends here"
# Listings show the newest first, but for pinned entries: two such pages in a row end a later run.
NOTHING_NEW = "nothing new"
PATIENCE = 8  # pauses in a row that a site may ask for before it is left alone
LONGEST_PAUSE = 3600.0  # seconds; a site that asks for more is left for the next run


class SiteSession:
    """Crawls one site until its frontier is empty, `max_pages` are asked for, or `stop` is called.

    Args:
        site: the site's name.
        hosts: its hosts, without `www.`.
        frontier: with its run begun.
        archive: where answers go.
        pace: how fast to ask.
        watch: looks at record pages as they come.
        max_pages: how many pages to ask for at the most; None for all.
    """

    def __init__(
        self,
        site: str,
        hosts: frozenset[str],
        frontier: Frontier,
        archive: ArchiveWriter,
        *,
        pace: Pace,
        watch: BodyWatch,
        max_pages: int | None = None,
    ) -> None:
        self.site = site
        self.hosts = hosts
        self.frontier = frontier
        self.archive = archive
        self.pace = pace
        self.watch = watch
        self.max_pages = max_pages
        self.asked = 0
        self.tally: Counter[str] = Counter()
        self.stopped: str | None = None
        self.collapsed: str | None = None
        self.error: BaseException | None = None
        self._rules = HostRules(hosts, self._ask_host, pace.backoff)
        self._leased: deque[Page] = deque()
        self._visiting = 0
        self._pauses = 0
        self._paused_until = 0.0
        self._news = asyncio.Event()

    @property
    def paused(self) -> bool:
        """Whether the site asked to be left alone for a while."""
        return time.time() < self._paused_until

    def stop(self, reason: str) -> None:
        """End the crawl after the requests that are on their way."""
        self.stopped = self.stopped or reason
        self._news.set()

    async def crawl(self, spider: SiteSpider) -> None:
        """Run the workers; an error that ends the crawl is kept in `error`."""
        self._spider = spider
        workers = [asyncio.create_task(self._work()) for _ in range(self.pace.concurrency)]
        try:
            await asyncio.gather(*workers)
        except Exception as error:
            self.error = error
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        finally:
            if self.error is None:
                for page in self._leased:
                    self.frontier.release(page)

    async def _work(self) -> None:
        while (page := await self._next_page()) is not None:
            self._visiting += 1
            try:
                await self._visit(page)
            finally:
                self._visiting -= 1
                self._news.set()

    async def _next_page(self) -> Page | None:
        while self.stopped is None:
            if self.max_pages is not None and self.asked + self._visiting >= self.max_pages:
                if self.asked >= self.max_pages:
                    self.stop(f"{self.max_pages} pages were asked for")
                    break
                await self._wait(None)
                continue
            now = time.time()
            if not self.paused:
                if not self._leased:
                    self._leased.extend(self.frontier.lease(self.pace.concurrency, now))
                if self._leased:
                    return self._leased.popleft()
            due = self.frontier.next_due()
            if due is None and not self._visiting:
                break
            wake = max(self._paused_until, due or now)
            await self._wait(wake - now if due is not None else None)
        self._news.set()
        return None

    async def _wait(self, seconds: float | None) -> None:
        self._news.clear()
        with suppress(TimeoutError):
            # Never for long: the clock of a laptop may jump.
            await asyncio.wait_for(self._news.wait(), min(5.0, seconds or 5.0))

    async def _visit(self, page: Page) -> None:
        rules = await self._rules.of(page.linked_as)
        self._keep_pace()
        if refusal := rules.refuses(page.linked_as):
            self._finish(page, states.REFUSED, reason=refusal)
        elif opt_out := rules.opts_out(page.linked_as):
            self._finish(page, states.OPTED_OUT, reason=states.SITE_OPT_OUT + opt_out)
        else:
            try:
                response = await self._ask(page.linked_as, page)
            except PausedError:
                self.frontier.release(page)
            except ForeignHostError as error:
                self._finish(page, states.OFF_SITE, reason=str(error))
            except (DownloadCancelledError, IgnoreRequest) as error:
                # Too large, or a decompression bomb: it would be so again.
                self._finish(page, states.FAILED, reason=_told(error))
            except Exception as error:
                # No answer, half of one, or one that cannot be decoded.
                self._retry(page, _told(error))
            else:
                self._receive(page, response)

    async def _ask(self, url: str, page: Page | None = None) -> Response:
        request = Request(url, dont_filter=True, meta={"download_slot": self.site})
        if page is not None:
            self.asked += 1
            if page.role == SITEMAP:
                request.meta["download_maxsize"] = SITEMAP_BYTES
            if page.etag:
                request.headers["If-None-Match"] = page.etag
            if page.last_modified:
                request.headers["If-Modified-Since"] = page.last_modified
        try:
            return await self._spider.crawler.engine.download_async(request)
        except PausedError:
            self.asked -= page is not None
            raise

    async def _ask_host(self, url: str) -> Response | None:
        while self.paused:
            await self._wait(self._paused_until - time.time())
        try:
            response = await self._ask(url)
        except Exception:  # whatever it was, there is no answer
            return None
        self._archive(response, _now())
        return response

    def _receive(self, page: Page, response: Response) -> None:
        headers = _raw_headers(response)
        location = answers.header(headers, "location")
        wait = answers.pause(response.status, headers, time.time())
        if wait is not None:
            self._pause(wait)
        elif response.status < 400:
            self._pauses = 0
        meaning = answers.meaning(response.status, location)
        if meaning == states.DONE:
            self._read(page, response, headers)
            return
        fetched_at = _now()
        if meaning == answers.UNCHANGED:
            self.archive.revisit(response.url, fetched_at, response.status, headers)
            self._finish(page, states.DONE, reason="unchanged")
            return
        self._archive(response, fetched_at)
        if meaning == answers.RETRY:
            self._retry(page, f"HTTP {response.status}", wait or 0.0)
        elif meaning == answers.MOVED and location is not None:
            self._redirect(page, answers.target(response, location))
        elif meaning != states.GONE or not self.frontier.try_other_spelling(page):
            self._finish(page, meaning, reason=f"HTTP {response.status}")

    def _read(self, page: Page, response: Response, headers: Headers) -> None:
        encoding = response.encoding if isinstance(response, TextResponse) else "utf-8"
        opt_out = header_opt_out(headers) or meta_opt_out(response.body, encoding)
        if opt_out is not None:  # nothing of it is kept, nor followed
            self._finish(page, states.OPTED_OUT, reason=opt_out)
            return
        fetched_at = _now()
        digest = hashlib.sha256(response.body).hexdigest()
        fetched = None
        if self.frontier.run > 1 and digest == self.frontier.last_answer(page):
            self.archive.revisit(response.url, fetched_at, response.status, headers)
        else:
            file, offset = self._archive(response, fetched_at)
            fetched = Fetched(
                final_url=response.url,
                status=response.status,
                fetched_at=fetched_at,
                sha256=digest,
                warc_file=file,
                warc_offset=offset,
                robots=ALLOWED,
                opt_out=NONE,
                etag=answers.header(headers, "etag"),
                last_modified=answers.header(headers, "last-modified"),
            )
        try:
            links, listed, reason = self._links(page, response)
        except Exception as error:
            self._finish(page, states.FAILED, reason=f"unreadable: {_told(error)}", fetched=fetched)
            return
        self._finish(page, states.DONE, reason=reason, fetched=fetched, links=links, listed=listed)
        if page.role == RECORD and (collapsed := self.watch.look(response)):
            self.collapsed = collapsed
            self.stop(collapsed)

    def _links(self, page: Page, response: Response) -> tuple[list[Link], str | None, str | None]:
        links = self._spider.links(page.link, response)
        if page.role != LISTING or not isinstance(self._spider, ListingSpider):
            return links, None, None
        listed = hashlib.sha256(
            "\n".join(canonical_url(link.url) for link in links).encode()
        ).hexdigest()
        if not links or self.frontier.repeats_a_listing(page, listed):
            return links, listed, END_OF_LISTING
        nothing_new = not self.frontier.recheck and self.frontier.knows_all(links)
        if nothing_new and self.frontier.previous_reason(page) == NOTHING_NEW:
            return links, listed, NOTHING_NEW
        following = self._spider.next_listing(page.link)
        following_links = links if following is None else [*links, following]
        return following_links, listed, NOTHING_NEW if nothing_new else None

    def _redirect(self, page: Page, url: str) -> None:
        reason = f"to {url}"
        if host_of(url) not in self.hosts:
            self._finish(page, states.OFF_SITE, reason=reason)
        elif canonical_url(url) == page.url:  # to its own address with www., https or a slash
            self._retry(page, f"redirected {reason}", now=True, linked_as=url)
        elif page.role == RECORD and not self._spider.is_record(url):
            self._finish(page, states.REDIRECTED, reason=reason)
        else:
            followed = replace(page.link, url=url)
            self._finish(page, states.REDIRECTED, reason=reason, links=[followed])

    def _retry(
        self,
        page: Page,
        reason: str,
        wait: float = 0.0,
        *,
        now: bool = False,
        linked_as: str | None = None,
    ) -> None:
        self.tally["retries"] += 1
        if page.tries + 1 >= TRIES:
            self._finish(page, states.FAILED, reason=f"{reason}, {TRIES} times")
            return
        wait = 0.0 if now else max(wait, self.pace.backoff * 2**page.tries)
        self.frontier.retry(page, reason, time.time() + wait, linked_as)

    def _pause(self, seconds: float) -> None:
        self._pauses += 1
        seconds = max(seconds, self.pace.backoff * 2 ** (self._pauses - 1))
        if seconds > LONGEST_PAUSE or self._pauses > PATIENCE:
            self.stop("the site asks to be left alone")
        self._paused_until = max(self._paused_until, time.time() + seconds)
        slot = self._spider.crawler.engine.downloader.slots.get(self.site)
        if slot is not None and self.pace.delay:
            slot.delay = min(slot.delay * 2, 60.0)

    def _keep_pace(self) -> None:
        # Scrapy reads robots.txt's delay for nobody; AutoThrottle must not go below it either.
        delay = max(self.pace.delay, self._rules.crawl_delay)
        crawler = self._spider.crawler
        downloader = crawler.engine.downloader
        if downloader.per_slot_settings.get(self.site) == {"delay": delay}:
            return
        downloader.per_slot_settings[self.site] = {"delay": delay}
        if slot := downloader.slots.get(self.site):
            slot.delay = max(slot.delay, delay)
        throttle = crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = delay

    def _archive(self, response: Response, fetched_at: str) -> tuple[str, int]:
        raw = response.request.meta[RAW][0] if response.request else response.body
        place = self.archive.response(
            response.url, fetched_at, response.status, _raw_headers(response), raw
        )
        self.tally["bytes"] += len(raw)
        return place.file, place.offset

    def _finish(
        self,
        page: Page,
        state: str,
        *,
        reason: str | None = None,
        fetched: Fetched | None = None,
        links: list[Link] | None = None,
        listed: str | None = None,
    ) -> None:
        self.tally[state] += 1
        self.frontier.finish(
            page, state, reason=reason, fetched=fetched, links=links or [], listed=listed
        )


def _raw_headers(response: Response) -> Headers:
    if response.request is not None and RAW in response.request.meta:
        return answers.header_list(response.replace(headers=response.request.meta[RAW][1]))
    return answers.header_list(response)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:300].rstrip(": ")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
