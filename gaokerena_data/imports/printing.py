"""What `gaokerena import` prints."""

from pathlib import Path
from typing import TYPE_CHECKING

from gaokerena_data.ledger import count_reasons
from gaokerena_data.tables import make_console

if TYPE_CHECKING:
    from gaokerena_data.imports.benchmarks import BenchmarkImport
    from gaokerena_data.imports.records import ImportResult


def print_import(file: Path, result: "ImportResult | BenchmarkImport") -> None:
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
