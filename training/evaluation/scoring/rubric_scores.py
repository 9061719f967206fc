"""Scores by a rubric as HealthBench counts them, and the means of scales.

A question's score is the points of the criteria that its answer meets over the points of those
with positive ones; it may be negative. The score of many is their mean, held between 0 and 1.
Of a tag, the criteria with that tag alone are counted.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training.evaluation.asking.grading import Unit, Units
from training.evaluation.questions.rubrics import Criterion, RubricItem, Scale
from training.evaluation.scoring.statistics import Interval, bootstrap_mean

NOT_HELD = "not held against people"
HELD_BEFORE = "not held against people since grades changed"

type Grades = Mapping[str, bool | int | None]


def digest_of(units: Sequence[Unit], grades: Grades) -> str:
    """What these grades are known by: an agreement with people is of them and no others."""
    said = sorted(f"{unit.id}={grades.get(unit.id)}" for unit in units)
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def question_score(criteria: Sequence[Criterion], met: Sequence[bool]) -> float | None:
    """Points of what is met over the positive points; None where there are no positive ones.

    Example:
        >>> asked = [Criterion("a", 5), Criterion("b", 3), Criterion("c", -4)]
        >>> question_score(asked, [True, False, True])
        0.125
    """
    most = sum(criterion.points for criterion in criteria if criterion.points > 0)
    if most <= 0:
        return None
    got = sum(c.points for c, is_met in zip(criteria, met, strict=True) if is_met)
    return got / most


def mean_score(scores: Sequence[float]) -> float:
    """The mean, held between 0 and 1."""
    return float(np.clip(np.mean(scores), 0.0, 1.0))


def score_interval(scores: Sequence[float], *, seed: int = 0) -> Interval:
    """The percentile bootstrap interval of `mean_score`, over questions."""
    found = bootstrap_mean(scores, seed=seed)
    low, high = np.clip([found.low, found.high], 0.0, 1.0)
    return Interval(float(low), float(high))


def summarize(
    found: Units,
    grades: Grades,
    items: Sequence[RubricItem],
    *,
    system: str,
    grader: str,
    seed: int = 0,
) -> dict[str, Any]:
    """The summary of kind "rubric": a row for all, for each tag, and for each scale.

    A question with a criterion whose grade could not be read has no score: it is counted and left
    out, under a tag where one of that tag's criteria is the unread one.
    """
    of_item: dict[str, list[Unit]] = {}
    for unit in found.units:
        of_item.setdefault(unit.item, []).append(unit)
    criteria = {
        name: [(unit.by, grades.get(unit.id)) for unit in units if isinstance(unit.by, Criterion)]
        for name, units in of_item.items()
    }
    graded = [item for item in items if item.id in of_item]
    rows = [_row("all", "all", [criteria[item.id] for item in graded], seed)]
    for tag in dict.fromkeys(tag for item in graded for tag in item.tags):
        of_tag = [criteria[item.id] for item in graded if tag in item.tags]
        rows.append(_row("tag of questions", tag, of_tag, seed))
    for tag in dict.fromkeys(t for item in graded for c in item.criteria for t in c.tags):
        parts = [[pair for pair in criteria[item.id] if tag in pair[0].tags] for item in graded]
        scorable = [part for part in parts if any(criterion.points > 0 for criterion, _ in part)]
        if scorable:
            rows.append(_row("tag of criteria", tag, scorable, seed))
    values = list(grades.values())
    return {
        "kind": "rubric",
        "system": system,
        "grader": grader,
        "questions": found.asked,
        "absent": found.absent,
        "unanswered": found.unanswered,
        "unscored": rows[0]["questions"] - rows[0]["scored"],
        "grades": len(values),
        "unread": values.count(None),
        "score": rows[0]["score"],
        "agreement": NOT_HELD,
        "rows": [*rows, *_scale_rows(found.units, grades, seed)],
    }


def tell(summary: Mapping[str, Any]) -> str:
    """The summary in a line."""
    whole = summary["rows"][0]
    score = "no score" if whole["score"] is None else f"score {whole['score']:.3f}"
    if whole["low"] is not None:
        score += f" ({whole['low']:.3f} to {whole['high']:.3f})"
    return (
        f"{summary['system']}: {score} over {whole['scored']} of {summary['questions']} questions; "
        f"{summary['unread']} of {summary['grades']} grades of {summary['grader']} unread; "
        f"agreement: {summary['agreement']}"
    )


type _Graded = Sequence[tuple[Criterion, bool | int | None]]


def _row(part: str, name: str, questions: Sequence[_Graded], seed: int) -> dict[str, Any]:
    scores, met, read = [], 0, 0
    for graded in questions:
        said = [grade for _, grade in graded if grade is not None]
        met += sum(map(bool, said))
        read += len(said)
        if len(said) == len(graded):
            score = question_score([criterion for criterion, _ in graded], list(map(bool, said)))
            scores += [score] if score is not None else []
    interval = score_interval(scores, seed=seed) if len(scores) > 1 else None
    return {
        "part": part,
        "name": name,
        "questions": len(questions),
        "scored": len(scores),
        "criteria": sum(map(len, questions)),
        "met": met,
        "read": read,
        "score": mean_score(scores) if scores else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
    }


def _scale_rows(units: Sequence[Unit], grades: Grades, seed: int) -> list[dict[str, Any]]:
    """A row a scale: its mean in its own numbers, which need not lie between 0 and 1."""
    values: dict[str, list[int | None]] = {}
    for unit in units:
        if isinstance(unit.by, Scale):
            grade = grades.get(unit.id)
            values.setdefault(unit.by.name, []).append(None if grade is None else int(grade))
    rows = []
    for name, said in values.items():
        read = [float(value) for value in said if value is not None]
        interval = bootstrap_mean(read, seed=seed) if len(read) > 1 else None
        rows.append(
            {
                "part": "scale",
                "name": name,
                "questions": len(said),
                "scored": len(read),
                "criteria": len(said),
                "met": None,
                "read": len(read),
                "score": float(np.mean(read)) if read else None,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
            }
        )
    return rows
