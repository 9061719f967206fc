"""Which texts say what a text said that was taken down, by its fingerprint.

By the share of grams that two texts have in common, counted once each: a text is the same, nearly
the same, holds the other, or is a piece of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.takedowns.key import keyed
from gaokerena_data.takedowns.letters import read_grams, read_letters
from gaokerena_data.takedowns.prints import Side, TextPrint, counts_alone
from gaokerena_data.text.arrays import Indices, Mask, each_once, slices

# The share of one text's grams from which it counts as standing in the other. A word that differs
# costs a text as many grams as it has letters, and eleven more: much of a short one.
SHARE, SHARE_OF_LONG = 0.75, 0.83
LONG = 120  # letters
LEAST_HELD = 40  # letters of a text that is looked for inside others
# A shorter one must be nearly the whole of the other.
LEAST_NEAR, SHARE_NEAR, SHARE_NEAR_OTHER = 16, 0.9, 0.6
_FILTER_BITS = 22
_RATES = (1, 2, 4)

type Shares = npt.NDArray[np.float64]


class Alike(NamedTuple):
    """Pairs of a text and a fingerprint of which one says what the other says.

    Attributes:
        texts: number of the text of each pair.
        prints: number of the fingerprint.
        twins: whether they are equal or nearly equal, and not one a part of the other.
        alone: whether that alone says that the text was taken down.
    """

    texts: Indices
    prints: Indices
    twins: Mask
    alone: Mask

    def where(self, mask: Mask) -> "Alike":
        """Some of the pairs."""
        return Alike(self.texts[mask], self.prints[mask], self.twins[mask], self.alone[mask])


class PrintIndex:
    """Fingerprints by their grams.

    Args:
        prints: of all texts that are looked for.
        key: that they were made with.
    """

    def __init__(self, prints: Sequence[TextPrint], key: bytes) -> None:
        self.prints = prints
        self._key = key
        sizes = [len(each.grams) for each in prints]
        values = np.concatenate([np.zeros(0, np.uint32), *(each.grams for each in prints)])
        owners = np.repeat(np.arange(len(prints)), sizes)
        order = np.lexsort((owners, values))
        self._values, self._owners = values[order], owners[order]
        self._filter = np.zeros(1 << _FILTER_BITS, np.bool_)
        self._filter[_low_bits(self._values)] = True
        self._sizes = np.array(sizes, np.int64)
        self._letters = np.array([each.letters for each in prints], np.int64)
        self._alone = np.array([each.alone for each in prints], np.bool_)
        self._rates = np.array([_RATES.index(each.rate) for each in prints], np.int64)
        whole = np.array([each.whole for each in prints], np.uint64)
        self._by_whole = np.argsort(whole, kind="stable")
        self._whole = whole[self._by_whole]

    def find(self, texts: Sequence[str], side: Side) -> Alike:
        """The pairs of these texts and the fingerprints that are alike.

        Args:
            texts: a batch that together is at most a few million characters.
            side: what they are.
        """
        letters = read_letters(texts)
        grams = read_grams(letters)
        counts = letters.counts
        equal_texts, equal_prints = self._equal(keyed(grams.whole, self._key), counts)
        rows, prints, held, part = self._shares(keyed(grams.hashes, self._key), grams.texts)
        equal = np.isin(
            rows * len(self.prints) + prints, equal_texts * len(self.prints) + equal_prints
        )
        rows, prints, held, part = rows[~equal], prints[~equal], held[~equal], part[~equal]
        near, loose = _judge(held, part, np.minimum(self._letters[prints], counts[rows]))
        holds = _stands_inside(held, self._letters[prints])
        is_piece = _stands_inside(part, counts[rows])
        # A piece must be somebody's own words too: a text of any length has what all say in it.
        for place in np.flatnonzero(is_piece & ~near & ~holds & self._alone[prints]).tolist():
            row = rows[place]
            is_piece[place] = counts_alone(side, int(counts[row]), texts[row])
        inside = holds | is_piece
        texts_found = np.concatenate((equal_texts, rows))
        prints_found = np.concatenate((equal_prints, prints))
        ones = np.ones(len(equal_texts), np.bool_)
        twins = np.concatenate((ones, near))
        meant = np.concatenate((ones, near | inside)) & self._alone[prints_found]
        alike = np.concatenate((ones, near | loose | inside))
        found = Alike(texts_found, prints_found, twins, meant)
        return found.where(alike)

    def _equal(self, whole: npt.NDArray[np.uint64], counts: Indices) -> tuple[Indices, Indices]:
        """Pairs of a text and a fingerprint of all the same letters."""
        first = np.searchsorted(self._whole, whole, side="left")
        last = np.searchsorted(self._whole, whole, side="right")
        matches = np.where(counts > 0, last - first, 0)
        texts = np.repeat(np.arange(len(whole)), matches)
        return texts, self._by_whole[slices(first, matches)]

    def _shares(
        self, hashes: npt.NDArray[np.uint64], owners: Indices
    ) -> tuple[Indices, Indices, Shares, Shares]:
        """Pairs that have a gram in common, and which share of the one is in the other.

        Returns:
            Texts, fingerprints, how much of the fingerprint the text holds, and how much of the
            text's grams, as far as the fingerprint would have them, the fingerprint holds.
        """
        values = (hashes >> np.uint64(32)).astype(np.uint32)
        near = np.zeros(int(owners[-1]) + 1 if len(owners) else 0, np.bool_)
        near[owners[self._filter[_low_bits(values)]]] = True
        some = near[owners] if len(owners) else np.zeros(0, np.bool_)
        keys = (owners[some].astype(np.uint64) << np.uint64(32)) | values[some]
        keys, first = np.unique(keys, return_index=True)
        low = hashes[some][first]
        rows = (keys >> np.uint64(32)).astype(np.int64)
        wanted = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        sizes = np.stack(
            [np.bincount(rows[low & np.uint64(r - 1) == 0], minlength=len(near)) for r in _RATES]
        )
        begins = np.searchsorted(self._values, wanted, side="left")
        times = np.searchsorted(self._values, wanted, side="right") - begins
        prints = self._owners[slices(begins, times)]
        pairs = np.sort(np.repeat(rows, times) * len(self.prints) + prints)
        each = each_once(pairs)
        edges = np.searchsorted(pairs, each, side="left")
        common = np.diff(np.append(edges, len(pairs)))
        texts, prints = np.divmod(each, max(len(self.prints), 1))
        own = sizes[self._rates[prints], texts]
        return texts, prints, common / self._sizes[prints], common / np.maximum(own, 1)


def _judge(held: Shares, part: Shares, letters: Indices) -> tuple[Mask, Mask]:
    """Which pairs are nearly equal; and which are alike enough to say it with another text.

    Args:
        held: how much of the fingerprint stands in the text.
        part: how much of the text stands in the fingerprint.
        letters: of the shorter one.
    """
    more, less = np.maximum(held, part), np.minimum(held, part)
    near = (letters >= LEAST_NEAR) & (less >= SHARE_NEAR_OTHER)
    near &= more >= np.where(letters >= LEAST_HELD, _enough(letters), SHARE_NEAR)
    return near, (letters >= LEAST_NEAR) & (more >= _enough(letters))


def _stands_inside(share: Shares, letters: Indices) -> Mask:
    """Which texts of so many letters stand in another, by the share of them that does."""
    inside: Mask = (share >= _enough(letters)) & (letters >= LEAST_HELD)
    return inside


def _enough(letters: Indices) -> Shares:
    """Which share of texts of so many letters must stand in another."""
    return np.where(letters >= LONG, SHARE_OF_LONG, SHARE)


def _low_bits(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
    return (values & np.uint32((1 << _FILTER_BITS) - 1)).astype(np.intp)
