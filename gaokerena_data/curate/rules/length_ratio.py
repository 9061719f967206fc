"""Pairs of which one answer is much longer than the other."""

from typing import Annotated

import numpy as np
import pyarrow as pa
from pydantic import Field

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.rows import gather_rows
from gaokerena_data.datasets.settings import Settings

NAME = "length_ratio@1"


class LengthRatio(Settings):
    """How much longer one answer of a pair may be."""

    max_length_ratio: Annotated[float, Field(ge=1)]


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """Words by spaces; what prefers one length everywhere teaches a length."""
    kind = curating.declaration.kind
    most = curating.read(LengthRatio).max_length_ratio
    texts = gather_rows(table, curating.files, kind, [kind.body, "rejected"])
    chosen, rejected = (
        np.array([max(1, len(text.split())) for text in column.to_pylist()], np.float64)
        for column in texts.columns
    )
    ratio = np.maximum(chosen / rejected, rejected / chosen)
    longer = np.where(chosen > rejected, "chosen_is_longer", "rejected_is_longer")
    gone = ratio > most
    return leave_out(
        table, gone, NAME, longer[gone].tolist(), value=pa.array(ratio), threshold=most
    )


RULE = Rule(
    NAME,
    "pairs of which one answer has more than `max_length_ratio` times the words of the other",
    ("chosen_is_longer", "rejected_is_longer"),
    _apply,
    LengthRatio,
)
