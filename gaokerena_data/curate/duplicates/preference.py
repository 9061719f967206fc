"""Which of several records stays, everywhere: one rule.

A row of a test source (dropping it would let its twin train), then one that was released (whoever
has a version keeps its rows), then the longest text, then the earliest, then the source that stands
first in the declaration, then the smallest id.
"""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.declaration import Declaration


def preference(
    table: pa.Table, declaration: Declaration, released: Collection[str] = ()
) -> np.ndarray:
    """Row numbers from the one that most deserves to stay to the one that least does.

    Args:
        table: the records under curation, no two with one id.
        declaration: of their dataset; its sources stand the best first.
        released: ids of records that were released.
    """
    sources = declaration.sources
    tests = pa.array([name for name in sources if declaration.feeds_test(name)], pa.string())
    columns = {
        "train": pc.invert(pc.is_in(table["source"], tests)),
        "unreleased": pc.invert(pc.is_in(table["id"], pa.array(list(released), pa.string()))),
        "shortness": pc.negate(table["body_words"]),
        "fetched": pc.fill_null(table["fetched_at"], ""),
        "place": pc.index_in(table["source"], pa.array(sources, pa.string())),
        "id": table["id"],
    }
    order = pc.sort_indices(pa.table(columns), [(name, "ascending") for name in columns])
    rows: np.ndarray = order.to_numpy().astype(np.int64)
    return rows


def first_of_each(values: pa.Array, order: np.ndarray) -> np.ndarray:
    """For each row the one with the same value that comes first in an order of the rows.

    >>> first_of_each(pa.array(["a", "b", "a"]), np.array([2, 1, 0])).tolist()
    [2, 1, 2]
    """
    codes = values.dictionary_encode().indices.to_numpy()
    _, first = np.unique(codes[order], return_index=True)
    rows: np.ndarray = order[first][codes].astype(np.int64)
    return rows


def keep_one(
    table: pa.Table, keepers: np.ndarray, similarity: np.ndarray, step: str, reason: str
) -> Sifted:
    """Drop every row that has another for its keeper.

    Args:
        table: the records under curation.
        keepers: (rows,) the row that stays in its place; itself where it stays.
        similarity: (rows,) to that row.
        step: the rule's name.
        reason: what the ledger calls it.
    """
    return leave_out(
        table,
        keepers != np.arange(table.num_rows),
        step,
        reason,
        keeper=table["id"].combine_chunks().take(pa.array(keepers)),
        similarity=pa.array(similarity),
    )
