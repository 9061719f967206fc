"""What a peer's answer is worth, by the truth of the corpus."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Verdict(NamedTuple):
    """How well the planted copies were found, and what it cost.

    Attributes:
        near: share of the planted near-duplicates of which one copy alone was kept.
        exact: the same of exact duplicates.
        lost: texts of which no copy at all was kept: they were merged with another text.
    """

    near: float
    exact: float
    lost: int


def judge(kept: Sequence[int], kinds: Sequence[str], groups: Sequence[int]) -> Verdict:
    """Compare what was kept with what was planted.

    Args:
        kept: positions of the kept texts.
        kinds: of every text, as `corpus.Document.kind`.
        groups: of every text, as `corpus.Document.group`.
    """
    survivors = Counter(groups[i] for i in kept)
    planted = Counter(zip(kinds, groups, strict=True))

    def found(kind: str) -> float:
        copied = [group for (of, group) in planted if of == kind]
        return sum(survivors[group] <= 1 for group in copied) / len(copied)

    lost = sum(survivors[group] == 0 for group in set(groups))
    return Verdict(found("near"), found("exact"), lost)


def cells(verdict: Verdict) -> tuple[str, str, str]:
    """A verdict as a table has it."""
    return f"{verdict.near:.3f}", f"{verdict.exact:.3f}", f"{verdict.lost:,}"
