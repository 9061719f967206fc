"""The gzip members of a WARC file: each is one record, and is whole or damaged for itself."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

MAX_RECORD_BYTES = 68 << 20  # a sitemap of the greatest size, and the headers around it

_CHUNK = 1 << 16
_MAGIC = re.compile(rb"\x1f\x8b\x08\x00")


def read_member(file: BinaryIO, offset: int) -> bytes:
    """The record that begins at an offset, with gzip's checksum of it checked.

    Raises:
        EOFError: the file ends before the record does.
        ValueError: it expands beyond any record.
        zlib.error: no record begins there, or it is damaged.
        OSError: the file cannot be read.
    """
    file.seek(offset)
    return _read(file)[0]


def read_members(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Every whole record, with its offset and its length in the file."""
    offset = 0
    while True:
        file.seek(offset)
        try:
            record, length = _read(file)
        except (EOFError, ValueError, zlib.error):
            following = _next_member(file, offset + 1)
            if following is None:
                return
            offset = following
            continue
        yield offset, length, record
        offset += length


def head_fields(head: bytes) -> dict[str, str]:
    """The fields of a record's or an answer's head, in lower case; the first of each."""
    found: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _read(file: BinaryIO) -> tuple[bytes, int]:
    """A record, and how many bytes of the file it takes."""
    expander = zlib.decompressobj(zlib.MAX_WBITS + 16)
    record, length = bytearray(), 0
    while not expander.eof:
        chunk = expander.unconsumed_tail
        if not chunk:
            chunk = file.read(_CHUNK)
            length += len(chunk)
        if not chunk:
            raise EOFError
        record += expander.decompress(chunk, MAX_RECORD_BYTES + 1 - len(record))
        if len(record) > MAX_RECORD_BYTES:
            raise ValueError("it expands beyond any record")
    return bytes(record), length - len(expander.unused_data)


def _next_member(file: BinaryIO, offset: int) -> int | None:
    """Where the next bytes are that a member could begin with."""
    file.seek(offset)
    kept = b""
    while chunk := file.read(_CHUNK):
        data = kept + chunk
        if found := _MAGIC.search(data):
            return offset + found.start()
        kept = data[-3:]
        offset += len(data) - len(kept)
    return None
