"""One site asked politely: by its rules, at its pace, with pauses, and an end within seconds."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from gaokerena_data.crawl.breaker import Breaker
from gaokerena_data.crawl.fetching import answers
from gaokerena_data.crawl.fetching.exchange import READ_AT_MOST
from gaokerena_data.crawl.fetching.hosts import HostRules
from gaokerena_data.crawl.fetching.rules import READ_BYTES
from gaokerena_data.crawl.reading.canonical import host_of
from gaokerena_data.crawl.settings import Pace
from gaokerena_data.crawl.spiders import SiteSpider

GRACE = 2.0  # seconds that requests on their way have once the crawl is to end at once
PATIENCE = 8  # pauses in a row that a site may ask for before it is left alone
LONGEST_PAUSE = 3600.0  # seconds; a site that asks for more is left for the next run


def end_on_signals(end: Callable[[], None]) -> None:
    """Call `end` at Ctrl-C and at TERM, for as long as the running event loop runs.

    In another thread than the main one, and on Windows, there are none to handle.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, end)


class StoppedError(Exception):
    """The crawl ends before this was asked for, or answered."""


class PoliteSession:
    """Asks one site.

    Args:
        site: the site's name.
        hosts: its hosts, without `www.`.
        pace: how fast to ask.
    """

    _spider: SiteSpider | None = None  # once it crawls

    def __init__(self, site: str, hosts: frozenset[str], pace: Pace) -> None:
        self.site = site
        self.hosts = hosts
        self.pace = pace
        self.stopped: str | None = None
        self.trouble: str | None = None  # of the site's or the network's, that was in the way
        self.waits_for = ""  # why it is paused
        self._rules = HostRules(hosts, self._ask_host, self.wait, pace.backoff)
        self._pauses = 0
        self._paused_until = 0.0
        self._breaker = Breaker()
        self._sounding = asyncio.Lock()
        self._sent = float("-inf")
        self._turn = asyncio.Lock()
        self._at_once = asyncio.Event()
        self._news = asyncio.Event()
        # A clock that counts on from now: that of a computer may be set back while it crawls.
        self._epoch = time.time() - time.monotonic()

    async def crawl(self, spider: SiteSpider) -> None:
        """Ask for what is to be asked for."""
        raise NotImplementedError

    @property
    def paused(self) -> bool:
        """Whether the site is left alone for a while."""
        return self.now() < self._paused_until

    @property
    def pause_left(self) -> float:
        """Seconds until it is asked again."""
        return max(0.0, self._paused_until - self.now())

    @property
    def delay(self) -> float:
        """Seconds between two requests: the longest of ours, robots.txt's and the throttle's."""
        slot = self._slot()
        throttled = self.pace.delay if slot is None else slot.delay
        return max(self.pace.delay, throttled, self._rules.crawl_delay)

    @property
    def asked_delay(self) -> str | None:
        """What robots.txt asks to leave between two requests, where it is more than ours."""
        if self._rules.crawl_delay <= self.pace.delay:
            return None
        delay = _seconds(self._rules.crawl_delay)
        return f"robots.txt of {self._rules.slowest} asks for {delay} between two requests"

    def now(self) -> float:
        """Seconds since 1970 by a clock that nobody sets back."""
        return self._epoch + time.monotonic()

    def stop(self, reason: str) -> None:
        """End the crawl after the requests that are on their way or wait for their turn."""
        self.stopped = self.stopped or reason
        self._news.set()

    def stop_at_once(self, reason: str) -> None:
        """End the crawl now: what is on its way has `GRACE` seconds."""
        self.stop(reason)
        self._at_once.set()

    def give_up(self, trouble: str) -> None:
        """Leave the rest for the next run."""
        self.trouble = trouble
        self.stop_at_once(trouble)

    async def wait(self, seconds: float) -> None:
        """Wait.

        Raises:
            StoppedError: as soon as the crawl is to end at once.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_once.wait(), seconds)
        if self._at_once.is_set():
            raise StoppedError

    async def within_grace[T](self, answer: Awaitable[T]) -> T:
        """An answer, unless the crawl is to end at once and it is not there soon after.

        Raises:
            StoppedError: when it did not come.
        """
        coming = asyncio.ensure_future(answer)
        end = asyncio.ensure_future(self._at_once.wait())
        try:
            await asyncio.wait({coming, end}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({coming}, timeout=GRACE)
            if not coming.done():
                raise StoppedError
            return await coming
        finally:
            end.cancel()
            coming.cancel()

    async def ask(
        self, url: str, meta: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Response:
        """One url's answer, once it is its turn.

        Raises:
            StoppedError: when the crawl is to end before.
            PausedError, ForeignHostError: as `download.SiteDownloadHandler`.
            Exception: whatever else keeps an answer away.
        """
        await self._take_turn()
        request = Request(
            url,
            dont_filter=True,
            headers=headers,
            meta={"download_slot": self.site, **(meta or {})},
        )
        return await self._crawler.engine.download_async(request)

    @property
    def _crawler(self) -> Crawler:
        if self._spider is None:
            raise RuntimeError("a session asks for nothing before it crawls")
        return self._spider.crawler

    def _slot(self) -> Slot | None:
        if self._spider is None:
            return None
        return self._crawler.engine.downloader.slots.get(self.site)

    async def _take_turn(self) -> None:
        # Scrapy's own queue cannot be left before the delay is over.
        async with self._turn:
            if self._at_once.is_set():
                raise StoppedError
            while (left := self._sent + self.delay - time.monotonic()) > 0:
                await self.wait(left)
            self._sent = time.monotonic()

    async def _ask_host(self, url: str) -> Response | None:
        while self.paused:
            await self.wait(self.pause_left)
        try:
            # A longer file is read as far as that, and refused by no limit of pages.
            response = await self.ask(url, {READ_AT_MOST: READ_BYTES, "download_maxsize": 0})
        except StoppedError:
            raise
        except Exception:  # whatever it was, there is no answer
            return None
        self._keep(response)
        wait = answers.pause(response.status, answers.header_list(response), self.now())
        if wait is not None and wait > LONGEST_PAUSE:
            self.give_up("the site asks to be left alone")
        elif wait:
            self._hold(wait, "the site asks for a pause")
        return response

    async def _sound_out(self) -> None:
        """Ask a site in doubt for a page that it gave before; wait where it does not answer."""
        async with self._sounding:
            doubt = self._breaker.doubt
            if doubt is None or self.stopped is not None:
                return
            try:
                if await self._answers():
                    self._breaker.answered()
                    return
                pause = self._breaker.wait(self.pace.backoff)
                if pause is None:
                    self.give_up(self.trouble or f"the site does not answer any more: {doubt}")
                    return
                self._hold(pause, f"waiting for the site to answer again: {doubt}")
                await self.wait(pause)
            except StoppedError:
                return
            self._breaker.try_again()

    async def _answers(self) -> bool:
        known = self._known_good()
        if known is None or host_of(known) not in self.hosts:
            return False
        rules = await self._rules.of(known)
        if rules.unread is not None or rules.refuses(known) or rules.opts_out(known):
            return False
        response = await self._ask_host(known)
        return response is not None and response.status not in {403, 429} and response.status < 500

    def _known_good(self) -> str | None:
        """A url that the site answered before; None where there is none."""
        return None

    def _keep(self, response: Response) -> None:
        """Archive what a host answered about itself."""

    def _pause(self, seconds: float) -> None:
        """Leave the site alone as it asks: ever longer, and not for ever."""
        self._pauses += 1
        seconds = max(seconds, self.pace.backoff * 2 ** (self._pauses - 1))
        if seconds > LONGEST_PAUSE or self._pauses > PATIENCE:
            self.give_up("the site asks to be left alone")
        self._hold(seconds, "the site asks for a pause")
        slot = self._slot()
        if slot is not None and self.pace.delay:
            slot.delay = min(slot.delay * 2, 60.0)

    def _hold(self, seconds: float, reason: str) -> None:
        self.waits_for = reason
        self._paused_until = max(self._paused_until, self.now() + seconds)

    def _keep_pace(self) -> None:
        """Take over what robots.txt asks for, or leave the site alone where that is too much."""
        asked = self._rules.crawl_delay
        if asked > self.pace.longest_delay:
            longest = _seconds(self.pace.longest_delay)
            self.give_up(
                f"{self.asked_delay}, more than the {longest} of --max-delay: it is left alone"
            )
            raise StoppedError
        # AutoThrottle must not go below it.
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(self.pace.delay, asked)


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds >= 10 else f"{seconds:g} s"
