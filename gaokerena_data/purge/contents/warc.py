"""Web archives: a record that is sought becomes a record of nothing, of the same length.

A page of somebody else's that quotes the words, a list of questions, loses only what quotes them.
So every other record keeps its place, and all that points into the file stays right. What lies
between whole records, the torn ends that kills leave, becomes zeros where it holds what is sought.
"""

import io
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from gaokerena_data.crawl.fetching.archive_members import head_fields, read_members
from gaokerena_data.crawl.fetching.content_coding import (
    ExpandsTooFarError,
    UndecodableError,
    decode,
)
from gaokerena_data.crawl.reading.encodings import decode_page
from gaokerena_data.purge.contents.outcome import Outcome, UnreadableError
from gaokerena_data.purge.sought import URL, Sought

_MAGIC = re.compile(rb"\x1f\x8b\x08")
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # of a gzip member
_EMPTY_BLOCK, _LAST_BLOCK = b"\x00\x00\x00\xff\xff", b"\x03\x00"
_MARKUP = re.compile(r"(<[^<>]*>)")
_MOST_STORED = 65_535  # bytes of a stored block
_MOST_BODY = 64 << 20
_SEPARATOR = b"\r\n\r\n"
_DIGITS = 9  # of a length: leading zeros do not change a number


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes to write over others, at their place in a file."""

    offset: int
    data: bytes


def is_archive(file: BinaryIO) -> bool:
    """Whether a file is a WARC of gzip members."""
    file.seek(0)
    try:
        start = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(file.read(1 << 16), 16)
    except zlib.error:
        return False
    return start.startswith(b"WARC/")


def find_members(file: BinaryIO, sought: Sought) -> list[Patch]:
    """What to write over in an archive; nothing where it holds nothing that is sought."""
    patches: list[Patch] = []
    end = 0
    for offset, length, record in read_members(file):
        patches += _blank(file, end, offset, sought)
        end = offset + length
        if is_record_sought(record, sought):
            cut = without_words(record, length, sought)
            patches.append(Patch(offset, nothing(record, length) if cut is None else cut))
    patches += _blank(file, end, file.seek(0, os.SEEK_END), sought)
    return patches


def purge_members(data: bytes, sought: Sought) -> Outcome | None:
    """The same for an archive that is packed in another file."""
    patches = find_members(io.BytesIO(data), sought)
    out = bytearray(data)
    for patch in patches:
        out[patch.offset : patch.offset + len(patch.data)] = patch.data
    return Outcome(bytes(out), len(patches)) if patches else None


def is_record_sought(record: bytes, sought: Sought) -> bool:
    """Whether a WARC record is of a page that is sought, or holds the words."""
    head, _, block = record.partition(_SEPARATOR)
    heads = _loose(head + block.partition(_SEPARATOR)[0])
    if any(sought.is_page(url) for url in URL.findall(heads)):  # of it, or that it leads to
        return True
    return any(sought.in_text(text) for text in _texts(head, block))


def without_words(record: bytes, length: int, sought: Sought) -> bytes | None:
    """A member of the same length with a page of somebody else's, which quotes the words no more.

    None where the page itself is sought, is no markup in UTF-8, or is longer afterwards.
    """
    head, _, block = record.partition(_SEPARATOR)
    answer, _, body = block.partition(_SEPARATOR)
    heads = _loose(head + answer)
    if not answer.startswith(b"HTTP/") or any(map(sought.is_page, URL.findall(heads))):
        return None
    labels = [head_fields(answer).get("content-encoding", "")]
    try:
        text = decode(body, labels, _MOST_BODY).removesuffix(_SEPARATOR).decode()
    except (ExpandsTooFarError, UndecodableError, UnicodeDecodeError):
        return None
    pieces = _MARKUP.split(text)
    new = "".join("" if sought.in_text(piece) else piece for piece in pieces)
    answer = _without_fields(answer, ("content-encoding", "content-length"))
    block = answer + _SEPARATOR + new.encode()
    head = _without_fields(head, ("warc-block-digest", "warc-payload-digest", "content-length"))
    head += b"\r\nContent-Length: %d" % len(block)
    if sought.in_text(_loose(head + answer)) or sought.in_text(new):
        return None
    return _filled_up(head + _SEPARATOR + block + _SEPARATOR, length)


def _filled_up(record: bytes, length: int) -> bytes | None:
    """A member of so many bytes: empty blocks and an extra field of gzip's head fill it up."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = compressor.compress(record) + compressor.flush(zlib.Z_FULL_FLUSH)
    left = length - len(_HEAD) - 2 - len(data) - len(_LAST_BLOCK) - 8
    if left < 0:
        return None
    blocks, extra = divmod(left, len(_EMPTY_BLOCK)) if left > _MOST_STORED else (0, left)
    head = _HEAD[:3] + b"\x04" + _HEAD[4:] + struct.pack("<H", extra) + bytes(extra)
    trailer = struct.pack("<II", zlib.crc32(record), len(record))
    return head + data + _EMPTY_BLOCK * blocks + _LAST_BLOCK + trailer


