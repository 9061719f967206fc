"""The figures of a system's runs with their intervals, and two systems on the same questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from training.evaluation.chains.decided import READ_BY, Decided, shared_places
from training.evaluation.chains.votes import mark, pass_at_k
from training.evaluation.scoring.statistics import (
    Interval,
    McNemar,
    Proportion,
    bootstrap_mean,
    holm,
    mcnemar,
    proportion,
)


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over questions, or a mean difference, with its bootstrap interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of one system on one subject, by one reading; shares lie in 0..1.

    Args:
        of: the decisions behind the figures.
        accuracy: questions whose agreed option is right, of all.
        unanswered: questions without an agreed option, of all.
        mark: mean of 1 for a right option, 0 for none, and the penalty off for a wrong one.
        pass_at: by k, as far as there are so many runs.
        verified_accuracy, verified_unanswered, verified_mark: the same with the verifier's choices.
    """

    of: Decided
    accuracy: Proportion
    unanswered: Proportion
    mark: Mean
    pass_at: dict[int, Mean]
    verified_accuracy: Proportion | None
    verified_unanswered: Proportion | None
    verified_mark: Mean | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two systems on the questions that both were asked.

    Args:
        first, second: their decisions.
        shared: how many questions.
        test: McNemar's, on agreed options that are right.
        corrected: its exact p, corrected by Holm for all comparisons by the same reading.
        mark: mean difference of marks, first less second.
        pass_at: the same of pass@k, for every k that both have.
    """

    first: Decided
    second: Decided
    shared: int
    test: McNemar
    corrected: float
    mark: Mean
    pass_at: dict[int, Mean]


def compute(of: Decided, *, penalty: float, up_to: int, seed: int = 0) -> Figures:
    """The figures of a system.

    Args:
        of: its decisions.
        penalty: what a wrong answer takes off.
        up_to: the largest k of pass@k.
        seed: of the bootstrap.
    """
    accuracy, unanswered = _shares(of, of.decisions)
    verified = None if of.verified is None else _shares(of, of.verified)
    return Figures(
        of,
        accuracy,
        unanswered,
        _mean(_marks(of, of.decisions, penalty), seed),
        {k: _mean(_passes(of, k), seed) for k in range(1, min(up_to, of.runs) + 1)},
        verified and verified[0],
        verified and verified[1],
        None if of.verified is None else _mean(_marks(of, of.verified, penalty), seed),
    )


def compare_all(
    found: Sequence[Decided], *, penalty: float, up_to: int, seed: int = 0
) -> list[Compared]:
    """Every system against every other with the same questions, subject by subject.

    Args:
        found: decisions of any systems and subjects, by any reading.
        penalty: what a wrong answer takes off.
        up_to: the largest k of pass@k.
        seed: of the bootstrap.
    """
    compared = [
        one
        for first, second in combinations(found, 2)
        if (first.subject, first.by) == (second.subject, second.by)
        and (one := _compare(first, second, penalty, up_to, seed))
    ]
    for reader in READ_BY:
        places = [n for n, each in enumerate(compared) if each.first.by == reader]
        values = holm([compared[place].test.exact for place in places])
        for place, value in zip(places, values, strict=True):
            compared[place] = replace(compared[place], corrected=value)
    return compared


def _compare(
    first: Decided, second: Decided, penalty: float, up_to: int, seed: int
) -> Compared | None:
    places = shared_places(first, second)
    if not places:
        return None

    def paired(values: Callable[[Decided], Sequence[float]]) -> Mean:
        ours, theirs = values(first), values(second)
        return _mean([ours[mine] - theirs[other] for mine, other in places], seed)

    test = mcnemar(
        [first.decisions[mine] == first.correct[mine] for mine, _ in places],
        [second.decisions[other] == second.correct[other] for _, other in places],
    )
    return Compared(
        first,
        second,
        len(places),
        test,
        test.exact,
        paired(lambda of: _marks(of, of.decisions, penalty)),
        {
            k: paired(lambda of, k=k: _passes(of, k))  # type: ignore[misc]
            for k in range(1, min(up_to, first.runs, second.runs) + 1)
        },
    )


def _shares(of: Decided, decisions: Sequence[str | None]) -> tuple[Proportion, Proportion]:
    right = sum(a == b for a, b in zip(decisions, of.correct, strict=True))
    none = sum(decision is None for decision in decisions)
    return proportion(right, len(of.correct)), proportion(none, len(of.correct))


def _marks(of: Decided, decisions: Sequence[str | None], penalty: float) -> list[float]:
    return [mark(a, b, penalty) for a, b in zip(decisions, of.correct, strict=True)]


def _passes(of: Decided, k: int) -> list[float]:
    return [
        pass_at_k(of.runs, votes.count(correct), k)
        for votes, correct in zip(of.votes, of.correct, strict=True)
    ]


def _mean(values: Sequence[float], seed: int) -> Mean:
    return Mean(float(np.mean(values)), bootstrap_mean(values, seed=seed))
