"""What a text is made of, as numbers: its words, pairs of words, and beginnings of words.

A gram is a 64-bit hash that any machine computes alike. Each kind of gram, and each side of a pair,
has its own salt, so that a word of a question is not the same word of an answer.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import slices
from gaokerena_data.text.shingling import shingles_of
from gaokerena_data.text.word_arrays import WordArrays, hashes_of, mix

type Hashes = npt.NDArray[np.uint64]
type Rows = npt.NDArray[np.int64]

SIDES = ("question", "answer")
# Letters of a word's beginning: what is left of most Persian words without their endings.
STEM_LETTERS = 4
_SALTS = {
    (side, kind): np.uint64(0x9E3779B97F4A7C15 * (1 + place) % 2**64)
    for place, (side, kind) in enumerate(
        (side, kind) for side in SIDES for kind in ("word", "pair", "stem")
    )
}


class Grams(NamedTuple):
    """Grams of many texts.

    Attributes:
        hashes: (grams,) of all texts, one text after another within a kind.
        rows: (grams,) the text of each.
    """

    hashes: Hashes
    rows: Rows


def grams_of(words: WordArrays, side: str) -> Grams:
    """The grams of a batch of texts; one that stands twice in a text is there twice.

    Args:
        words: of the texts.
        side: of the pair, one of `SIDES`.
    """
    counts = np.diff(words.first_words)
    rows = np.repeat(np.arange(len(counts)), counts)
    pairs = shingles_of(words, 2)
    ends = np.minimum(words.ends, words.begins + STEM_LETTERS)
    long_enough = words.ends - words.begins > STEM_LETTERS
    stems = hashes_of(words.units, words.begins[long_enough], ends[long_enough])
    of_kind = {"word": words.hashes, "pair": pairs.hashes, "stem": stems}
    rows_of_pairs = np.repeat(np.arange(len(counts)), np.diff(pairs.starts))
    salted = [mix(hashes ^ _SALTS[side, kind]) for kind, hashes in of_kind.items()]
    return Grams(np.concatenate(salted), np.concatenate((rows, rows_of_pairs, rows[long_enough])))


def phrase_places(words: WordArrays, n: int) -> tuple[Hashes, Rows]:
    """Every run of n words: its hash, and its text."""
    found = shingles_of(words, n)
    counts = np.diff(found.starts)
    return found.hashes, np.repeat(np.arange(len(counts)), counts)


def words_of(words: WordArrays, row: int) -> Hashes:
    """The hashes of one text's words."""
    begin, end = words.first_words[row : row + 2]
    return words.hashes[slices(np.array([begin]), np.array([end - begin]))]
