"""The words of taken-down texts as hashes: enough to find them again, never to read them.

A text is known by its windows of six words in comparison form, so that markup, spelling variants
and redacted numbers around them do not hide it. A shorter text is known only as a whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.shingling import Shingles, batch_shingles
from gaokerena_data.text.word_arrays import Hashes

WINDOW = 6  # words
_LEAST = 2  # words of a text that is looked for as a whole: one word alone is nobody's
_BATCH_CHARACTERS = 1_000_000

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
        for start, batch in _batches(texts):
            shingles = batch_shingles(batch, WINDOW)
            hits = np.flatnonzero(np.isin(shingles.hashes, self.windows))
            found[start + np.searchsorted(shingles.starts, hits, side="right") - 1] = True
            short = _is_short(shingles)
            found[start : start + len(batch)] |= short & np.isin(shingles.whole, self.wholes)
        return found

    def holds(self, text: str) -> bool:
        """Whether a text holds any of them."""
        return bool(text) and bool(self.among([text])[0])

    def without(self, texts: Iterable[str]) -> "Words":
        """Those that none of these texts has: what others say too is not one person's."""
        windows, wholes = self.windows, self.wholes
        for batch in _some(texts):
            shingles = batch_shingles(batch, WINDOW)
            windows = windows[~np.isin(windows, shingles.hashes)]
            wholes = wholes[~np.isin(wholes, shingles.whole)]
        return Words(windows, wholes)

    def joined(self, other: "Words") -> "Words":
        """Both."""
        return Words(np.union1d(self.windows, other.windows), np.union1d(self.wholes, other.wholes))


def words_of(texts: Iterable[str]) -> Words:
    """What these texts are known by."""
    windows, wholes = [_none()], [_none()]
    for batch in _some(texts):
        shingles = batch_shingles(batch, WINDOW)
        windows.append(np.unique(shingles.hashes))
        wholes.append(shingles.whole[_is_short(shingles)])
    return Words(np.unique(np.concatenate(windows)), np.unique(np.concatenate(wholes)))


def _is_short(shingles: Shingles) -> Mask:
    counts = shingles.word_counts
    short: Mask = (counts >= _LEAST) & (counts < WINDOW)
    return short


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    start, size = 0, 0
    for place, text in enumerate(texts):
        size += len(text)
        if size >= _BATCH_CHARACTERS:
            yield start, texts[start : place + 1]
            start, size = place + 1, 0
    if start < len(texts):
        yield start, texts[start:]


def _some(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
