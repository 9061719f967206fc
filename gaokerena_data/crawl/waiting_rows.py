"""Rows of an extraction, in id order, however many they are."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.record_files import records_writer
from gaokerena_data.external_sort import ExternalSort
from gaokerena_data.workspace import atomic_file

_WAITING = 2000
_ROW_GROUP = 2_000


class WaitingRows:
    """Rows of any number, written in id order.

    They are sorted on disk by the hash in their ids, so that a small part of them is in memory at a
    time.

    Args:
        schema: of the rows.
        folder: an empty one is made in it for what waits.
        parts: in how many files they wait.
    """

    def __init__(self, schema: pa.Schema, folder: Path, parts: int) -> None:
        self._schema = schema
        self._packed: list[Any] = []
        self._sort = ExternalSort(schema, "id", Path(mkdtemp(dir=folder)), parts)
        # The first prefix of each part but the first.
        self._borders = [f"{256 * part // parts:02x}" for part in range(1, parts)]

    def add(self, row: Any) -> None:
        """Let a row wait: a record, or a row of a ledger."""
        self._packed.append(row)
        if len(self._packed) >= _WAITING:
            self._pack()

    def write(self, path: Path) -> int:
        """Write the file, once all rows were added; returns how many they were."""
        self._pack()
        count = 0
        with atomic_file(path) as part, records_writer(part, self._schema) as writer:
            group = [self._schema.empty_table()]
            for rows in self._sort.sorted_parts():
                for rows_of_prefix in _by_prefix(rows):
                    group.append(rows_of_prefix)
                    if sum(table.num_rows for table in group) >= _ROW_GROUP:
                        count += self._write_group(writer, group)
                        group = []
            count += self._write_group(writer, group)
        return count

    @staticmethod
    def _write_group(writer: pq.ParquetWriter, group: list[pa.Table]) -> int:
        if not group:
            return 0
        table = pa.concat_tables(group)
        writer.write_table(table)
        return int(table.num_rows)

    def _pack(self) -> None:
        by_part: dict[int, list[Any]] = {}
        for row in self._packed:
            by_part.setdefault(bisect(self._borders, _prefix(row.id)), []).append(asdict(row))
        self._packed = []
        for part, rows in by_part.items():
            self._sort.add(part, pa.Table.from_pylist(rows, schema=self._schema))


def _prefix(record_id: str) -> str:
    """The first two hex digits of the hash in an id: "3f" of "nabz-3f0a..."."""
    return record_id.rpartition("-")[2][:2]


def _by_prefix(rows: pa.Table) -> Iterator[pa.Table]:
    """Sorted rows in pieces of one prefix: a row group ends where one ends."""
    start = 0
    for _, same in groupby(rows["id"].to_pylist(), key=_prefix):
        length = len(list(same))
        yield rows.slice(start, length)
        start += length
