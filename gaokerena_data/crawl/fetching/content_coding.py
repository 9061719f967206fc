"""Undoes `Content-Encoding`: one decoder for what arrives and for what the archive holds.

Labels are hints. Servers send brotli that nobody asked for, gzip without a label, plain pages
labelled gzip, pages that were packed twice: what a body is, its first bytes say better. Pure
functions, so that what was readable when it came is readable whenever it is extracted.
"""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

import brotli
from backports import zstd

LAYERS = 4  # codings one inside another; nobody honest packs a page more often

_CHUNK = 1 << 16
_NAMES = {
    **dict.fromkeys(("gzip", "x-gzip"), "gzip"),
    **dict.fromkeys(("deflate", "x-deflate", "zlib"), "deflate"),
    **dict.fromkeys(("br", "brotli", "x-br"), "br"),
    **dict.fromkeys(("zstd", "x-zstd"), "zstd"),
}
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_CONTROLS = bytes(number for number in range(32) if number not in b"\t\n\x0b\f\r\x1b")
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BROKEN = (OSError, EOFError, ValueError, zlib.error, brotli.error, zstd.ZstdError)


class ExpandsTooFarError(Exception):
    """A body that expands beyond its limit: a decompression bomb, or no page."""


class UndecodableError(Exception):
    """A body that is in no coding that is known, and is no text either."""


class CutOffError(Exception):
    """A body whose packed data ends, or goes wrong, on its way: it did not come whole."""


def decode(
    body: bytes, labels: Iterable[str], limit: int, *, cut: bool = False, whole: bool = False
) -> bytes:
    """The body without its content codings.

    Args:
        body: as it came.
        labels: the values of its `Content-Encoding` headers, in their order.
        limit: bytes that it may expand to.
        cut: whether a longer body is cut there, rather than refused.
        whole: whether a body whose end is missing is refused. Else it gives what there is of it,
            as in browsers. A checksum that is wrong or missing is no end that is missing.

    Raises:
        ExpandsTooFarError: it expands beyond the limit, and is not to be cut.
        UndecodableError: its labels are wrong, and it is no text.
        CutOffError: its end is missing, and it is to be whole.
    """
    tokens = chain.from_iterable(label.split(",") for label in labels)
    named = (token.partition(";")[0].strip(" \t\"'").lower() for token in tokens)
    codings = [_NAMES[name] for name in named if name in _NAMES]
    end = _End(limit, cut, whole)
    for _ in range(LAYERS):
        seen = _seen(body)
        if not codings and seen is None:
            break
        body = _undo(body, codings.pop() if codings else None, seen, end)
    return body


def _seen(body: bytes) -> str | None:
    """The coding that the first bytes of a body show."""
    if body.startswith(_GZIP):
        return "gzip"
    if body.startswith(_ZSTD):
        return "zstd"
    return "deflate" if _ZLIB.match(body) and not _is_text(body) else None


@dataclass(frozen=True, slots=True)
class _End:
    """Where a body may end: `decode`'s `limit`, `cut` and `whole`."""

    limit: int
    cut: bool
    whole: bool


def _undo(body: bytes, label: str | None, seen: str | None, end: _End) -> bytes:
    if not body:
        return body
    tried = [coding for coding in dict.fromkeys((seen, label)) if coding is not None]
    for coding in tried:
        expanded = _expand(body, coding, end)
        if expanded is not None:
            return expanded
    if label is None:
        return body  # an image, a font: whatever it is, nobody said that it was packed
    if seen is None and _is_text(body):  # the label is wrong: it was sent as it is
        return body
    for coding in _PARTS:
        with suppress(ExpandsTooFarError):
            expanded = _expand(body, coding, end, guessed=True)
            if expanded is not None and _is_text(expanded):
                return expanded
    raise UndecodableError(f"Content-Encoding says {label}, and the body is no such thing")


def _expand(body: bytes, coding: str, end: _End, *, guessed: bool = False) -> bytes | None:
    """The body in one coding undone; None where it is none in it.

    Args:
        body: what to expand.
        coding: one of the values of `_NAMES`.
        end: where it may end.
        guessed: whether a body that ends too early, or goes wrong on its way, is none.

    Raises:
        ExpandsTooFarError, CutOffError: as `decode`.
    """
    out = bytearray()
    try:
        for part in _PARTS[coding](body):
            out += part
            if len(out) > end.limit:
                if end.cut:
                    return bytes(out[: end.limit])
                raise ExpandsTooFarError(f"{len(body)} bytes expand beyond {end.limit}")
    except _BROKEN as error:
        # Of a page that goes wrong on its way, the beginning is kept, unless it reads as noise.
        if guessed or not out or not _is_text(out):
            return None
        if end.whole and not isinstance(error, gzip.BadGzipFile) and not _lacks_its_sum(body):
            raise CutOffError(f"the {coding} data ends before its end") from error
    return bytes(out)


def _lacks_its_sum(body: bytes) -> bool:
    """Whether nothing but the checksum behind it is missing of a body in gzip."""
    if not body.startswith(_GZIP):
        return False
    try:
        for _ in _gunzip(body + bytes(8)):
            pass
    except gzip.BadGzipFile:  # it got as far as to compare the checksum
        return True
    except _BROKEN:
        return False
    return True


def _is_text(body: bytes | bytearray) -> bool:
    """Whether a body reads as text: in packed data, every ninth byte is a control character."""
    beginning = bytes(body[:1024])
    noise = len(beginning) - len(beginning.translate(None, _CONTROLS))
    return beginning.startswith(_MARKS) or noise * 100 <= len(beginning)


def _gunzip(body: bytes) -> Iterator[bytes]:
    file = gzip.GzipFile(fileobj=io.BytesIO(body))
    while part := file.read1(_CHUNK):
        yield part


def _inflate(body: bytes) -> Iterator[bytes]:
    """With the header that RFC 9110 asks for, or without it, as some servers send it."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    headed = body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
    try:
        # Its checksum is not compared: where that is wrong, the page is still there.
        part = inflater.decompress(body[2:] if headed else body, _CHUNK)
    except zlib.error:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        part = inflater.decompress(body, _CHUNK)
    while part:
        yield part
        part = b"" if inflater.eof else inflater.decompress(inflater.unconsumed_tail, _CHUNK)
    if not inflater.eof:
        raise EOFError


def _unbrotli(body: bytes) -> Iterator[bytes]:
    expander = brotli.Decompressor()
    part = expander.process(body, output_buffer_limit=_CHUNK)
    while part:
        yield part
        part = b"" if expander.is_finished() else expander.process(b"", output_buffer_limit=_CHUNK)
    if not expander.is_finished():
        raise EOFError


def _unzstd(body: bytes) -> Iterator[bytes]:
    while body:
        expander = zstd.ZstdDecompressor()
        part = expander.decompress(body, _CHUNK)
        while part:
            yield part
            part = b"" if expander.eof else expander.decompress(b"", _CHUNK)
        if not expander.eof:
            raise EOFError
        body = expander.unused_data


_PARTS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
