"""What `gaokerena import` prints."""

from collections import Counter
from pathlib import Path

from gaokerena_data.imports.columns import some_names
from gaokerena_data.imports.file_import import FileImport
from gaokerena_data.ledger import count_reasons
from gaokerena_data.tables import make_console


def print_import(file: Path, result: FileImport) -> int:
    """Rows of a file = records + ledger rows; returns how many records they made."""
    console = make_console()
    refused = result.ledger.num_rows
    console.print(
        f"{file.name}: {result.rows:,} rows"
        + (f" + {result.added:,} parted from them" if result.added else "")
        + f" = {result.records:,} records + {refused:,} ledger rows"
    )
    if result.split:
        console.print(f"  {result.split:,} rows held several answers: one record each now")
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


def _details(result: FileImport) -> list[str]:
    """Which column holds what is no text: one line each."""
    rows = zip(
        result.ledger["reason"].to_pylist(), result.ledger["detail"].to_pylist(), strict=True
    )
    told = Counter(detail for reason, detail in rows if detail and reason.startswith("no_text_in"))
    return [f"column {detail} is no text ({rows:,} rows)" for detail, rows in told.most_common(5)]
