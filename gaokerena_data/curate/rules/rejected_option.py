"""Rejected answers that name the right option."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.pair_readings import read_pairs

NAME = "rejected_option@1"


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    pairs = read_pairs(table, curating.files, curating.declaration.kind)
    gone = [pair.rejected is not None and pair.rejected == pair.correct for pair in pairs]
    return leave_out(table, np.array(gone, np.bool_), NAME, "rejected_names_the_right_one")


RULE = Rule(
    NAME,
    "pairs whose rejected answer names the right option: it was right too, or the key is wrong",
    ("rejected_names_the_right_one",),
    _apply,
)
