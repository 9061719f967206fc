"""The decisions log: every word a clinician has said on a row, one JSON object a line.

`reviews/DATASET.jsonl` only ever grows and is meant to be kept under version control. A decision
holds for one record *and* for the content that was judged: where the text changes, it is asked
again rather than applied to words that nobody has read.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.settled import REASONS, Reason
from gaokerena_data.workspace import Workspace, atomic_file

type Choice = Literal["accept", "edit", "reject", "out_of_field", "unclear"]

CHOICES: tuple[Choice, ...] = get_args(Choice.__value__)
# Bounds on what a hostile file may put into the log.
MAX_TEXT, MAX_NOTE, MAX_NAME = 200_000, 4_000, 80
GUIDELINE = "1"

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_HASH = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Decision:
    """What one reviewer said of one row.

    Args:
        record_id: the record that was judged.
        content: `content_hash` of the question and answer that were shown.
        choice: the decision itself; "out_of_field" and "unclear" are abstentions.
        reviewer: who decided.
        decided_at: when, UTC, like "2026-03-21T08:30:00Z"; taken from the reviewer's file.
        reason: why a row is rejected; None for every other choice.
        question: the corrected question of an "edit", None where it stays.
        answer: the corrected answer of an "edit", None where it stays.
        note: the reviewer's own words.
        guideline: version of the guideline that was followed.
        dataset_version: the release or curation that was shown.
        batch: name of the exported batch.
        round: 1, or one more than the round whose conflict this decision settles.
    """

    record_id: str
    content: str
    choice: Choice
    reviewer: str
    decided_at: str
    reason: Reason | None = None
    question: str | None = None
    answer: str | None = None
    note: str | None = None
    guideline: str = GUIDELINE
    dataset_version: str = ""
    batch: str = ""
    round: int = 1


def log_path(workspace: Workspace, dataset: str) -> Path:
    """Where the decisions on a dataset are kept."""
    return workspace.review_log(dataset)


def check_decision(decision: Decision) -> str | None:
    """What is wrong with a decision, in a few words, or None."""
    if decision.choice not in CHOICES:
        return f"{str(decision.choice)[:40]!r} is no decision"
    if decision.choice == "reject" and decision.reason not in REASONS:
        return "a rejected row needs one of the listed reasons"
    if decision.reason == "other" and not decision.note:
        return 'the reason "other" needs a note'
    if decision.choice != "reject" and decision.reason is not None:
        return f"a reason was given for {decision.choice!r}"
    if decision.choice == "edit" and decision.question is None and decision.answer is None:
        return "edited, but no corrected text was given"
    if decision.choice != "edit" and (decision.question is not None or decision.answer is not None):
        return f"a corrected text was given for {decision.choice!r}"
    texts = (decision.question, decision.answer)
    if any(text is not None and not text.strip() for text in texts):
        return "a corrected text is empty: reject the row instead"
    if any(_is_broken(text) for text in (*texts, decision.note, decision.reviewer)):
        return "a text holds half a character (a lone surrogate)"
    if any(len(text or "") > MAX_TEXT for text in texts) or len(decision.note or "") > MAX_NOTE:
        return "a text is longer than the log takes"
    if not decision.reviewer.strip() or len(decision.reviewer) > MAX_NAME:
        return "the reviewer has no name, or one of more than 80 letters"
    if not _TIME.fullmatch(decision.decided_at):
        return f"{decision.decided_at[:40]!r} is not a UTC time like 2026-03-21T08:30:00Z"
    if not _HASH.fullmatch(decision.content):
        return "the content hash is damaged"
    return None


def load_decisions(path: Path) -> list[Decision]:
    """Every decision of a log, in the order they were written; none where there is no log.

    Raises:
        GaokerenaError: a line that is no decision, by its number.
    """
    if not path.is_file():
        return []
    decisions = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            decision = _from_json(json.loads(line))
        except (ValueError, TypeError) as error:
            raise GaokerenaError(
                f"{path}: line {number} is not a decision ({error}); "
                "restore the log from version control"
            ) from None
        decisions.append(decision)
    return decisions


def append_decisions(path: Path, decisions: Iterable[Decision], *, dated: bool = True) -> int:
    """Add those decisions that the log does not hold; a log that gains nothing is not touched.

    Args:
        path: the log.
        decisions: in the order they were made.
        dated: whether the file they come from says when they were made. Where it does not, a copy
            of the file has another time, and one that repeats its reviewer's last word is known.

    Returns:
        How many were added.
    """
    log = load_decisions(path)
    known, latest = set(log), latest_of_each(log)
    added = []
    for decision in decisions:
        before = latest.get(_place(decision))
        repeats = not dated and before is not None and _words(before) == _words(decision)
        if decision not in known and not repeats:
            known.add(decision)
            added.append(decision)
    if added:
        old = path.read_bytes() if path.is_file() else b""
        with atomic_file(path) as part:
            part.write_bytes(old + b"".join(_to_json(decision) for decision in added))
    return len(added)


def latest_of_each(decisions: Iterable[Decision]) -> dict[tuple[str, str, str, int], Decision]:
    """The last word of each reviewer on each content of each row in each round.

    Returns:
        (record id, content, reviewer, round) -> decision; of two at one time, the later line.
    """
    latest: dict[tuple[str, str, str, int], Decision] = {}
    for decision in decisions:
        place = _place(decision)
        if place not in latest or latest[place].decided_at <= decision.decided_at:
            latest[place] = decision
    return latest


def _is_broken(text: str | None) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text or "")


def _place(decision: Decision) -> tuple[str, str, str, int]:
    return decision.record_id, decision.content, decision.reviewer, decision.round


def _words(decision: Decision) -> tuple[str | None, ...]:
    return (
        decision.choice,
        decision.reason,
        decision.question,
        decision.answer,
        decision.note,
    )


def _to_json(decision: Decision) -> bytes:
    values = {name: value for name, value in asdict(decision).items() if value is not None}
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def _from_json(values: Any) -> Decision:
    if not isinstance(values, dict):
        raise TypeError("no object")
    names = {field.name for field in fields(Decision)}
    if unknown := sorted(set(values) - names):
        raise ValueError(f"unknown key {unknown[0]!r}")
    for name, value in values.items():
        if not isinstance(value, int if name == "round" else str):
            raise TypeError(f"{name} has no right value")
    decision = Decision(**values)
    if wrong := check_decision(decision):
        raise ValueError(wrong)
    return decision
