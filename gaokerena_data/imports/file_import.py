"""What the import of one file made, of records or of a benchmark."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImport:
    """What an import made: rows + added = records + rows of the ledger, always.

    Args:
        path: the file that was written.
        rows: of the file that was read.
        records: how many were made of them, or questions.
        ledger: of the rows that are none.
        ignored_columns: that nothing is read from.
        split: rows that held several answers, as one record each now.
        added: how many records more than rows that made.
        notes: what was done to the file's rows, or to an earlier import, for people.
    """

    path: Path
    rows: int
    records: int
    ledger: pa.Table
    ignored_columns: list[str]
    split: int = 0
    added: int = 0
    notes: tuple[str, ...] = ()
