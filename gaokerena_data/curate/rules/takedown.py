"""What somebody asked to be left out."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.takedowns import Takedowns

NAME = "takedown@1"


def drop_taken_down(table: pa.Table, takedowns: Takedowns) -> Sifted:
    """Drop what its author, its site or a patient asked to be left out."""
    reasons: list[str | None] = [None] * table.num_rows
    if takedowns.requests:
        rows = zip(*(table[name].to_pylist() for name in ("id", "thread", "url")), strict=True)
        reasons = [
            takedowns.matches(record_id, url) or takedowns.matches(thread, url)
            for record_id, thread, url in rows
        ]
    return leave_out(
        table,
        np.array([reason is not None for reason in reasons], dtype=bool),
        NAME,
        "taken_down",
        detail=pa.array(reasons, pa.string()),
    )


RULE = Rule(
    NAME,
    "what its author, its site or a patient asked to be left out",
    ("taken_down",),
    lambda table, curating: drop_taken_down(table, curating.takedowns),
)
