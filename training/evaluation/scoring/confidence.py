"""Whether a model knows what it knows: calibration and selective accuracy from log-likelihoods.

The probability of an option is its share among the options: the softmax of their log-likelihoods.
A model's confidence in an answer is the probability of the option that it chose.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.answer_log import read_log

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with the probabilities of its options.

    Args:
        id: of the question.
        probabilities: of the options in order; they sum to 1.
        correct: the place of the right option.
    """

    id: str
    probabilities: tuple[float, ...]
    correct: int

    @property
    def chosen(self) -> int:
        """The place of the likeliest option; of several, the first."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)

    @property
    def confidence(self) -> float:
        """The probability of the option chosen."""
        return self.probabilities[self.chosen]

    @property
    def right(self) -> bool:
        """Whether the option chosen is the right one."""
        return self.chosen == self.correct


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose confidence lies above `low` and not above `high`.

    Args:
        low: where the bin begins.
        high: where it ends.
        questions: how many.
        confidence: their mean confidence; None where there are none.
        accuracy: the share answered rightly; None where there are none.
    """

    low: float
    high: float
    questions: int
    confidence: float | None
    accuracy: float | None


def read_scored(paths: Sequence[Path]) -> list[Scored]:
    """The scored questions of answer files that `choices --method log-likelihood` wrote.

    Raises:
        GaokerenaError: an answer has no scores, or scores that are no numbers.
    """
    found = []
    for path in paths:
        for entry in read_log(path):
            scores = entry.get("scores")
            if not isinstance(scores, list) or len(scores) != len(entry.get("options", ())):
                raise GaokerenaError(
                    f"{path}, {entry['id']} has no scores of its options: answer with "
                    "--method log-likelihood"
                )
            if not all(isinstance(each, int | float) and math.isfinite(each) for each in scores):
                raise GaokerenaError(f"{path}, {entry['id']}: its scores are no finite numbers")
            shares = tuple(float(share) for share in softmax(np.asarray(scores, dtype=float)))
            name = f"{entry['subject']}/{entry['id']}"
            found.append(Scored(name, shares, LETTERS.index(entry["correct"])))
    if not found:
        raise GaokerenaError("no scored answer in these files")
    return found


def bins_of(scored: Sequence[Scored], bins: int) -> list[Bin]:
    """Bins of one width from 0 to 1, `(bins,)`; a confidence on an edge counts below it."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    confidence = np.array([each.confidence for each in scored])
    right = np.array([each.right for each in scored], dtype=float)
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    found = []
    for number in range(bins):
        inside = place == number
        many = int(inside.sum())
        found.append(
            Bin(
                float(edges[number]),
                float(edges[number + 1]),
                many,
                float(confidence[inside].mean()) if many else None,
                float(right[inside].mean()) if many else None,
            )
        )
    return found


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """How far accuracy and confidence lie apart, weighed by the questions of each bin.

    Example:
        >>> expected_calibration_error([Bin(0.5, 0.8, 3, 0.75, 0.5), Bin(0.8, 1, 1, 1, 1)])
        0.1875
    """
    total = sum(each.questions for each in bins)
    apart = [
        each.questions * abs(each.accuracy - each.confidence)
        for each in bins
        if each.accuracy is not None and each.confidence is not None
    ]
    return sum(apart) / total


def brier(scored: Sequence[Scored]) -> float:
    """The mean squared distance between probabilities and what is so, summed over the options.

    0 at best, 2 at worst (Brier 1950); a model that knows nothing of four options has 0.75.
    """
    return float(
        np.mean(
            [
                sum(
                    (share - (place == each.correct)) ** 2
                    for place, share in enumerate(each.probabilities)
                )
                for each in scored
            ]
        )
    )


def risk_coverage(scored: Sequence[Scored]) -> NDArray[np.float64]:
    """The share answered wrongly among the most confident 1, 2, ..., n questions, `(n,)`.

    Among questions of one confidence the order is by chance, so errors are counted as spread
    evenly among them.
    """
    ordered = sorted(scored, key=lambda each: -each.confidence)
    wrong: list[float] = []
    for _, group in groupby(ordered, key=lambda each: each.confidence):
        same = [not each.right for each in group]
        wrong += [sum(same) / len(same)] * len(same)
    return np.cumsum(wrong) / np.arange(1, len(wrong) + 1)


def half_of(scored: Scored, seed: int) -> int:
    """0 or 1: in which half a question lies, whatever the file's order."""
    name = f"{seed}\x1f{scored.id}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(name).digest()[0] % 2


def summarize(scored: Sequence[Scored], *, system: str, bins: int) -> dict[str, Any]:
    """The calibration part of the summary of kind "confidence"."""
    binned, risks = bins_of(scored, bins), risk_coverage(scored)
    total = len(scored)
    coverage = []
    for share in COVERAGES:
        many = max(1, math.ceil(share * total - 1e-9))
        coverage.append({"coverage": share, "questions": many, "accuracy": 1 - risks[many - 1]})
    return {
        "kind": "confidence",
        "system": system,
        "questions": total,
        "accuracy": float(np.mean([each.right for each in scored])),
        "mean_confidence": float(np.mean([each.confidence for each in scored])),
        "ece": expected_calibration_error(binned),
        "bins_of_one_width": bins,
        "brier": brier(scored),
        "area_under_risk_coverage": float(risks.mean()),
        "bins": [
            {
                "above": each.low,
                "up_to": each.high,
                "questions": each.questions,
                "confidence": each.confidence,
                "accuracy": each.accuracy,
            }
            for each in binned
        ],
        "coverage": coverage,
    }
