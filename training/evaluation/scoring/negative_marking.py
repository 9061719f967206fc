"""Marks as Iranian exams give them: 1 for a right answer, -1/3 for a wrong one, 0 for none.

Who is marked so should answer only what is likelier right than costly: from a confidence of
penalty / (1 + penalty) on, a quarter at -1/3.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.evaluation.reading.answers import ChoiceAnswer
from training.evaluation.scoring.confidence import Scored, half_of
from training.evaluation.scoring.statistics import bootstrap_mean

PENALTY = 1 / 3


def break_even(penalty: float) -> float:
    """The confidence at which answering is worth as much as leaving the question.

    Example:
        >>> break_even(1 / 3)
        0.25
    """
    return penalty / (1 + penalty)


def marks_at(scored: Sequence[Scored], threshold: float, penalty: float) -> list[float]:
    """The mark of every question, where those with less confidence are left unanswered."""
    return [
        0.0 if each.confidence < threshold else 1.0 if each.right else -penalty for each in scored
    ]


def best_threshold(scored: Sequence[Scored], penalty: float) -> float:
    """The threshold with the most marks on these questions; of several, the lowest.

    Either 0, to answer all, or the confidence of a question; above 1 where none should be.
    """
    ordered = sorted(scored, key=lambda each: each.confidence)
    marks = np.array([1.0 if each.right else -penalty for each in ordered])
    # What is left where the first n are not answered; questions of one confidence go together.
    rest = [float(marks[n:].sum()) for n in range(len(ordered) + 1)]
    cuts = [
        n
        for n in range(len(ordered) + 1)
        if n in (0, len(ordered)) or ordered[n].confidence > ordered[n - 1].confidence
    ]
    best = max(cuts, key=lambda n: (round(rest[n], 9), -n))
    if best == 0:
        return 0.0
    return ordered[best].confidence if best < len(ordered) else float(np.nextafter(1.0, 2.0))


def chosen_marks(scored: Sequence[Scored], penalty: float, *, seed: int = 0) -> list[float]:
    """Marks where each half is answered by the threshold that was best on the other half."""
    halves = [[each for each in scored if half_of(each, seed) == half] for half in (0, 1)]
    thresholds = [best_threshold(halves[1 - half], penalty) for half in (0, 1)]
    return [marks_at([each], thresholds[half_of(each, seed)], penalty)[0] for each in scored]


def mark_scored(
    scored: Sequence[Scored], *, penalty: float = PENALTY, seed: int = 0
) -> list[dict[str, Any]]:
    """A row for answering all, from the break-even on, and by a threshold of the other half."""
    even = break_even(penalty)
    return [
        _row("all answered", None, marks_at(scored, 0.0, penalty), seed),
        _row("from break-even on", even, marks_at(scored, even, penalty), seed),
        _row("threshold of the other half", None, chosen_marks(scored, penalty, seed=seed), seed),
    ]


def mark_answers(
    answers: Sequence[ChoiceAnswer], *, penalty: float = PENALTY, seed: int = 0
) -> list[dict[str, Any]]:
    """A row for free answers: one that chose no option counts as unanswered."""
    marks = [
        0.0 if answer.chosen is None else 1.0 if answer.chosen == answer.correct else -penalty
        for answer in answers
    ]
    return [_row("as answered", None, marks, seed)]


def _row(policy: str, threshold: float | None, marks: Sequence[float], seed: int) -> dict[str, Any]:
    interval = bootstrap_mean(marks, seed=seed)
    return {
        "policy": policy,
        "threshold": threshold,
        "right": sum(mark > 0 for mark in marks),
        "wrong": sum(mark < 0 for mark in marks),
        "unanswered": list(marks).count(0.0),
        "mark": float(np.mean(marks)),
        "low": interval.low,
        "high": interval.high,
    }
