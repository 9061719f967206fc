"""How far a grader is to be trusted: its grades beside clinicians' decisions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.clinician_sheets import Decisions
from training.evaluation.asking.grading import Unit
from training.evaluation.questions.rubrics import Criterion, Scale
from training.evaluation.scoring.rater_agreement import (
    Level,
    bootstrap_alpha,
    cohens_kappa,
    f1,
    krippendorff_alpha,
)
from training.evaluation.scoring.rubric_scores import Grades, digest_of


def compare(
    units: Sequence[Unit],
    grades: Grades,
    decisions: Sequence[Decisions],
    *,
    system: str,
    grader: str,
    seed: int = 0,
) -> dict[str, Any]:
    """The summary of kind "rubric_agreement": a row for all criteria, each tag, criterion, scale.

    The grader is held against what most clinicians decided; where they are evenly divided, there
    is nothing to hold it against, and the row is counted. Alpha is of the clinicians among
    themselves, and of all raters together, the grader as one of them.

    Raises:
        GaokerenaError: two files are one clinician's, or nobody decided what was graded.
    """
    names = [each.clinician for each in decisions]
    if len(set(names)) < len(names):
        raise GaokerenaError(f"two files are of one clinician ({', '.join(sorted(names))})")
    decided = [unit for unit in units if _said(unit, decisions)]
    if not decided:
        raise GaokerenaError("no decision is about these grades: give the files of this batch")
    criteria = [unit for unit in decided if isinstance(unit.by, Criterion)]
    rows = []
    if criteria:
        rows.append(_row("all", "all", criteria, grades, decisions, seed))
    for part, name, found in _parts(criteria):
        rows.append(_row(part, name, found, grades, decisions, seed))
    for name in dict.fromkeys(unit.by.name for unit in decided if isinstance(unit.by, Scale)):
        found = [u for u in decided if isinstance(u.by, Scale) and u.by.name == name]
        rows.append(_row("scale", name, found, grades, decisions, seed))
    return {
        "kind": "rubric_agreement",
        "system": system,
        "grader": grader,
        "grades": digest_of(units, grades),
        "clinicians": names,
        "undecided": sum(each.undecided for each in decisions),
        "unknown": sum(each.unknown for each in decisions),
        "unsure": sum(list(each.said.values()).count(None) for each in decisions),
        "told": tell(rows[0], len(names)),
        "rows": rows,
    }


def tell(row: Mapping[str, Any], clinicians: int) -> str:
    """The agreement of a row in a few words, as it stands beside a score."""

    def shown(value: float | None) -> str:
        return "not defined" if value is None else f"{value:.2f}"

    told = (
        f"as most of {clinicians} clinician{'s' * (clinicians != 1)} in {row['same']} of "
        f"{row['compared']}, kappa {shown(row['kappa'])}, alpha of all raters "
        f"{shown(row['alpha'])}"
    )
    if row["alpha_low"] is not None:
        told += f" ({row['alpha_low']:.2f} to {row['alpha_high']:.2f})"
    return told + f", of the clinicians alone {shown(row['clinicians_alpha'])}"


def _parts(criteria: Sequence[Unit]) -> Iterator[tuple[str, str, list[Unit]]]:
    """Each tag and each criterion, with the units that are of it."""
    tags: dict[str, list[Unit]] = {}
    texts: dict[str, list[Unit]] = {}
    for unit in criteria:
        if isinstance(unit.by, Criterion):
            texts.setdefault(unit.by.text, []).append(unit)
            for tag in unit.by.tags:
                tags.setdefault(tag, []).append(unit)
    for part, found in (("tag of criteria", tags), ("criterion", texts)):
        for name, units in found.items():
            yield part, name, units


def _row(
    part: str,
    name: str,
    units: Sequence[Unit],
    grades: Grades,
    decisions: Sequence[Decisions],
    seed: int,
) -> dict[str, Any]:
    level: Level = "ordinal" if part == "scale" else "nominal"
    pairs: list[tuple[int, int]] = []
    people: list[list[int]] = []
    raters: dict[str, list[list[int]]] = {}
    divided = unread = 0
    for unit in units:
        said = _said(unit, decisions)
        grade = grades.get(unit.id)
        people.append(said)
        everybody = said if grade is None else [*said, int(grade)]
        raters.setdefault(unit.item, []).append(everybody)
        most = _majority(said)
        divided += most is None
        unread += grade is None
        if most is not None and grade is not None:
            pairs.append((most, int(grade)))
    interval = bootstrap_alpha(raters, level, seed=seed) if part != "criterion" else None
    of_met, of_not_met = (f1(pairs, 1), f1(pairs, 0)) if part != "scale" else (None, None)
    return {
        "part": part,
        "name": name,
        "decided": len(units),
        "divided": divided,
        "unread": unread,
        "compared": len(pairs),
        "same": sum(one == other for one, other in pairs),
        "kappa": cohens_kappa(pairs),
        "f1_met": of_met,
        "f1_not_met": of_not_met,
        "alpha": krippendorff_alpha([unit for found in raters.values() for unit in found], level),
        "alpha_low": interval.low if interval else None,
        "alpha_high": interval.high if interval else None,
        "clinicians_alpha": krippendorff_alpha(people, level),
    }


def _said(unit: Unit, decisions: Sequence[Decisions]) -> list[int]:
    found = (each.said.get(unit.id) for each in decisions)
    return [int(value) for value in found if value is not None]


def _majority(said: Sequence[int]) -> int | None:
    counts = Counter(said).most_common(2)
    return counts[0][0] if len(counts) == 1 or counts[0][1] > counts[1][1] else None
