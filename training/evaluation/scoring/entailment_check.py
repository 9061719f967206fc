"""How well a model that labels entailment agrees with physicians: K-QA's labelled statements."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.reading.entailment_labels import Label
from training.evaluation.scoring.entailment import Entailment
from training.evaluation.scoring.rater_agreement import cohens_kappa
from training.evaluation.scoring.statistics import Proportion, proportion

_COLUMNS = ("answer", "claim", "majority_label")
_LABELS: dict[str, Label] = {
    "entailment": "entails",
    "contradiction": "contradicts",
    "neutral": "neutral",
}
_LARGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement about an answer, with the label that most physicians gave it."""

    answer: str
    statement: str
    label: Label


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a model gives the physicians' label.

    Args:
        same: statements with the same label, of those that have one of the model's.
        unread: statements to which the model gave none.
        kappa: Cohen's kappa of the labels that were read.
        by_label: the physicians' label -> how often the model gives it too.
    """

    same: Proportion
    unread: int
    kappa: float
    by_label: dict[Label, Proportion]

    def __str__(self) -> str:
        """The agreement in a line."""
        low, high = self.same.interval.low, self.same.interval.high
        parts = ", ".join(
            f"{label} {found.hits} of {found.total}" for label, found in self.by_label.items()
        )
        return (
            f"agrees with physicians on {self.same.hits} of {self.same.total} statements "
            f"({self.same.share:.1%}, {low:.1%} to {high:.1%}), kappa {self.kappa:.2f}; {parts}; "
            f"{self.unread} unread"
        )


def read_labelled(path: Path) -> list[Labelled]:
    """The statements that K-QA's authors had physicians label (`NLI_medical_annotator.csv`).

    Rows on which no two physicians agreed have no label, and are left out.

    Raises:
        GaokerenaError: the file cannot be read, lacks a column, or has no labelled row.
    """
    csv.field_size_limit(_LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise GaokerenaError(f"{path}: cannot be read as csv ({error})") from error
    lacking = [name for name in _COLUMNS if not rows or name not in rows[0]]
    if lacking:
        raise GaokerenaError(f"{path}: has no column {lacking[0]!r}; it needs {_COLUMNS}")
    found = [
        Labelled(row["answer"], row["claim"], label)
        for row in rows
        if (label := _LABELS.get((row["majority_label"] or "").strip().casefold()))
    ]
    if not found:
        raise GaokerenaError(f"{path}: no row has a majority_label of {', '.join(_LABELS)}")
    return found


def check_entailment(
    entailment: Entailment,
    labelled: Sequence[Labelled],
    *,
    batch_size: int,
    progress: Progress = unseen,
) -> Agreement:
    """Label what physicians labelled, and count."""
    given: list[Label | None] = []
    for start in range(0, len(labelled), batch_size):
        batch = labelled[start : start + batch_size]
        pairs = [(each.answer, each.statement) for each in batch]
        given += [judged.label for judged in entailment.label(pairs)]
        progress(len(given), len(labelled))
    both = [
        (each.label, label)
        for each, label in zip(labelled, given, strict=True)
        if label is not None
    ]
    if not both:
        raise GaokerenaError(f"{entailment.name} labelled none of {len(labelled)} statements")
    by_label: dict[Label, Proportion] = {}
    for label in ("entails", "contradicts", "neutral"):
        theirs = [model for physician, model in both if physician == label]
        if theirs:
            by_label[label] = proportion(theirs.count(label), len(theirs))
    same = proportion(sum(one == other for one, other in both), len(both))
    return Agreement(same, len(given) - len(both), _kappa(both), by_label)


def _kappa(pairs: Sequence[tuple[Label, Label]]) -> float:
    kappa = cohens_kappa(pairs)
    return 1.0 if kappa is None else kappa  # both gave one label, and only that
