"""From a dataset to the files that reviewers get."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.datasets.settings import review_settings
from gaokerena_data.errors import GaokerenaError, damage_told
from gaokerena_data.review.batch import (
    Batch,
    batch_folder,
    make_batch,
    part_of,
    reviewers_of,
    write_batch,
)
from gaokerena_data.review.candidates import (
    Candidate,
    dataset_version,
    read_candidates,
    read_thresholds,
)
from gaokerena_data.review.decisions import MAX_NAME, load_decisions, log_path
from gaokerena_data.review.doubts import Doubts, find_doubts
from gaokerena_data.review.formats import argilla, label_studio, page, workbook
from gaokerena_data.review.gain import expected_gain, read_scores
from gaokerena_data.review.sample import assign, draw_sample
from gaokerena_data.review.settle import Settled, settle
from gaokerena_data.settled import content_hash
from gaokerena_data.workspace import Workspace, make_folder

type Format = Literal["xlsx", "html", "label-studio", "argilla"]
type Stratum = Literal["source", "reason"]

WRITERS: dict[str, Callable[[Batch, Path], Path]] = {
    "xlsx": workbook.write_workbook,
    "html": page.write_page,
    "label-studio": label_studio.write_tasks,
    "argilla": argilla.write_records,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows a batch asks for.

    Args:
        sample: how many rows to draw; None for every doubtful row.
        first: of the doubtful rows, so many: those by which most is gained; None for all.
        strata: what the sample is stratified by.
        ask_again: instead, rows that reviewers left open, and judged rows whose text changed.
        overlap: share of the rows that every reviewer gets, 0..1.
        seed: of the draws.
    """

    sample: int | None = None
    first: int | None = None
    strata: tuple[Stratum, ...] = ("source", "reason")
    ask_again: bool = False
    overlap: float = 0.2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """A batch, and the file of each reviewer."""

    batch: Batch
    files: dict[str, Path]


def export_batch(
    workspace: Workspace,
    dataset: str,
    file_format: Format,
    reviewers: Sequence[str],
    selection: Selection,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Exported:
    """Write a batch and one file a reviewer into `reviews/batches/BATCH/`.

    A row that was decided in its present words is not asked again. The same dataset, log and
    options give the same bytes.

    Args:
        workspace: with the dataset curated.
        dataset: its name.
        file_format: what reviewers work in.
        reviewers: their names, which become part of file names.
        selection: which rows.
        progress: told (what, done, total) as it goes.

    Raises:
        GaokerenaError: no candidates, nothing to ask, a name that cannot be a file's, a text that
            the format cannot hold.
    """
    names = _checked_names(reviewers)
    declaration = find_dataset(workspace, dataset)
    candidates = read_candidates(workspace, declaration)
    log = load_decisions(log_path(workspace, dataset))
    review = review_settings(declaration, workspace)
    settled = settle(log, review.rule, review.senior)
    rounds: dict[str, int] = {}
    scores = read_scores(workspace, dataset)
    doubts = find_doubts(
        candidates,
        _raw_answers(workspace, dataset),
        read_thresholds(workspace, dataset),
        progress,
        scores,
    )
    gain = expected_gain(candidates, scores)
    if selection.ask_again:
        chosen, rounds = _open_rows(candidates, settled, doubts)
    else:
        chosen = _fresh_rows(candidates, settled, doubts, selection)
    # What is asked first is answered before a reviewer is tired, or gives up.
    chosen = sorted(chosen, key=lambda row: (-gain[row.id], row.id))[: selection.first]
    if not chosen:
        raise GaokerenaError(
            f"{dataset}: no row to ask; "
            + ("nothing is open" if selection.ask_again else "give --sample N for any rows")
        )
    groups = _side_by_side(chosen, doubts)
    dealt = assign(
        [[row.id for row in group] for group in groups], names, selection.overlap, selection.seed
    )
    batch = make_batch(dataset, dataset_version(workspace, dataset), groups, doubts, rounds, dealt)
    folder = batch_folder(workspace, batch.name)
    make_folder(folder)
    files = {
        name: WRITERS[file_format](part_of(batch, name), folder) for name in reviewers_of(batch)
    }
    write_batch(workspace, batch)
    return Exported(batch, files)


def _checked_names(reviewers: Sequence[str]) -> list[str]:
    for name in reviewers:
        allowed = all(letter.isalnum() or letter in "-_.\u200c" for letter in name)
        if not name or not allowed or name.startswith(".") or len(name) > MAX_NAME:
            raise GaokerenaError(
                f"{name[:100]!r} cannot be a reviewer's name: give letters, digits, - and _"
            )
    if len({name.casefold() for name in reviewers}) < len(reviewers):
        raise GaokerenaError("one reviewer is named twice")
    return list(reviewers)


def _fresh_rows(
    candidates: Sequence[Candidate],
    settled: Settled,
    doubts: dict[str, Doubts],
    selection: Selection,
) -> list[Candidate]:
    fresh = [row for row in candidates if _place(row) not in settled.verdicts]
    if selection.sample is None:
        return [row for row in fresh if row.id in doubts]

    def stratum(row: Candidate) -> tuple[str, ...]:
        reason = doubts[row.id].names[0] if row.id in doubts else "none"
        values = {"source": row.source, "reason": reason}
        return tuple(values[name] for name in selection.strata)

    drawn = set(draw_sample({r.id: stratum(r) for r in fresh}, selection.sample, selection.seed))
    return [row for row in fresh if row.id in drawn]


def _open_rows(
    candidates: Sequence[Candidate], settled: Settled, doubts: dict[str, Doubts]
) -> tuple[list[Candidate], dict[str, int]]:
    """Rows that wait for somebody; their doubts say why."""
    rows, rounds = [], {}
    judged = settled.record_ids
    for row in candidates:
        verdict = settled.verdicts.get(_place(row))
        if verdict is None and row.id in judged:
            why = "text_changed"
        elif verdict is not None and verdict.outcome == "ask_again":
            why = "asked_again"
            rounds[row.id] = 1 + max((vote.round for vote in verdict.votes), default=0)
        else:
            continue
        rows.append(row)
        own = doubts.setdefault(row.id, Doubts())
        own.names = [why, *own.names]
    return rows, rounds


def _side_by_side(chosen: Sequence[Candidate], doubts: dict[str, Doubts]) -> list[list[Candidate]]:
    """Rows in their order, each that may be a duplicate right after the one it is like."""
    by_id = {row.id: row for row in chosen}
    group_of: dict[str, list[Candidate]] = {}
    groups: list[list[Candidate]] = []
    for row in chosen:
        partner = doubts[row.id].partner if row.id in doubts else None
        group = group_of.get(row.id) or group_of.get(partner or "")
        if group is None:
            group = []
            groups.append(group)
        for member in (row, by_id.get(partner or "")):
            if member is not None and member.id not in group_of:
                group.append(member)
                group_of[member.id] = group
    return groups


def _place(row: Candidate) -> tuple[str, str]:
    return row.id, content_hash(row.question, row.answer)


def _raw_answers(workspace: Workspace, dataset: str) -> dict[str, str]:
    answers: dict[str, str] = {}
    folder = workspace.curated(dataset) / "uncleaned"
    for file in sorted(folder.glob("*.parquet")):
        with damage_told(file, f"run `gaokerena curate {dataset}` again"):
            table = pq.read_table(file, columns=["id", "answer"], partitioning=None)
        answers |= dict(zip(table["id"].to_pylist(), table["answer"].to_pylist(), strict=True))
    if not answers:
        raise GaokerenaError(f"{folder}: holds no record; run `gaokerena curate {dataset}` again")
    return answers
