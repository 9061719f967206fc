"""The words of many texts at once, as numbers: what shingles and signals are counted from.

A batch of texts is one array of UTF-16 code units. Each unit has a fixed random 64-bit value; a
word's hash is the polynomial of its units' values: a difference of two prefix sums, modulo 2**64,
divided by a power of the (odd, hence invertible) base. No word ever becomes a Python string.
`gaokerena_data.text.word_forms.words` says what a word is.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text import word_forms as kinds_of

type Hashes = npt.NDArray[np.uint64]
type Positions = npt.NDArray[np.int64]

_UNIT_SEED, _RAW_SEED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_UNIT_BASE = 0xD6E8FEB86659FD93


class WordArrays(NamedTuple):
    """The words of a batch of texts, in order.

    Attributes:
        hashes: of every word of every text; equal for words that are one in comparison form.
        lengths: UTF-16 code units of each word.
        first_words: text i has the words from `first_words[i]` to `first_words[i + 1]`. One entry
            more than texts.
        units: every code unit of the batch, with a line break before, between and after texts.
        bounds: where in `units` each text begins, and one past the line break after the last.
        begins: where in `units` each word begins.
        ends: and where it has ended.
        texts: what was read, settled (see `word_forms.settle`).
    """

    hashes: Hashes
    lengths: Positions
    first_words: Positions
    units: npt.NDArray[np.intp]
    bounds: Positions
    begins: Positions
    ends: Positions
    texts: Sequence[str]


def word_arrays(texts: Sequence[str]) -> WordArrays:
    """The words of many texts.

    >>> found = word_arrays(["درد سر", "", "سر"])
    >>> found.first_words.tolist(), found.lengths.tolist()
    ([0, 2, 2, 3], [3, 2, 2])
    >>> bool(found.hashes[1] == found.hashes[2])
    True

    Args:
        texts: a batch that together is at most a few million characters: all are in memory at
            about 40 bytes a character.
    """
    units, bounds = _code_units(texts)
    kinds_table, _ = kinds_of.code_unit_table()
    kinds = kinds_table[units]
    unsettled = _places(kinds, kinds_of.UNSETTLED)
    if len(unsettled):
        texts = list(texts)
        for i in np.unique(np.searchsorted(bounds, unsettled, side="right") - 1).tolist():
            texts[i] = kinds_of.settle(texts[i])
        units, bounds = _code_units(texts)
        kinds = kinds_table[units]
    nothing = _places(kinds, kinds_of.NOTHING)
    if len(nothing):
        units, kinds = np.delete(units, nothing), np.delete(kinds, nothing)
        bounds = bounds - np.searchsorted(nothing, bounds)
    begins, ends = _word_bounds(kinds)
    hashes = hashes_of(units, begins, ends)
    return WordArrays(
        hashes, ends - begins, np.searchsorted(begins, bounds), units, bounds, begins, ends, texts
    )


def digest_words(words: WordArrays) -> list[str]:
    """A digest of each text's words alone: spacing, punctuation and keyboards apart.

    Where Persian writers put spaces is noise («می شود», «میشود»), but `2 5` is not `25`. A text
    without a word (an emoji, `؟؟`) is digested as it stands.

    Returns:
        96 bits of SHA-256 in hexadecimal, one a text.
    """
    kinds_table, folded_table = kinds_of.code_unit_table()
    begins, ends = words.begins, words.ends
    inside = np.zeros(len(words.units) + 1, np.int8)
    inside[begins] = 1
    inside[ends] -= 1  # a sign may begin where a word ends
    kept = np.cumsum(inside[:-1], dtype=np.int8) > 0
    digits = (kinds_table[words.units] & kinds_of.DIGIT) > 0
    between = digits[begins[1:]] & digits[ends[:-1] - 1]
    # Not from the last word of a text to the first of the next.
    firsts = words.first_words[(words.first_words > 0) & (words.first_words < len(begins))]
    between[firsts - 1] = False
    apart = begins[1:][between] - 1
    kept[apart] = True
    units = folded_table[words.units]
    units[apart] = ord(" ")
    written = units[kept].astype("<u2").tobytes()
    places = np.concatenate(([0], np.cumsum(kept)))
    edges = (2 * places[words.bounds]).tolist()
    return [
        _digest(written[edges[i] : edges[i + 1]] or text.encode("utf-16-le", "surrogatepass"))
        for i, text in enumerate(words.texts)
    ]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:24]


def word_hashes(words: Sequence[str]) -> Hashes:
    """The hashes by which `WordArrays.hashes` has these words, sorted."""
    return np.unique(word_arrays([" ".join(words)]).hashes)


def hashes_of(units: npt.NDArray[np.intp], begins: Positions, ends: Positions) -> Hashes:
    """The hashes of words that lie in an array of code units."""
    return mix(segment_hashes(_unit_values()[units], begins, ends, _UNIT_BASE))


def raw_hash(text: str) -> np.uint64:
    """The hash of a text as it is written, for one that has no word."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    values = mix((units.astype(np.uint64) + np.uint64(1)) * _RAW_SEED)
    total = segment_hashes(values, np.array([0]), np.array([len(units)]), _UNIT_BASE)
    return np.uint64(mix(total ^ _RAW_SEED)[0])


