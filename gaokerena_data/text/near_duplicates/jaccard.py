"""The true Jaccard similarity of texts' shingle sets, for many pairs at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import Indices, each_once, slices
from gaokerena_data.text.near_duplicates.signatures import batches
from gaokerena_data.text.shingling import compared_shingles
from gaokerena_data.text.stored_texts import each_text, reading_order
from gaokerena_data.text.word_arrays import Hashes

# What is in memory at once: the sets of so many texts, so many pairs, so many of their shingles.
_TEXTS, _PAIRS, _SHINGLES = 1 << 14, 1 << 16, 1 << 21
_LOWER_HALF, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def jaccard(
    texts: Sequence[str], first: Indices, second: Indices, *, n: int = 5
) -> npt.NDArray[np.float64]:
    """The size of the intersection of two texts' shingle sets over that of their union.

    Shingles are compared by 32 bits of their hash. Two sets of a thousand then share a false one
    once in 4,000 pairs, and their similarity is off by 0.001 that once.

    Of three texts the first two share one of their three different pairs of words:

    >>> texts = ["a b c", "b c d", "x y z"]
    >>> jaccard(texts, np.array([0, 0]), np.array([1, 2]), n=2).round(3).tolist()
    [0.333, 0.0]

    Args:
        texts: indexable; only those named are read.
        first: index of one text of each pair.
        second: index of the other one.
        n: words in a shingle.

    Returns:
        (pairs,) similarities. A text shorter than n words has 1.0 with an equal one, else 0.0.
    """
    similarities = np.zeros(len(first))
    waiting = [slice(at, at + _PAIRS) for at in range(0, len(first), _PAIRS)][::-1]
    while waiting:
        pairs = waiting.pop()
        named, places = np.unique(
            np.concatenate((first[pairs], second[pairs])), return_inverse=True
        )
        one, other = np.split(places, 2)
        if len(named) > _TEXTS:
            middle = pairs.start + len(one) // 2
            waiting += [slice(middle, pairs.stop), slice(pairs.start, middle)]
            continue
        order = reading_order(texts, named)
        sets = _shingle_sets(texts, named[order], n)
        placed = np.empty_like(order)
        placed[order] = np.arange(len(order))
        one, other = placed[one], placed[other]
        similarities[pairs] = _similarities(sets, one, other)
    return similarities


class _ShingleSets(NamedTuple):
    hashes: Hashes  # 32 bits of each shingle of each text, unique within it
    starts: Indices  # where each text's begin
    sizes: Indices  # and how many they are
    whole: Hashes  # of each text


def _shingle_sets(texts: Sequence[str], named: Indices, n: int) -> _ShingleSets:
    hashes, sizes, whole = [], [], []
    for batch in batches(each_text(texts, named)):
        shingles = compared_shingles(batch, n)
        owner = np.repeat(np.arange(len(batch), dtype=np.uint64), np.diff(shingles.starts))
        keys = each_once(np.sort((owner << _HALF) | (shingles.hashes & _LOWER_HALF)))
        hashes.append(keys & _LOWER_HALF)
        sizes.append(np.bincount((keys >> _HALF).astype(np.int64), minlength=len(batch)))
        whole.append(shingles.whole)
    counts = np.concatenate(sizes)
    return _ShingleSets(
        np.concatenate(hashes), np.cumsum(counts) - counts, counts, np.concatenate(whole)
    )


def _similarities(sets: _ShingleSets, one: Indices, other: Indices) -> npt.NDArray[np.float64]:
    both = sets.sizes[one] + sets.sizes[other]
    total = np.cumsum(both)
    common = np.zeros(len(one), np.int64)
    at = 0
    while at < len(one):
        stop = int(np.searchsorted(total, total[at] - both[at] + _SHINGLES, side="right"))
        stop = max(stop, at + 1)
        common[at:stop] = _common(sets, one[at:stop], other[at:stop])
        at = stop
    equal = (sets.whole[one] == sets.whole[other]).astype(np.float64)
    similarities: npt.NDArray[np.float64] = np.where(
        both > 0, common / np.maximum(both - common, 1), equal
    )
    return similarities


def _common(sets: _ShingleSets, one: Indices, other: Indices) -> Indices:
    """How many shingles each pair shares: those that come twice among its two sets'."""
    keys = np.concatenate((_elements(sets, one), _elements(sets, other)))
    keys.sort()
    twice = keys[1:][keys[1:] == keys[:-1]]
    return np.bincount((twice >> _HALF).astype(np.int64), minlength=len(one))


def _elements(sets: _ShingleSets, of: Indices) -> Hashes:
    """The shingles of one side of each pair, with the pair's number in the upper half."""
    counts = sets.sizes[of]
    pair = np.repeat(np.arange(len(of), dtype=np.uint64), counts)
    elements: Hashes = sets.hashes[slices(sets.starts[of], counts)]
    return elements | (pair << _HALF)
