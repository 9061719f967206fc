"""Heads of answers, read as browsers read them: what is wrong with a header harms no page.

aiohttp refuses whole answers for a cookie that is not UTF-8, a long header, too many of them, a
length that is given twice. So its parser is shown only what frames the body; all headers are read
here. Pure functions.
"""

import re
from dataclasses import dataclass

MAX_HEAD_BYTES = 256 << 10  # as Chromium

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.1
_END = re.compile(rb"\n\r?\n")
_BLANK = re.compile(rb"[\r\n]*")
_STATUS = re.compile(
    rb"[\r\n]*HTTP(?:/([0-9])(?:\.([0-9]))?)?[ \t]+([1-9][0-9]{2})([^\n]*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Head:
    """The status line and the headers of an answer.

    Args:
        status: its number.
        reason: the words behind it, as they came.
        headers: names and values, in their order; each value is on one line.
        framing: a strict head that frames the same body.
        length: bytes of the body, where one length is given.
    """

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    framing: bytes
    length: int | None


def head_end(data: bytes | bytearray, start: int = 0) -> int | None:
    """Where the head ends that `data` begins with; None where that is still to come.

    Args:
        data: what came so far.
        start: how much of it was looked at before.
    """
    blank = _BLANK.match(data)
    end = _END.search(data, max(blank.end() if blank else 0, start - 3))
    return None if end is None else end.end()


def parse_head(data: bytes) -> Head | None:
    """The head of an answer; None where it is none of HTTP/1.

    Args:
        data: as it came, with the empty line at its end.
    """
    match = _STATUS.match(data)
    if match is None:
        return None
    major, minor, status, reason = match.groups()
    headers = _headers(data[match.end() :])
    version = b"1.0" if (major, minor) == (b"1", b"0") else b"1.1"
    framing = b"HTTP/%s %s \r\n" % (version, status) + _framing(headers) + b"\r\n"
    lengths = _values(headers, b"content-length")
    length = int(lengths[0]) if len(lengths) == 1 else None
    return Head(int(status), reason.replace(b"\r", b" ").strip(), headers, framing, length)


def _headers(data: bytes) -> list[tuple[bytes, bytes]]:
    lines: list[bytes] = []
    for raw in data.split(b"\n"):
        line = raw.removesuffix(b"\r").replace(b"\r", b" ").replace(b"\0", b"")
        if line[:1] in {b" ", b"\t"} and lines:  # a folded line: it goes on
            lines[-1] += b" " + line.strip()
        elif line.strip():
            lines.append(line)
    pairs = (line.partition(b":") for line in lines)
    named = [(name.strip(), value.strip()) for name, colon, value in pairs if colon]
    # Browsers pass over names that are none, and archive tools break off at them.
    return _with_one_length([(name, value) for name, value in named if _NAME.fullmatch(name)])


def _with_one_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers without lengths that say nothing, or the same again (RFC 9112, 6.3)."""
    lengths: list[bytes] = []
    for value in _values(headers, b"content-length"):
        # A server that gives two different ones is heard by no browser either: both stay.
        if re.fullmatch(rb"[0-9]{1,18}", value) and int(value) not in map(int, lengths):
            lengths.append(value)
    if _is_chunked(headers):
        lengths = []
    others = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return others + [(b"Content-Length", length) for length in lengths]


def _framing(headers: list[tuple[bytes, bytes]]) -> bytes:
    kept = [header for header in headers if header[0].lower() == b"content-length"]
    if _is_chunked(headers):
        kept.append((b"Transfer-Encoding", b"chunked"))
    for wish in (b"close", b"keep-alive"):
        if wish in _values(headers, b"connection"):
            kept.append((b"Connection", wish))
            break
    return b"".join(b"%s: %s\r\n" % header for header in kept)


def _is_chunked(headers: list[tuple[bytes, bytes]]) -> bool:
    return b"chunked" in _values(headers, b"transfer-encoding")


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [
        token.strip().lower()
        for known, value in headers
        if known.lower() == name
        for token in value.split(b",")
    ]
