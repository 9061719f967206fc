"""The words of taken-down texts as hashes: enough to find them again, never to read them.

A text is known by its windows of six words in comparison form, so that markup, spelling variants
and redacted numbers around them do not hide it. A shorter text is known only as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.near_duplicates.signatures import batches
from gaokerena_data.text.shingling import Shingles, batch_shingles
from gaokerena_data.text.word_arrays import Hashes

WINDOW = 6  # words
_LEAST = 2  # words of a text that is looked for as a whole: one word alone is nobody's

type Mask = npt.NDArray[np.bool_]


def _none() -> Hashes:
    return np.zeros(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """What texts are known by.

    Args:
        windows: hashes of six words in a row, sorted.
        wholes: hashes of whole texts of two to five words, sorted.
    """

    windows: Hashes = field(default_factory=_none)
    wholes: Hashes = field(default_factory=_none)

    def __bool__(self) -> bool:
        return bool(len(self.windows) or len(self.wholes))

    def among(self, texts: Sequence[str]) -> Mask:
        """Which of these texts hold any of them."""
        found = np.zeros(len(texts), np.bool_)
        if not self:
            return found
        start = 0
        for batch in batches(texts):
            shingles = batch_shingles(batch, WINDOW)
            hits = np.flatnonzero(_are_known(shingles.hashes, self.windows))
            found[start + np.searchsorted(shingles.starts, hits, side="right") - 1] = True
            short = _is_short(shingles)
            found[start : start + len(batch)] |= short & _are_known(shingles.whole, self.wholes)
            start += len(batch)
        return found

    def without(self, texts: Iterable[str]) -> "Words":
        """Those that none of these texts has: what others say too is not one person's."""
        windows, wholes = (np.ones(len(each), np.bool_) for each in (self.windows, self.wholes))
        for batch in batches(texts):
            shingles = batch_shingles(batch, WINDOW)
            _take_out(windows, self.windows, shingles.hashes)
            _take_out(wholes, self.wholes, shingles.whole)
        return Words(self.windows[windows], self.wholes[wholes])

    def joined(self, other: "Words") -> "Words":
        """Both."""
        return Words(np.union1d(self.windows, other.windows), np.union1d(self.wholes, other.wholes))


def words_of(texts: Iterable[str]) -> Words:
    """What these texts are known by."""
    windows, wholes = [_none()], [_none()]
    for batch in batches(texts):
        shingles = batch_shingles(batch, WINDOW)
        windows.append(np.unique(shingles.hashes))
        wholes.append(shingles.whole[_is_short(shingles)])
    return Words(np.unique(np.concatenate(windows)), np.unique(np.concatenate(wholes)))


def _are_known(hashes: Hashes, known: Hashes) -> Mask:
    """Which of a few hashes are among many sorted ones: numpy's `isin` would read all the many."""
    if not len(known):
        return np.zeros(len(hashes), np.bool_)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: Mask = known[places] == hashes
    return found


def _take_out(kept: Mask, known: Hashes, hashes: Hashes) -> None:
    """Unmark those of the sorted ones that are among these."""
    kept[np.searchsorted(known, hashes[_are_known(hashes, known)])] = False


def _is_short(shingles: Shingles) -> Mask:
    counts = shingles.word_counts
    short: Mask = (counts >= _LEAST) & (counts < WINDOW)
    return short
