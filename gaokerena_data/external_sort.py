"""An external sort: rows of any number in the order of a column, with a part of them in memory.

Who sorts knows for every row which part of the order it falls into, such as by the first digits of
a hash. So each row is written once to the file of its part, and waits there. Then part after part
is read, sorted in memory and handed out; one after another they are the whole in order.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import pyarrow as pa

MAX_FILES = 128  # open at once: systems allow 256 and more


class ExternalSort:
    """Rows that wait on disk, in one Arrow file for each part, until all of them are there.

    Three rows, sorted by id in two parts, a to m and n to z:

    ```
    rows = ExternalSort(pa.schema([("id", pa.string())]), "id", folder, parts=2)
    rows.add(1, pa.table({"id": ["s"]}))
    rows.add(0, pa.table({"id": ["k", "c"]}))
    list(rows.sorted_parts())  # the ids c, k; then s
    ```

    Args:
        schema: of the rows.
        column: what they are sorted by; rows that are equal there stay as they were added.
        folder: what waits lies in it, uncompressed; no other sort may use it.
        parts: how many there are; each has a file open while rows are added.
    """

    def __init__(self, schema: pa.Schema, column: str, folder: Path, parts: int) -> None:
        self._schema = schema
        self._column = column
        self._folder = folder
        self._writers: dict[int, pa.ipc.RecordBatchFileWriter] = {}
        self._locks = [Lock() for _ in range(parts)]

    def add(self, part: int, rows: pa.Table) -> None:
        """Let rows of one part wait. Threads may add at the same time.

        Args:
            part: its number from 0 on, in the order of the column.
            rows: any of its rows, in any order.
        """
        with self._locks[part]:
            if part not in self._writers:
                self._writers[part] = pa.ipc.new_file(str(self._file(part)), self._schema)
            self._writers[part].write_table(rows)

    def sorted_parts(self) -> Iterator[pa.Table]:
        """The rows of each part in order, once all were added; the file of each is then deleted.

        A part to which nothing was added is an empty table.
        """
        for writer in self._writers.values():
            writer.close()
        for part in range(len(self._locks)):
            yield self._read(part) if part in self._writers else self._schema.empty_table()

    def _read(self, part: int) -> pa.Table:
        with pa.memory_map(str(self._file(part))) as file:
            rows = pa.ipc.open_file(file).read_all().sort_by(self._column)
        self._file(part).unlink()
        return rows

    def _file(self, part: int) -> Path:
        return self._folder / str(part)
