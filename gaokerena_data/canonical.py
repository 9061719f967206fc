"""The canonical form of a row, and its hash.

Parquet bytes depend on the writer and its version; a row's canonical form depends on its values
alone: one JSON object with sorted keys, no spaces, letters as they are, UTF-8, a line break at the
end. A split's hash is the sha256 of its rows in file order.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

MARK = 4
_BATCH_ROWS = 10_000  # how many rows are Python objects at one time


def row_digest(row: Mapping[str, Any]) -> str:
    """Hex sha256 of one row."""
    return hashlib.sha256(_canonical(row)).hexdigest()


def hash_rows(table: pa.Table) -> str:
    """Hex sha256 of all rows of a table, in their order.

    Raises:
        TypeError: for a column that JSON has no value for, such as a timestamp.
        ValueError: for a number that is not finite.
    """
    digest = hashlib.sha256()
    for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
        for row in batch.to_pylist():
            digest.update(_canonical(row))
    return digest.hexdigest()


def row_marks(table: pa.Table) -> str:
    """The first four hex digits of each row's digest, joined: enough to find a row that differs.

    Raises:
        TypeError, ValueError: as `hash_rows`.
    """
    return "".join(
        row_digest(row)[:MARK]
        for batch in table.to_batches(max_chunksize=_BATCH_ROWS)
        for row in batch.to_pylist()
    )


def _canonical(row: Mapping[str, Any]) -> bytes:
    line = json.dumps(
        row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return line.encode() + b"\n"
