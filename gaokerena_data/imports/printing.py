"""What `gaokerena import` prints."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from gaokerena_data.imports.columns import some_names
from gaokerena_data.ledger import count_reasons
from gaokerena_data.tables import make_console


class Imported(Protocol):
    """What an import of records or of a benchmark made: rows = records + rows of the ledger."""

    @property
    def path(self) -> Path:
        """The file that was written."""
        ...

    @property
    def rows(self) -> int:
        """Rows of the file that was read."""
        ...

    @property
    def records(self) -> int:
        """Records, or questions."""
        ...

    @property
    def ledger(self) -> pa.Table:
        """A row for every other row."""
        ...

    @property
    def ignored_columns(self) -> Sequence[str]:
        """Columns that nobody knows."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What else is to be said of the file, a line each."""
        ...


def print_import(file: Path, result: Imported) -> int:
    """Rows of a file = records + ledger rows; returns how many records they made."""
    console = make_console()
    refused = result.ledger.num_rows
    added = getattr(result, "added", 0)
    console.print(
        f"{file.name}: {result.rows:,} rows"
        + (f" + {added:,} parted from them" if added else "")
        + f" = {result.records:,} records + {refused:,} ledger rows"
    )
    if split := getattr(result, "split", 0):
        console.print(f"  {split:,} rows held several answers: one record each now")
    for (_, reason), rows in count_reasons(result.ledger).most_common():
        console.print(f"  {rows:,} {reason}")
    for detail in _details(result):
        console.print(f"    {detail}")
    for note in result.notes:
        console.print(f"  {note}")
    if result.ignored_columns:
        console.print(f"  ignored columns: {some_names(result.ignored_columns)}")
    console.print(f"  -> {result.path}")
    return result.records


def _details(result: Imported) -> list[str]:
    """Which column holds what is no text: one line each."""
    rows = zip(
        result.ledger["reason"].to_pylist(), result.ledger["detail"].to_pylist(), strict=True
    )
    told = Counter(detail for reason, detail in rows if detail and reason.startswith("no_text_in"))
    return [f"column {detail} is no text ({rows:,} rows)" for detail, rows in told.most_common(5)]
