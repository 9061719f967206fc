"""One answer under very many questions."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.duplicates.preference import keep_one, preference
from gaokerena_data.curate.duplicates.repeated import most_different
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted
from gaokerena_data.datasets.settings import Positive, Settings

NAME = "repeated_answer@1"


class RepeatedAnswer(Settings):
    """How often one answer may be learnt."""

    max_same_answers: Positive


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """Drop rows to learn from whose answer enough others have; tests keep all of theirs."""
    (asked,) = curating.texts(table, ["heading"])
    keepers, similarity = most_different(
        _groups(table, curating),
        preference(table, curating.declaration, curating.released),
        np.array([each in curating.released for each in table["id"].to_pylist()], np.bool_),
        curating.read(RepeatedAnswer).max_same_answers,
        asked.similarities,
    )
    return keep_one(table, keepers, similarity, NAME, "answer_given_too_often")


def _groups(table: pa.Table, curating: Curating) -> np.ndarray:
    """A label for all rows with one answer; each row of a test source is alone."""
    codes = table["body_digest"].combine_chunks().dictionary_encode().indices
    labels: np.ndarray = pc.cast(codes, pa.int64()).to_numpy().copy()
    for_test = np.flatnonzero(~curating.may_train(table))
    labels[for_test] = len(labels) + np.arange(len(for_test))
    return labels


RULE = Rule(
    NAME,
    "rows to learn from with an answer that `max_same_answers` others have word for word: the "
    "questions that are most different stay",
    ("answer_given_too_often",),
    _apply,
    RepeatedAnswer,
)
