"""The win rate that two systems would have with answers of one length."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from training.evaluation.scoring.statistics import CONFIDENCE, Interval, proportion

# Of the questions, to so many at most one system's answer may be the longer one.
_MOST_ONE_WAY = 0.95
_ENOUGH_EQUAL = 0.5  # of the questions, to be told from those with answers of one length alone
_SEPARATED = 12.0  # a weight of a logit beyond which a fit has run away
_WIDEST = 0.5  # an interval that covers more of 0..1 says nothing


@dataclass(frozen=True, slots=True)
class LengthControlled:
    """What can be said of equal length.

    Args:
        share: the first system's chance to win at equal length, 0..1; None where it is not stated.
        interval: of 95 %.
        unstated: why it is not stated; empty where it is.
    """

    share: float | None
    interval: Interval | None
    unstated: str = ""


def length_controlled(won: Sequence[float], differences: Sequence[float]) -> LengthControlled:
    """The chance that the first system wins where both answers are of one length.

    A binomial GLM (statsmodels) of a question's outcome on which answer is longer, after
    length-controlled AlpacaEval (Dubois et al. 2024) without its term for each question's
    difficulty: the length enters as tanh of the difference in characters over its standard
    deviation, and the share is the fitted chance at difference 0. Its interval is that of the
    intercept, with errors that are robust to fractional outcomes (HC1). Nothing shrinks it: where
    all lengths are equal it is the win rate itself.

    It is not stated where length and system cannot be told apart: where (nearly) all answers of
    one system are the longer ones, where length alone decides, or where the interval would cover
    half of all that is possible.

    Args:
        won: of each question, 0 (lost) to 1 (won), its two orders averaged.
        differences: of each question, characters of the first system's answer less the second's.

    Example:
        Ours wins three of four at any length.

        >>> found = length_controlled([1, 1, 1, 0] * 20, [5.0, -5.0, 9.0, 5.0, -9.0] * 16)
        >>> round(found.share, 2)
        0.75
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    outcomes = np.array(won, dtype=np.float64)
    lengths = np.array(differences, dtype=np.float64)
    spread = float(np.std(lengths))
    features = [np.ones(len(outcomes))]
    if spread > 0:
        longer, shorter = float(np.mean(lengths > 0)), float(np.mean(lengths < 0))
        if max(longer, shorter) > _MOST_ONE_WAY:
            whose = "the first" if longer > shorter else "the second"
            return _unstated(
                f"{whose} system's answer is the longer one to {max(longer, shorter):.0%} of the "
                "questions, so length and system cannot be told apart"
            )
        features.append(np.tanh(lengths / spread))
    elif lengths[0] != 0:
        return _unstated("one system's answers are all longer by the same, nothing is compared")
    if np.ptp(outcomes) == 0:  # every question ends alike, and length explains none of it
        of_all = proportion(round(outcomes.sum()), len(outcomes)).interval
        return LengthControlled(float(outcomes[0]), of_all)
    model = sm.GLM(outcomes, np.stack(features, axis=1), family=sm.families.Binomial())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # overflow on the way to a separation
        warnings.simplefilter("error", PerfectSeparationWarning)
        try:
            fitted = model.fit(cov_type="HC1")
        except (PerfectSeparationWarning, np.linalg.LinAlgError):
            return _separated(outcomes, lengths)
    weight, error = float(fitted.params[0]), float(fitted.bse[0])
    if not (fitted.converged and np.isfinite(error) and np.abs(fitted.params).max() < _SEPARATED):
        return _separated(outcomes, lengths)
    reach = float(norm.ppf((1 + CONFIDENCE) / 2)) * error
    low, high = float(expit(weight - reach)), float(expit(weight + reach))
    if high - low > _WIDEST:
        return _unstated(f"its interval would be {low:.0%} to {high:.0%}, too few questions")
    return LengthControlled(float(expit(weight)), Interval(low, high))


def _unstated(why: str) -> LengthControlled:
    return LengthControlled(None, None, why)


def _separated(outcomes: NDArray[np.float64], lengths: NDArray[np.float64]) -> LengthControlled:
    """Where the longer answer always wins, or always loses: what pairs of one length say."""
    equal = lengths == 0
    if np.mean(equal) >= _ENOUGH_EQUAL and not equal.all():
        return length_controlled(outcomes[equal].tolist(), lengths[equal].tolist())
    return _unstated("length alone decides, so length and system cannot be told apart")
