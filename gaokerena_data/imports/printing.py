"""What `gaokerena import` prints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

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


def print_import(file: Path, result: Imported) -> None:
    """Rows of a file = records + ledger rows."""
    console = make_console()
    refused = result.ledger.num_rows
    console.print(
        f"{file.name}: {result.rows:,} rows = {result.records:,} records + {refused:,} ledger rows"
    )
    for (_, reason), rows in count_reasons(result.ledger).most_common():
        console.print(f"  {rows:,} {reason}")
    if result.ignored_columns:
        names = ", ".join(repr(name) for name in result.ignored_columns)
        console.print(f"  ignored columns: {names}")
    console.print(f"  -> {result.path}")
