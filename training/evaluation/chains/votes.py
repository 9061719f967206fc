"""What several runs of one question come to: the option they agree on, its mark, pass@k."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import comb

from gaokerena_data.errors import GaokerenaError


def most_of(runs: int) -> int:
    """The votes that more than half of so many runs are: three of five.

    Example:
        >>> most_of(5), most_of(4), most_of(1)
        (3, 3, 1)
    """
    return runs // 2 + 1


def agreed(votes: Sequence[str | None], least: int) -> str | None:
    """The option that at least so many runs name; None for none, or for more than one.

    Args:
        votes: the letter that each run chose, None for a run that chose none.
        least: votes that an option needs.

    Example:
        >>> agreed(["B", "B", None, "A", "B"], 3)
        'B'
        >>> agreed(["B", "B", None, "A", "C"], 3) is None
        True
    """
    counts = Counter(vote for vote in votes if vote is not None)
    enough = [letter for letter, count in counts.items() if count >= least]
    return enough[0] if len(enough) == 1 else None


def mark(chosen: str | None, correct: str, penalty: float) -> float:
    """1 for the right option, 0 for none, and the penalty off for a wrong one.

    Example:
        >>> mark("A", "A", 0.33), mark(None, "A", 0.33), mark("B", "A", 0.33)
        (1.0, 0.0, -0.33)
    """
    if chosen is None:
        return 0.0
    return 1.0 if chosen == correct else -penalty


def pass_at_k(runs: int, right: int, k: int) -> float:
    """The chance that one of k runs, drawn without replacement, is right: 1 - C(M-c, k)/C(M, k).

    Args:
        runs: M, how many runs the question has.
        right: c, how many of them are right.
        k: how many are drawn; at most M.

    Raises:
        ValueError: there are fewer runs than k, or more right ones than runs.

    Example:
        Two of five runs are right; of two drawn, both are wrong 3 times in 10.

        >>> pass_at_k(5, 2, 1), pass_at_k(5, 2, 2)
        (0.4, 0.7)
    """
    if not 0 <= right <= runs or not 1 <= k <= runs:
        raise ValueError(f"no pass@{k} of {right} right runs of {runs}")
    return float(1 - Fraction(comb(runs - right, k), comb(runs, k)))


def parse_penalty(text: str) -> float:
    """What a wrong answer takes off: `0.33`, or a fraction such as `1/3`.

    Raises:
        GaokerenaError: it is no number of 0 to 1.

    Example:
        >>> parse_penalty("0.33"), round(parse_penalty("1/3"), 4)
        (0.33, 0.3333)
    """
    try:
        found = float(Fraction(text.strip()))
    except (ValueError, ZeroDivisionError, OverflowError):
        found = -1.0
    if not 0 <= found <= 1:
        raise GaokerenaError(
            f"{text!r} is no penalty: give a number of 0 to 1, such as 0.33 or 1/3"
        )
    return found
