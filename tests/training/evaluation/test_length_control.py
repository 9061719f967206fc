"""The win rate at equal length: against statsmodels, against its own likelihood, or not stated."""

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from training.evaluation.scoring.length_control import length_controlled


def test_length_control_leaves_a_real_preference_alone() -> None:
    """Where length says nothing, the controlled win rate is the win rate."""
    differences = [float(n % 7 - n % 5) for n in range(200)]
    found = length_controlled([float(n % 4 > 0) for n in range(200)], differences)
    assert found.share == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("lost", [0, 1, 8, 61])
def test_equal_lengths_give_the_win_rate_itself(lost: int) -> None:
    won = [0.0] * lost + [1.0] * (125 - lost)
    found = length_controlled(won, [0.0] * 125)
    assert found.share == pytest.approx((125 - lost) / 125, abs=1e-9)
    assert found.share is not None
    assert found.interval is not None
    assert found.interval.low <= found.share <= found.interval.high


def test_length_control_is_the_glm_of_statsmodels_and_the_maximum_of_its_likelihood() -> None:
    rng = np.random.default_rng(3)
    differences = rng.normal(60, 200, 300)
    won = (rng.random(300) < expit(0.4 + 1.3 * np.tanh(differences / differences.std()))) * 1.0
    won[::17] = 0.5
    found = length_controlled(list(won), list(differences))
    features = np.stack([np.ones(300), np.tanh(differences / differences.std())], axis=1)

    def loss(weights: NDArray[np.float64]) -> float:
        scores = features @ weights
        return float(np.sum(np.logaddexp(0, scores) - won * scores))

    best = minimize(loss, np.zeros(2), method="BFGS").x
    assert found.share == pytest.approx(float(expit(best[0])), abs=1e-4)
    fitted = sm.GLM(won, features, family=sm.families.Binomial()).fit(cov_type="HC1")
    low, high = expit(fitted.conf_int()[0])
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("won", [[1.0] + [1.0, 0.0, 1.0, 0.5] * 4 + [1.0] * 3, [0.5] * 20])
def test_one_longer_answer_of_twenty_leaves_the_rest_to_be_told(won: list[float]) -> None:
    found = length_controlled(won, [300.0] + [0.0] * 19)
    assert found.share == pytest.approx(sum(won[1:]) / 19, abs=0.02)


@pytest.mark.parametrize(
    ("won", "differences", "why"),
    [
        ([1.0] * 70 + [0.0] * 30, [200.0 + n for n in range(100)], "cannot be told apart"),
        ([1.0] * 70 + [0.0] * 30, [250.0] * 100, "nothing is compared"),
        ([1.0] * 50 + [0.0] * 50, [90.0] * 50 + [-90.0] * 50, "length alone decides"),
        ([1.0, 0.0, 1.0, 0.5], [9.0, -8.0, -30.0, 4.0], "too few questions"),
    ],
)
def test_length_control_says_nothing_where_length_and_system_are_one(
    won: list[float], differences: list[float], why: str
) -> None:
    found = length_controlled(won, differences)
    assert (found.share, found.interval) == (None, None)
    assert why in found.unstated
