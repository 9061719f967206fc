"""Win rates from verdicts: bootstrap interval, length control, and the judge's own leanings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import binomtest

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.judge import Pair
from training.evaluation.scoring.statistics import bootstrap_mean

# The judge is called out when chance alone would hardly give so one-sided a choice of place.
_SUSPICIOUS = 0.01
_RIDGE = 1e-3


def summarize(
    verdicts: Sequence[Mapping[str, Any]],
    pairs: Sequence[Pair],
    *,
    names: tuple[str, str],
    judge: str,
    protocol: str,
    seed: int = 0,
) -> dict[str, Any]:
    """The summary of kind "win_rate", from the first system's point of view.

    A question's score is the mean over its readable verdicts: 1 won, 0.5 tied, 0 lost.

    Raises:
        GaokerenaError: not one verdict can be read.
    """
    readable = [verdict for verdict in verdicts if verdict["says"] is not None]
    if not readable:
        raise GaokerenaError(f"none of {judge}'s {len(verdicts)} verdicts can be read")
    scores: dict[str, list[float]] = {}
    for verdict in readable:
        scores.setdefault(verdict["question"], []).append(outcome(verdict))
    by_question = [float(np.mean(found)) for found in scores.values()]
    interval = bootstrap_mean(by_question, seed=seed)
    decided = [verdict for verdict in readable if verdict["says"] != "tie"]
    said_first = sum(verdict["says"] == "first" for verdict in decided)
    both = [found for found in scores.values() if len(found) == 2]
    agree = sum(one == two for one, two in both)
    summary = {
        "kind": "win_rate",
        "first": names[0],
        "second": names[1],
        "judge": judge,
        "order": "both orders" if protocol == "both" else "one order (the paper's)",
        "questions": len(pairs),
        "judged": len(scores),
        "verdicts": len(verdicts),
        "nulls": len(verdicts) - len(readable),
        "ties": len(readable) - len(decided),
        "win_rate": float(np.mean(by_question)),
        "interval": {"low": interval.low, "high": interval.high},
        "length_controlled": length_controlled(readable, pairs),
        "says_first": said_first / len(decided) if decided else 0.5,
        "consistent": agree / len(both) if both else None,
    }
    return summary | {"warnings": _warnings(summary, said_first, len(decided), protocol)}


def tell(summary: Mapping[str, Any]) -> str:
    """A summary in one sentence, its warnings apart."""
    low, high = summary["interval"]["low"], summary["interval"]["high"]
    return (
        f"{summary['first']} wins {summary['win_rate']:.1%} (95 % interval {low:.1%} to "
        f"{high:.1%}), length-controlled {summary['length_controlled']:.1%}; "
        f"{summary['ties']} ties, {summary['nulls']} unreadable"
    )


def outcome(verdict: Mapping[str, Any]) -> float:
    """1 where the first system won, 0 where it lost, 0.5 for a tie.

    Example:
        The judge says which place is better, the order whose answer stood in the first one.

        >>> outcome({"says": "second", "order": "second"})  # ours stood second
        1.0
        >>> outcome({"says": "first", "order": "second"})
        0.0
    """
    if verdict["says"] == "tie":
        return 0.5
    return float(verdict["says"] == verdict["order"])


def length_controlled(verdicts: Sequence[Mapping[str, Any]], pairs: Sequence[Pair]) -> float:
    """The win rate if both systems' answers were of one length.

    A logistic regression of the outcome on which answer is longer and which stands first, as in
    length-controlled AlpacaEval (Dubois et al. 2024) without its term for each question's
    difficulty: the length enters as tanh of the difference in characters over its standard
    deviation. The answer is the fitted chance at difference 0, the places averaged out.

    Example:
        Ours wins where it is longer and loses where it is shorter: two wins of three are 0.67,
        at equal length little is left of it.

        >>> answers = [("a", "xxxx", "x"), ("b", "xxxx", "x"), ("c", "x", "xxxx")]
        >>> pairs = [Pair(id, "", "", ours, theirs) for id, ours, theirs in answers]
        >>> verdicts = [
        ...     {"question": id, "order": "first", "says": says}
        ...     for id, says in (("a", "first"), ("b", "first"), ("c", "second"))
        ... ]
        >>> round(length_controlled(verdicts, pairs), 2)
        0.58
    """
    lengths = {pair.id: float(len(pair.first) - len(pair.second)) for pair in pairs}
    differences = np.array([lengths[verdict["question"]] for verdict in verdicts])
    spread = float(np.std(list(lengths.values()))) or 1.0
    places = np.array([1.0 if verdict["order"] == "first" else -1.0 for verdict in verdicts])
    if len(set(places)) == 1:
        places[:] = 0.0  # One order only: the place cannot be told from the system.
    features = np.stack([np.ones(len(verdicts)), np.tanh(differences / spread), places], axis=1)
    won = np.array([outcome(verdict) for verdict in verdicts])
    weights = _logistic(features, won)
    return float((expit(weights[0] + weights[2]) + expit(weights[0] - weights[2])) / 2)


def _logistic(features: NDArray[np.float64], won: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a logistic regression; the slight ridge keeps a clean sweep finite.

    Args:
        features: `(n, k)`, the first column all ones.
        won: `(n,)`, in 0..1.

    Returns:
        `(k,)`: at features of zero but the first, the chance is `expit(weights[0])`.

    Example:
        Three of four won, whatever else there is: the chance is three in four.

        >>> weights = _logistic(np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0]))
        >>> round(float(expit(weights[0])), 2)
        0.75
    """

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights
        value = np.mean(np.logaddexp(0, scores) - won * scores) + _RIDGE * weights @ weights
        slope = features.T @ (expit(scores) - won) / len(won) + 2 * _RIDGE * weights
        return float(value), slope

    found: NDArray[np.float64] = minimize(
        loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B"
    ).x
    return found


def _warnings(
    summary: Mapping[str, Any], said_first: int, decided: int, protocol: str
) -> list[str]:
    found = []
    if protocol == "paper":
        found.append("one order only: a liking of one place cannot be told from a better answer")
    elif decided and binomtest(said_first, decided, 0.5).pvalue < _SUSPICIOUS:
        place, share = (
            ("first", said_first / decided)
            if said_first * 2 > decided
            else ("second", 1 - said_first / decided)
        )
        found.append(f'position bias: the judge says "{place}" in {share:.0%} of its choices')
    if abs(summary["win_rate"] - summary["length_controlled"]) > 0.1:
        found.append(
            f"length: at equal length the win rate would be {summary['length_controlled']:.0%}"
        )
    if summary["consistent"] is not None and summary["consistent"] < 0.5:
        found.append(f"the two orders agree on only {summary['consistent']:.0%} of the questions")
    if summary["nulls"] * 10 > summary["verdicts"]:
        found.append(f"{summary['nulls']} of {summary['verdicts']} verdicts cannot be read")
    return found
