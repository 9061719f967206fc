"""Rows that a learned score thinks little of."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.scorers import ScoresSettings
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.labelled import FAULT, SCORED_BY

NAME = "worth@1"
LITTLE, READ = "little_worth", "a_reader_says_no"


def drop_worthless(table: pa.Table, min_worth: float, may_train: npt.NDArray[np.bool_]) -> Sifted:
    """Drop rows to learn from that are probably not worth it.

    Args:
        table: the records under curation, with their scores, and the fault that a reader found.
        min_worth: the least probability that readers would keep a row; of a row that somebody read
            it is 0 or 1.
        may_train: one a row; a test keeps all of its rows, as people are really answered.
    """
    worth = pc.cast(table["worth"], pa.float64())
    # What was scored 0.85 is stored as the float32 next to it.
    rounded = pc.round(worth, 4)
    gone = pc.less(rounded, min_worth).to_numpy() & may_train
    fault = table[FAULT]
    reasons = [READ if each else LITTLE for each in fault.filter(pa.array(gone)).to_pylist()]
    said = pc.binary_join_element_wise(table[SCORED_BY], fault, ": ")
    return leave_out(table, gone, NAME, reasons, value=rounded, threshold=min_worth, detail=said)


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    least = curating.read(ScoresSettings).scores.min_worth
    return drop_worthless(table, least, curating.may_train(table))


RULE = Rule(
    NAME,
    "rows to learn from with a `worth` below `scores.min_worth`: the probability, by a model "
    "trained from readers' labels, that a reader would keep the row; one that was read goes by "
    "what its reader said",
    (LITTLE, READ),
    _apply,
    ScoresSettings,
)
