"""A few rows of each kind of change, so that a person sees what a version does to the dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gaokerena_data.release.differences.diff import AddedRow, ChangedRow, Diff, RemovedRow
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.takedowns.places import read_columns
from gaokerena_data.text.privacy import PLACEHOLDERS

TAKEN_DOWN = "(not shown: it was taken down)"
PERSONAL_DATA_WAS_HERE = "(not shown: personal data was replaced in it)"


@dataclass(frozen=True, slots=True)
class Sample:
    """One row shown.

    Args:
        id: its id.
        source: its site.
        split: where it stands; for a row that moved, `old -> new`.
        note: why it was removed, in words; empty otherwise.
        values: column -> (before, after), None where there is no such side. A row that was taken
            down or identified a patient shows none, and where personal data was replaced only
            the text after it is shown.
    """

    id: str
    source: str
    split: str
    note: str
    values: dict[str, tuple[Any, Any]]


type Samples = dict[str, list[Sample]]


def pick_samples(diff: Diff, config: str, count: int) -> Samples:
    """Up to `count` rows of each of "added", "removed" and "changed", from all sources in turn.

    The same two releases give the same samples.
    """
    rows = diff.configs[config]
    added, removed = _spread(rows.added, count), _spread(rows.removed, count)
    changed = _spread(rows.changed, count)
    both = [row.id for row in changed]
    old = diff.old.rows(config, [row.id for row in removed if not row.is_private] + both)
    new = diff.new.rows(config, [row.id for row in added] + both)
    hidden = {
        each for rows in (old, new) for each in _taken_down(diff.takedowns, list(rows.values()))
    }
    old, new = ({k: v for k, v in rows.items() if k not in hidden} for rows in (old, new))
    return {
        "added": [
            Sample(
                r.id,
                r.source,
                r.split,
                TAKEN_DOWN if r.id in hidden else "",
                {k: (None, v) for k, v in _texts(new.get(r.id, {}))},
            )
            for r in added
        ],
        "removed": [
            Sample(
                r.id,
                r.source,
                r.split,
                describe_removal(r) + (f" {TAKEN_DOWN}" if r.id in hidden else ""),
                {k: (v, None) for k, v in _texts(old.get(r.id, {}))},
            )
            for r in removed
        ],
        "changed": [
            Sample(
                r.id,
                r.source,
                r.split if r.split == r.old_split else f"{r.old_split} -> {r.split}",
                TAKEN_DOWN if r.id in hidden else "",
                {}
                if r.id in hidden
                else {name: _sides(old[r.id].get(name), new[r.id][name]) for name in r.columns},
            )
            for r in changed
        ],
    }


def _taken_down(takedowns: TakedownMatcher | None, rows: list[dict[str, Any]]) -> set[str]:
    """The ids of those of these rows that somebody asked to be left out, by now."""
    if takedowns is None or takedowns.is_empty or not rows:
        return set()
    table = pa.Table.from_pylist(rows)
    columns = read_columns(table.schema)
    reasons = columns.reasons(takedowns, table) if columns else []
    return {row["id"] for row, reason in zip(rows, reasons, strict=False) if reason is not None}


def describe_removal(row: RemovedRow) -> str:
    """Why a row is gone, in the ledger's words."""
    keeper = f", {row.keeper} stands in its place" if row.keeper else ""
    return f"{row.step}: {row.reason}{keeper}" if row.step else row.reason


def _sides(before: Any, after: Any) -> tuple[Any, Any]:
    """Both texts, or the later one where the earlier holds what was since replaced."""
    if isinstance(before, str) and isinstance(after, str):
        marks = set(PLACEHOLDERS.values())
        if any(after.count(mark) > before.count(mark) for mark in marks):
            return PERSONAL_DATA_WAS_HERE, after
    return before, after


def _texts(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in row.items() if name != "id" and value is not None]


def _spread[Row: (AddedRow, RemovedRow, ChangedRow)](rows: Sequence[Row], count: int) -> list[Row]:
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        mine = by_source.setdefault(row.source, [])
        if len(mine) < count:
            mine.append(row)
    turns = max((len(mine) for mine in by_source.values()), default=0)
    picked = [mine[n] for n in range(turns) for mine in by_source.values() if n < len(mine)]
    return picked[:count]
