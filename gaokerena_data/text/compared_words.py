"""Words as near-duplicates are compared by: glued verbs taken apart, spellings of drugs as one.

For comparison only: nothing here is ever written. «میخواهم», «می‌خواهم» and «می خواهم» are one, and
so are the usual spellings of a substance (`drug_spellings.txt`). `word_arrays` says what a word is.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import slices
from gaokerena_data.text.files import listed_lines
from gaokerena_data.text.word_arrays import (
    Hashes,
    Positions,
    WordArrays,
    hashes_of,
    word_arrays,
)
from gaokerena_data.text.word_forms import code_unit_table

# Words that begin with می and are no verbs, as frequent as they are in medical texts.
_NOT_VERBS = """
میلی میل میلیون میلیارد میان میانه میانی میانگین میزان میگرن میگرنی میوه میوم میومکتومی میکروب
میکروبی میکرو میکروگرم میکروسکوپی میخچه میدان میراث میز میزبان میکس میگو میلاد میوکارد میوکاردیت
میوپی میترال میاستنی میلوم میکوز میکونازول میزوپروستول میرنا میزنای میله میهن میهمان میدازولام
"""
_MEEM, _NOON, _YEH = (ord(letter) for letter in "منی")


class ComparedWords(NamedTuple):
    """The words of a batch of texts as they are compared, in order.

    Attributes:
        hashes: of every word of every text.
        first_words: text i has the words from `first_words[i]` to `first_words[i + 1]`. One entry
            more than texts.
        texts: as in `WordArrays`.
    """

    hashes: Hashes
    first_words: Positions
    texts: tuple[str, ...]


def compared_words(words: WordArrays) -> ComparedWords:
    """The words of a batch as near-duplicates are compared by.

    >>> one, other = (compared_words(word_arrays([text])) for text in ("نمیخورم", "نمی خورم"))
    >>> bool((one.hashes == other.hashes).all()), other.first_words.tolist()
    (True, [0, 2])
    """
    hashes = words.hashes.copy()
    glued, letters = _glued_verbs(words)
    starts = words.begins[glued] + letters
    lengths = words.ends[glued] - starts
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    hashes[glued] = hashes_of(words.units[slices(starts, lengths)], bounds[:-1], bounds[1:])
    hashes = np.insert(hashes, glued, _prefixes()[letters])
    first_words = words.first_words + np.searchsorted(glued, words.first_words)
    spelled, meant = _spellings()
    place = np.minimum(np.searchsorted(spelled, hashes), len(spelled) - 1)
    hashes = np.where(spelled[place] == hashes, meant[place], hashes)
    return ComparedWords(hashes, first_words, tuple(words.texts))


def drug_spellings() -> dict[str, list[str]]:
    """The listed substances and brands, each with its other spellings."""
    lines = (line.split(":") for line in listed_lines("drug_spellings.txt"))
    return {name: spellings.split() for name, spellings in lines}


def _glued_verbs(words: WordArrays) -> tuple[Positions, Positions]:
    """Which words begin with می or نمی and go on, and of how many letters that is."""
    _, folded = code_unit_table()
    long = np.flatnonzero(words.ends - words.begins >= 4)
    first, second, third = (folded[words.units[words.begins[long] + i]] for i in range(3))
    letters = np.where((first == _MEEM) & (second == _YEH), 2, 0)
    negated = (first == _NOON) & (second == _MEEM) & (third == _YEH)
    letters[negated & (words.ends[long] - words.begins[long] >= 5)] = 3
    verbs = (letters > 0) & ~np.isin(words.hashes[long], _not_verbs())
    return long[verbs], letters[verbs]


@cache
def _prefixes() -> Hashes:
    """The hashes of می and نمی, by how many letters they have."""
    found = word_arrays(["می نمی"]).hashes
    return np.array([0, 0, *found], np.uint64)


@cache
def _not_verbs() -> Hashes:
    spelled, _ = _spellings()
    return np.concatenate((word_arrays([_NOT_VERBS]).hashes, spelled))


@cache
def _spellings() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The hashes of spellings, ascending, and what each is compared as."""
    meant, spelled = [], []
    for name, spellings in drug_spellings().items():
        spelled += spellings
        meant += [name] * len(spellings)
    of_spelled, of_meant = (word_arrays([" ".join(names)]).hashes for names in (spelled, meant))
    order = np.argsort(of_spelled)
    return of_spelled[order], of_meant[order]
