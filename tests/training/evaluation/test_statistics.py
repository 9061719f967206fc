"""Statistics against statsmodels and scipy, and against their own definitions."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import bootstrap
from statsmodels.stats.contingency_tables import mcnemar as reference
from statsmodels.stats.proportion import proportion_confint

from gaokerena_data.errors import GaokerenaError
from training.evaluation.scoring.statistics import (
    against_mark,
    bootstrap_mean,
    macro,
    mcnemar,
    micro,
    proportion,
)


def outcomes(only_first: int, only_second: int) -> tuple[list[bool], list[bool]]:
    """Two systems with so many discordant items, and seven they agree on."""
    first = [True] * only_first + [False] * only_second + [True] * 4 + [False] * 3
    second = [False] * only_first + [True] * only_second + [True] * 4 + [False] * 3
    return first, second


COUNTS = st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@example((65, 168))
@example((537, 1089))
@example((0, 20))
@example((20, 20))
@given(COUNTS)
def test_wilson_interval_is_that_of_statsmodels(counts: tuple[int, int]) -> None:
    found = proportion(*counts)
    low, high = proportion_confint(*counts, method="wilson")
    assert found.share == counts[0] / counts[1]
    assert found.interval.low == pytest.approx(low, abs=1e-9)
    assert found.interval.high == pytest.approx(high, abs=1e-9)


@example(114, 88)
@example(44, 13)
@example(5, 0)
@given(st.integers(0, 150), st.integers(0, 150))
def test_mcnemar_is_that_of_statsmodels(only_first: int, only_second: int) -> None:
    found = mcnemar(*outcomes(only_first, only_second))
    table = [[4, only_first], [only_second, 3]]
    assert (found.only_first, found.only_second) == (only_first, only_second)
    assert found.exact == pytest.approx(min(reference(table, exact=True).pvalue, 1.0))
    if only_first != only_second:  # statsmodels corrects a difference of 0 to 1, R and we do not
        corrected = reference(table, exact=False, correction=True).pvalue
        assert found.chi_squared == pytest.approx(corrected)


def test_the_papers_comparison() -> None:
    """Gaokerena against Aya on pooled MMLU: 114 against 88 discordant items, p = 0.078."""
    assert mcnemar(*outcomes(114, 88)).exact == pytest.approx(0.0783200107986608)


def test_mcnemar_of_equal_systems_is_one() -> None:
    assert mcnemar(*outcomes(0, 0)).exact == 1
    assert mcnemar(*outcomes(3, 3)).chi_squared == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_mcnemar_does_not_depend_on_the_order_of_the_two(pairs: list[tuple[bool, bool]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = mcnemar(first, second), mcnemar(second, first)
    assert there.exact == pytest.approx(back.exact)
    assert (there.only_first, there.only_second) == (back.only_second, back.only_first)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_narrows(counts: tuple[int, int]) -> None:
    hits, total = counts
    found, wider = proportion(hits, total), proportion(hits, total, confidence=0.99)
    assert 0 <= found.interval.low <= found.share <= found.interval.high <= 1
    assert wider.interval.low <= found.interval.low
    assert wider.interval.high >= found.interval.high


def test_micro_weighs_items_and_macro_weighs_subjects() -> None:
    parts = [proportion(10, 10), proportion(0, 90)]
    assert micro(parts).share == pytest.approx(0.1)
    assert macro(parts) == pytest.approx(0.5)


def test_an_average_over_nothing_is_an_error() -> None:
    with pytest.raises(GaokerenaError, match="no subject"):
        macro([])


@pytest.mark.parametrize(
    ("hits", "expected"), [(65, "not told apart"), (100, "above"), (33, "below")]
)
def test_the_pass_mark_is_judged_by_the_interval(hits: int, expected: str) -> None:
    assert against_mark(proportion(hits, 168), 0.36) == expected


def test_bootstrap_is_that_of_scipy() -> None:
    values = [0.0, 0.5, 1.0, 1.0, 0.5, 1.0, 0.0, 1.0] * 25
    theirs = bootstrap((np.array(values),), np.mean, method="percentile", rng=1).confidence_interval
    found = bootstrap_mean(values, seed=0)
    assert found.low == pytest.approx(theirs.low, abs=0.005)
    assert found.high == pytest.approx(theirs.high, abs=0.005)


def test_bootstrap_is_seeded_and_close_to_the_normal_interval() -> None:
    values = [1.0] * 300 + [0.0] * 100
    found = bootstrap_mean(values, seed=7)
    assert found == bootstrap_mean(values, seed=7)
    assert found != bootstrap_mean(values, seed=7, rounds=50)
    half = 1.96 * math.sqrt(0.75 * 0.25 / 400)
    assert found.low == pytest.approx(0.75 - half, abs=0.005)
    assert found.high == pytest.approx(0.75 + half, abs=0.005)


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3)])
def test_an_impossible_count_is_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        proportion(*counts)
