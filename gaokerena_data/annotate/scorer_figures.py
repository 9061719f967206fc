"""What a scorer is worth, told by what it says of pairs that it was not fitted on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gaokerena_data.scoring.scored_fields import CLASSES, LEVELS, PROBABILITIES, WORTH
from gaokerena_data.scoring.scorer import Curve

type Numbers = npt.NDArray[np.float64]
type Mask = npt.NDArray[np.bool_]

_BINS = 10
_RESAMPLES = 400
_FEW = 20  # of clinicians' decisions
_GOOD_KEPT = (0.98, 0.95, 0.9, 0.85, 0.8)
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a scorer, each by the name of its score.

    Args:
        pairs: how many were labelled.
        yes: share of them of which the label says yes.
        auc: chance that a pair of which the label says yes gets more than one of which it says no.
        clinicians: the AUC of `worth` on pairs that clinicians decided on; None where few are.
        brier: mean squared difference of probability and label, and of the base rate.
        calibration: mean difference of probability and share, over ten equally full bins.
        error: mean absolute difference of level and label, and of the mean label.
        agreement: share of pairs whose class is the label's, and of those of the commonest class.
        cuts: of several thresholds of `worth`: threshold, share of bad among what is kept, share of
            good that is kept.
    """

    pairs: int
    yes: dict[str, float]
    auc: dict[str, Interval]
    clinicians: Interval | None
    brier: dict[str, tuple[float, float]]
    calibration: dict[str, float]
    error: dict[str, tuple[float, float]]
    agreement: dict[str, tuple[float, float]]
    cuts: list[tuple[float, Interval, Interval]]


def figures_of(
    wanted: Mapping[str, Numbers],
    held_out: Mapping[str, Numbers],
    curves: Mapping[str, Curve],
    by_clinicians: Mask,
) -> Figures:
    """The figures of a scorer.

    Args:
        wanted: of each head, what the labels say; NaN where nobody did.
        held_out: of each head, what it says of pairs that it was not fitted on.
        curves: what these numbers come to.
        by_clinicians: which labels are clinicians' decisions.
    """
    labels = {name: values[~np.isnan(values)] for name, values in wanted.items()}
    raw = {name: values[~np.isnan(wanted[name])] for name, values in held_out.items()}
    told = {name: curve(raw[name]) for name, curve in curves.items()}
    clinical = by_clinicians[~np.isnan(wanted[WORTH])]
    return Figures(
        pairs=len(wanted[WORTH]),
        yes={name: float(labels[name].mean()) for name in PROBABILITIES},
        auc={name: _auc_interval(labels[name], raw[name]) for name in PROBABILITIES},
        clinicians=(
            _auc_interval(labels[WORTH][clinical], raw[WORTH][clinical])
            if clinical.sum() >= _FEW
            else None
        ),
        brier={
            name: (_squared(labels[name], told[name]), _squared(labels[name], labels[name].mean()))
            for name in PROBABILITIES
        },
        calibration={name: _calibration(labels[name], told[name]) for name in PROBABILITIES},
        error={name: _errors(labels[name], told[name]) for name in LEVELS},
        agreement={name: _agreement(name, labels, raw) for name in CLASSES},
        cuts=[_cut(labels[WORTH], told[WORTH], share) for share in _GOOD_KEPT],
    )


def summary(figures: Figures) -> str:
    """The figures in two lines, for whoever waits."""
    _, bad, good = figures.cuts[_GOOD_KEPT.index(0.9)]
    return (
        f"{figures.pairs:,} labels; worth: AUC {figures.auc[WORTH]} on pairs held out\n"
        f"where {good} of the good pairs stay, {bad} of what stays is bad"
    )


def wilson(hits: int, total: int) -> Interval:
    """A share with its Wilson score interval (Wilson 1927); (0, 1) for an empty total.

    >>> str(wilson(5, 150))
    '0.03 (0.01 to 0.08)'
    """
    if not total:
        return Interval(0.0, 0.0, 1.0)
    share = hits / total
    middle = share + _Z**2 / (2 * total)
    spread = _Z * float(np.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2)))
    size = 1 + _Z**2 / total
    return Interval(share, max((middle - spread) / size, 0.0), min((middle + spread) / size, 1.0))


def auc(target: Numbers, numbers: Numbers) -> float:
    """Chance that a pair of which the label says yes gets more than one of which it says no.

    >>> auc(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.2, 0.9]))
    0.75
    """
    yes, no = np.sort(numbers[target > 0.5]), np.sort(numbers[target <= 0.5])
    if not len(yes) or not len(no):
        return 0.5
    below = np.searchsorted(no, yes, side="left").sum()
    equal = np.searchsorted(no, yes, side="right").sum() - below
    return float((below + equal / 2) / (len(yes) * len(no)))


def _auc_interval(target: Numbers, numbers: Numbers) -> Interval:
    draw = np.random.default_rng(1)
    rows = (draw.integers(0, len(target), len(target)) for _ in range(_RESAMPLES))
    values = [auc(target[some], numbers[some]) for some in rows]
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(auc(target, numbers), float(low), float(high))


def _squared(target: Numbers, found: Numbers | float) -> float:
    return float(np.mean((target - found) ** 2))


def _errors(target: Numbers, found: Numbers) -> tuple[float, float]:
    """The mean absolute error, and that of the mean label."""
    base = np.abs(target - target.mean())
    return float(np.mean(np.abs(target - found))), float(np.mean(base))


def _calibration(target: Numbers, found: Numbers) -> float:
    order = np.argsort(found, kind="stable")
    parts = [part for part in np.array_split(order, _BINS) if len(part)]
    apart = [abs(found[part].mean() - target[part].mean()) * len(part) for part in parts]
    return float(sum(apart) / len(target))


def _agreement(
    name: str, wanted: Mapping[str, Numbers], held_out: Mapping[str, Numbers]
) -> tuple[float, float]:
    heads = [head for head in wanted if head.startswith(f"{name}:")]
    labels = np.stack([wanted[head] for head in heads])
    chosen = np.stack([held_out[head] for head in heads]).argmax(axis=0)
    right = labels.argmax(axis=0) == chosen
    return float(right.mean()), float(labels.mean(axis=1).max())


def _cut(target: Numbers, found: Numbers, good_kept: float) -> tuple[float, Interval, Interval]:
    """The threshold that keeps this share of the good pairs, and what it keeps."""
    good = np.sort(found[target > 0.5])[::-1]
    threshold = float(good[max(int(np.ceil(good_kept * len(good))) - 1, 0)]) if len(good) else 0.0
    kept = found >= threshold
    bad = int((target[kept] <= 0.5).sum())
    return (
        threshold,
        wilson(bad, int(kept.sum())),
        wilson(int(kept.sum()) - bad, int((target > 0.5).sum())),
    )
