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
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from gaokerena_data.crawl.fetching.archive_members import read_member
from gaokerena_data.workspace import FILE_MODE, make_folder

ROTATE_BYTES = 1 << 30

_LEVEL = 6  # gzip's own default; warcio's 9 costs twice the time for 1 % of the size
# The body is kept as it came; how it travelled is settled.
_DROPPED = {"transfer-encoding", "connection", "keep-alive"}
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_OF_BOTH = {"WARC-Date", "WARC-IP-Address"}  # of a request and of its answer
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
_NOT_MODIFIED, _SAME_PAYLOAD = "server-not-modified", "identical-payload-digest"

type Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: a file in the site's archive folder, and the byte it begins at."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answer that a later one repeats."""

    url: str
    fetched_at: str
    place: Place


class ArchiveWriter:
    """Appends requests and answers to `SITE-00001.warc.gz` and its successors."""

    def __init__(self, folder: Path, software: str, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        self.folder = folder
        self.software = software
        self.rotate_bytes = rotate_bytes
        self._file: BinaryIO | None = None

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def response(
        self,
        url: str,
        fetched_at: str,
        status: int,
        headers: Headers,
        body: bytes,
        *,
        reason: str = "",
        request: bytes = b"",
        address: str | None = None,
    ) -> Place:
        """Write one response, raw; it has left the process when this returns.

        Args:
            url: the url that was asked.
            fetched_at: ISO time in UTC.
            status: the HTTP status.
            headers: as they came; each byte is one character. Those that are not ASCII are
                percent-encoded.
            body: as it came, its content encoding not undone.
            reason: the words behind the status.
            request: the head of the request; empty for none to be kept.
            address: the IP address that answered.
        """
        about = _about(fetched_at, address)
        head = _answer_head(status, reason, headers)
        return self._append(url, "response", about, head, body, request)

    def revisit(
        self,
        url: str,
        fetched_at: str,
        status: int,
        headers: Headers,
        *,
        earlier: Earlier | None = None,
        reason: str = "",
        request: bytes = b"",
        address: str | None = None,
    ) -> Place:
        """Write that a page was asked for and is what it was, without its body.

        Args:
            url: the url that was asked.
            fetched_at: ISO time in UTC.
            status: the HTTP status.
            headers: as they came.
            earlier: the answer that is repeated, so that archive tools find its body.
            reason: the words behind the status.
            request: the head of the request; empty for none to be kept.
            address: the IP address that answered.
        """
        profile = _NOT_MODIFIED if status == 304 else _SAME_PAYLOAD
        about = _about(fetched_at, address) | {"WARC-Profile": _REVISIT + profile}
        if earlier is not None:
            about["WARC-Refers-To-Target-URI"] = earlier.url
            about["WARC-Refers-To-Date"] = earlier.fetched_at
            if digest := self._payload_digest(earlier.place):
                about["WARC-Payload-Digest"] = digest
        head = _answer_head(status, reason, headers)
        return self._append(url, "revisit", about, head, b"", request)

    def close(self) -> None:
        """Put the open file on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _append(
        self, url: str, kind: str, about: dict[str, str], head: bytes, body: bytes, request: bytes
    ) -> Place:
        if self._file is not None and self._file.tell() >= self.rotate_bytes:
            self.close()
        if self._file is None:
            self._file = self._next_file()
        place = Place(Path(self._file.name).name, self._file.tell())
        builder, out = _record_builder()
        answer = _add_record(builder, url, kind, about, head, body)
        members = _member(out.getvalue())
        if request:
            builder, out = _record_builder()
            asked = {name: about[name] for name in about if name in _OF_BOTH}
            asked["WARC-Concurrent-To"] = answer
            _add_record(builder, url, "request", asked, request, b"")
            members += _member(out.getvalue())
        self._file.write(members)
        self._file.flush()
        return place

    def _payload_digest(self, place: Place) -> str | None:
        """The digest of an earlier body, as its record states it."""
        try:
            with (self.folder / place.file).open("rb") as file:
                record = read_member(file, place.offset)
        except (OSError, EOFError, ValueError, zlib.error):
            return None  # a damaged record: it is told where it is extracted
        head = record.partition(b"\r\n\r\n")[0]
        found = re.search(rb"\r\nWARC-Payload-Digest: (\S+)", head)
        return None if found is None else found[1].decode("ascii", "replace")

    def _next_file(self) -> BinaryIO:
        make_folder(self.folder)
        numbers = [
            int(match[1])
            for path in self.folder.glob("*.warc.gz")
            if (match := re.search(r"-(\d+)\.warc\.gz$", path.name))
        ]
        name = f"{self.folder.name}-{max(numbers, default=0) + 1:05d}.warc.gz"
        file = (self.folder / name).open("xb")
        (self.folder / name).chmod(FILE_MODE)
        builder, out = _record_builder()
        about = {"software": self.software, "format": "WARC File Format 1.1"}
        builder.write_record(builder.create_warcinfo_record(name, about))
        file.write(_member(out.getvalue()))
        return file


class _RawHead(StatusAndHeaders):  # type: ignore[misc]
    """The head of a request or an answer; warcio would write its own spelling of it."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("as it came", [])  # an empty head would be taken for none
        self._raw = raw

    def compute_headers_buffer(self, header_filter: Any = None) -> None:  # noqa: ARG002
        self.headers_buff = self._raw


def _about(fetched_at: str, address: str | None) -> dict[str, str]:
    return {"WARC-Date": fetched_at} | ({"WARC-IP-Address": address} if address else {})


def _record_builder() -> tuple[WARCWriter, io.BytesIO]:
    out = io.BytesIO()
    return WARCWriter(out, gzip=False, warc_version="1.1"), out


def _add_record(
    builder: WARCWriter, url: str, kind: str, about: dict[str, str], head: bytes, body: bytes
) -> str:
    """Write a record; returns its id."""
    record = builder.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=_RawHead(head),
        warc_headers_dict=about,
    )
    builder.write_record(record)
    return str(record.rec_headers.get_header("WARC-Record-ID"))


def _member(record: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return compressor.compress(record) + compressor.flush()


def _answer_head(status: int, reason: str, headers: Iterable[tuple[str, str]]) -> bytes:
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    lines = [f"HTTP/1.1 {status} {reason}".rstrip(), *(f"{name}: {value}" for name, value in kept)]
    head = "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1", "replace")
    # Tools that replay break off at other bytes; in a url, as in most values, this is the same.
    return _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], head)
