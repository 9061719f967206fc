"""Texts as their letters and digits alone: what two copies of one text have in common.

Spacing, half-spaces, punctuation, marks, tatweel and the keyboards' ways of writing a letter are no
part of it. Fingerprints of it are kept for years, so this folding is ours, and must never change.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import Indices, slices
from gaokerena_data.text.word_arrays import Hashes, mix, segment_hashes

GRAM = 12  # letters of a gram: three words of Persian
_UNIT_SEED, _BASE = np.uint64(0x9E3779B97F4A7C15), 0xD6E8FEB86659FD93
# Every keyboard that writes Persian: Arabic, Urdu, Pashto, Kurdish, Sindhi, Kashmiri, Uyghur.
_SAME = str.maketrans(
    "يىئۍېےۓێؠ" + "كڪ" + "ةۀھەۂۃہۿ" + "أإآٱٲٳ" + "ؤ" + "ګڱ" + "ں",
    "ییییییییی" + "کک" + "هههههههه" + "اااااا" + "و" + "گگ" + "ن",
    "ـ",
)


class Letters(NamedTuple):
    """The letters of a batch of texts.

    Attributes:
        units: of all texts, one after another.
        starts: text i has `units[starts[i]:starts[i + 1]]`. One entry more than texts.
    """

    units: npt.NDArray[np.uint16]
    starts: Indices

    @property
    def counts(self) -> Indices:
        """(texts,) how many letters each has."""
        counts: Indices = np.diff(self.starts)
        return counts


class Grams(NamedTuple):
    """Hashes of all runs of `GRAM` letters.

    Attributes:
        hashes: of every run of every text in reading order, repeats included.
        texts: the number of the text of each.
        whole: (texts,) of all the letters of each text.
    """

    hashes: Hashes
    texts: Indices
    whole: Hashes


def read_letters(texts: Sequence[str]) -> Letters:
    """The letters and digits of texts, in the one way of writing them.

    >>> found = read_letters(["می‌رَود، ۱۲", "مي رود 12"])
    >>> found.counts.tolist(), bool((found.units[:7] == found.units[7:]).all())
    ([7, 7], True)

    Args:
        texts: a batch that together is at most a few million characters.
    """
    settled = [
        text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)
        for text in texts
    ]
    joined = "\n".join(["", *settled])
    units = _table()[np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)]
    lengths = [len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in settled]
    ends = np.concatenate(([0], np.cumsum(np.array(lengths, np.int64) + 1)))
    is_letter = units != 0
    before = np.concatenate(([0], np.cumsum(is_letter)))
    return Letters(units[is_letter], before[ends])


def read_grams(letters: Letters) -> Grams:
    """The hashes of texts' grams; a text of fewer letters has none, and its whole."""
    values = mix((letters.units.astype(np.uint64) + np.uint64(1)) * _UNIT_SEED)
    counts = np.maximum(letters.counts - GRAM + 1, 0)
    begins = slices(letters.starts[:-1], counts)
    hashes = segment_hashes(values, begins, begins + GRAM, _BASE)
    whole = segment_hashes(values, letters.starts[:-1], letters.starts[1:], _BASE)
    return Grams(hashes, np.repeat(np.arange(len(counts)), counts), whole)


@cache
def _table() -> npt.NDArray[np.uint16]:
    """For each UTF-16 code unit the letter that it counts as; 0 for what is none."""
    table = np.zeros(1 << 16, np.uint16)
    for code in range(1 << 16):
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Nd":
            table[code] = ord(str(unicodedata.digit(character)))
        elif category[0] == "L" and category != "Lm":
            folded = character.translate(_SAME).casefold()
            table[code] = ord(folded) if len(folded) == 1 else code
    return table
