"""Several sets mixed by weights: how many rows each gives, and which."""

from collections.abc import Sequence
from random import Random
from typing import Literal

type Until = Literal["first_exhausted", "all_exhausted"]


def shares_of_mix(rows: Sequence[int], weights: Sequence[float], until: Until) -> list[int]:
    """How many rows of each set make a mixture in the proportion of the weights.

    Args:
        rows: of each set.
        weights: of each, in any unit.
        until: `first_exhausted` takes no row twice: the mixture ends where a set has no more.
            `all_exhausted` takes every row at least once, and those of small sets again.

    Example:
        Of 100 and 30 rows, three to one: 90 and 30, or all of the first and 33 of the other.

        >>> shares_of_mix([100, 30], [3, 1], "first_exhausted")
        [90, 30]
        >>> shares_of_mix([100, 30], [3, 1], "all_exhausted")
        [100, 33]
    """
    lengths = [count / weight for count, weight in zip(rows, weights, strict=True)]
    whole = min(lengths) if until == "first_exhausted" else max(lengths)
    return [max(1, round(whole * weight)) for weight in weights]


def rows_of_mix(rows: int, wanted: int, *, seed: int, first: bool) -> list[int]:
    """Numbers of the rows that a set gives, in rising order; each once before any again.

    Args:
        rows: of the set.
        wanted: how many it gives.
        seed: of the sample.
        first: take the first ones, not a sample.

    Example:
        >>> rows_of_mix(3, 7, seed=1, first=True)
        [0, 0, 0, 1, 1, 2, 2]
    """
    rounds, rest = divmod(wanted, rows)
    return sorted([*list(range(rows)) * rounds, *drawn_rows(rows, rest, seed=seed, first=first)])


def drawn_rows(rows: int, count: int, *, seed: int, first: bool = False) -> list[int]:
    """Numbers of so many of the rows, in rising order: a seeded sample, or the first."""
    if first:
        return list(range(count))
    return sorted(Random(seed).sample(range(rows), count))  # noqa: S311 (a sample, not a secret)
