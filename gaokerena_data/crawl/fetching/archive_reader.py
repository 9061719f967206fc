"""Reads answers back from the archive."""

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from gaokerena_data.crawl.fetching.archive import Headers, Place
from gaokerena_data.crawl.fetching.archive_members import read_member
from gaokerena_data.crawl.fetching.content_coding import (
    ExpandsTooFarError,
    UndecodableError,
    decode,
)
from gaokerena_data.errors import GaokerenaError

MAX_BODY_BYTES = 64 << 20  # more than any page or sitemap that a crawl accepts

_DAMAGED = (
    *(ArchiveLoadFailed, AttributeError, EOFError),
    *(OSError, StopIteration, ValueError, zlib.error),
)


class DamagedArchiveError(GaokerenaError):
    """An answer that is not in the archive any more, or not whole."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A response read back: headers as they came, body decoded."""

    url: str
    status: int
    headers: Headers
    body: bytes


class ArchiveReader:
    """Reads responses by place; files stay open between two reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name = ""
        self._file: BinaryIO | None = None

    def __enter__(self) -> "ArchiveReader":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, place: Place) -> Archived:
        """The response at a place.

        Raises:
            DamagedArchiveError: when the file is missing, or damaged there.
            GaokerenaError: when its body cannot be decoded, or expands beyond `MAX_BODY_BYTES`.
        """
        record, raw = self._record(place)
        path, headers = self.folder / place.file, record.http_headers
        labels = [value for name, value in headers.headers if name.lower() == "content-encoding"]
        try:
            body = decode(raw, labels, MAX_BODY_BYTES)
        except ExpandsTooFarError:
            raise GaokerenaError(
                f"{path} byte {place.offset}: the body expands beyond any page"
            ) from None
        except UndecodableError as error:
            raise GaokerenaError(f"{path} byte {place.offset}: {error}") from None
        url = record.rec_headers.get_header("WARC-Target-URI")
        return Archived(url, int(headers.get_statuscode()), list(headers.headers), body)

    def check(self, place: Place) -> None:
        """Look whether a response is there, whole.

        Raises:
            DamagedArchiveError: when the file is missing, or damaged there.
        """
        self._record(place)

    def _record(self, place: Place) -> tuple[Any, bytes]:
        """The record at a place, and the body in it as it came."""
        path = self.folder / place.file
        try:
            member = read_member(self._opened(place.file), place.offset)
            record = next(ArchiveIterator(io.BytesIO(member), check_digests="raise"))
            raw = record.raw_stream.read()
            if record.raw_stream.limit > 0:  # warcio says nothing of an end that is missing
                raise EOFError
            int(record.http_headers.get_statuscode())
        except _DAMAGED as error:
            raise DamagedArchiveError(
                f"{path} holds no whole response at byte {place.offset}: "
                "restore the file from a copy, or crawl the site again"
            ) from error
        return record, raw

    def _opened(self, name: str) -> BinaryIO:
        if self._file is None or self._name != name:
            if self._file is not None:
                self._file.close()
                self._file = None
            path = self.folder / name
            if not path.is_file():  # nor a pipe, which is waited for in vain
                raise FileNotFoundError(path)
            self._file = path.open("rb")
            self._name = name
        return self._file
