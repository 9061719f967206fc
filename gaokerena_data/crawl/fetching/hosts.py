"""The rules of a site's hosts, asked for once a day, before anything else is asked."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from scrapy.http import Response

from gaokerena_data.crawl.fetching import answers
from gaokerena_data.crawl.fetching.rules import Rules, read_rules
from gaokerena_data.crawl.reading.canonical import host_of

LIFETIME = 24 * 3600  # RFC 9309, 2.4: no longer, unless robots.txt cannot be reached
TRIES = 3
HOPS = 5  # RFC 9309, 2.3.1.2

type Ask = Callable[[str], Awaitable[Response | None]]
type Wait = Callable[[float], Awaitable[None]]


class _Elsewhere(Exception):  # noqa: N818  (no error: an answer)
    """A file that lies where it is not looked for."""


class HostRules:
    """Rules by host.

    Args:
        hosts: the site's own.
        ask: fetches and archives one url; None where there was no answer. What it raises ends
            the look-up, and nothing is concluded.
        wait: waits for some seconds, or raises.
        backoff: seconds before the second try.
    """

    def __init__(self, hosts: frozenset[str], ask: Ask, wait: Wait, backoff: float) -> None:
        self.hosts = hosts
        self._ask = ask
        self._wait = wait
        self._backoff = backoff
        self._known: dict[str, tuple[Rules, float]] = {}
        self._lock = asyncio.Lock()

    async def of(self, url: str) -> Rules:
        """The rules of a url's host."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        async with self._lock:
            known = self._known.get(root)
            if known is None or time.monotonic() >= known[1]:
                began = time.monotonic()
                rules = await self._read(root)
                if rules.unread is None:
                    known = (rules, time.monotonic() + LIFETIME)
                elif known is not None and known[0].unread is None:
                    # What was read before stays good; the host is asked again in an hour.
                    known = (known[0], time.monotonic() + 3600)
                else:
                    # Asked again soon, unless the site answers elsewhere: not for each of the
                    # pages that waited for it.
                    soon = max(self._backoff, time.monotonic() - began)
                    known = (rules, time.monotonic() + (3600 if self.any_read else soon))
                self._known[root] = known
            return known[0]

    def elsewhere(self, url: str) -> str | None:
        """The same page under another scheme, or with or without `www.`, whose rules are known."""
        parts = urlsplit(url)
        for root, (rules, _) in self._known.items():
            if rules.unread is None and host_of(root) == host_of(url):
                return f"{root}{url.partition('://')[2].removeprefix(parts.netloc)}"
        return None

    @property
    def crawl_delay(self) -> float:
        """The longest delay that one of the hosts asks for, in seconds."""
        return max((rules.crawl_delay for rules, _ in self._known.values()), default=0.0)

    @property
    def any_read(self) -> bool:
        """Whether the rules of any host are known."""
        return any(rules.unread is None for rules, _ in self._known.values())

    @property
    def slowest(self) -> str:
        """The host that asks for the longest delay."""
        known = self._known
        return host_of(max(known, key=lambda root: known[root][0].crawl_delay, default=""))

    async def _read(self, root: str) -> Rules:
        try:
            robots = await self._try(f"{root}/robots.txt")
        except _Elsewhere as there:
            return Rules(unread=f"robots.txt leads to {there}, which is not followed")
        rules = _rules(robots, None)
        place = f"{root}/.well-known/tdmrep.json"
        if rules.refuses(place) is None:
            try:
                rules = _rules(robots, await self._try(place))
            except _Elsewhere:
                return rules
        return rules

    async def _try(self, url: str) -> Response | None:
        response = None
        for attempt in range(TRIES):
            if attempt:
                await self._wait(self._backoff * 2 ** (attempt - 1))
            response = await self._follow(url)
            if response is not None and response.status < 500 and response.status != 429:
                return response
        return response

    async def _follow(self, url: str) -> Response | None:
        for _ in range(HOPS):
            response = await self._ask(url)
            if response is None:
                return None
            location = answers.header(answers.header_list(response), "location")
            if answers.meaning(response.status, location) != answers.MOVED or location is None:
                return response
            try:
                url = answers.target(response, location)
            except ValueError:
                raise _Elsewhere(repr(location[:80])) from None
            if host_of(url) not in self.hosts:
                raise _Elsewhere(host_of(url) or repr(url[:80]))
        return response


def _rules(robots: Response | None, tdm: Response | None) -> Rules:
    return read_rules(
        None if robots is None else robots.status,
        b"" if robots is None else robots.body,
        None if tdm is None else tdm.status,
        b"" if tdm is None else tdm.body,
    )
