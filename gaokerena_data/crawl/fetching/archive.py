"""Raw pages as WARC: one gzip member a record, so that any page is read by file and offset.

A process opens files of its own and never appends to one it did not open: the torn end that a
kill may leave stays where it is, and nothing refers to it.
"""

import io
import os
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from gaokerena_data.errors import GaokerenaError

ROTATE_BYTES = 1 << 30
MAX_BODY_BYTES = 64 << 20  # more than any page or sitemap that a crawl accepts

_LEVEL = 6  # gzip's own default; warcio's 9 costs twice the time for 1 % of the size
# The body is kept as it came; how it travelled is settled.
_DROPPED = {"transfer-encoding", "connection", "keep-alive"}

_DAMAGED = (
    *(ArchiveLoadFailed, AttributeError, EOFError),
    *(OSError, StopIteration, ValueError, zlib.error),
)

type Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: a file in the site's archive folder, and the byte it begins at."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Archived:
    """A response read back: headers as they came, body decoded."""

    url: str
    status: int
    headers: Headers
    body: bytes


class ArchiveWriter:
    """Appends responses to `SITE-00001.warc.gz` and its successors."""

    def __init__(self, folder: Path, software: str, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        self.folder = folder
        self.software = software
        self.rotate_bytes = rotate_bytes
        self._file: BinaryIO | None = None

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def response(
        self, url: str, fetched_at: str, status: int, headers: Headers, body: bytes
    ) -> Place:
        """Write one response, raw; it has left the process when this returns.

        Args:
            url: the url that was asked.
            fetched_at: ISO time in UTC.
            status: the HTTP status.
            headers: as they came.
            body: as it came, its content encoding not undone.
        """
        builder, out = _record_builder()
        record = builder.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=_http_headers(status, headers),
            warc_headers_dict={"WARC-Date": fetched_at},
        )
        builder.write_record(record)
        return self._append(out.getvalue())

    def revisit(self, url: str, fetched_at: str, status: int, headers: Headers) -> Place:
        """Write that a page was asked for and is what it was, without its body."""
        builder, out = _record_builder()
        record = builder.create_warc_record(
            url,
            "revisit",
            http_headers=_http_headers(status, headers),
            warc_headers_dict={
                "WARC-Date": fetched_at,
                "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
                if status == 304
                else "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            },
        )
        builder.write_record(record)
        return self._append(out.getvalue())

    def close(self) -> None:
        """Put the open file on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _append(self, record: bytes) -> Place:
        if self._file is not None and self._file.tell() >= self.rotate_bytes:
            self.close()
        if self._file is None:
            self._file = self._next_file()
        place = Place(Path(self._file.name).name, self._file.tell())
        self._file.write(_member(record))
        self._file.flush()
        return place

    def _next_file(self) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        numbers = [
            int(match[1])
            for path in self.folder.glob("*.warc.gz")
            if (match := re.search(r"-(\d+)\.warc\.gz$", path.name))
        ]
        name = f"{self.folder.name}-{max(numbers, default=0) + 1:05d}.warc.gz"
        file = (self.folder / name).open("xb")
        builder, out = _record_builder()
        about = {"software": self.software, "format": "WARC File Format 1.1"}
        builder.write_record(builder.create_warcinfo_record(name, about))
        file.write(_member(out.getvalue()))
        return file


class ArchiveReader:
    """Reads responses by place; files stay open between two reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name = ""
        self._file: BinaryIO | None = None

    def __enter__(self) -> "ArchiveReader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, place: Place) -> Archived:
        """The response at a place.

        Raises:
            GaokerenaError: when the file is missing, damaged there, or its body expands beyond
                `MAX_BODY_BYTES`.
        """
        path = self.folder / place.file
        try:
            file = self._opened(place.file)
            file.seek(place.offset)
            record = next(ArchiveIterator(file, check_digests="raise"))
            raw = record.raw_stream.read()
            if record.raw_stream.limit > 0:  # warcio says nothing of an end that is missing
                raise EOFError
            record.raw_stream = io.BytesIO(raw)
            body = record.content_stream().read(MAX_BODY_BYTES + 1)
            headers = record.http_headers
            status = int(headers.get_statuscode())
        except _DAMAGED as error:
            raise GaokerenaError(
                f"{path} holds no whole response at byte {place.offset}: "
                "restore the file from a copy, or crawl the site again"
            ) from error
        if len(body) > MAX_BODY_BYTES:
            raise GaokerenaError(f"{path} byte {place.offset}: the body expands beyond any page")
        url = record.rec_headers.get_header("WARC-Target-URI")
        return Archived(url, status, list(headers.headers), body)

    def _opened(self, name: str) -> BinaryIO:
        if self._file is None or self._name != name:
            if self._file is not None:
                self._file.close()
            self._file = (self.folder / name).open("rb")
            self._name = name
        return self._file


def _record_builder() -> tuple[WARCWriter, io.BytesIO]:
    out = io.BytesIO()
    return WARCWriter(out, gzip=False, warc_version="1.1"), out


def _member(record: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return compressor.compress(record) + compressor.flush()


def _http_headers(status: int, headers: Iterable[tuple[str, str]]) -> StatusAndHeaders:
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    return StatusAndHeaders(f"{status}", kept, protocol="HTTP/1.1")
