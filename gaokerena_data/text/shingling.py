"""Hashes of word n-grams (shingles), for many texts at once, the same on every machine.

A shingle's hash is the polynomial of its words' hashes, a text's that of all its words (see
`gaokerena_data.text.word_arrays`). `gaokerena_data.text.word_forms.words` says what a word is.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gaokerena_data.text.compared_words import ComparedWords, compared_words
from gaokerena_data.text.word_arrays import (
    Hashes,
    Positions,
    WordArrays,
    mix,
    raw_hash,
    segment_hashes,
    word_arrays,
)
from gaokerena_data.text.word_forms import words

_WORD_BASE = 0xA0761D6478BD642F


class Shingles(NamedTuple):
    """The shingles of a batch of texts.

    Attributes:
        hashes: every shingle of every text in reading order, repeats included.
        starts: `hashes[starts[i]:starts[i + 1]]` are those of text i; none if it is shorter than
            n words. One entry more than texts.
        whole: one hash a text, of its words in order: equal for two texts that differ in nothing
            but spelling. A text without any word is hashed as it is written.
        word_counts: how many words each text has.
    """

    hashes: Hashes
    starts: Positions
    whole: Hashes
    word_counts: Positions


def shingles(text: str, n: int = 5) -> list[str]:
    """The word n-grams of a text in order, words in their comparison form.

    >>> shingles("قرص را با آب بخوريد.", n=3)
    ['قرص را با', 'را با آب', 'با آب بخورید']

    Args:
        text: any text.
        n: words in a shingle, at least 1.

    Returns:
        All of them, repeats included. A text shorter than n words has one, of all its words; one
        without any word has none.
    """
    found = words(text)
    return [" ".join(found[at : at + n]) for at in range(max(len(found) - n + 1, bool(found)))]


def shingle_hashes(text: str, n: int = 5) -> Hashes:
    """The set of hashes of a text's word n-grams, sorted.

    Args:
        text: any text.
        n: words in a shingle.

    Returns:
        Unique 64-bit hashes, ascending. A text shorter than n words has one, of all it is, which
        no other text shares unless their words are equal.
    """
    batch = batch_shingles([text], n)
    return np.unique(batch.hashes) if len(batch.hashes) else batch.whole


def batch_shingles(texts: Sequence[str], n: int = 5) -> Shingles:
    """The shingles of many texts; about 100 times as fast as one by one when they are short.

    >>> found = batch_shingles(["a b c", "b c", "c"], n=2)
    >>> found.starts.tolist(), found.word_counts.tolist()
    ([0, 2, 3, 3], [3, 2, 1])
    >>> bool(found.hashes[1] == found.hashes[2])
    True

    Args:
        texts: a batch that together is at most a few million characters: all are in memory at
            about 40 bytes a character.
        n: words in a shingle, at least 1.
    """
    return shingles_of(word_arrays(texts), n)


def compared_shingles(texts: Sequence[str], n: int = 5) -> Shingles:
    """The shingles that near-duplicates are found by: of words as `compared_words` folds them.

    >>> found = compared_shingles(["نمیخواهم متفرمین بخورم", "نمی خواهم متفورمین بخورم"], n=2)
    >>> found.word_counts.tolist(), bool(found.whole[0] == found.whole[1])
    ([4, 4], True)
    """
    return shingles_of(compared_words(word_arrays(texts)), n)


def shingles_of(words: WordArrays | ComparedWords, n: int = 5) -> Shingles:
    """The shingles of a batch whose words were found already."""
    first_words = words.first_words
    word_counts = np.diff(first_words)
    whole = mix(segment_hashes(words.hashes, first_words[:-1], first_words[1:], _WORD_BASE))
    for wordless in np.flatnonzero(word_counts == 0).tolist():
        whole[wordless] = raw_hash(words.texts[wordless])
    shingle_counts = np.maximum(word_counts - n + 1, 0)
    return Shingles(
        hashes=_shingle_hashes(words.hashes, first_words, n),
        starts=np.concatenate(([0], np.cumsum(shingle_counts))),
        whole=whole,
        word_counts=word_counts,
    )


def _shingle_hashes(words: Hashes, first_words: Positions, n: int) -> Hashes:
    """Hashes of n consecutive words, but of those that lie across two texts."""
    count = len(words) - n + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    combined = words[:count].copy()
    for k in range(1, n):
        combined *= np.uint64(_WORD_BASE)
        combined += words[k : k + count]
    within = np.ones(count, np.bool_)
    crossing = first_words[1:, None] - np.arange(1, n)
    within[crossing[(crossing >= first_words[:-1, None]) & (crossing < count)]] = False
    return mix(combined[within])
