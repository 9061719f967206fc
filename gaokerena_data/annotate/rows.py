"""The rows of a curated dataset that may be read by others, and a stratified sample of them.

A curation leaves every record that may be shown in its configs `default` (cleaned) and `uncleaned`
(as it was read), without personal data; what privacy or a wish left out stands in neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.errors import GaokerenaError, read_table
from gaokerena_data.ledger import read_ledger
from gaokerena_data.review.sample import draw_sample
from gaokerena_data.takedowns.matching import read_matcher
from gaokerena_data.workspace import Workspace

# Words of an answer from which a stratum begins.
_LENGTHS = (0, 15, 35, 70, 150)


@dataclass(frozen=True, slots=True)
class Row:
    """One pair.

    Args:
        id: of its record.
        question: without personal data.
        answer: without personal data.
        stratum: source, "kept" or the rule that dropped it, and from how many words on.
    """

    id: str
    question: str
    answer: str
    stratum: tuple[str, str, int]


def read_rows(workspace: Workspace, declaration: Declaration) -> list[Row]:
    """Every row of the last curation that may be shown, in the order of their ids.

    Raises:
        GaokerenaError: nothing is curated, or the dataset is not of questions with answers.
    """
    name, kind = declaration.name, declaration.kind
    if kind.thread is None:
        raise GaokerenaError(f"{name}: the rubric is of questions with answers, not of {kind.name}")
    folder = workspace.curated(name)
    file = folder / "ledger.parquet"
    if not file.is_file():
        raise GaokerenaError(f"{folder}: nothing is curated; run `gaokerena curate {name}`")
    ledger = read_ledger(file, ["id", "source", "decision", "step"])
    became: dict[str, tuple[str, str]] = {}
    columns = (ledger[column].to_pylist() for column in ledger.column_names)
    for record_id, source, decision, step in zip(*columns, strict=True):
        if decision == "kept":
            became[record_id] = (source, "kept")
        else:  # a record that was read twice stands there twice
            became.setdefault(record_id, (source, step.partition("@")[0]))
    texts: dict[str, tuple[str, str]] = {}
    for config in ("default", "uncleaned"):
        for table in _tables(folder / config, declaration):
            for record_id, question, answer in _pairs(table):
                texts.setdefault(record_id, (question, answer))
    rows = [
        Row(each, *texts[each], (*became[each], _length(texts[each][1])))
        for each in sorted(texts.keys() & became.keys())
        if texts[each][1].strip()
    ]
    return _without_taken_down(workspace, rows)


def draw_rows(rows: list[Row], count: int, seed: int) -> list[Row]:
    """A stratified sample, in the order of ids: every stratum by its share, with one row at least.

    Args:
        rows: as `read_rows` gives them.
        count: rows wanted; all of them where there are no more.
        seed: another seed, another sample.
    """
    drawn = set(draw_sample({row.id: row.stratum for row in rows}, count, seed))
    return [row for row in rows if row.id in drawn]


def _tables(folder: Path, declaration: Declaration) -> Iterator[pa.Table]:
    again = f"run `gaokerena curate {declaration.name}` again"
    for file in sorted(folder.glob("*.parquet")):
        yield read_table(file, again, columns=["id", *declaration.kind.texts])


def _pairs(table: pa.Table) -> Iterator[tuple[str, str, str]]:
    ids, questions, answers = (column.to_pylist() for column in table.columns)
    for record_id, question, answer in zip(ids, questions, answers, strict=True):
        yield record_id, question or "", answer or ""


def _length(answer: str) -> int:
    words = len(answer.split())
    return max(least for least in _LENGTHS if least <= words)


def _without_taken_down(workspace: Workspace, rows: list[Row]) -> list[Row]:
    """The rows that nobody has asked to be left out by now, whether or not it was curated since."""
    reasons = read_matcher(workspace).reasons(
        [row.id for row in rows],
        None,
        [row.question for row in rows],
        [row.answer for row in rows],
        is_pair=True,
    )
    return [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
