"""Rows of an older crawl as records; every row that is none gets a ledger row instead."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaokerena_data.datasets.kind import (
    PREFERENCE_PAIR,
    QUESTION_ANSWER,
    Kind,
    Record,
    find_kind,
)
from gaokerena_data.datasets.record_files import write_records
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.cells import NotTextError, cell_text
from gaokerena_data.imports.columns import folded_name, some_names
from gaokerena_data.imports.file_import import FileImport
from gaokerena_data.imports.glued import split_row
from gaokerena_data.imports.pairs import pair_cells
from gaokerena_data.imports.tables import InputTable, read_table
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.records import Provenance
from gaokerena_data.sources import Source, find_source
from gaokerena_data.workspace import (
    Workspace,
    atomic_file,
    room_needed,
    sha256_file,
    whole_file,
)

STEP = "import@2"

# What crawlers have called each field; matched as `folded_name` settles them.
COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "question": ("question", "پرسش", "سوال", "سئوال"),
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
    "prompt": ("prompt",),
    "chosen": ("chosen", "prefered_answer", "preferred_answer"),
    "rejected": ("rejected", "rejected_answer"),
    "instruction": ("instruction",),
    "question_id": ("question_id",),
    "correct_option": ("correct_option", "correct_choice"),
    "method": ("method",),
    "teacher": ("teacher",),
    "student": ("student",),
    "teacher_settings": ("teacher_settings",),
    "student_settings": ("student_settings",),
    "chain": ("chain", "chain_of_thought"),
    "verified_by": ("verified_by",),
}
_DATES = ("published_at", "fetched_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult(FileImport):
    """What an import made.

    Args:
        kind: of the records.
    """

    kind: str


def import_file(workspace: Workspace, source_name: str, path: Path) -> ImportResult:
    """Turn one file of an older crawl into records of a source.

    The records go to `extracted/KIND/SOURCE/import-<file hash>.parquet`, the rows that are no
    records to the `.ledger.parquet` beside it; the same file again gives the same bytes. Where
    rows were split, `whole/` holds all of them as they stood, for a preset that reads them so.

    Args:
        workspace: where to write.
        source_name: name of a source.
        path: an xlsx, csv, tsv, jsonl or parquet file.

    Raises:
        GaokerenaError: unknown source, unreadable file, or a file without the needed columns.
    """
    use_workspace(workspace)
    source = find_source(source_name)
    table = read_table(path)
    columns = _match_columns(table.columns)
    kind = _find_kind(source, columns, table.columns, path)
    columns = _of_kind(columns, table.columns, kind)
    digest = sha256_file(path)
    made = _convert(table, columns, kind, source, path.name, digest)
    ledger = ledger_table(made.refused)
    folder = workspace.extracted(kind.name, source.name)
    name = f"import-{digest[:12]}"
    target = folder / f"{name}.parquet"
    with room_needed(workspace.root, "what was imported before is as it was"):
        _write(kind.table(made.records), ledger, target)
        if made.split:
            _write(kind.table(made.whole), ledger, whole_file(target))
        else:
            whole_file(target).unlink(missing_ok=True)
    return ImportResult(
        path=target,
        kind=kind.name,
        rows=len(table.rows),
        records=len(made.records),
        split=made.split,
        added=len(made.records) - len(made.whole),
        ledger=ledger,
        ignored_columns=[name for name in table.columns if name not in columns.values()],
        notes=table.notes,
    )


def _write(records: pa.Table, ledger: pa.Table, path: Path) -> None:
    """Write both files, or neither: no row may be in none of them."""
    beside = path.with_suffix(".ledger.parquet")
    with atomic_file(path) as part, atomic_file(beside) as ledger_part:
        write_records(records, part)
        write_ledger(ledger, ledger_part)


def _match_columns(names: list[str]) -> dict[str, str]:
    by_name = {folded_name(name): name for name in names}
    matched = {}
    for field_name, spellings in COLUMN_NAMES.items():
        for spelling in map(folded_name, spellings):
            if spelling in by_name:
                matched[field_name] = by_name[spelling]
                break
    return matched


def _find_kind(source: Source, columns: dict[str, str], names: list[str], path: Path) -> Kind:
    kinds = [find_kind(name) for name in source.kinds]
    for kind in kinds:
        if all(field in columns for field in kind.required):
            return kind
    needed = " or ".join(" and ".join(kind.required) for kind in kinds)
    found = ", ".join(columns.values()) or "none that is known"
    unknown = [name for name in names if name not in columns.values()]
    beside = f" beside {some_names(unknown)}" if unknown else ""
    raise GaokerenaError(
        f"{path}: {source.name} needs the columns {needed}; found {found}{beside}. "
        "Rename the columns"
    )


def _of_kind(columns: dict[str, str], names: list[str], kind: Kind) -> dict[str, str]:
    """The columns that records of the kind have, and what a file of pairs calls its questions."""
    fields = {*kind.schema.names, *_DATES}  # a date that cannot be read costs its row anywhere
    own = {name: column for name, column in columns.items() if name in fields}
    if kind is PREFERENCE_PAIR and "question_id" not in own:
        ids = [name for name in names if folded_name(name) == "id"]
        own |= dict(zip(["question_id"], ids, strict=False))
    return own


@dataclass(slots=True)
class _Converted:
    records: list[Record] = field(default_factory=list)
    whole: list[Record] = field(default_factory=list)  # one a row, however many answers it holds
    split: int = 0
    refused: list[LedgerRow] = field(default_factory=list)


def _convert(
    table: InputTable,
    columns: dict[str, str],
    kind: Kind,
    source: Source,
    file_name: str,
    digest: str,
) -> _Converted:
    made = _Converted()
    for number, row in enumerate(table.rows, start=1):
        if isinstance(row, str):
            made.refused.append(_refusal(file_name, number, source, "unreadable_row", row))
            continue
        cells, wrong = _cells(row, columns)
        reason, detail = wrong or (_why_not(cells, kind, source), None)
        if reason is not None:
            made.refused.append(_refusal(file_name, number, source, reason, detail))
            continue
        where = Provenance(
            extractor=STEP,
            terms=source.terms,
            import_file=file_name,
            import_sha256=digest,
            import_row=number,
        )
        cells = {
            **source.values,
            **{name: cell for name, cell in cells.items() if cell is not None},
        }
        if kind is PREFERENCE_PAIR:
            cells = pair_cells(cells)
        parts = split_row(cells, source.name) if kind is QUESTION_ANSWER else []
        made.split += bool(parts)
        whole = kind.make(cells, source.name, where)
        made.whole.append(whole)
        made.records += [kind.make(part, source.name, where) for part in parts] or [whole]
    return made


def _refusal(
    file_name: str, number: int, source: Source, reason: str, detail: str | None = None
) -> LedgerRow:
    origin = f"{file_name}:{number}"
    return LedgerRow(origin, source.name, origin, "dropped", STEP, reason, detail=detail)


def _cells(
    row: dict[str, Any], columns: dict[str, str]
) -> tuple[dict[str, str | None], tuple[str, str] | None]:
    """A row's texts by field; with the reason and its detail where one of them is no text."""
    cells: dict[str, str | None] = {}
    for name, column in columns.items():
        try:
            cells[name] = cell_text(row.get(column), is_date=name in _DATES)
        except NotTextError as error:
            return cells, (f"no_text_in_{name}", f"{column}: {error}")
    return cells, None


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
