"""From a reviewer's file to new lines of the log: every row is taken, or refused by name."""

from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.batch import Batch, Row, part_of, read_batch, reviewers_of
from gaokerena_data.review.candidates import read_candidates
from gaokerena_data.review.decisions import (
    Decision,
    append_decisions,
    check_decision,
    log_path,
)
from gaokerena_data.review.formats import argilla, label_studio, page_reading, workbook_reading
from gaokerena_data.review.formats.replies import Replies, Reply, file_time, read_json
from gaokerena_data.review.labels import find_choice, find_reason
from gaokerena_data.review.settle_log import settle_log
from gaokerena_data.settled import content_hash
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows: `decided` = `added` + those that the log held already.

    `open` rows of the batch were not decided yet. `refused` holds one line a row: where, which
    record, why.
    """

    dataset: str
    batch: str
    reviewer: str
    decided: int
    added: int
    open: int
    refused: list[str]


def import_replies(workspace: Workspace, dataset: str, path: Path) -> Imported:
    """Take a reviewer's decisions into the log.

    A stale row and one whose locked cells were changed are refused by name, the rest is taken.
    The same file again changes nothing.

    Args:
        workspace: the one that exported the batch.
        dataset: whose log.
        path: xlsx, the page's decisions JSON, Label Studio's JSON, Argilla's folder or records.

    Raises:
        GaokerenaError: a damaged or foreign file, an unknown batch or reviewer; the log is as it
            was.
    """
    declaration = find_dataset(workspace, dataset)
    replies = read_replies(path)
    batch = read_batch(workspace, replies.batch)
    if batch.dataset != dataset:
        raise GaokerenaError(f"{path}: answers a batch of {batch.dataset}, not of {dataset}")
    if replies.reviewer not in reviewers_of(batch):
        raise GaokerenaError(
            f"{path}: batch {batch.name} was not sent to {replies.reviewer[:80]!r}; "
            f"it was sent to: {', '.join(reviewers_of(batch))}"
        )
    now = {
        row.id: content_hash(row.question, row.answer)
        for row in read_candidates(workspace, declaration)
    }
    saved_at = replies.saved_at or file_time(path if path.is_file() else path / argilla.RECORDS)
    dated = replies.saved_at is not None or all(r.decided_at for r in replies.rows if r.choice)
    asked = {row.id: row for row in part_of(batch, replies.reviewer).rows}
    decisions: dict[str, tuple[str, Decision]] = {}
    refused, clashing, answered = [], set(), set()
    for reply in replies.rows:
        if not any((reply.choice, reply.reason, reply.new_question, reply.new_answer)):
            continue
        answered.add(reply.id)
        decision = _read_decision(reply, asked.get(reply.id), replies, saved_at, batch, now)
        if isinstance(decision, str):
            refused.append(f"{reply.place}: {reply.id[:80]}: {decision}")
            continue
        before = decisions.setdefault(decision.record_id, (reply.place, decision))
        if before[1] != decision:
            clashing.add(decision.record_id)
            refused.append(
                f"{reply.place}: {reply.id}: decided otherwise in {before[0]}; neither is taken"
            )
    taken = [one for name, (_, one) in decisions.items() if name not in clashing]
    added = append_decisions(log_path(workspace, dataset), taken, dated=dated)
    settle_log(workspace, declaration)
    return Imported(
        dataset,
        batch.name,
        replies.reviewer,
        len(taken),
        added,
        len(asked.keys() - answered),
        refused,
    )


def read_replies(path: Path) -> Replies:
    """Read a file of any of the four formats.

    Raises:
        GaokerenaError: missing, damaged, or none of them.
    """
    if path.is_dir():
        return argilla.read_records(path)
    if not path.is_file():
        raise GaokerenaError(f"{path}: no such file")
    if path.suffix.lower() == ".xlsx":
        return workbook_reading.read_workbook(path)
    if path.suffix.lower() in (".html", ".htm"):
        raise GaokerenaError(
            f"{path}: this is the page itself; give the decisions file that its button saves"
        )
    if path.suffix.lower() != ".json":
        raise GaokerenaError(f"{path}: give an .xlsx or .json file, or Argilla's folder")
    value = read_json(path)
    if isinstance(value, dict):
        return page_reading.read_decisions(path, value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if "fields" in value[0]:
            return argilla.read_records(path)
        if "data" in value[0]:
            return label_studio.read_tasks(path, value)
    raise GaokerenaError(f"{path}: holds no decisions that this program knows")


def _read_decision(
    reply: Reply,
    asked: Row | None,
    replies: Replies,
    saved_at: str,
    batch: Batch,
    now: dict[str, str],
) -> Decision | str:
    """The decision of a row, or why it is refused."""
    if asked is None:
        return f"not a row that batch {batch.name} asked {replies.reviewer}"
    shown = (reply.question, reply.answer)
    if reply.content != asked.content or any(
        text is not None and text != original
        for text, original in zip(shown, (asked.question, asked.answer), strict=True)
    ):
        return "a locked cell was changed"
    if now.get(reply.id, asked.content) != asked.content:
        return "stale: its text has changed since it was sent out; it is asked again"
    choice, reason = find_choice(reply.choice), find_reason(reply.reason)
    if choice is None:
        return f"{reply.choice[:40]!r} is no decision" if reply.choice else "no decision was chosen"
    if reply.reason and reason is None:
        return f"{reply.reason[:40]!r} is no reason of the list"
    # What is typed again unchanged is no correction.
    question = None if reply.new_question in ("", asked.question) else reply.new_question
    answer = None if reply.new_answer in ("", asked.answer) else reply.new_answer
    decision = Decision(
        record_id=asked.id,
        content=asked.content,
        choice=choice,
        reviewer=replies.reviewer,
        decided_at=reply.decided_at or saved_at,
        reason=reason,
        question=question,
        answer=answer,
        note=reply.note.strip() or None,
        guideline=batch.guideline,
        dataset_version=batch.dataset_version,
        batch=batch.name,
        round=asked.round,
    )
    return check_decision(decision) or decision
