"""The figures that the authors of Gaokerena-R published, held against what their files give."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypedDict

from training.evaluation.chains.decided import MMLU_AVERAGE, Decided
from training.evaluation.chains.sheets import VoteSheet
from training.evaluation.chains.votes import agreed, mark
from training.evaluation.questions.paper import MMLU, paper_tables

type Figure = Literal["plain", "negative", "verifier"]
# The paper cuts figures off after two digits.
_TOLERANCE = 0.01
_THIRD = 1 / 3
_SYSTEM_NAMES = (
    (r"gaokerenar(1[0-9]*)?", "gaokerena_r"),
    (r"gaokerena(v(1[0-9]*)?)?", "gaokerena_v"),
    (r"aya(expanse)?(8b)?", "aya"),
)
_TO_LETTERS = re.compile(r"[^a-z0-9]")


class ReasoningTables(TypedDict):
    """`reasoning_tables.json`: figures in percent, by figure, system and subject."""

    paper: str
    systems: dict[str, str]
    plain: dict[str, dict[str, float]]
    negative: dict[str, dict[str, float]]
    verifier: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """A published figure beside what is computed; all in percent.

    Args:
        of: the decisions that it is computed from.
        figure: which one.
        published: as printed.
        files: by the rule, from the runs.
        votes: by the rule, from the authors' sheet of votes; None without one.
        decisions: from that sheet's column of decisions.
        remark: from what it follows instead, or what it would need; empty where it follows.
    """

    of: Decided
    figure: Figure
    published: float
    files: float
    votes: float | None
    decisions: float | None
    remark: str

    @property
    def difference(self) -> float:
        """What the runs give less what is printed."""
        return self.files - self.published

    @property
    def follows(self) -> bool:
        """Whether the runs give the printed figure."""
        return close(self.files, self.published)


@dataclass(frozen=True, slots=True)
class PublishedAverage:
    """A printed average beside the average of the printed cells, each weighing its questions."""

    system: str
    figure: Figure
    published: float
    from_cells: float

    @property
    def follows(self) -> bool:
        """Whether the cells, cut off after two digits, give the average."""
        return close(self.from_cells, self.published)


@cache
def reasoning_tables() -> ReasoningTables:
    """The published figures: 24 without, 24 with negative marking, 8 with the verifier."""
    file = files("training.evaluation.chains").joinpath("reasoning_tables.json")
    tables: ReasoningTables = json.loads(file.read_text(encoding="utf-8"))
    return tables


def reasoning_system(name: str) -> str | None:
    """The paper's system that a folder of runs is named for; None for any other.

    Example:
        >>> reasoning_system("gaokerena-r1.0"), reasoning_system("gaokerena-r2")
        ('gaokerena_r', None)
    """
    letters = _TO_LETTERS.sub("", name.casefold())
    return next((system for form, system in _SYSTEM_NAMES if re.fullmatch(form, letters)), None)


def close(percent: float, printed: float) -> bool:
    """Whether a figure gives the printed one, which may be cut off or rounded after two digits."""
    return abs(percent - printed) < _TOLERANCE


def published_cells(of: Decided, sheet: VoteSheet | None, penalty: float) -> list[PublishedCell]:
    """Every published figure of a system on a subject beside what its files give.

    Args:
        of: what its runs come to.
        sheet: the authors' own votes and decisions, where there are any.
        penalty: what a wrong answer takes off.
    """
    tables, system = reasoning_tables(), reasoning_system(of.system)
    by_votes = sheet and [agreed(votes, of.least) for votes in sheet.votes]
    by_column = sheet and sheet.decisions
    found = []
    for figure, decisions in (
        ("plain", of.decisions),
        ("negative", of.decisions),
        ("verifier", of.verified),
    ):
        printed = tables[figure].get(system or "", {}).get(of.subject)  # type: ignore[literal-required]
        if printed is None or decisions is None:
            continue
        costs = penalty if figure == "negative" else 0.0
        theirs = (None, None) if figure == "verifier" else (by_votes, by_column)
        votes, column = (each and _percent(of, each, costs) for each in theirs)
        files_give = _percent(of, decisions, costs)
        remark = ""
        if not close(files_give, printed):
            remark = _remark(of, figure, printed, votes, column)  # type: ignore[arg-type]
        found.append(
            PublishedCell(of, figure, printed, files_give, votes, column, remark)  # type: ignore[arg-type]
        )
    return found


def published_averages(systems: Sequence[str]) -> list[PublishedAverage]:
    """The printed averages over MMLU beside what the printed cells give.

    Args:
        systems: as their folders are named; those the paper does not have are passed over.
    """
    tables, counts = reasoning_tables(), paper_tables()["items"]
    total = sum(counts[subject] for subject in MMLU)
    found = []
    for system in dict.fromkeys(filter(None, map(reasoning_system, systems))):
        for figure in ("plain", "negative", "verifier"):
            cells = tables[figure].get(system)
            if cells:
                pot = sum(cells[subject] * counts[subject] for subject in MMLU) / total
                found.append(PublishedAverage(system, figure, cells[MMLU_AVERAGE], pot))
    return found


def counts_behind(
    plain: float, negative: float, total: int, penalty: float
) -> tuple[int, int] | None:
    """The right and wrong answers that give both printed figures, in percent; None where none do.

    Example:
        >>> counts_behind(50.0, 40.0, 100, 1 / 3), counts_behind(50.0, 40.0, 100, 0.33)
        ((50, 30), None)
    """
    for right in range(total + 1):
        if close(100 * right / total, plain):
            for wrong in range(total - right + 1):
                if close(100 * (right - penalty * wrong) / total, negative):
                    return right, wrong
    return None


def _percent(of: Decided, decisions: Sequence[str | None], penalty: float) -> float:
    marks = [mark(a, b, penalty) for a, b in zip(decisions, of.correct, strict=True)]
    return 100 * sum(marks) / len(marks)


def _remark(
    of: Decided, figure: Figure, printed: float, votes: float | None, column: float | None
) -> str:
    told = []
    if votes is not None and close(votes, printed):
        told.append("follows from the sheet of votes")
    if column is not None and close(column, printed):
        told.append("follows from the column of decisions")
    if figure == "negative":
        if close(_percent(of, of.decisions, _THIRD), printed):
            told.append("follows with a penalty of 1/3")
        elif not told:
            told.append(_needed(of, printed))
    return "; ".join(told) or "does not follow from the files"


def _needed(of: Decided, printed: float) -> str:
    """How many wrong answers the printed figures would need."""
    right = sum(a == b for a, b in zip(of.decisions, of.correct, strict=True))
    wrong = len(of.correct) - right - of.decisions.count(None)
    plain = reasoning_tables()["plain"][str(reasoning_system(of.system))][of.subject]
    behind = counts_behind(plain, printed, len(of.correct), _THIRD)
    have = f"the files have {right} right and {wrong} wrong"
    if behind is None:
        return f"no whole number of wrong answers gives it at a penalty of 1/3; {have}"
    return f"at a penalty of 1/3 it needs {behind[0]} right and {behind[1]} wrong; {have}"
