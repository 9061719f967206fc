"""One site's crawl: lease a page, ask, archive the answer, note what it leads to.

Scrapy downloads (pace, limits, decompression, TLS); what to ask next, and what an answer means,
is decided here.
"""

import asyncio
import hashlib
import sqlite3
from collections import Counter, deque
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response, TextResponse

from gaokerena_data.crawl.breaker import LOST_IN_A_ROW
from gaokerena_data.crawl.fetching import answers
from gaokerena_data.crawl.fetching.archive import ArchiveWriter, Headers
from gaokerena_data.crawl.fetching.download import ForeignHostError, PausedError
from gaokerena_data.crawl.fetching.exchange import archive_answer, archive_repeat, exchange_of
from gaokerena_data.crawl.fetching.optout import NONE, header_opt_out, meta_opt_out
from gaokerena_data.crawl.fetching.rules import ALLOWED
from gaokerena_data.crawl.lists import Led, NoRecordLinkError, SiteLists
from gaokerena_data.crawl.polite import LONGEST_PAUSE, PoliteSession, StoppedError
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.canonical import canonical_url, host_of
from gaokerena_data.crawl.reading.links import LISTING, RECORD, SITEMAP, Fetched, Link, Page
from gaokerena_data.crawl.reading.sitemaps import NoSitemapError
from gaokerena_data.crawl.settings import TRIES, Pace
from gaokerena_data.crawl.spiders import (
    SITEMAP_BYTES,
    URL_CHARACTERS,
    QuestionGraphSpider,
    SiteSpider,
)
from gaokerena_data.crawl.watch import BodyWatch

HOPS = 10  # redirects in a row
DEEPEST = 1_000  # links away from a listing; a calendar has no end either
MOST_PAGES = 5_000_000  # of one site: ten times the largest that is known


