"""Groups of texts that are near-duplicates of one another, directly or through others."""

import numpy as np
import numpy.typing as npt


def clusters(
    first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Label each of `count` texts with the smallest index of its cluster.

    Union-find, all pairs at once: each root is hung below the smallest root that it is paired with,
    then every text is hung below its root, until no pair has two roots. To import scipy, which has
    this too, takes longer than the labels of a million texts.

    Text 3 is paired with 1, and 1 with 0; text 2 is alone:

    >>> clusters(np.array([1, 0]), np.array([3, 1]), 4).tolist()
    [0, 0, 2, 0]

    Args:
        first: one text of each pair.
        second: the other one.
        count: how many texts there are.

    Returns:
        (count,) labels; a text without a near-duplicate is labelled with its own index.
    """
    roots = np.arange(count)
    while True:
        one, other = roots[first], roots[second]
        apart = one != other
        if not apart.any():
            return roots
        np.minimum.at(roots, np.maximum(one, other)[apart], np.minimum(one, other)[apart])
        while not np.array_equal(above := roots[roots], roots):
            roots = above
