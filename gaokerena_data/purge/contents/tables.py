"""Parquet and Arrow: rows that are sought are taken out; a ledger keeps its rows without words."""

import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.datasets.record_files import write_records
from gaokerena_data.purge.contents.outcome import GONE, Outcome, UnreadableError
from gaokerena_data.purge.sought import ID_NAMES, URL_NAMES, Sought, texts_in
from gaokerena_data.purge.words import Mask

_FOOTER = b"footer_sha256"  # of files that `record_files` writes


def purge_parquet(data: bytes, sought: Sought) -> Outcome | None:
    """A Parquet file without the rows that are sought; None where it holds none.

    Raises:
        UnreadableError: it is damaged.
    """
    try:
        with pq.ParquetFile(io.BytesIO(data)) as file:
            table, footer = file.read(), file.metadata
            table.validate(full=True)
            about = footer.metadata or {}
            codec = footer.row_group(0).column(0).compression if footer.num_row_groups else "zstd"
            group = max(
                (footer.row_group(n).num_rows for n in range(footer.num_row_groups)), default=0
            )
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from None
    kept, pieces = purge_table(table, sought)
    if not pieces:
        return None
    if _FOOTER in about:
        return Outcome(_record_bytes(kept.replace_schema_metadata(None)), pieces)
    sink = pa.BufferOutputStream()
    pq.write_table(
        kept,
        sink,
        compression=codec.lower() if codec != "UNCOMPRESSED" else "none",
        row_group_size=group or None,
        write_page_checksum=True,
    )
    return Outcome(sink.getvalue().to_pybytes(), pieces)


def purge_arrow(data: bytes, sought: Sought) -> Outcome | None:
    """An Arrow file or stream: a cache, which goes as a whole where it holds what is sought.

    Raises:
        UnreadableError: it is damaged.
    """
    try:
        opener = pa.ipc.open_file if data.startswith(b"ARROW1") else pa.ipc.open_stream
        table = opener(pa.py_buffer(data)).read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError(str(error)) from None
    return GONE if purge_table(table, sought)[1] else None


def purge_table(table: pa.Table, sought: Sought) -> tuple[pa.Table, int]:
    """A table without the rows that are sought, and how many they were.

    A ledger says of every record what became of it: its rows stay, and cells with words in them
    become empty.
    """
    if is_ledger(table):
        return _emptied(table, sought)
    mask = rows_sought(table, sought)
    count = int(mask.sum())
    return (table.filter(pa.array(~mask)), count) if count else (table, 0)


def is_ledger(table: pa.Table) -> bool:
    """Whether a table's rows are decisions about records."""
    return {"id", "decision", "step", "reason"} <= set(table.column_names)


def rows_sought(table: pa.Table, sought: Sought) -> Mask:
    """Which rows are sought: by an id, by a url, or by the words in any column."""
    mask = np.zeros(table.num_rows, np.bool_)
    for name in table.column_names:
        if name in ID_NAMES and pa.types.is_string(table.schema.field(name).type):
            known = pa.array(sorted(sought.ids), pa.string())
            mask |= pc.fill_null(pc.is_in(table[name], value_set=known), False).to_numpy()
        elif name in URL_NAMES and sought.names_pages:
            mask |= np.array([sought.is_page(each) for each in table[name].to_pylist()], np.bool_)
        if sought.words:
            mask |= _cells(table[name], sought)
    return mask


def _cells(column: pa.ChunkedArray, sought: Sought) -> Mask:
    """Which cells of a column hold the words."""
    found = np.zeros(len(column), np.bool_)
    start = 0
    for chunk in _pieces(column):
        texts: list[str] = []
        rows: list[int] = []
        for row, value in enumerate(_values(chunk), start):
            for text in texts_in(value):
                for reading in sought.readings(text):
                    texts.append(reading)
                    rows.append(row)
        if texts:
            found[np.array(rows)[sought.words.among(texts)]] = True
        start += len(chunk)
    return found


def _pieces(column: pa.ChunkedArray) -> Iterator[pa.Array]:
    for chunk in column.chunks:
        for start in range(0, len(chunk), 2_000):
            yield chunk.slice(start, 2_000)


def _values(chunk: pa.Array) -> list[Any]:
    kind = chunk.type
    if pa.types.is_dictionary(kind):
        return list(chunk.dictionary_decode().to_pylist())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [each.decode("utf-8", "replace") if each else None for each in chunk.to_pylist()]
    if pa.types.is_nested(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return list(chunk.to_pylist())
    return []


def _emptied(table: pa.Table, sought: Sought) -> tuple[pa.Table, int]:
    pieces = 0
    for place, name in enumerate(table.column_names):
        kind = table.schema.field(name).type
        mask = _cells(table[name], sought)
        if pa.types.is_string(kind) and sought.names_pages:  # a page's url tells much
            mask |= np.array(
                ["/" in each and sought.is_page(each) for each in _filled(table[name])], np.bool_
            )
        if not mask.any():
            continue
        nothing = pa.scalar("" if pa.types.is_string(kind) else None, kind)
        pieces += int(mask.sum())
        column = pc.if_else(pa.array(mask), nothing, table[name])
        table = table.set_column(place, table.schema.field(name), column)
    return table, pieces


def _filled(column: pa.ChunkedArray) -> list[str]:
    return [each or "" for each in column.to_pylist()]


def _record_bytes(table: pa.Table) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "records.parquet"
        write_records(table, file)
        return file.read_bytes()
