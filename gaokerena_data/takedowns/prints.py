"""Fingerprints of texts that were taken down.

A fingerprint holds no word: a keyed hash of all letters of the text, and keyed hashes of its runs
of twelve letters. Whoever has it and the key can try whether a text that he has is in it.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.takedowns.key import keyed
from gaokerena_data.takedowns.letters import read_grams, read_letters
from gaokerena_data.text.quality import boilerplate

type Side = Literal["heading", "answer", "content"]
type Values = npt.NDArray[np.uint32]

# The fewest letters with which a text counts by itself. A shorter question is anybody's; a shorter
# answer stands under many people's questions, and counts together with its question only.
LEAST_ALONE = {"heading": 16, "answer": 60, "content": 16}
MAX_BOILERPLATE = 0.6  # greetings and sentences that answer any question, by characters
_RATES = ((1_500, 1), (6_000, 2))  # to so many grams all are kept, to so many every second
_LEAST_RATE = 4


@dataclass(frozen=True, slots=True)
class TextPrint:
    """The fingerprint of one text.

    Args:
        side: what it was: a question (or title), an answer, an article's content.
        letters: how many letters and digits it has.
        alone: whether it counts by itself, or only with the other text of its record.
        whole: keyed hash of all its letters.
        rate: one of so many grams is among `grams`.
        grams: (grams,) upper halves of the keyed hashes of its different grams, sorted.
    """

    side: Side
    letters: int
    alone: bool
    whole: int
    rate: int
    grams: Values = field(repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file of takedowns."""
        return {
            "side": self.side,
            "letters": self.letters,
            "alone": self.alone,
            "whole": f"{self.whole:016x}",
            "rate": self.rate,
            "grams": b64encode(self.grams.astype("<u4").tobytes()).decode(),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "TextPrint":
        """What `as_json` gave.

        Raises:
            GaokerenaError: it is something else.
        """
        try:
            side, letters, rate = told["side"], int(told["letters"]), int(told["rate"])
            grams = np.frombuffer(b64decode(told["grams"], validate=True), "<u4")
            whole = int(told["whole"], 16)
            alone = told["alone"]
        except (KeyError, TypeError, ValueError):
            raise GaokerenaError("not a fingerprint") from None
        if side not in LEAST_ALONE or rate not in {1, 2, 4} or not isinstance(alone, bool):
            raise GaokerenaError("not a fingerprint")
        return cls(side, letters, alone, whole, rate, grams)


def make_prints(texts: Sequence[tuple[Side, str]], key: bytes) -> list[TextPrint]:
    """Fingerprints of texts, each different one once; a text without a letter has none.

    Args:
        texts: what each is, and itself.
        key: of the workspace.
    """
    prints: dict[tuple[str, int], TextPrint] = {}
    for side, text in texts:
        letters = read_letters([text])
        count = int(letters.counts[0])
        if not count:
            continue
        grams = read_grams(letters)
        found = np.unique(keyed(grams.hashes, key))
        rate = next((rate for most, rate in _RATES if len(found) <= most), _LEAST_RATE)
        whole = int(keyed(grams.whole, key)[0])
        prints[side, whole] = TextPrint(
            side, count, counts_alone(side, count, text), whole, rate, upper(sampled(found, rate))
        )
    return list(prints.values())


def counts_alone(side: Side, letters: int, text: str) -> bool:
    """Whether a text is somebody's own words: long enough, and not what is said to everybody."""
    return letters >= LEAST_ALONE[side] and (
        side == "content" or sum(boilerplate(text).values()) <= MAX_BOILERPLATE
    )


def sampled(hashes: npt.NDArray[np.uint64], rate: int) -> npt.NDArray[np.uint64]:
    """One of `rate` hashes, the same ones of whatever text."""
    kept: npt.NDArray[np.uint64] = hashes[hashes & np.uint64(rate - 1) == 0]
    return kept


def upper(hashes: npt.NDArray[np.uint64]) -> Values:
    """The upper halves, each once, sorted."""
    return np.unique((hashes >> np.uint64(32)).astype(np.uint32))
