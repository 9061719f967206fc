"""Prompts that already tell the answer."""

import numpy as np
import pyarrow as pa

from gaokerena_data.choices.answer_told import tells_answer
from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.rows import gather_rows

NAME = "answer_in_prompt@1"


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    kind = curating.declaration.kind
    texts = gather_rows(table, curating.files, kind, [kind.heading, "instruction"])
    gone = [
        any(tells_answer(text or "") for text in row)
        for row in zip(*(column.to_pylist() for column in texts.columns), strict=True)
    ]
    return leave_out(table, np.array(gone, np.bool_), NAME, "prompt_tells_the_answer")


RULE = Rule(
    NAME,
    "pairs whose prompt says which option is right, or marks it",
    ("prompt_tells_the_answer",),
    _apply,
)
