"""The authors' own rule against duplicates: one pair for each question."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.whole_records import extracted_rows

NAME = "paper_same_question@1"


def drop_asked_before(table: pa.Table, questions: Sequence[str]) -> Sifted:
    """Drop pairs whose question stands, character by character, in an earlier row of a source.

    Args:
        table: the records under curation, in the order of the crawl.
        questions: as they were extracted, one a row.
    """
    ids = table["id"].to_pylist()
    first: dict[tuple[str, str], int] = {}
    asked = list(zip(table["source"].to_pylist(), questions, strict=True))
    for row, question in enumerate(asked):
        first.setdefault(question, row)
    return leave_out(
        table,
        np.array([first[question] != row for row, question in enumerate(asked)], dtype=bool),
        NAME,
        "asked_before",
        keeper=pa.array([ids[first[question]] for question in asked], pa.string()),
    )


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    kind = curating.declaration.kind
    rows = extracted_rows(table, curating.files, kind)
    return drop_asked_before(table, rows[kind.heading].to_pylist())


RULE = Rule(
    NAME,
    "the authors' recipe: pairs whose question an earlier one of the source has, word for word",
    ("asked_before",),
    _apply,
)
