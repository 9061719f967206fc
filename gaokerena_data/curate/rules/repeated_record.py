"""The same record, read more than once."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.duplicates.preference import first_of_each
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out

NAME = "repeated_record@1"


def drop_repeated(table: pa.Table) -> Sifted:
    """Drop all but one record of an id: the one fetched last, then the first that was read."""
    ids = table["id"].combine_chunks()
    fetched = pc.fill_null(table["fetched_at"], "")
    rows = pa.table({"fetched": fetched, "row": np.arange(table.num_rows)})
    latest = pc.sort_indices(rows, [("fetched", "descending"), ("row", "ascending")]).to_numpy()
    kept = first_of_each(ids, latest)
    origins = table["origin"].take(pa.array(kept))
    return leave_out(
        table,
        kept != np.arange(table.num_rows),
        NAME,
        "same_id",
        keeper=ids,
        detail=pc.binary_join_element_wise("kept:", origins, " "),
    )


RULE = Rule(
    NAME,
    "all but one reading of the same page or pair: the one fetched last stays",
    ("same_id",),
    lambda table, _: drop_repeated(table),
)