def _without_fields(head: bytes, names: tuple[str, ...]) -> bytes:
    lines = head.split(b"\r\n")
    gone = tuple(f"{name}:".encode() for name in names)
    return b"\r\n".join(line for line in lines if not line.lower().startswith(gone))


def nothing(record: bytes, length: int) -> bytes:
    """A gzip member of so many bytes that holds a WARC record of nothing.

    Raises:
        UnreadableError: so short a member cannot hold one.
    """
    fields = head_fields(record.partition(_SEPARATOR)[0])
    date = fields.get("warc-date", "1970-01-01T00:00:00Z")
    name = fields.get("warc-record-id", "<urn:uuid:00000000-0000-4000-8000-000000000000>")
    whole = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {name}\r\nWARC-Date: {date}\r\n"
        "Content-Type: text/plain\r\nContent-Length: "
    )
    for about in (whole, "WARC/1.1\r\nContent-Length: "):
        try:
            return _member(about.encode(), length)
        except ValueError:
            continue
    raise UnreadableError("a record is too short to be written over")


def _member(about: bytes, length: int) -> bytes:
    """A record filled up with spaces, stored uncompressed: so its length can be any.

    Raises:
        ValueError: the head alone is longer.
    """
    sizes = _stored_blocks(length - len(_HEAD) - 8)
    padding = sum(sizes) - len(about) - _DIGITS - 2 * len(_SEPARATOR)
    if padding < 0:
        raise ValueError("too short")
    head = about + b"%0*d" % (_DIGITS, padding) + _SEPARATOR
    record = head + b" " * padding + _SEPARATOR
    out, start = bytearray(_HEAD), 0
    for number, size in enumerate(sizes, start=1):
        out += bytes([number == len(sizes)]) + struct.pack("<HH", size, size ^ 0xFFFF)
        out += record[start : start + size]
        start += size
    return bytes(out) + struct.pack("<II", zlib.crc32(record), len(record))


def _stored_blocks(left: int) -> list[int]:
    """Sizes of stored blocks that take exactly so many bytes, with 5 for the head of each."""
    if left < 5:
        raise ValueError("too short")
    count = -(-left // (_MOST_STORED + 5))
    inside = left - 5 * count
    return [inside // count + (place < inside % count) for place in range(count)]


def _blank(file: BinaryIO, start: int, end: int, sought: Sought) -> list[Patch]:
    """Zeros in place of bytes between whole records, where they hold what is sought."""
    file.seek(start)
    torn = file.read(max(0, end - start))
    if not any(torn):
        return []
    # The torn part may hold the beginnings of several records.
    begins = [match.start() for match in _MAGIC.finditer(torn)] or [0]
    records = [_before_damage(torn[begin:]) for begin in begins]
    if any(is_record_sought(each, sought) for each in records) or sought.in_text(_loose(torn)):
        return [Patch(start, bytes(len(torn)))]
    return []


def _before_damage(data: bytes) -> bytes:
    """What of a damaged member can be read."""
    expander = zlib.decompressobj(zlib.MAX_WBITS + 16)
    record = bytearray()
    for start in range(0, len(data), 64):
        try:
            record += expander.decompress(data[start : start + 64])
        except zlib.error:
            break
    return bytes(record)


def _texts(head: bytes, block: bytes) -> Iterator[str]:
    yield head.decode("utf-8", "replace")
    answer, separator, body = block.partition(_SEPARATOR)
    if not separator or not answer.startswith(b"HTTP/"):
        yield _loose(block)
        return
    yield answer.decode("utf-8", "replace")
    fields = head_fields(answer)
    with suppress(ExpandsTooFarError, UndecodableError):  # it is read as it came
        body = decode(body, [fields.get("content-encoding", "")], _MOST_BODY, cut=True)
    yield decode_page(body, fields.get("content-type", ""))


def _loose(data: bytes) -> str:
    return data.decode("utf-8", "replace")
