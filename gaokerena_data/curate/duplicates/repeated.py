"""Which of many questions under one and the same answer stay: those that are least alike."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import Indices, Mask

type Shares = npt.NDArray[np.float64]


def most_different(
    groups: Indices,
    order: Indices,
    first: Mask,
    most: int,
    similarities: Callable[[Indices, Indices], Shares],
) -> tuple[Indices, Shares]:
    """Choose `most` rows of each group, each the least like those that were chosen before it.

    Rows 0 to 2 have one answer, and 0 and 1 nearly one question; two may stay:

    >>> def similarities(one, other):
    ...     return np.where((one + other) == 1, 0.9, 0.1)
    >>> every = np.array([False] * 4)
    >>> chosen = most_different(np.array([0, 0, 0, 3]), np.arange(4), every, 2, similarities)
    >>> chosen[0].tolist(), chosen[1].tolist()
    ([0, 0, 2, 3], [1.0, 0.9, 1.0, 1.0])

    Args:
        groups: (rows,) a label for each row.
        order: the rows, from the one that most deserves to stay.
        first: (rows,) those that are chosen before all others of their group.
        most: rows of a group that stay.
        similarities: of the rows of the one array to those of the other, 0..1.

    Returns:
        (rows,) itself where it stays, else the chosen row that it is most like, and how like.
    """
    keepers = np.arange(len(groups))
    likeness = np.ones(len(groups))
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    rows = np.flatnonzero(sizes[place] > most)
    if not len(rows):
        return keepers, likeness
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    nearest = np.full(len(groups), -1.0)  # of each row to what was chosen of its group
    keeper = np.full(len(groups), -1)
    left = rows
    for _ in range(most):
        ranked = left[np.lexsort((rank[left], nearest[left], ~first[left], place[left]))]
        starts = np.flatnonzero(np.diff(place[ranked], prepend=-1))
        chosen = ranked[starts]
        others = np.repeat(chosen, np.diff(starts, append=len(ranked)))
        stays = ranked != others
        left, others = ranked[stays], others[stays]
        if not len(left):
            break
        found = similarities(left, others)
        nearer = found > nearest[left]
        keeper[left[nearer]], nearest[left[nearer]] = others[nearer], found[nearer]
    keepers[left], likeness[left] = keeper[left], nearest[left]
    return keepers, likeness
