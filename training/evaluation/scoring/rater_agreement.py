"""How far raters agree: Cohen's kappa of two, F1 of one against another, Krippendorff's alpha.

Alpha is counted here from its definition (Krippendorff 2019, Content Analysis, chapter 12); tests
hold it against the krippendorff package, whose licence is another than ours.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.evaluation.scoring.statistics import Interval, percentiles

type Level = Literal["nominal", "ordinal"]


def krippendorff_alpha(units: Sequence[Sequence[int]], level: Level = "nominal") -> float | None:
    """Krippendorff's alpha of what raters said of units.

    Args:
        units: for each unit what its raters said, without those who said nothing; a unit with one
            rater or none says nothing about agreement.
        level: "nominal" where values have no order, "ordinal" where they have.

    Returns:
        1 for full agreement, 0 for what chance gives, negative below that; None where fewer than
        two values were ever said, or no unit has two raters.

    Example:
        >>> krippendorff_alpha([[1, 1], [0, 0], [1, 1], [0, 1]])
        0.5333333333333333
    """
    paired = [values for values in units if len(values) > 1]
    kinds = sorted({value for values in paired for value in values})
    if len(kinds) < 2:
        return None
    place = {value: index for index, value in enumerate(kinds)}
    together = np.zeros((len(kinds), len(kinds)))
    for values in paired:
        counts = np.zeros(len(kinds))
        for value, times in Counter(values).items():
            counts[place[value]] = times
        pairs = np.outer(counts, counts) - np.diag(counts)
        together += pairs / (len(values) - 1)
    totals = together.sum(axis=0)
    apart = _distances(totals, level)
    expected = np.outer(totals, totals) - np.diag(totals)
    chance = float((expected * apart).sum()) / (totals.sum() - 1)
    return 1.0 - float((together * apart).sum()) / chance


def cohens_kappa[Value: Hashable](pairs: Sequence[tuple[Value, Value]]) -> float | None:
    """Cohen's kappa of two raters; None where chance alone would always have them agree.

    Example:
        >>> cohens_kappa([(1, 1), (0, 0), (1, 0), (0, 0)])
        0.5
    """
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    ours, theirs = Counter(first), Counter(second)
    chance = sum(ours[value] * theirs[value] for value in ours) / len(pairs) ** 2
    if chance == 1.0:
        return None
    same = sum(one == other for one, other in pairs) / len(pairs)
    return (same - chance) / (1 - chance)


def f1(pairs: Sequence[tuple[int, int]], value: int) -> float | None:
    """F1 of the second rater's `value` against the first's; None where neither ever said it."""
    hits = sum(one == value == other for one, other in pairs)
    said = sum(one == value for one, _ in pairs) + sum(other == value for _, other in pairs)
    return 2 * hits / said if said else None


def bootstrap_alpha(
    clusters: Mapping[str, Sequence[Sequence[int]]],
    level: Level = "nominal",
    *,
    seed: int = 0,
    rounds: int = 1000,
) -> Interval | None:
    """The percentile bootstrap interval of alpha, over clusters (questions) of units.

    Rounds in which nobody said a second value have no alpha, and are left out; None where these
    are more than half, or there are fewer than two clusters.
    """
    names = list(clusters)
    if len(names) < 2:
        return None
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        picks = generator.integers(0, len(names), len(names))
        alpha = krippendorff_alpha([unit for n in picks for unit in clusters[names[n]]], level)
        found += [alpha] if alpha is not None else []
    return percentiles(np.asarray(found)) if len(found) > rounds / 2 else None


def _distances(totals: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
    """Squared distances between values, `(k, k)`, from how often each was said."""
    size = len(totals)
    if level == "nominal":
        return 1.0 - np.eye(size)
    summed = np.cumsum(totals)
    between = np.abs(summed[:, None] - summed[None, :])
    # From one value to another lie all that stand between, and half of the two themselves.
    half = (totals[:, None] - totals[None, :]) / 2
    upper = np.triu(between + half, 1)
    return np.asarray((upper + upper.T) ** 2)
