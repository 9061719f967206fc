"""Parquet files whose bytes repeat, and of which most stay the same from version to version."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.release.folder import TEXT_COLUMNS

# Every argument that changes bytes is stated, so that a new default cannot change a release.
# Content-defined chunks let the Hub keep all that did not change between two versions.
WRITER = {
    "compression": "zstd",
    "compression_level": 9,
    "use_dictionary": True,
    "write_page_index": True,
    "use_content_defined_chunking": True,
    "version": "2.6",
    "data_page_version": "1.0",
}
# The Hub's viewer reads whole row groups, and none above 300 MB uncompressed.
MAX_GROUP_BYTES = 256 * 1024**2
MAX_GROUP_ROWS = 2**17


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a published table; the same rows give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made in memory first: on a full disk Arrow's own files may end the process, not the call.
    made = pa.BufferOutputStream()
    # Extremes of texts are whole texts in every footer, by which nobody looks for a row: without
    # them small files are seven percent smaller.
    counted = [name for name in table.column_names if name not in TEXT_COLUMNS]
    how = {**WRITER, "write_statistics": counted}
    pq.write_table(table, made, row_group_size=group_rows(table), **how)
    with path.open("wb") as file:
        file.write(made.getvalue())


def group_rows(table: pa.Table) -> int:
    """Rows of a row group: a power of two, so that it seldom changes between two versions."""
    rows = MAX_GROUP_ROWS
    mean = table.nbytes / max(1, table.num_rows)
    while rows > 1 and rows * mean > MAX_GROUP_BYTES:
        rows //= 2
    return rows