class SiteSession(PoliteSession):
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
        super().__init__(site, hosts, pace)
        self.frontier = frontier
        self.archive = archive
        self.watch = watch
        self.max_pages = max_pages
        self.asked = 0
        self.tally: Counter[str] = Counter()
        self.collapsed: str | None = None
        self.as_wanted = False  # stopped where it was told beforehand
        self.error: BaseException | None = None
        self._leased: deque[Page] = deque()
        self._visiting = 0
        self._hops: dict[str, int] = {}

    @property
    def finds_more(self) -> bool:
        """Whether what is queued may lead to more."""
        listed = self.frontier.counts(LISTING), self.frontier.counts(SITEMAP)
        open_lists = any(counts.get(state) for counts in listed for state in states.OPEN_STATES)
        return open_lists or isinstance(self._spider, QuestionGraphSpider)

    @property
    def named_sitemaps(self) -> frozenset[str]:
        """The sitemaps that only robots.txt names: sites leave names of old ones in it."""
        return frozenset() if self._spider is None else self._lists.named

    async def crawl(self, spider: SiteSpider) -> None:
        """Run the workers; an error that ends the crawl is kept in `error`."""
        self._spider = spider
        self._lists = SiteLists(spider, self.frontier)
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
                    self.as_wanted = self.stopped is None
                    self.stop(f"{self.max_pages} pages were asked for")
                    break
                await self._wait(None)
                continue
            if self._breaker.doubt is not None:
                await self._sound_out()
                continue
            now = self.now()
            if not self.paused:
                if not self._leased:
                    self._leased.extend(self.frontier.lease(self.pace.concurrency, now))
                if self._leased:
                    return self._leased.popleft()
            due = self.frontier.next_due()
            if due is None and not self._visiting:
                break
            if due is not None and due - now > LONGEST_PAUSE and not self._visiting:
                self.give_up(self.trouble or "what is left is not to be asked for now")
                break
            wake = max(self._paused_until, due or now)
            await self._wait(wake - now if due is not None else None)
        self._news.set()
        return None

    async def _wait(self, seconds: float | None) -> None:
        self._news.clear()
        with suppress(TimeoutError):
            # Never for long: a laptop sleeps, and wakes.
            await asyncio.wait_for(self._news.wait(), min(5.0, seconds or 5.0))

    async def _visit(self, page: Page) -> None:
        try:
            rules = await self._rules.of(page.linked_as)
            self._keep_pace()
            self._lists.add_named(page.linked_as, rules)
            if rules.unread is not None:
                self._without_rules(page, rules.unread)
            elif refusal := rules.refuses(page.linked_as):
                self._finish(page, states.REFUSED, reason=refusal)
            elif opt_out := rules.opts_out(page.linked_as):
                self._finish(page, states.OPTED_OUT, reason=states.SITE_OPT_OUT + opt_out)
            else:
                await self._fetch(page)
        except (PausedError, StoppedError):
            self.frontier.release(page)
        except (OSError, sqlite3.Error):  # of the disk: it would be so with every page
            raise
        except Exception as error:
            # Nothing that a page, or an address, may be ends the crawl of the others.
            self._finish(page, states.FAILED, reason=_told(error))

    async def _fetch(self, page: Page) -> None:
        try:
            response = await self._ask_page(page)
        except (PausedError, StoppedError):
            self.asked -= 1
            raise
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

    async def _ask_page(self, page: Page) -> Response:
        self.asked += 1
        headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
        return await self.ask(
            page.linked_as,
            {"download_maxsize": SITEMAP_BYTES} if page.role == SITEMAP else None,
            {name: value for name, value in headers.items() if value},
        )

    def _without_rules(self, page: Page, unread: str) -> None:
        """Nothing is known of a page whose host's rules cannot be read: it waits."""
        if elsewhere := self._rules.elsewhere(page.linked_as):
            self.frontier.retry(page, unread, self.now(), elsewhere)
            return
        self.trouble = f"{unread} ({host_of(page.linked_as)}): nothing was asked for without it"
        if self._rules.any_read:  # of another host of the site: its pages need not wait
            self.frontier.postpone(page, unread, self.now() + 2 * LONGEST_PAUSE)
        else:
            self.frontier.postpone(page, unread, self.now())
            self._breaker.doubt = self.trouble

    def _known_good(self) -> str | None:
        return self.frontier.known_good()

    def _receive(self, page: Page, response: Response) -> None:
        headers = exchange_of(response).headers
        location = answers.header(headers, "location")
        wait = answers.pause(response.status, headers, self.now())
        if wait is not None:
            self._pause(wait)
        elif response.status < 400:
            self._pauses = 0
        meaning = answers.meaning(response.status, location)
        if meaning == answers.UNCHANGED and not (page.etag or page.last_modified):
            meaning = answers.RETRY  # since when? Nothing was said to it of an earlier answer
        if meaning != answers.RETRY:
            self._breaker.answered(page.id)
        if meaning == states.DONE:
            self._read(page, response, headers)
            return
        fetched_at = _now()
        if meaning == answers.UNCHANGED:
            earlier = self.frontier.last_answer(page)
            archive_repeat(self.archive, response, fetched_at, earlier)
            self._finish(page, states.DONE, reason="unchanged")
            return
        self._archive(response, fetched_at)
        if meaning == answers.RETRY:
            self._retry(page, f"HTTP {response.status}", wait or 0.0)
        elif meaning == answers.MOVED and location is not None:
            self._redirect(page, response, location)
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
        earlier = self.frontier.last_answer(page) if self.frontier.run > 1 else None
        if earlier is not None and earlier.sha256 == digest:
            archive_repeat(self.archive, response, fetched_at, earlier)
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
            led = self._lists.follow(page, response)
        except (NoRecordLinkError, NoSitemapError) as error:
            led = Led([], reason=str(error), whole=False)
        except Exception as error:
            led = Led([], reason=f"unreadable: {_told(error)}", whole=False)
        if not led.all_well and fetched is not None:
            # The next run is to be shown it again, rather than told that it did not change.
            fetched = replace(fetched, etag=None, last_modified=None)
        self._finish(
            page,
            states.DONE if led.whole else states.FAILED,
            reason=led.reason,
            fetched=fetched,
            links=self._bounded(page, led.links),
            listed=led.listed,
        )
        if page.role != RECORD or not led.whole:
            return
        self._breaker.read()
        if collapsed := self.watch.look(response):
            self.collapsed = collapsed
            self.stop(collapsed)

    def _bounded(self, page: Page, links: list[Link]) -> list[Link]:
        """The links that are followed: a site without end is a trap, or a mistake in a spider."""
        if self.frontier.pages() > MOST_PAGES:
            self.give_up(f"more than {MOST_PAGES:,} pages are known: is record_url too wide?")
            return []
        return links if page.depth < DEEPEST else []

    def _redirect(self, page: Page, response: Response, location: str) -> None:
        hops = self._hops.pop(page.url, 0) + 1
        try:
            url = answers.target(response, location)
        except ValueError:
            url = ""
        if not host_of(url) and not url.startswith("file:"):
            reason = f"redirected to no url: {location[:80]!r}"
            self._finish(page, states.FAILED, reason=reason)
            return
        reason = f"to {url[:URL_CHARACTERS]}"
        if host_of(url) not in self.hosts:
            self._finish(page, states.OFF_SITE, reason=reason)
        elif len(url) > URL_CHARACTERS or hops > HOPS:
            why = "too long a url" if hops <= HOPS else f"more than {HOPS} redirects in a row"
            self._finish(page, states.FAILED, reason=f"{why}: {reason}")
        elif canonical_url(url) == page.url:  # to its own address with www., https or a slash
            self._move(page, f"redirected {reason}", url)
        elif page.role == RECORD and not self._lists.is_record(url):
            self._finish(page, states.REDIRECTED, reason=reason)
        else:
            self._hops[canonical_url(url)] = hops
            followed = replace(page.link, url=url)
            self._finish(page, states.REDIRECTED, reason=reason, links=[followed])

    def _move(self, page: Page, reason: str, url: str) -> None:
        self.tally["retries"] += 1
        if page.tries + 1 >= TRIES:
            self._finish(page, states.FAILED, reason=f"{reason}, {TRIES} times")
        else:
            self.frontier.retry(page, reason, self.now(), url)

    def _retry(self, page: Page, reason: str, wait: float = 0.0) -> None:
        self.tally["retries"] += 1
        self._breaker.failed(page.id, reason)
        if page.tries + 1 < TRIES:
            wait = max(wait, self.pace.backoff * 2**page.tries)
            self.frontier.retry(page, reason, self.now() + wait)
        elif not self._breaker.may_give_up(page.id, reason):
            self.frontier.postpone(page, reason, self.now() + wait)
            if page.number <= 1:  # what is behind it tells whether the site is there
                self.frontier.add(self._lists.after_failure(page))
        else:
            links = self._lists.after_failure(page)
            self._finish(page, states.FAILED, reason=f"{reason}, {TRIES} times", links=links)
            if self._breaker.given_up(page.id):
                self.give_up(f"{LOST_IN_A_ROW} pages in a row could not be read: {reason}")

    def _keep(self, response: Response) -> None:
        self._archive(response, _now())

    def _archive(self, response: Response, fetched_at: str) -> tuple[str, int]:
        place = archive_answer(self.archive, response, fetched_at)
        self.tally["bytes"] += len(exchange_of(response).body)
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


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:300].rstrip(": ")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
