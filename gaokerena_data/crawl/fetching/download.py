"""The last gate before the network: which hosts, which addresses, and where a replica answers."""

import ipaddress
import socket
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.ssl import _make_ssl_context

from gaokerena_data.crawl.reading.canonical import host_of
from gaokerena_data.crawl.settings import connect_all

RAW = "raw_body"  # request.meta: the body and headers as they came


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
            connector=aiohttp.TCPConnector(
                resolver=None if self._connect_all else PublicResolver(),
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
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
            return await super().download_request(request)
        diverted = _diverted(request, self._connect_all)
        response = await super().download_request(diverted)
        request.meta["download_latency"] = diverted.meta["download_latency"]
        return response.replace(url=request.url)


class KeepRawBody:
    """Keeps each body as it came, for the archive, before it is decompressed."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the body and headers in the request's meta."""
        request.meta[RAW] = (response.body, response.headers.copy())
        return response


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
