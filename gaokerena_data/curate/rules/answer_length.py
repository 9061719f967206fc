"""Answers that are too short."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Count, Settings

NAME = "answer_length@1"


class AnswerLength(Settings):
    """The floor of all sources, and of those that have one of their own."""

    min_answer_words: Count
    min_answer_words_of: dict[str, Count]


def drop_short(
    table: pa.Table, min_words: int, min_words_of: Mapping[str, int], step: str = NAME
) -> Sifted:
    """Drop records whose body has fewer words than its source's floor.

    Words are those of hazm's WordTokenizer, as the authors counted them (paper, section IV-B).
    """
    floors = pa.array(
        [min_words_of.get(source, min_words) for source in table["source"].to_pylist()],
        pa.int32(),
    )
    words = table["body_words"]
    short = pc.less(words, floors)
    return leave_out(table, short, step, "too_short", value=words, threshold=floors)


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    settings = curating.read(AnswerLength)
    return drop_short(table, settings.min_answer_words, settings.min_answer_words_of)


RULE = Rule(
    NAME,
    "fewer words of the answer (by hazm's tokenizer) than `min_answer_words`, or than a source's "
    "own floor in `min_answer_words_of`; test sources have none",
    ("too_short",),
    _apply,
    AnswerLength,
)
