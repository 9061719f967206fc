"""The features of pairs: grams that a model knows, weighted by how rare they are, and numbers.

What a model computes from them is the same on every machine: grams are weighted by whole numbers,
whose sums are exact in whatever order they are added, and what follows is done element by element
with operations that IEEE 754 rounds in one way.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.scoring.grams import SIDES, Grams, grams_of
from gaokerena_data.scoring.pair_signals import pair_signals
from gaokerena_data.text.arrays import run_starts
from gaokerena_data.text.word_arrays import word_arrays

type Whole = npt.NDArray[np.int64]
type Numbers = npt.NDArray[np.float64]

# Raise it when a feature changes its meaning: models of other features are refused.
FEATURES = "features@1"


class Vocabulary(NamedTuple):
    """The grams of one side of a pair that a model knows.

    Attributes:
        hashes: (grams,) uint64, rising.
        rarity: (grams,) whole numbers: how much a gram weighs; the rarer it is, the more.
    """

    hashes: npt.NDArray[np.uint64]
    rarity: Whole


class Found(NamedTuple):
    """The known grams of one side of some pairs, each once a pair.

    Attributes:
        rows: (found,) the pair in which a gram stands, in order.
        columns: (found,) which gram of the vocabulary it is.
        lengths: (pairs,) Euclidean length of the rarities of a pair's grams; 1 where it has none.
    """

    rows: Whole
    columns: Whole
    lengths: Numbers


def read_pairs(
    questions: Sequence[str], answers: Sequence[str]
) -> tuple[dict[str, Grams], Numbers]:
    """The grams of each side of a batch of pairs, and their plain numbers.

    Args:
        questions: normalized texts without personal data, together a few million characters.
        answers: as many.
    """
    words = {"question": word_arrays(questions), "answer": word_arrays(answers)}
    signals = pair_signals(questions, answers, words["question"], words["answer"])
    return {side: grams_of(words[side], side) for side in SIDES}, signals


def find_known(
    sides: Mapping[str, Grams], vocabularies: Mapping[str, Vocabulary], pairs: int
) -> dict[str, Found]:
    """The grams of each side that a model knows."""
    return {side: _known(sides[side], vocabularies[side], pairs) for side in SIDES}


def _known(grams: Grams, vocabulary: Vocabulary, pairs: int) -> Found:
    known = vocabulary.hashes
    place = np.minimum(np.searchsorted(known, grams.hashes), len(known) - 1)
    found = known[place] == grams.hashes
    keys = np.sort(grams.rows[found] * len(known) + place[found])
    keys = keys[run_starts(keys)] if len(keys) else keys
    rows, columns = np.divmod(keys, len(known))
    # Whole numbers far below 2**53: their sum is exact as a float, too.
    squares = np.bincount(rows, vocabulary.rarity[columns] ** 2, pairs)
    return Found(rows, columns, np.sqrt(np.maximum(squares, 1)))