def segment_hashes(values: Hashes, begins: Positions, ends: Positions, base: int) -> Hashes:
    """The sum of `values[i] * base**(i - begin)` over each segment: the same wherever it lies.

    The segments 2, 1 and 2, 1 (at different places), and 1 alone, to the base 3:

    >>> values = np.array([2, 1, 2, 1], np.uint64)
    >>> segment_hashes(values, np.array([0, 2, 3]), np.array([2, 4, 4]), 3).tolist()
    [5, 5, 1]
    """
    powers, inverses = _powers(base, 1 << len(values).bit_length())
    sums = np.empty(len(values) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(values * powers[: len(values)], out=sums[1:])
    return (sums[ends] - sums[begins]) * inverses[begins]


def mix(hashes: Hashes) -> Hashes:
    """MurmurHash3's 64-bit finalizer: every bit of the result hangs on every bit given."""
    hashes = hashes ^ (hashes >> np.uint64(33))
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xC4CEB9FE1A85EC53)
    hashes ^= hashes >> np.uint64(33)
    return hashes


def _code_units(texts: Sequence[str]) -> tuple[npt.NDArray[np.intp], Positions]:
    """All texts as UTF-16 with a line break before, between and after, and where each begins."""
    joined = "\n".join(["", *texts, ""])
    units = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    if len(units) != len(joined):
        lengths = np.fromiter(
            (len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in texts),
            np.int64,
            len(texts),
        )
    # Widened: numpy looks numbers up twice as fast by its own index type.
    return units.astype(np.intp), np.concatenate(([1], 1 + np.cumsum(lengths + 1)))


def _places(kinds: npt.NDArray[np.uint8], kind: np.uint8) -> Positions:
    # The comparison is no luxury: numpy finds what is true ten times as fast as what is not zero.
    return np.flatnonzero((kinds & kind) != 0)


def _word_bounds(kinds: npt.NDArray[np.uint8]) -> tuple[Positions, Positions]:
    """Where each word begins, and where it has ended. The first and last unit are no word."""
    inside = (kinds & kinds_of.WORD).view(np.bool_)
    between = _places(kinds, kinds_of.BETWEEN_DIGITS)
    inside[between] = (kinds[between - 1] & kinds[between + 1] & kinds_of.DIGIT) > 0
    minus = _places(kinds, kinds_of.MINUS)
    inside[minus] = ((kinds[minus - 1] & kinds_of.LATIN) > 0) & ~inside[minus + 1]
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    begins, ends = edges[::2], edges[1::2]
    signs = _places(kinds, kinds_of.SIGN)
    place = np.searchsorted(begins, signs)
    return np.insert(begins, place, signs), np.insert(ends, place, signs + 1)


@cache
def _unit_values() -> Hashes:
    _, folded = kinds_of.code_unit_table()
    return mix((folded.astype(np.uint64) + np.uint64(1)) * _UNIT_SEED)


@cache
def _powers(base: int, count: int) -> tuple[Hashes, Hashes]:
    """base**0 to base**(count - 1) modulo 2**64, and their inverses."""
    both = np.ones((2, count), np.uint64)
    both[0, 1:] = base
    both[1, 1:] = pow(base, -1, 1 << 64)
    np.cumprod(both, axis=1, out=both)
    return both[0], both[1]
