"""Summaries: the one small JSON file in which every evaluation leaves its result."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file

# By these a row of several summaries is told apart; they stand first.
_WHOSE = ("system", "benchmark", "grader")
KINDS = ("win_rate", "kqa", "timing", "contamination")


def write_summary(path: Path, summary: dict[str, Any]) -> None:
    """Write a summary; its `kind` says which evaluation it is of."""
    with atomic_file(path) as part:
        text = json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True)
        part.write_text(text + "\n", encoding="utf-8")


def summary_beside(path: Path) -> Path:
    """Where the summary of a file of verdicts or labels goes."""
    return path.with_suffix(".summary.json")


def read_summary(path: Path) -> dict[str, Any]:
    """Read a summary.

    Raises:
        GaokerenaError: the file is missing or is no summary.
    """
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GaokerenaError(f"{path} cannot be read as a summary: {error}") from error
    if not isinstance(summary, dict) or not isinstance(summary.get("kind"), str):
        raise GaokerenaError(f"{path} is no summary: it must say its kind, such as {KINDS[0]}")
    return summary


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table as it stands in a summary: a heading, column names, and rows of texts."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


def plain_tables(summaries: Sequence[Mapping[str, Any]]) -> list[PlainTable]:
    """Summaries of one kind as tables: their plain values in one, every list of objects in its own.

    One summary's values stand under each other; of several, each is a row, and the rows of their
    lists begin with the system (and the benchmark) that they are of.

    Args:
        summaries: values are numbers, texts, lists, or objects of them; `kind` is left out.
    """
    values: list[dict[str, Any]] = []
    lists: dict[str, list[dict[str, Any]]] = {}
    for summary in summaries:
        own: dict[str, Any] = {}
        whose = {key: summary[key] for key in _WHOSE if key in summary and len(summaries) > 1}
        for name, value in _flat({key: value for key, value in summary.items() if key != "kind"}):
            if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
                lists.setdefault(name, []).extend(whose | dict(_flat(row)) for row in value)
            else:
                own[name] = value
        values.append(own)
    tables = [_table(name, rows) for name, rows in lists.items()]
    if len(values) > 1:
        return [_table("", values), *tables]
    rows = [[name, _shown(value)] for own in values for name, value in own.items()]
    return [*([PlainTable("", ["", "value"], rows)] if rows else []), *tables]


def _table(heading: str, rows: Sequence[Mapping[str, Any]]) -> PlainTable:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    columns.sort(key=lambda name: _WHOSE.index(name) if name in _WHOSE else len(_WHOSE))
    cells = [[_shown(row.get(column)) for column in columns] for row in rows]
    return PlainTable(heading, columns, cells)


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(inner, Mapping) and inner:
            yield from _flat(inner, f"{name}, ")
        else:
            yield name, inner


def _shown(value: Any) -> str:
    if value is None or value in ([], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
