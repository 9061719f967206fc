"""A scorer: pairs in, scores out, the same on every machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaokerena_data.scoring.features import (
    Found,
    Numbers,
    Vocabulary,
    Whole,
    find_known,
    read_pairs,
)
from gaokerena_data.scoring.grams import SIDES
from gaokerena_data.scoring.pair_signals import signal_names
from gaokerena_data.scoring.patient import patient_age, patient_sex
from gaokerena_data.scoring.scored_fields import CLASSES, SCORES_SCHEMA
from gaokerena_data.text.arrays import run_starts

type Weights = npt.NDArray[np.int32]

# Weights of grams are whole numbers of this part of one.
PART = 1 << 12
# More is noise of the model, and might differ in a library's last bit.
_DECIMALS = 4
_AT_ONCE = 250  # pairs
_SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of straight pieces that never falls: from a model's number to what it comes to.

    Args:
        at: (knots,) numbers of the model, rising.
        values: (knots,) what they come to; before the first and after the last it is level.
    """

    at: Numbers
    values: Numbers

    def __call__(self, numbers: Numbers) -> Numbers:
        """The values at some numbers."""
        last = len(self.at) - 1
        place = np.clip(np.searchsorted(self.at, numbers, side="right") - 1, 0, max(last - 1, 0))
        after = np.minimum(place + 1, last)
        width = self.at[after] - self.at[place]
        beyond = np.clip(numbers, self.at[0], self.at[last]) - self.at[place]
        share = np.divide(beyond, width, out=np.zeros(len(numbers)), where=width > 0)
        risen: Numbers = self.values[place] + share * (self.values[after] - self.values[place])
        return risen


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear models side by side.

    Args:
        names: of each: of a score that is a number, or of a class, `SCORE:CLASS`.
        grams: of each side, (grams, heads of that side) whole numbers: what a gram of that rarity
            adds, in parts of one.
        listening: of each side, the heads that it tells something.
        signals: (signals, heads) what one of a plain number adds.
        biases: (heads,) what is added to all.
    """

    names: tuple[str, ...]
    grams: dict[str, Weights]
    listening: dict[str, Whole]
    signals: Numbers
    biases: Numbers

    @classmethod
    def of(
        cls, names: tuple[str, ...], grams: dict[str, Weights], signals: Numbers, biases: Numbers
    ) -> Self:
        """Heads from (grams, heads) weights of each side."""
        listening = {side: np.flatnonzero(grams[side].any(axis=0)) for side in SIDES}
        theirs = {side: np.ascontiguousarray(grams[side][:, listening[side]]) for side in SIDES}
        return cls(names, theirs, listening, signals, biases)

    def __call__(self, found: dict[str, Found], signals: Numbers) -> Numbers:
        """(pairs, heads) what each comes to."""
        total = np.zeros((len(signals), len(self.names))) + self.biases
        for side in SIDES:
            total[:, self.listening[side]] += _sums(found[side], self.grams[side], len(signals))
        # Column by column: a product of matrices would be added up in an order of its own.
        for column, weights in enumerate(self.signals):
            total += signals[:, column, None] * weights
        return total


@dataclass(frozen=True, slots=True)
class Scorer:
    """All that is needed to score pairs.

    Args:
        name: with its version, as scores name it.
        vocabularies: of each side, the grams that its heads weigh.
        heads: its models.
        curves: by the name of a score that is a number: what the head of this name comes to.
    """

    name: str
    vocabularies: dict[str, Vocabulary]
    heads: Heads
    curves: dict[str, Curve]

    def score(self, questions: Sequence[str], answers: Sequence[str]) -> pa.Table:
        """Score pairs.

        Args:
            questions: normalized texts without personal data.
            answers: as many.

        Returns:
            A table of `SCORES_SCHEMA`, one row a pair.
        """
        parts = [
            self._score(questions[at : at + _AT_ONCE], answers[at : at + _AT_ONCE])
            for at in range(0, len(questions), _AT_ONCE)
        ]
        return pa.concat_tables([SCORES_SCHEMA.empty_table(), *parts]).combine_chunks()

    def _score(self, questions: Sequence[str], answers: Sequence[str]) -> pa.Table:
        sides, signals = read_pairs(questions, answers)
        numbers = self.heads(find_known(sides, self.vocabularies, len(questions)), signals)
        columns: dict[str, object] = {
            name: np.round(curve(numbers[:, self.heads.names.index(name)]), _DECIMALS)
            for name, curve in self.curves.items()
        }
        for name in CLASSES:
            columns[name] = self._classes(name, numbers)
        names = signal_names()
        sexes = (signals[:, names.index(f"question:{sex}")].tolist() for sex in _SEXES)
        columns["patient_sex"] = list(map(patient_sex, *sexes))
        columns["patient_age"] = [patient_age(question) for question in questions]
        return pa.table({name: columns[name] for name in SCORES_SCHEMA.names}, SCORES_SCHEMA)

    def _classes(self, name: str, numbers: Numbers) -> list[str | None]:
        """The likeliest class of each pair; None where that is the class without a name."""
        places = [
            place for place, head in enumerate(self.heads.names) if head.startswith(f"{name}:")
        ]
        classes = [self.heads.names[place].partition(":")[2] or None for place in places]
        return [classes[best] for best in numbers[:, places].argmax(1).tolist()]


def _sums(found: Found, weights: Weights, pairs: int) -> Numbers:
    """(pairs, heads) the weights of each pair's grams, added up and divided by their length."""
    sums = np.zeros((pairs, weights.shape[1]))
    if len(found.rows):
        starts = np.flatnonzero(run_starts(found.rows))
        # Whole numbers: exact in any order.
        added = np.add.reduceat(weights[found.columns], starts, axis=0, dtype=np.int64)
        sums[found.rows[starts]] = added
    return sums / PART / found.lengths[:, None]
