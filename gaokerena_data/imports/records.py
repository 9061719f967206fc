"""Rows of an older crawl as records; every row that is none gets a ledger row instead."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.kind import Kind, find_kind
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.tables import InputTable, read_table
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.records import Provenance
from gaokerena_data.sources import Source, find_source
from gaokerena_data.workspace import Workspace, atomic_file, sha256_file

STEP = "import@1"

# What crawlers have called each field; matched in any case.
COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "question": ("question", "پرسش", "سوال"),
    "answer": ("answer", "free_form_answer", "پاسخ", "جواب"),
    "content": ("content", "text", "body", "متن"),
    "title": ("title", "عنوان"),
    "url": ("url", "link"),
    "source": ("source", "منبع"),
    "specialty": ("specialty", "تخصص"),
    "answered_by": ("answered_by", "doctor", "پزشک"),
    "category": ("category", "دسته"),
    "author": ("author", "نویسنده"),
    "published_at": ("published_at", "date", "تاریخ"),
    "fetched_at": ("fetched_at",),
}
# What crawlers have written where a page held nothing.
EMPTY_CELLS = {"", "nan", "none", "null", "n/a", "#n/a", "tag not found."}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import made: rows = records + refused, always."""

    path: Path
    kind: str
    rows: int
    records: int
    ledger: pa.Table
    ignored_columns: list[str]


def import_file(workspace: Workspace, source_name: str, path: Path) -> ImportResult:
    """Turn one file of an older crawl into records of a source.

    The records go to `extracted/KIND/SOURCE/import-<file hash>.parquet`, the rows that are no
    records to the `.ledger.parquet` beside it; the same file again gives the same bytes.

    Args:
        workspace: where to write.
        source_name: name of a source.
        path: an xlsx, csv, jsonl or parquet file.

    Raises:
        GaokerenaError: unknown source, unreadable file, or a file without the needed columns.
    """
    use_workspace(workspace)
    source = find_source(source_name)
    table = read_table(path)
    columns = _match_columns(table.columns)
    kind = _find_kind(source, columns, path)
    digest = sha256_file(path)
    records, refused = _convert(table, columns, kind, source, path.name, digest)
    ledger = ledger_table(refused)
    folder = workspace.extracted(kind.name, source.name)
    name = f"import-{digest[:12]}"
    write_ledger(ledger, folder / f"{name}.ledger.parquet")
    target = folder / f"{name}.parquet"
    with atomic_file(target) as part:
        pq.write_table(kind.table(records), part, compression="zstd")
    ignored = [column for column in table.columns if column not in columns.values()]
    return ImportResult(target, kind.name, len(table.rows), len(records), ledger, ignored)


def _match_columns(names: list[str]) -> dict[str, str]:
    by_name = {name.strip().casefold(): name for name in names}
    matched = {}
    for field, spellings in COLUMN_NAMES.items():
        for spelling in spellings:
            if spelling in by_name:
                matched[field] = by_name[spelling]
                break
    return matched


def _find_kind(source: Source, columns: dict[str, str], path: Path) -> Kind:
    kinds = [find_kind(name) for name in source.kinds]
    for kind in kinds:
        if all(field in columns for field in kind.required):
            return kind
    needed = " or ".join(" and ".join(kind.required) for kind in kinds)
    found = ", ".join(columns.values()) or "none that is known"
    raise GaokerenaError(
        f"{path}: {source.name} needs the columns {needed}; found {found}. Rename the columns"
    )


def _convert(
    table: InputTable,
    columns: dict[str, str],
    kind: Kind,
    source: Source,
    file_name: str,
    digest: str,
) -> tuple[list[Any], list[LedgerRow]]:
    records = []
    refused = []
    for number, row in enumerate(table.rows, start=1):
        if isinstance(row, str):
            refused.append(_refusal(file_name, number, source, "unreadable_row", row))
            continue
        cells = _cells(row, columns)
        reason = _why_not(cells, kind, source)
        if reason is None:
            where = Provenance(
                extractor=STEP,
                terms=source.terms,
                import_file=file_name,
                import_sha256=digest,
                import_row=number,
            )
            records.append(kind.make(cells, source.name, where))
        else:
            refused.append(_refusal(file_name, number, source, reason))
    return records, refused


def _refusal(
    file_name: str, number: int, source: Source, reason: str, detail: str | None = None
) -> LedgerRow:
    origin = f"{file_name}:{number}"
    return LedgerRow(origin, source.name, origin, "dropped", STEP, reason, detail=detail)


def _cells(row: dict[str, Any], columns: dict[str, str]) -> dict[str, str | None]:
    return {field: _as_text(row.get(column)) for field, column in columns.items()}


def _as_text(cell: Any) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    return None if text.strip().casefold() in EMPTY_CELLS else text


def _why_not(cells: dict[str, str | None], kind: Kind, source: Source) -> str | None:
    missing = [field for field in kind.required if cells[field] is None]
    if missing:
        return "empty_row" if missing == list(kind.required) else f"missing_{missing[0]}"
    named = cells.get("source")
    if named is not None and not _is_called(source, named):
        return "another_source"
    return None


def _is_called(source: Source, name: str) -> bool:
    try:
        return find_source(name).name == source.name
    except GaokerenaError:
        return False
