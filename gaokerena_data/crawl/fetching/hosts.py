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


class HostRules:
    """Rules by host.

    Args:
        hosts: the site's own.
        ask: fetches and archives one url; None where there was no answer.
        backoff: seconds before the second try.
    """

    def __init__(self, hosts: frozenset[str], ask: Ask, backoff: float) -> None:
        self.hosts = hosts
        self._ask = ask
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
                rules = await self._read(root)
                if known is not None and rules.refusal is not None:
                    # What was read before stays good; the host is asked again in an hour.
                    known = (known[0], time.monotonic() + 3600)
                else:
                    known = (rules, time.monotonic() + LIFETIME)
                self._known[root] = known
            return known[0]

    @property
    def crawl_delay(self) -> float:
        """The longest delay that one of the hosts asks for, in seconds."""
        return max((rules.crawl_delay for rules, _ in self._known.values()), default=0.0)

    async def _read(self, root: str) -> Rules:
        robots = await self._try(f"{root}/robots.txt")
        rules = _rules(robots, None)
        place = f"{root}/.well-known/tdmrep.json"
        if rules.refuses(place) is None:
            rules = _rules(robots, await self._follow(place))
        return rules

    async def _try(self, url: str) -> Response | None:
        response = None
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(self._backoff * 2 ** (attempt - 1))
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
            url = answers.target(response, location)
            if host_of(url) not in self.hosts:
                return None  # rules that lie elsewhere cannot be read: as good as unreachable
        return response


def _rules(robots: Response | None, tdm: Response | None) -> Rules:
    return read_rules(
        None if robots is None else robots.status,
        b"" if robots is None else robots.body,
        None if tdm is None else tdm.status,
        b"" if tdm is None else tdm.body,
    )
