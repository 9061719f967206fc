"""The files of extracted records: written with checksums, and checked whenever they are read.

They are what everything else is made from. Parquet has a checksum for each page of a column; the
footer, which says where the pages lie, has none of its own, so it is given one.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.errors import GaokerenaError, reason_of

_DIGEST = re.compile(rb"footer_sha256.{1,8}?sha256:([0-9a-f]{64})", re.DOTALL)
_EMPTY = "0" * 64
_TAIL = 8  # bytes: the length of the footer, and the mark of Parquet
_BROKEN = (pa.ArrowException, OSError, UnicodeError, OverflowError)


@contextmanager
def records_writer(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Yield a writer of a file whose damage will be seen.

    Args:
        path: the file; it is written in place.
        schema: of its rows.
    """
    with pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as writer:
        yield writer
        writer.add_key_value_metadata({"footer_sha256": f"sha256:{_EMPTY}"})
    with path.open("r+b") as file:
        footer = _footer(file)
        start, _ = _digest_place(footer) or (len(footer), 0)
        file.seek(start - len(footer) - _TAIL, os.SEEK_END)
        file.write(hashlib.sha256(footer).hexdigest().encode())


def write_records(table: pa.Table, path: Path) -> None:
    """Write a table as `records_writer` does."""
    with records_writer(path, table.schema) as writer:
        writer.write_table(table)


@contextmanager
def open_records(path: Path) -> Iterator[pq.ParquetFile]:
    """Yield an extracted file to read from, its footer checked; pages are as they are read.

    Files of older versions, which have no checksums, are read as they are.

    Raises:
        GaokerenaError: it is damaged, or cannot be read; also where that shows inside the block.
    """
    try:
        _check_footer(path)
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except _BROKEN as error:
        raise GaokerenaError(f"{path}: damaged ({reason_of(error)}); {_remedy(path)}") from None


def read_records(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Columns of an extracted file, or all of them.

    Raises:
        GaokerenaError: it is damaged, or cannot be read.
    """
    with open_records(path) as file:
        table = file.read(columns=None if columns is None else list(columns))
        table.validate(full=True)  # of a file without checksums, that its texts are texts
    return table.replace_schema_metadata(None)


def count_rows(path: Path) -> int:
    """How many rows an extracted file has.

    Raises:
        GaokerenaError: it is damaged, or cannot be read.
    """
    with open_records(path) as file:
        return int(file.metadata.num_rows)


def read_record_batches(
    path: Path, rows: int, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """An extracted file, some rows at a time.

    Raises:
        GaokerenaError: it is damaged, or cannot be read.
    """
    with open_records(path) as file:
        for batch in file.iter_batches(rows, columns=None if columns is None else list(columns)):
            batch.validate(full=True)
            yield batch


def _remedy(path: Path) -> str:
    """The command that makes an extracted file again."""
    made, dash, _ = path.name.partition("-")
    if dash and made in {"import", "pull"}:
        return f"{made} it again"
    return f"run `gaokerena extract {path.parent.name}`"


def _check_footer(path: Path) -> None:
    with path.open("rb") as file:
        footer = _footer(file)
    place = _digest_place(footer)
    if place is None:
        return  # of an older version, or damaged: Arrow sees which
    start, end = place
    blank = footer[:start] + _EMPTY.encode() + footer[end:]
    if hashlib.sha256(blank).hexdigest().encode() != footer[start:end]:
        raise OSError("its footer does not match its checksum")


def _footer(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    length = int.from_bytes(file.read(_TAIL)[:4], "little")
    file.seek(max(0, size - _TAIL - length))
    return file.read(min(length, size))


def _digest_place(footer: bytes) -> tuple[int, int] | None:
    """Where the digest stands in a footer: behind all texts that it may hold."""
    return max((match.span(1) for match in _DIGEST.finditer(footer)), default=None)
