"""Array idioms that recur: each has a name and an example here."""

import numpy as np
import numpy.typing as npt

type Indices = npt.NDArray[np.int64]
type Mask = npt.NDArray[np.bool_]


def run_starts(ordered: np.ndarray) -> Mask:
    """Where each run of equal values begins.

    >>> run_starts(np.array([4, 4, 7, 7, 7, 9], np.uint64)).tolist()
    [True, False, True, False, False, True]

    Args:
        ordered: (values,) numbers, equal ones side by side.
    """
    starts: Mask = np.diff(ordered, prepend=~ordered[:1]) != 0
    return starts


def each_once(ordered: np.ndarray) -> np.ndarray:
    """Each value once, in order; numpy's `unique` goes through a hash table, ten times as slow.

    >>> each_once(np.array([4, 4, 7], np.uint64)).tolist()
    [4, 7]

    Args:
        ordered: (values,) sorted numbers.
    """
    values: np.ndarray = ordered[run_starts(ordered)]
    return values


def slices(starts: Indices, counts: Indices) -> Indices:
    """The positions of many slices, one slice after another.

    Two positions from 10 on, none from 20 on, three from 5 on:

    >>> slices(np.array([10, 20, 5]), np.array([2, 0, 3])).tolist()
    [10, 11, 5, 6, 7]

    Args:
        starts: (slices,) where each begins.
        counts: (slices,) how many positions it has.
    """
    before = np.cumsum(counts) - counts
    positions: Indices = np.arange(counts.sum()) + np.repeat(starts - before, counts)
    return positions
