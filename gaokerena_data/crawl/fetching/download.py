"""The last gate before the network: which hosts, which addresses, and where a replica answers."""

import ipaddress
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils.ssl import _make_ssl_context

from gaokerena_data.crawl.fetching.exchange import EXCHANGE, READ_AT_MOST, exchanged
from gaokerena_data.crawl.fetching.headed_answers import HeadedResponse, SiteConnector
from gaokerena_data.crawl.reading.canonical import host_of
from gaokerena_data.crawl.settings import connect_all


class ForeignHostError(IgnoreRequest):
    """A request that would leave the site."""


class PausedError(Exception):
    """The site asked for a pause after this request was queued: it is not sent."""


class PublicResolver(AbstractResolver):
    """Resolves names, and knows no private address."""

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a host.

        Raises:
            OSError: when it has none; aiohttp expects this kind.
        """
        found = await self._resolver.resolve(host, port, family)
        public = [entry for entry in found if _is_public(entry["host"])]
        if not public:
            raise OSError(f"{host} resolves to no public address")
        return public

    async def close(self) -> None:
        """Release the resolver behind."""
        await self._resolver.close()


class SiteDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler behind the site's list of hosts.

    Scrapy calls its handler experimental; it is the one that needs no Twisted reactor, so that
    a process can crawl, and crawl again. Its own code is short, and pyproject.toml pins it.
    """

    experimental = False

    def __init__(self, crawler: Crawler) -> None:
        # As AiohttpDownloadHandler does, but for the resolver, which it takes no setting for.
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._connect_all = connect_all()
        self._ssl_context = _make_ssl_context(crawler.settings)
        self._session = aiohttp.ClientSession(
            connector=SiteConnector(
                resolver=None if self._connect_all else PublicResolver(),
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=HeadedResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def download_request(self, request: Request) -> Response:
        """Fetch one page of the site.

        Raises:
            ForeignHostError: for a host that is not the site's.
            PausedError: when the site asked for a pause in the meantime.
        """
        session: Any = getattr(self.crawler.spider, "session", None)
        if session is not None:
            if host_of(request.url) not in session.hosts:
                raise ForeignHostError(f"{request.url} is not on {', '.join(session.hosts)}")
            if session.paused:
                raise PausedError
        if self._connect_all is None:
            return await self._fetch(request, session)
        diverted = _diverted(request, self._connect_all)
        response = await self._fetch(diverted, session)
        for name in ("download_latency", EXCHANGE):
            request.meta[name] = diverted.meta[name]
        return response.replace(url=request.url)

    async def _fetch(self, request: Request, session: Any) -> Response:
        answer = super().download_request(request)
        return await (answer if session is None else session.within_grace(answer))

    async def _read_response(self, response: Any, request: Request) -> Response:
        response.read_at_most = request.meta.get(READ_AT_MOST)
        answer = await super()._read_response(response, request)
        request.meta[EXCHANGE] = exchanged(response, answer)
        return answer

    @staticmethod
    def _extract_headers(response: Any) -> Headers:
        return Headers(response.head.headers)

    @staticmethod
    async def _iter_body_chunks(response: Any) -> AsyncIterator[bytes]:
        left: int | None = response.read_at_most
        async for chunk in response.content.iter_any():
            yield chunk if left is None else chunk[:left]
            if left is not None and (left := left - len(chunk)) <= 0:
                return


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return parsed.is_global and not parsed.is_multicast


def _diverted(request: Request, address: tuple[str, int]) -> Request:
    scheme, _, rest = request.url.partition("://")
    netloc, slash, path = rest.partition("/")
    diverted = request.replace(url=f"http://{address[0]}:{address[1]}{slash or '/'}{path}")
    diverted.headers["Host"] = netloc
    diverted.headers["X-Forwarded-Proto"] = scheme
    return diverted
