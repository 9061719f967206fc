"""Texts with a signal out of its bounds."""

from typing import Self

import numpy as np
import pyarrow as pa
from pydantic import model_validator

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Count, Settings
from gaokerena_data.text.document_signals import DOCUMENT_SIGNALS

NAME = "quality@2"

# What the ledger calls a signal that is out of bounds.
REASONS = {
    "duplicate_line_character_share": "repeated_lines",
    "line_end_share": "lines_without_end",
    "words_per_line": "words_per_line",
    "top_2_gram_share": "one_pair_of_words",
    "duplicate_5_gram_share": "repeated_words",
    "mean_word_length": "odd_words",
    "boilerplate_share": "boilerplate",
    "medical_share": "medical_words",
    "shop_share": "shop_words",
    "news_share": "news_words",
}

# What a text is to so large a part, however short it is; the others are statistics of its words.
_OF_ANY_LENGTH = {"boilerplate_share"}


class Bounds(Settings):
    """What a body may have at most and must have at least of a signal of `document_signals`."""

    min_words: Count = 0
    most: dict[str, float]
    least: dict[str, float]

    @model_validator(mode="after")
    def _signals_are_known(self) -> Self:
        for name in (*self.most, *self.least):
            if name not in DOCUMENT_SIGNALS:
                raise ValueError(
                    f"no signal is called {name!r}; give one of: {', '.join(DOCUMENT_SIGNALS)}"
                )
        return self


class Quality(Settings):
    """The bounds of all signals that have any."""

    quality: Bounds


def drop_poor(table: pa.Table, quality: Bounds) -> Sifted:
    """Drop records with a signal out of its bounds; the first of them is the ledger's reason.

    A body of fewer words than `min_words` has no statistics: a mean of one word is that word.
    """
    count = table.num_rows
    value, bound = np.zeros(count), np.zeros(count)
    reason = np.full(count, "", dtype=object)
    long_enough = table["body_words"].to_numpy() >= quality.min_words
    for bounds, beyond in ((quality.most, np.greater), (quality.least, np.less)):
        for name, threshold in bounds.items():
            measured = table[name].to_numpy()
            here = beyond(measured, threshold) & (reason == "")
            if name not in _OF_ANY_LENGTH:
                here &= long_enough
            reason[here], bound[here] = REASONS[name], threshold
            value[here] = measured[here]
    gone = reason != ""
    return leave_out(
        table,
        gone,
        NAME,
        reason[gone].tolist(),
        value=pa.array(value),
        threshold=pa.array(bound),
    )


RULE = Rule(
    NAME,
    "a signal outside the bounds of `quality` in a text of its `min_words`; the reason names the "
    "signal",
    tuple(REASONS.values()),
    lambda table, curating: drop_poor(table, curating.read(Quality).quality),
    Quality,
)
