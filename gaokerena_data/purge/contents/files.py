"""A file by its first bytes, whatever its name says, and what lies packed in it."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from html import unescape

from backports import zstd

from gaokerena_data.purge.contents.binaries import holds_as_text
from gaokerena_data.purge.contents.databases import purge_database
from gaokerena_data.purge.contents.documents import purge_text
from gaokerena_data.purge.contents.outcome import GONE, Outcome, UnreadableError
from gaokerena_data.purge.contents.tables import purge_arrow, purge_parquet
from gaokerena_data.purge.contents.warc import is_archive, purge_members
from gaokerena_data.purge.sought import Sought

DEPTH = 6  # files packed in one another
_GZIP, _ZSTD, _ZIP, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PAR1"
_SQLITE, _ARROW, _STREAM = b"SQLite format 3\x00", b"ARROW1", b"\xff\xff\xff\xff"
_BZIP, _XZ = b"BZh", b"\xfd7zXZ\x00"
_TAR_AT = 257
_CONTROLS = bytes(number for number in range(32) if number not in b"\t\n\x0b\f\r\x1b")
_OFFICE = re.compile(r"^(xl|word|ppt)/|\[Content_Types\]\.xml$")
# What holds one text in an office document: a shared string, a string in a cell, a paragraph.
_TEXT = re.compile(r"(<(si|is|v|w:p|a:p)(?: [^>]*)?>)(.*?)(</\2>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BROKEN = (OSError, EOFError, ValueError, zlib.error, zstd.ZstdError, zipfile.BadZipFile,
           tarfile.TarError, lzma.LZMAError, RuntimeError)  # fmt: skip


def purge_bytes(data: bytes, name: str, sought: Sought, depth: int = DEPTH) -> Outcome | None:
    """A file without what is sought; None where it holds none of it.

    Args:
        data: the file's bytes.
        name: its name, for what bytes do not tell.
        sought: what goes.
        depth: how many files packed in one another are still opened.

    Raises:
        UnreadableError: it is damaged, or packed too deep.
    """
    if depth == 0:
        raise UnreadableError(f"more than {DEPTH} files packed in one another")
    if data.startswith(_PARQUET):
        return purge_parquet(data, sought)
    if data.startswith(_SQLITE):
        return purge_database(data, sought)
    if data.startswith((_ARROW, _STREAM)):
        return purge_arrow(data, sought)
    if data.startswith(_ZIP):
        return _zip(data, sought, depth)
    if data.startswith(_GZIP):
        return _gzip(data, name, sought, depth)
    if data.startswith(_ZSTD):
        expanded = _expanded(data, zstd.decompress)
        return _packed(expanded, _without(name, ".zst"), sought, depth, zstd.compress)
    if data.startswith(_BZIP):
        expanded = _expanded(data, bz2.decompress)
        return _packed(expanded, _without(name, ".bz2"), sought, depth, bz2.compress)
    if data.startswith(_XZ):
        expanded = _expanded(data, lzma.decompress)
        return _packed(expanded, _without(name, ".xz"), sought, depth, lzma.compress)
    if data[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return _tar(data, sought, depth)
    if is_text(data):
        return purge_text(data, name, sought)
    # Of another kind: it cannot be rewritten, so that it goes where it holds the words as text.
    return GONE if holds_as_text(io.BytesIO(data), sought) else None


def is_opaque(start: bytes) -> bool:
    """Whether a file that begins so is of a kind that is not opened, such as a model's weights."""
    known = (_PARQUET, _SQLITE, _ARROW, _STREAM, _ZIP, _GZIP, _ZSTD, _BZIP, _XZ)
    packed = start.startswith(known) or start[_TAR_AT : _TAR_AT + 5] == b"ustar"
    return not packed and not is_text(start)


def is_text(data: bytes) -> bool:
    """Whether bytes read as text."""
    start = data[:4096]
    noise = len(start) - len(start.translate(None, _CONTROLS))
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or noise * 100 <= len(start)


def _gzip(data: bytes, name: str, sought: Sought, depth: int) -> Outcome | None:
    if is_archive(io.BytesIO(data)):
        return purge_members(data, sought)
    return _packed(
        _expanded(data, gzip.decompress),
        _without(name, ".gz"),
        sought,
        depth,
        lambda content: gzip.compress(content, mtime=0),
    )


def _expanded(data: bytes, expand: Callable[[bytes], bytes]) -> bytes:
    try:
        return expand(data)
    except _BROKEN as error:
        raise UnreadableError(str(error)) from None


def _packed(
    content: bytes, name: str, sought: Sought, depth: int, pack: Callable[[bytes], bytes]
) -> Outcome | None:
    outcome = purge_bytes(content, name, sought, depth - 1)
    if outcome is None or outcome.data is None:
        return outcome
    return Outcome(pack(outcome.data), outcome.pieces)


def _without(name: str, ending: str) -> str:
    return name.removesuffix(ending)


def _zip(data: bytes, sought: Sought, depth: int) -> Outcome | None:
    pieces = 0
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
            office = any(_OFFICE.search(name) for name in source.namelist())
            for entry in source.infolist():
                content = source.read(entry)
                if office and entry.filename.endswith((".xml", ".rels")):
                    outcome = _office(content, sought)
                else:
                    outcome = purge_bytes(content, entry.filename, sought, depth - 1)
                if outcome is not None:
                    pieces += outcome.pieces
                    if outcome.data is None:
                        continue
                    content = outcome.data
                target.writestr(entry, content, compress_type=entry.compress_type)
    except _BROKEN as error:
        raise UnreadableError(str(error)) from None
    return Outcome(out.getvalue(), pieces) if pieces else None


def _office(content: bytes, sought: Sought) -> Outcome | None:
    """A part of a workbook or a document: texts that are sought become empty."""
    pieces = 0

    def emptied(element: re.Match[str]) -> str:
        nonlocal pieces
        text = unescape(_TAG.sub("", element[3]))
        if not (text in sought.ids or sought.is_page(text) or sought.in_text(text)):
            return element[0]
        pieces += 1
        return element[1] + "".join(_TAG.findall(element[3])) + element[4]

    text = _TEXT.sub(emptied, content.decode("utf-8", "surrogateescape"))
    if sought.in_text(text):  # in a comment, a name, a property
        return GONE
    return Outcome(text.encode("utf-8", "surrogateescape"), pieces) if pieces else None


def _tar(data: bytes, sought: Sought, depth: int) -> Outcome | None:
    pieces = 0
    out = io.BytesIO()
    try:
        with (
            tarfile.open(fileobj=io.BytesIO(data)) as source,
            tarfile.open(fileobj=out, mode="w") as target,
        ):
            for entry in source:
                file = source.extractfile(entry) if entry.isreg() else None
                if file is None:
                    target.addfile(entry)
                    continue
                content = file.read()
                outcome = purge_bytes(content, entry.name, sought, depth - 1)
                if outcome is not None:
                    pieces += outcome.pieces
                    if outcome.data is None:
                        continue
                    content = outcome.data
                entry.size = len(content)
                target.addfile(entry, io.BytesIO(content))
    except _BROKEN as error:
        raise UnreadableError(str(error)) from None
    return Outcome(out.getvalue(), pieces) if pieces else None
