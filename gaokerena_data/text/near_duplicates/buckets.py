"""Locality-sensitive hashing: which texts are worth comparing.

Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4. Texts that agree in all
numbers of one band of their signatures lie in one bucket.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import Indices, run_starts
from gaokerena_data.text.near_duplicates.signatures import Signatures

type Pairs = npt.NDArray[np.int64]

REACH = 64
_CROWD = 16  # texts in one bucket
_PAIRS_AT_ONCE = 1 << 20


class CandidatePairs(NamedTuple):
    """Texts that are worth comparing.

    Attributes:
        pairs: (2, pairs) indices, the smaller above. A pair may come again.
        done: share of the search that ends with them, from 0 to 1.
    """

    pairs: Pairs
    done: float


def candidate_pairs(signatures: Signatures, bands: int) -> Iterator[CandidatePairs]:
    """Pairs of texts that share a bucket, those that connect most first.

    Within a bucket every text is paired with the `REACH` first ones and with the `REACH` before
    it, so that a template with many thousand variants costs linear time. The rule looks only at
    the order of the texts: more texts at the end add pairs and take none away.

    Three texts in two bands of two numbers; the first two agree in the second band:

    >>> signatures = np.array([[1, 2, 8, 9], [3, 4, 8, 9], [5, 6, 7, 7]], np.uint32)
    >>> next(candidate_pairs(signatures, 2)).pairs.tolist()
    [[0], [1]]

    Args:
        signatures: (texts, permutations).
        bands: divides the number of permutations.
    """
    bands_buckets = list(_buckets(signatures, bands))
    stars = [_stars(buckets) for buckets in bands_buckets]
    buckets = _Buckets(*map(np.concatenate, zip(*bands_buckets, strict=True)))
    # All at once, because texts on disk are read for every array of pairs. But where many share a
    # bucket, few bands connect most of them and spare the rest of their pairs: these come first.
    crowded = buckets.rank.max(initial=0) >= _CROWD
    turns = (0, 1, 4, len(stars)) if crowded else (0, len(stars))
    for turn, (first, last) in enumerate(pairwise(turns), 1):
        if first < last:
            yield CandidatePairs(np.concatenate(stars[first:last], axis=1), turn / len(turns))
    seen, total = 0, _count_other_pairs(buckets)
    for pairs in _together(_other_pairs(buckets)):
        seen += pairs.shape[1]
        yield CandidatePairs(pairs, (len(turns) - 1 + seen / max(1, total)) / len(turns))


def _stars(buckets: "_Buckets") -> Pairs:
    """Every text of a bucket with its first."""
    place = np.flatnonzero(buckets.rank)
    return buckets.members[np.stack((place - buckets.rank[place], place))]


class _Buckets(NamedTuple):
    """Every bucket of two texts or more, one after another."""

    members: Indices  # a bucket's texts, ascending
    rank: Indices  # of each in its bucket, from 0
    after: Indices  # how many come after it in its bucket


def band_keys(signatures: Signatures, bands: int) -> Iterator[npt.NDArray[np.uint64]]:
    """For each band one number a text: equal where the whole band of their signatures is."""
    count, permutations = signatures.shape
    rows = permutations // bands
    factors = np.random.default_rng(0).integers(0, 1 << 64, rows, np.uint64) | np.uint64(1)
    for band in range(bands):
        keys = np.zeros(count, np.uint64)
        for row in range(rows):
            keys += signatures[:, band * rows + row] * factors[row]
        yield keys


def _buckets(signatures: Signatures, bands: int) -> Iterator[_Buckets]:
    """The buckets of each band."""
    count = len(signatures)
    # A text's number in the lowest bits of its key: to sort numbers takes a sixth of the time of
    # sorting their places, and the bits that it takes may only name a candidate too many.
    bits = np.uint64(count.bit_length())
    numbers = np.arange(count, dtype=np.uint64)
    for keys in band_keys(signatures, bands):
        ordered = np.sort((keys >> bits << bits) | numbers)
        order = (ordered & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
        shared_bits = ordered >> bits
        starts = np.flatnonzero(run_starts(shared_bits))
        sizes = np.diff(starts, append=count)
        rank = np.arange(count) - np.repeat(starts, sizes)
        after = np.repeat(sizes, sizes) - rank - 1
        shared = rank + after > 0
        yield _Buckets(order[shared], rank[shared], after[shared])


def _count_other_pairs(buckets: _Buckets) -> int:
    reach = np.where(buckets.rank < REACH, buckets.after, np.minimum(buckets.after, REACH))
    return int(reach[buckets.rank > 0].sum())


def _other_pairs(buckets: _Buckets) -> Iterator[Pairs]:
    """The pairs without a bucket's first text: neighbours, then next but one, and so on."""
    place = np.flatnonzero(buckets.rank)
    distance = 0
    while len(place):
        distance += 1
        within = buckets.after[place] >= distance
        if distance > REACH:
            within &= buckets.rank[place] < REACH
        place = place[within]
        yield buckets.members[np.stack((place, place + distance))]


def _together(some: Iterator[Pairs]) -> Iterator[Pairs]:
    """The same pairs in fewer arrays."""
    held: list[Pairs] = []
    for pairs in some:
        held.append(pairs)
        if sum(array.shape[1] for array in held) >= _PAIRS_AT_ONCE:
            yield np.concatenate(held, axis=1)
            held = []
    if held:
        yield np.concatenate(held, axis=1)
