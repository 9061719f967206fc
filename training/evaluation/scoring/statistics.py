"""The statistics of a benchmark: proportions with intervals, paired tests, averages, bootstrap.

Distributions and exact tests are scipy's; nothing here draws random numbers without a seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, chi2

from gaokerena_data.errors import GaokerenaError

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval, both ends in the unit of what it is about."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `total`, with the Wilson score interval; all shares lie in 0..1."""

    hits: int
    total: int
    interval: Interval

    @property
    def share(self) -> float:
        """Hits in total; 0 for an empty total."""
        return self.hits / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test of two systems on the same items.

    Args:
        only_first: items that only the first system got right.
        only_second: items that only the second got right.
        exact: two-sided p of the exact binomial test.
        chi_squared: p of the chi-squared test with Edwards' continuity correction.
    """

    only_first: int
    only_second: int
    exact: float
    chi_squared: float


def proportion(hits: int, total: int, confidence: float = CONFIDENCE) -> Proportion:
    """A share with its Wilson score interval (Wilson 1927); (0, 1) for an empty total.

    Example:
        >>> found = proportion(65, 168)  # Gaokerena on IBMSEE
        >>> round(found.share, 3), round(found.interval.low, 3), round(found.interval.high, 3)
        (0.387, 0.317, 0.462)
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no proportion")
    if total == 0:
        return Proportion(0, 0, Interval(0.0, 1.0))
    found = binomtest(hits, total).proportion_ci(confidence_level=confidence, method="wilson")
    return Proportion(hits, total, Interval(float(found.low), float(found.high)))


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> McNemar:
    """McNemar's test (1947) on paired outcomes; identical outcomes have p = 1.

    Only items that one of the two got right and the other wrong say anything.

    Raises:
        ValueError: the two are not of one length.

    Example:
        Three items only the first got right, one only the second, two both: three of four
        tosses of a fair coin fall to one side, or more do, 10 times in 16.

        >>> ours = [True, True, True, False, True, True]
        >>> theirs = [False, False, False, True, True, True]
        >>> mcnemar(ours, theirs).exact
        0.625
    """
    pairs = list(zip(first, second, strict=True))
    only_first = sum(a and not b for a, b in pairs)
    only_second = sum(b and not a for a, b in pairs)
    discordant = only_first + only_second
    if discordant == 0:
        return McNemar(0, 0, 1.0, 1.0)
    statistic = max(abs(only_first - only_second) - 1, 0) ** 2 / discordant
    return McNemar(
        only_first,
        only_second,
        float(binomtest(only_first, discordant, 0.5).pvalue),
        float(chi2.sf(statistic, df=1)),
    )


def holm(values: Sequence[float]) -> list[float]:
    """Correct the p values of several tests by Holm (1979); none is below its own.

    Written out, since statsmodels, which has it too, comes with an extra and the report needs none.

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, values[place] * (len(values) - rank)))
        corrected[place] = largest
    return corrected


def micro(parts: Sequence[Proportion]) -> Proportion:
    """All items in one pot, as the paper's "MMLU(avg)".

    Example:
        >>> micro([proportion(1, 1), proportion(0, 3)]).share
        0.25
    """
    return proportion(sum(part.hits for part in parts), sum(part.total for part in parts))


def macro(parts: Sequence[Proportion]) -> float:
    """The mean of the parts' shares, each part weighing the same.

    Raises:
        GaokerenaError: there are no parts.

    Example:
        >>> macro([proportion(1, 1), proportion(0, 3)])
        0.5
    """
    if not parts:
        raise GaokerenaError("no subject to average over: give answer files of one at least")
    return sum(part.share for part in parts) / len(parts)


def against_mark(measured: Proportion, mark: float) -> Literal["above", "below", "not told apart"]:
    """Whether a share lies above or below a mark once its interval is taken into account."""
    if measured.interval.low > mark:
        return "above"
    return "below" if measured.interval.high < mark else "not told apart"


def bootstrap_mean(
    values: Sequence[float],
    *,
    seed: int = 0,
    rounds: int = 10_000,
    confidence: float = CONFIDENCE,
) -> Interval:
    """The percentile bootstrap interval of a mean, over items resampled with replacement.

    Args:
        values: one a question, `(n,)`.
        seed: of the resampling.
        rounds: samples of n values each; every one gives a mean.
        confidence: the share of these means that the interval holds.

    Raises:
        ValueError: there is nothing to resample.

    Example:
        Of two questions won and one lost, the sample may be all lost or all won.

        >>> bootstrap_mean([1.0, 1.0, 0.0])
        Interval(low=0.0, high=1.0)
        >>> bootstrap_mean([0.5, 0.5, 0.5])
        Interval(low=0.5, high=0.5)
    """
    if not values:
        raise ValueError("no values to resample")
    sample = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    means = np.empty(rounds)
    for start in range(0, rounds, 500):
        picks = generator.integers(0, len(sample), (min(500, rounds - start), len(sample)))
        means[start : start + len(picks)] = sample[picks].mean(axis=1)
    return percentiles(means, confidence)


def percentiles(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> Interval:
    """The central interval of simulated values, `(n,)`; between two of them, in proportion.

    Example:
        >>> percentiles(np.arange(101.0), confidence=0.5)
        Interval(low=25.0, high=75.0)
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high))
