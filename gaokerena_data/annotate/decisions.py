"""Reviewers' decisions as labels of the same kind.

A reviewer keeps a row or rejects it with a reason. That says whether it is worth keeping and, by
the reason, some of what the rubric asks; what it does not say is null.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gaokerena_data.annotate.judgement import FIELDS
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.endpoints.json_lines import write_json_lines
from gaokerena_data.review.candidates import read_candidates
from gaokerena_data.review.decisions import Decision, latest_of_each, load_decisions, log_path
from gaokerena_data.settled import Reason, content_hash
from gaokerena_data.workspace import Workspace

RUBRIC_OF_REVIEW = "review"
# What a reason says in the words of the rubric; others say that a row is not worth keeping.
_SAYS: dict[Reason, dict[str, Any]] = {
    "wrong_or_harmful": {"fault": "wrong", "medically_sound": 0},
    "not_an_answer": {"fault": "noanswer", "answers_question": 0},
    "not_medical": {"fault": "offtopic"},
    "advertising": {"fault": "advert"},
    "unreadable": {"fault": "garbled"},
}
# These say nothing of what stands in a row that a reader of the row alone could see.
_NOT_OF_ITS_WORTH: frozenset[Reason] = frozenset({"personal_data", "duplicate"})


def reviewed_path(workspace: Workspace, dataset: str) -> Path:
    """Where the labels of reviewers are kept, made anew from their log."""
    return workspace.annotations(dataset) / "reviewed.jsonl"


def write_reviewed(workspace: Workspace, declaration: Declaration) -> int:
    """Write what reviewers decided as labels, where anybody did, and say how many there are."""
    log = log_path(workspace, declaration.name)
    if not declaration.is_reviewed or not log.is_file():
        return 0
    contents = {
        row.id: content_hash(row.question, row.answer)
        for row in read_candidates(workspace, declaration)
    }
    lines = decisions_as_labels(load_decisions(log), contents)
    write_json_lines(reviewed_path(workspace, declaration.name), lines)
    return len(lines)


def decisions_as_labels(
    decisions: Iterable[Decision], contents: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The last word of each reviewer on each row as a line of labels, in the order of ids.

    Decisions on other words than a row has now, abstentions, and rows that are worth keeping only
    as a reviewer rewrote them say nothing of the row as it stands.

    Args:
        decisions: of the log.
        contents: record id -> `content_hash` of its present question and answer.
    """
    last: dict[tuple[str, str], Decision] = {}
    for (record_id, content, reviewer, _), decision in sorted(
        latest_of_each(decisions).items(), key=lambda each: each[0][3]
    ):
        if contents.get(record_id) == content:
            last[record_id, reviewer] = decision
    return [
        _line(decision)
        for _, decision in sorted(last.items())
        if decision.choice in {"accept", "reject"} and decision.reason not in _NOT_OF_ITS_WORTH
    ]


def _line(decision: Decision) -> dict[str, Any]:
    said: dict[str, Any] = {"worth_keeping": decision.choice == "accept"}
    if decision.reason is not None:
        said |= _SAYS.get(decision.reason, {})
    who = {
        "id": decision.record_id,
        "labelled_by": decision.reviewer,
        "rubric": RUBRIC_OF_REVIEW,
    }
    return who | dict.fromkeys(FIELDS) | said
