"""Pairs with a fault that can be seen in their words."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import field_validator

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Settings
from gaokerena_data.text.pairs.faults import Fault

NAME = "visible_fault@1"
_KNOWN = tuple(fault.value for fault in Fault)


class VisibleFaults(Settings):
    """Faults of which a model should not learn."""

    drop_faults: list[str]

    @field_validator("drop_faults")
    @classmethod
    def _faults_are_known(cls, faults: list[str]) -> list[str]:
        for name in faults:
            if name not in _KNOWN:
                raise ValueError(f"no fault is called {name!r}; give some of: {', '.join(_KNOWN)}")
        return faults


def drop_faulty(table: pa.Table, faults: Sequence[str], may_train: npt.NDArray[np.bool_]) -> Sifted:
    """Drop rows to learn from that have one of these faults.

    Args:
        table: the records under curation.
        faults: the first that a record has is the ledger's reason.
        may_train: one a row; a test keeps all of its rows, as people are really answered.
    """
    held = table["faults"].combine_chunks()
    rows, found = pc.list_parent_indices(held).to_numpy(), held.flatten()
    reason = np.full(table.num_rows, "", dtype=object)
    for fault in reversed(faults):
        reason[rows[pc.equal(found, fault).to_numpy(zero_copy_only=False)]] = fault
    gone = (reason != "") & may_train
    return leave_out(table, gone, NAME, reason[gone].tolist())


RULE = Rule(
    NAME,
    "rows to learn from with one of `drop_faults`: the answer leans on a photo, a result or a talk "
    "that the question does not hold, or says nothing of what was asked",
    _KNOWN,
    lambda table, curating: drop_faulty(
        table, curating.read(VisibleFaults).drop_faults, curating.may_train(table)
    ),
    VisibleFaults,
)
