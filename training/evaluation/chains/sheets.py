"""The authors' sheets beside their runs: votes with the decision on them, and a verifier's choices.

A sheet of votes (`ans.xlsx`) has a row a question in the order of the runs: `no.1` to `no.M`, the
letter of each run, `correct_answer`, and `ensemble_answer`, the decision. A verifier's sheet
(`sys_result.xlsx`) has `Question, correct_answer, guide_answer, AI_chosen_answer`: the decision of
the runs, or the verifier's words where there was none, and the letter in the end.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.errors import GaokerenaError
from training.evaluation.reading.spreadsheets import letter

type Rows = Sequence[tuple[int, Mapping[str, str]]]
_VOTE = re.compile(r"no\.\s*(\d{1,3})")
_GUIDE = "guide_answer"


@dataclass(frozen=True, slots=True)
class VoteSheet:
    """A sheet of votes, row by row; None is a run that chose no option, or no decision."""

    path: Path
    correct: list[str]
    votes: list[tuple[str | None, ...]]
    decisions: list[str | None]

    def held_against(self, first: Path, runs: int, correct: Sequence[str]) -> None:
        """Check that the sheet is of so many runs and of the questions of the first of them.

        Raises:
            GaokerenaError: it has more or fewer votes or rows, or another key.
        """
        if len(self.votes[0]) != runs:
            raise GaokerenaError(
                f"{self.path} has the votes of {len(self.votes[0])} runs, and {runs} runs lie "
                "beside it: put the missing ones there, or take the sheet out"
            )
        if len(self.correct) != len(correct):
            raise GaokerenaError(
                f"{self.path} has {len(self.correct)} rows, {first.name} beside it {len(correct)}: "
                "a sheet of votes has a row a question"
            )
        other = [
            row for row, (a, b) in enumerate(zip(self.correct, correct, strict=True)) if a != b
        ]
        if other:
            raise GaokerenaError(
                f"{self.path}, row {other[0] + 2}: another correct option than in {first.name}: is "
                "its order that of the runs?"
            )


@dataclass(frozen=True, slots=True)
class VerifierSheet:
    """A verifier's sheet, row by row.

    `guides` hold the decision of the runs where there was one, `chosen` the letter in the end.
    """

    path: Path
    questions: list[str]
    correct: list[str]
    guides: list[str | None]
    chosen: list[str | None]


def is_vote_sheet(rows: Rows) -> bool:
    """Whether it has a column for the votes of a run."""
    return bool(rows) and any(_VOTE.fullmatch(column) for column in rows[0][1])


def is_verifier_sheet(rows: Rows) -> bool:
    """Whether it has the column of the guide."""
    return bool(rows) and _GUIDE in rows[0][1]


def read_vote_sheet(path: Path, rows: Rows) -> VoteSheet:
    """Read a sheet of votes.

    Raises:
        GaokerenaError: it lacks a column, or a row has no key.
    """
    _need(path, rows, "correct_answer", "ensemble_answer")
    numbers = {int(m[1]): column for column in rows[0][1] if (m := _VOTE.fullmatch(column))}
    columns = [numbers[number] for number in sorted(numbers)]
    return VoteSheet(
        path,
        [_key(path, number, row) for number, row in rows],
        [tuple(_letter(row[column]) for column in columns) for _, row in rows],
        [_letter(row["ensemble_answer"]) for _, row in rows],
    )


def read_verifier_sheet(path: Path, rows: Rows) -> VerifierSheet:
    """Read a verifier's sheet.

    Raises:
        GaokerenaError: it lacks a column, or a row has no key.
    """
    _need(path, rows, "question", "correct_answer", "ai_chosen_answer")
    return VerifierSheet(
        path,
        [row["question"] for _, row in rows],
        [_key(path, number, row) for number, row in rows],
        [_letter(row[_GUIDE]) for _, row in rows],
        [_letter(row["ai_chosen_answer"]) for _, row in rows],
    )


def _letter(cell: str) -> str | None:
    return letter(cell, len(LETTERS))


def _key(path: Path, number: int, row: Mapping[str, str]) -> str:
    found = _letter(row["correct_answer"])
    if found is None:
        raise GaokerenaError(
            f"{path}, row {number}: correct_answer must be the letter of an option"
        )
    return found


def _need(path: Path, rows: Rows, *columns: str) -> None:
    for number, row in rows:
        if missing := sorted(set(columns) - row.keys()):
            raise GaokerenaError(
                f"{path}, row {number} has no column {', '.join(missing)}: is it the "
                "sheet that its other columns say?"
            )
