"""What a curation keeps for its next run: Parquet files that are made again where they are deleted.

Parquet tells a flipped bit from data only by its checksums.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.errors import damage_told
from gaokerena_data.workspace import atomic_file


def read_kept(file: Path, columns: Sequence[str]) -> pa.Table:
    """Columns of a kept file.

    Raises:
        GaokerenaError: it is damaged.
    """
    with _opened(file) as kept:
        return kept.read(columns=list(columns))


def read_kept_rows(file: Path, columns: Sequence[str], rows: np.ndarray) -> pa.Table:
    """Some rows of a kept file, in the order asked for.

    Raises:
        GaokerenaError: it is damaged.
    """
    table, places = read_kept_groups(file, columns, rows)
    return table.take(pa.array(places))


def read_kept_groups(
    file: Path, columns: Sequence[str], rows: np.ndarray
) -> tuple[pa.Table, np.ndarray]:
    """The row groups of a kept file that hold some rows, and where each of these is there.

    Args:
        file: the kept file.
        columns: their names.
        rows: numbers of rows, in any order.

    Raises:
        GaokerenaError: it is damaged.
    """
    with _opened(file) as kept:
        footer = kept.metadata
        sizes = [footer.row_group(group).num_rows for group in range(footer.num_row_groups)]
        starts = np.cumsum([0, *sizes])
        group = np.searchsorted(starts, rows, side="right") - 1
        wanted = np.unique(group)
        # Where each group that is read begins among those that are.
        begins = np.cumsum([0, *np.diff(starts)[wanted]])[:-1]
        places: np.ndarray = begins[np.searchsorted(wanted, group)] + rows - starts[group]
        return kept.read_row_groups(wanted.tolist(), columns=list(columns)), places


def write_kept(table: pa.Table, file: Path) -> None:
    """Keep a table."""
    with atomic_file(file) as part:
        part.write_bytes(kept_bytes(table))


def kept_bytes(table: pa.Table, group_rows: int | None = None) -> bytes:
    """The bytes of a kept file, for whoever has no disk to write it to.

    Args:
        table: what to keep.
        group_rows: rows of a row group, the least that can be read; by default a million.
    """
    sink = pa.BufferOutputStream()
    # LZ4 takes half as much room again as zstd, and half the time to read. Hardly a value comes
    # twice, so a dictionary would only be built to be given up.
    pq.write_table(
        table,
        sink,
        compression="lz4",
        use_dictionary=False,
        write_page_checksum=True,
        row_group_size=group_rows,
    )
    return bytes(sink.getvalue().to_pybytes())


@contextmanager
def _opened(file: Path) -> Iterator[pq.ParquetFile]:
    remedy = "delete it, it is made again from the records"
    with damage_told(file, remedy), pa.OSFile(str(file)) as source:
        yield pq.ParquetFile(source, page_checksum_verification=True)
