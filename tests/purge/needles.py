"""Looks for words in every byte of every file, also inside whatever is packed in it.

It knows nothing of how a purge reads files: it unpacks with each library's plainest call.
"""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd

_MAGIC = (b"PAR1", b"PK", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


def holders(root: Path, needles: Iterable[str], but: Iterable[str] = ()) -> list[str]:
    """The files below a folder that hold one of these words."""
    spelled = {spelling for needle in needles for spelling in spellings(needle)}
    skipped = set(but)
    return sorted(
        {
            file.relative_to(root).as_posix()
            for file in root.rglob("*")
            if file.is_file() and file.relative_to(root).as_posix() not in skipped
            for data in unpacked(file.read_bytes())
            if any(each in data for each in spelled)
        }
    )


def spellings(needle: str) -> set[bytes]:
    old = needle.replace("ی", "ي")
    return {
        needle.encode(),
        old.encode(),
        needle.encode("utf-16-le"),
        needle.encode("utf-16-be"),
        needle.encode("utf-32-le"),
        quote(needle).encode(),
        quote(needle).lower().encode(),
        json.dumps(needle)[1:-1].encode(),
        "".join(f"&#{ord(letter)};" for letter in needle).encode(),
        needle.encode("ascii", "xmlcharrefreplace"),
        old.encode("windows-1256", "ignore"),
    }


def unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"PAR1") and data.endswith(b"PAR1"):
        yield json.dumps(
            pq.read_table(io.BytesIO(data)).to_pylist(), ensure_ascii=False, default=str
        ).encode()
    elif data.startswith(b"\xff\xff\xff\xff"):
        yield str(pa.ipc.open_stream(data).read_all().to_pylist()).encode()
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for name in file.namelist():
                yield from unpacked(file.read(name))
    elif data.startswith(b"\x28\xb5\x2f\xfd"):
        yield from unpacked(zstd.decompress(data))
    elif data.startswith(b"BZh"):
        yield from unpacked(bz2.decompress(data))
    elif data.startswith(b"\xfd7zXZ"):
        yield from unpacked(lzma.decompress(data))
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for entry in tar:
                if opened := tar.extractfile(entry):
                    yield from unpacked(opened.read())
    yield from _members(data)


def _members(data: bytes) -> Iterator[bytes]:
    """Every gzip member that begins anywhere, as far as it can be read; and what is in it."""
    at = data.find(b"\x1f\x8b\x08")
    while at >= 0:
        expander = zlib.decompressobj(zlib.MAX_WBITS + 16)
        out = b""
        for start in range(at, len(data), 256):
            try:
                out += expander.decompress(data[start : start + 256])
            except zlib.error:
                break
            if expander.eof:
                break
        if out:
            yield out
            if out[257:262] == b"ustar" or out.startswith(_MAGIC):
                yield from unpacked(out)
            inner = out.find(b"\x1f\x8b\x08")
            if inner >= 0:  # a body that came packed
                try:
                    yield gzip.decompress(out[inner:].rstrip(b"\r\n"))
                except (OSError, EOFError, zlib.error):
                    yield out[inner:]
        at = data.find(b"\x1f\x8b\x08", at + 1)
