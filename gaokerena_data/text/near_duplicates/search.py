"""Near-duplicates: MinHash and LSH name the candidates, the true Jaccard similarity decides.

Beyond the textbook:

- Texts whose words are all equal are joined by their hash first, and only one of them goes on:
  a thousand copies cost a thousand comparisons, not half a million.
- A text shorter than a shingle has equals, but no near-duplicates.
- Clusters are those of all verified candidates, whatever the order of verification. New texts
  against stored fingerprints therefore give what a run from scratch gives.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import Indices, each_once
from gaokerena_data.text.near_duplicates.buckets import candidate_pairs
from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.signatures import Fingerprints, fingerprints

type Similarities = Callable[[Indices, Indices], npt.NDArray[np.float64]]
type _Mask = npt.NDArray[np.bool_]

_PAIRS_AT_ONCE = 1 << 14


class Matches(NamedTuple):
    """Verified pairs, sorted; together they connect every cluster.

    Attributes:
        first: index of one text.
        second: index of the other one, greater than `first`.
        jaccard: the true Jaccard similarity of their shingle sets; 1.0 for equal texts.
    """

    first: Indices
    second: Indices
    jaccard: npt.NDArray[np.float64]


def find_near_duplicates(
    texts: Sequence[str],
    *,
    n: int = 5,
    threshold: float = 0.8,
    bands: int = 28,
    rows: int = 4,
    seed: int = 1,
) -> Matches:
    """Find the texts that repeat another, wholly or nearly.

    Args:
        texts: indexable; candidates are read a second time.
        n: words in a shingle. 5 for articles, 3 for questions and short answers.
        threshold: the Jaccard similarity from which on two texts are near-duplicates.
        bands: of the LSH; texts of similarity s become candidates with the probability
            `1 - (1 - s**rows)**bands`. The usual 14 bands of 8 rows miss 8 % of the pairs of
            similarity 0.8, because nothing after them removes a false candidate; here the true
            similarity does, so 28 of 4 can miss one in a million.
        rows: numbers of the signature in a band.
        seed: of the permutations.
    """
    prints = fingerprints(texts, n=n, permutations=bands * rows, seed=seed)
    return find_matches(prints, texts, threshold=threshold, bands=bands)


def find_matches(
    prints: Fingerprints,
    texts: Sequence[str],
    *,
    threshold: float = 0.8,
    bands: int = 28,
    similarities: Similarities | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Matches:
    """Find near-duplicates among fingerprinted texts; only candidates' texts are read.

    New texts against old ones: join the stored fingerprints and the new ones, and call this.

    Of three texts the first two share two of their three different pairs of words:

    >>> texts = ["a b c", "a b c d", "x y z"]
    >>> found = find_matches(fingerprints(texts, n=2), texts, threshold=0.6)
    >>> found.first.tolist(), found.second.tolist(), found.jaccard.round(3).tolist()
    ([0], [1], [0.667])

    Args:
        prints: one for each text, in the order of `texts`.
        texts: indexable, such as a list or a column on disk.
        threshold: as in `find_near_duplicates`.
        bands: divides the length of a signature.
        similarities: of pairs, by the numbers of their texts; by default all are computed here.
        progress: told (texts done, texts) as candidates are verified.

    Raises:
        ValueError: the texts are not those of the fingerprints, or the bands do not divide them.
    """
    if len(texts) != len(prints):
        raise ValueError(f"{len(prints)} fingerprints for {len(texts)} texts")
    if prints.signatures.shape[1] % bands:
        raise ValueError(f"{bands} bands do not divide {prints.signatures.shape[1]} permutations")
    earliest, repeats = _equal_texts(prints)
    found = [Matches(earliest, repeats, np.ones(len(repeats)))]
    distinct = np.ones(len(prints), np.bool_)
    distinct[repeats] = False
    members = np.flatnonzero(distinct & (prints.word_counts >= prints.n))
    labels = np.arange(len(prints))
    rejected = np.zeros(0, np.int64)
    for candidates, done in candidate_pairs(prints.signatures[members], bands):
        first, second = members[candidates]
        # What is in one cluster already needs no more proof, what was rejected no second trial.
        apart = labels[first] != labels[second]
        keys = _without(first[apart] * len(prints) + second[apart], rejected)
        keys = keys[_likely(prints, *np.divmod(keys, len(prints)), threshold)]
        first, second = np.divmod(keys, len(prints))
        similarity = (
            jaccard(texts, first, second, n=prints.n)
            if similarities is None
            else similarities(first, second)
        )
        near = similarity >= threshold
        rejected = np.sort(np.concatenate((rejected, keys[~near])))
        if near.any():
            found.append(Matches(first[near], second[near], similarity[near]))
            matches = _joined(found)
            labels = clusters(matches.first, matches.second, len(prints))
        if progress is not None:
            progress(int(done * len(prints)), len(prints))
    if progress is not None:
        progress(len(prints), len(prints))
    return _joined(found)


def _joined(found: Sequence[Matches]) -> Matches:
    first, second, similarity = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((second, first))
    return Matches(first[order], second[order], similarity[order])


def _without(keys: Indices, known: Indices) -> Indices:
    """Each key once, in order, but for those known (in order too).

    >>> _without(np.array([5, 3, 5, 8]), np.array([3, 9])).tolist()
    [5, 8]
    """
    keys = each_once(np.sort(keys))
    if len(known) == 0:
        return keys
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    unknown: Indices = keys[known[place] != keys]
    return unknown


def _likely(prints: Fingerprints, first: Indices, second: Indices, threshold: float) -> _Mask:
    """Which pairs' signatures do not rule out that similarity: five standard deviations below."""
    permutations = prints.signatures.shape[1]
    floor = threshold - 5 * np.sqrt(threshold * (1 - threshold) / permutations)
    agreement = np.zeros(len(first))
    for at in range(0, len(first), _PAIRS_AT_ONCE):
        some = slice(at, at + _PAIRS_AT_ONCE)
        agreement[some] = np.mean(
            prints.signatures[first[some]] == prints.signatures[second[some]], axis=1
        )
    likely: _Mask = agreement >= floor
    return likely


def _equal_texts(prints: Fingerprints) -> tuple[Indices, Indices]:
    """Each text that repeats an earlier one word for word, with the first such."""
    _, first, inverse = np.unique(prints.whole, return_index=True, return_inverse=True)
    earliest = first[inverse]
    repeats = np.flatnonzero(earliest != np.arange(len(prints)))
    return earliest[repeats], repeats
