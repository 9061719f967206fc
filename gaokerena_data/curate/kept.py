"""What a curation keeps for its next run: Parquet files that are made again where they are deleted.

Parquet tells a flipped bit from data only by its checksums.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import atomic_file


def read_kept(file: Path, columns: Sequence[str]) -> pa.Table:
    """Columns of a kept file.

    Raises:
        GaokerenaError: it is damaged.
    """
    try:
        return pq.read_table(file, columns=list(columns), page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{file}: damaged ({reason}); delete it, it is made again from the records"
        ) from None


def write_kept(table: pa.Table, file: Path) -> None:
    """Keep a table."""
    with atomic_file(file) as part:
        part.write_bytes(kept_bytes(table))


def kept_bytes(table: pa.Table) -> bytes:
    """The bytes of a kept file, for whoever has no disk to write it to."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue().to_pybytes())
