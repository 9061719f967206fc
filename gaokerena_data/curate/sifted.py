"""What a rule makes of records: those that stay, and a ledger row for every other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.ledger import LEDGER_SCHEMA


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a rule made of a table: the rows it keeps, and a ledger row for every other."""

    kept: pa.Table
    dropped: pa.Table


def leave_out(
    table: pa.Table,
    mask: pa.Array | pa.ChunkedArray | np.ndarray,
    step: str,
    reason: str | Sequence[str],
    *,
    value: pa.Array | pa.ChunkedArray | None = None,
    threshold: pa.Array | float | None = None,
    keeper: pa.Array | None = None,
    similarity: pa.Array | None = None,
    detail: pa.Array | pa.ChunkedArray | None = None,
) -> Sifted:
    """Split a table by a mask: rows where it is true leave, each with a ledger row.

    Of three records whose answers have 3, 60 and 50 words, `mask` [True, False, False] with
    `value` their words and `threshold` 45 keeps the last two, and writes of the first that it has
    3.0 where 45.0 were asked for.

    Args:
        table: the records under curation (columns `id`, `source`, `origin` at least).
        mask: boolean, one a row.
        step: the rule's name.
        reason: what the ledger calls it; one for all, or one for each row that leaves.
        value: what was measured, one a row.
        threshold: what it was held against, one for all or one a row.
        keeper: id of the record kept in place of this one, one a row.
        similarity: Jaccard similarity to the keeper, one a row.
        detail: free text, one a row.
    """
    gone = pa.array(np.asarray(mask, dtype=bool))
    if not gone.true_count:
        return Sifted(table, LEDGER_SCHEMA.empty_table())
    left = table.filter(gone)
    count = left.num_rows

    def column(values: pa.Array | pa.ChunkedArray | float | None, kind: pa.DataType) -> pa.Array:
        if values is None or isinstance(values, int | float):
            return pa.array([values] * count, kind)
        return pc.cast(values.filter(gone), kind)

    dropped = pa.table(
        [
            left["id"],
            left["source"],
            left["origin"],
            pa.repeat("dropped", count),
            pa.repeat(step, count),
            pa.repeat(reason, count) if isinstance(reason, str) else pa.array(reason, pa.string()),
            column(value, pa.float64()),
            column(threshold, pa.float64()),
            column(keeper, pa.string()),
            column(similarity, pa.float64()),
            column(detail, pa.string()),
        ],
        schema=LEDGER_SCHEMA,
    )
    return Sifted(table.filter(pc.invert(gone)), dropped)


def keep_all(table: pa.Table) -> Sifted:
    """Every row stays."""
    return Sifted(table, LEDGER_SCHEMA.empty_table())
