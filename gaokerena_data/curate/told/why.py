"""The story of one record, put together from the files that the stages left."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.datasets.kind import KINDS, Kind
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.datasets.registry import DATASETS, use_workspace
from gaokerena_data.errors import GaokerenaError, damage_told, read_table
from gaokerena_data.ledger import read_ledger
from gaokerena_data.takedowns.matching import TakedownMatcher, read_matcher
from gaokerena_data.workspace import Workspace

RESTORE = "restore it from a copy, or from the Hub"
_HIDDEN = ["its words are not shown: it was taken down"]


@dataclass(frozen=True, slots=True)
class Story:
    """Chapters of (title, lines), in the order things happened."""

    chapters: list[tuple[str, list[str]]]


def find_story(workspace: Workspace, name: str) -> Story:
    """Everything that is known of one record.

    Args:
        workspace: where to look.
        name: the record's id, its page's url, or the FILE:ROW of an import.

    Raises:
        GaokerenaError: when nothing goes by that name.
    """
    chapters: list[tuple[str, list[str]]] = []
    ids = {name} | _ids_of(workspace, name)
    use_workspace(workspace)
    matcher = read_matcher(workspace)
    for kind in KINDS.values():
        read, named = _extracted(workspace, kind, name, matcher)
        chapters += read
        ids |= named  # the ledger of an imported record knows its file and row, not its url
    for dataset in DATASETS.values():
        chapters += _curated(workspace, dataset.name, dataset.kind, ids, matcher)
    chapters += _released(workspace, ids)
    if not chapters:
        raise GaokerenaError(
            f"{name}: no record goes by this id, url or FILE:ROW in {workspace.root}"
        )
    return Story(chapters)


def _extracted(
    workspace: Workspace, kind: Kind, name: str, matcher: TakedownMatcher
) -> tuple[list[tuple[str, list[str]]], set[str]]:
    """Where the record was read, and its ids."""
    chapters: list[tuple[str, list[str]]] = []
    ids: set[str] = set()
    for file in sorted((workspace.root / "extracted" / kind.name).glob("*/*.parquet")):
        table = read_records(file)
        if file.name.endswith(".ledger.parquet"):
            chapters += [
                (f"Left out when it was read: {_place(workspace, file)}", _ledger_lines(row))
                for row in _rows(table, name, ("id", "origin"))
            ]
            continue
        for row in _named(table, name):
            where = {k: v for k, v in row["provenance"].items() if v is not None}
            texts = _texts(row, kind, matcher)
            if texts is _HIDDEN:
                where.pop("final_url", None)  # it may say them too
            lines = [f"id: {row['id']}", *(f"{key}: {value}" for key, value in where.items())]
            chapters.append((f"Read from {_place(workspace, file)}", [*lines, *texts]))
            ids.add(row["id"])
    return chapters, ids


def _ids_of(workspace: Workspace, name: str) -> set[str]:
    ids: set[str] = set()
    for ledger in workspace.root.glob("curated/*/ledger.parquet"):
        ids |= {row["id"] for row in _rows(read_ledger(ledger), name, ("origin",))}
    return ids


def _curated(
    workspace: Workspace, dataset: str, kind: Kind, ids: set[str], matcher: TakedownMatcher
) -> list[tuple[str, list[str]]]:
    folder = workspace.root / "curated" / dataset
    ledger = folder / "ledger.parquet"
    if not ledger.is_file():
        return []
    decisions = read_ledger(ledger)
    chapters = [
        (f"Curated into {dataset}: {row['decision']}", _ledger_lines(row))
        for name in sorted(ids)
        for row in _rows(decisions, name, ("id",))
    ]
    for file in sorted((folder / "default").glob("*.parquet")):
        table = read_table(file, f"run `gaokerena curate {dataset}` again")
        for name in sorted(ids):
            for row in _rows(table, name, ("id",)):
                lines = _texts(row, kind, matcher)
                chapters.append((f"Its texts in {dataset}, split {file.stem}", lines))
    return chapters


def _texts(row: dict[str, Any], kind: Kind, matcher: TakedownMatcher) -> list[str]:
    """What a record says; not where somebody asked that it be forgotten."""
    heading, body = ([row.get(field)] for field in kind.texts)
    thread = [row.get(kind.thread)] if kind.thread else None
    (reason,) = matcher.reasons(
        [row["id"]], [row.get("url")], heading, body, threads=thread, is_pair=bool(kind.thread)
    )
    if reason is not None:
        return _HIDDEN
    return [f"{field}: {row[field]}" for field in kind.texts if row[field]]


def _released(workspace: Workspace, ids: set[str]) -> list[tuple[str, list[str]]]:
    lines = []
    for manifest in sorted(workspace.root.glob("releases/*/*/manifest.json")):
        with damage_told(manifest, RESTORE):
            facts = json.loads(manifest.read_text("utf-8"))
            version = f"{facts['dataset']} {facts['version']}"
        for file in sorted(manifest.parent.glob("*/*.parquet")):
            found = read_table(file, RESTORE, columns=["id"])["id"]
            if pc.any(pc.is_in(found, pa.array(sorted(ids)))).as_py():
                place = file.relative_to(manifest.parent).as_posix()
                lines.append(f"{version}: {place}")
    return [("Released in", lines)] if lines else []


def _named(table: pa.Table, name: str) -> list[dict[str, Any]]:
    file, _, row = name.rpartition(":")
    where = table["provenance"].combine_chunks()
    imported = pc.and_(
        pc.equal(pc.struct_field(where, "import_file"), file),
        pc.equal(pc.cast(pc.struct_field(where, "import_row"), pa.string()), row),
    )
    named = pc.or_(pc.equal(table["id"], name), pc.fill_null(pc.equal(table["url"], name), False))
    rows: list[dict[str, Any]] = table.filter(
        pc.or_(named, pc.fill_null(imported, False))
    ).to_pylist()
    return rows


def _rows(table: pa.Table, name: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    mask = pa.array([False] * table.num_rows, pa.bool_())
    for column in columns:
        mask = pc.or_(mask, pc.fill_null(pc.equal(table[column], name), False))
    rows: list[dict[str, Any]] = table.filter(mask).to_pylist()
    return rows


def _ledger_lines(row: dict[str, Any]) -> list[str]:
    return [f"{key}: {value}" for key, value in row.items() if value is not None]


def _place(workspace: Workspace, file: Path) -> str:
    return file.relative_to(workspace.root).as_posix()
