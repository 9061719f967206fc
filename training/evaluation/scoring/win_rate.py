"""Win rates from verdicts: bootstrap interval, length control, and the judge's own leanings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.judge import ORDERS, Pair
from training.evaluation.scoring.length_control import LengthControlled, length_controlled
from training.evaluation.scoring.statistics import bootstrap_mean
from training.evaluation.scoring.unread import count_reasons, told_reasons

# The judge is called out when chance alone would hardly give so one-sided a choice of place.
_SUSPICIOUS = 0.01


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

    A question's score is the mean over its orders: 1 won, 0.5 tied, 0 lost. One that could be
    read in one order alone is left out and counted.

    Raises:
        GaokerenaError: not one verdict can be read, or no question in both orders.
    """
    readable = [verdict for verdict in verdicts if verdict["says"] is not None]
    if not readable:
        raise GaokerenaError(f"none of {judge}'s {len(verdicts)} verdicts can be read")
    of_questions: dict[str, list[float]] = {}
    for verdict in readable:
        of_questions.setdefault(verdict["question"], []).append(outcome(verdict))
    # A question that was read in one order alone would count the judge's liking of a place.
    orders = len(ORDERS[protocol])
    scores = {name: found for name, found in of_questions.items() if len(found) == orders}
    if not scores:
        raise GaokerenaError(
            f"{judge}: none of {len(of_questions)} questions has a verdict in both orders; run the "
            "same command again to ask for those that could not be read"
        )
    by_question = [float(np.mean(found)) for found in scores.values()]
    interval = bootstrap_mean(by_question, seed=seed)
    decided = [verdict for verdict in readable if verdict["says"] != "tie"]
    said_first = sum(verdict["says"] == "first" for verdict in decided)
    both = [found for found in scores.values() if len(found) == 2]
    agree = sum(one == two for one, two in both)
    lengths = {pair.id: float(len(pair.first) - len(pair.second)) for pair in pairs}
    controlled = length_controlled(by_question, [lengths[question] for question in scores])
    summary = {
        "kind": "win_rate",
        "first": names[0],
        "second": names[1],
        "judge": judge,
        "order": "both orders" if protocol == "both" else "one order (the paper's)",
        "questions": len(pairs),
        "judged": len(scores),
        "one_order": len(of_questions) - len(scores),
        "verdicts": len(verdicts),
        "nulls": len(verdicts) - len(readable),
        "nulls_by": count_reasons(verdicts, "says"),
        "ties": len(readable) - len(decided),
        "win_rate": float(np.mean(by_question)),
        "interval": {"low": interval.low, "high": interval.high},
        **_told(controlled),
        "says_first": said_first / len(decided) if decided else 0.5,
        "consistent": agree / len(both) if both else None,
    }
    return summary | {"warnings": _warnings(summary, said_first, len(decided), protocol)}


def tell(summary: Mapping[str, Any]) -> str:
    """A summary in one sentence, its warnings apart."""
    low, high = summary["interval"]["low"], summary["interval"]["high"]
    one_sided = bool(summary["one_order"])
    controlled = f"at equal length not stated: {summary['length_unstated']}"
    if summary["length_controlled"] is not None:
        ends = summary["length_interval"]
        controlled = (
            f"at equal length {summary['length_controlled']:.1%} "
            f"({ends['low']:.1%} to {ends['high']:.1%})"
        )
    return (
        f"{summary['first']} wins {summary['win_rate']:.1%} (95 % interval {low:.1%} to "
        f"{high:.1%}) of {summary['judged']} judged of {summary['questions']} questions; "
        f"{controlled}; of {summary['verdicts']} verdicts {summary['ties']} ties, "
        f"{summary['nulls']} without a reading{told_reasons(summary['nulls_by'])}"
        + (f"; {summary['one_order']} questions read in one order alone, left out" * one_sided)
    )


def _told(controlled: LengthControlled) -> dict[str, Any]:
    interval = controlled.interval
    ends = None if interval is None else {"low": interval.low, "high": interval.high}
    return {
        "length_controlled": controlled.share,
        "length_interval": ends,
        "length_unstated": controlled.unstated,
    }


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
    controlled = summary["length_controlled"]
    if controlled is None:
        found.append(f"length: {summary['length_unstated']}")
    elif abs(summary["win_rate"] - controlled) > 0.1:
        found.append(f"length: at equal length the win rate would be {controlled:.0%}")
    if summary["consistent"] is not None and summary["consistent"] < 0.5:
        found.append(f"the two orders agree on only {summary['consistent']:.0%} of the questions")
    if summary["nulls"] * 10 > summary["verdicts"]:
        found.append(f"{summary['nulls']} of {summary['verdicts']} verdicts cannot be read")
    return found
