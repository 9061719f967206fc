"""aiohttp's side of a connection, with the heads of answers read by `response_head.py`."""

import functools
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse

from gaokerena_data.crawl.fetching.response_head import MAX_HEAD_BYTES, Head, head_end, parse_head


class SiteConnector(aiohttp.TCPConnector):
    """Opens connections whose answers are read as browsers read them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # There is no setting for it: every protocol of a connector is made by this.
        self._factory: Any = functools.partial(HeadReader, loop=self._loop)


class HeadReader(ResponseHandler):
    """Reads the head of each answer, and shows aiohttp's parser what frames the body.

    Attributes:
        head: of the last answer.
    """

    head: Head | None = None
    _came: bytearray | None = None  # of a head that is still to end
    _left: int | None = None  # bytes of the body that are still to come, where that is known

    def set_response_params(self, **options: Any) -> None:
        """The answer to a new request is to come."""
        self.head, self._came, self._left = None, bytearray(), None
        super().set_response_params(**options)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._came is None or not data:
            super().data_received(self._within_length(data))
            return
        seen = len(self._came)
        self._came += data
        end = head_end(self._came, seen)
        if end is not None:
            self._read_head(bytes(self._came[:end]), bytes(self._came[end:]))
        elif len(self._came) > MAX_HEAD_BYTES:
            self._refuse("its headers do not end")

    def _read_head(self, head: bytes, rest: bytes) -> None:
        self.head = parse_head(head)
        if self.head is None:
            self._refuse("it is no answer of HTTP/1")
        elif self.head.status < 200:  # the answer itself is still to come
            self._came = bytearray()
            self.data_received(rest)
        else:
            self._came = None
            self._left = self.head.length
            super().data_received(self.head.framing + self._within_length(rest))

    def _within_length(self, data: bytes) -> bytes:
        """What belongs to the body: servers count letters rather than bytes, browsers cut there."""
        if self._left is None:
            return data
        kept = data[: self._left]
        self._left -= len(kept)
        if len(kept) < len(data):
            self.force_close()  # what comes next on this connection is no answer
        return kept

    def _refuse(self, reason: str) -> None:
        self._came = None
        if self.transport is not None:
            self.transport.close()
        self.set_exception(HttpProcessingError(code=400, message=reason))


class HeadedResponse(_ClientResponse):
    """An answer with all its headers.

    Attributes:
        head: as `response_head.py` reads it.
        read_at_most: how many bytes of the body are of interest; None for all.
    """

    head: Head
    read_at_most: int | None = None

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Wait for the head of the answer."""
        protocol = connection.protocol  # an answer without a body gives its connection back
        await super().start(connection)
        assert isinstance(protocol, HeadReader) and protocol.head is not None  # noqa: S101, PT018
        self.head = protocol.head
        return self
