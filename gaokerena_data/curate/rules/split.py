"""The split of every record that stays."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, keep_all, leave_out
from gaokerena_data.curate.splits.containment import join_contained
from gaokerena_data.curate.splits.ngrams import NgramIndex
from gaokerena_data.curate.splits.split import Released, Split, split_clusters
from gaokerena_data.curate.splits.sticky import REASONS, Sides
from gaokerena_data.datasets.declaration import SPLITS, TRAIN
from gaokerena_data.datasets.settings import Settings
from gaokerena_data.text.arrays import Indices

NAME = "split@1"


class SplitSettings(Settings):
    """How dev is drawn."""

    split: Split | None = None


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """Add the column `split`, and to `note` what the ledger is to say of it."""
    table = table.sort_by("id")
    settings = curating.read(SplitSettings).split
    if not curating.declaration.splits or settings is None:
        return keep_all(table.append_column("split", pa.repeat(TRAIN, table.num_rows)))
    if "cluster" not in table.column_names:
        table = curating.with_clusters(table)
    released = Released(curating.released, partial(_again, curating))
    contained = curating.contained
    return left_out(*split_clusters(table, curating.declaration, settings, contained, released))


def left_out(table: pa.Table, sides: Sides) -> Sifted:
    """The records without those that can stand in no split.

    Args:
        table: with the split of each, null where there is none.
        sides: why.
    """
    gone = np.zeros(table.num_rows, np.bool_)
    gone[list(sides.left_out)] = True
    why = [sides.left_out[row] for row in np.flatnonzero(gone).tolist()]
    keepers = np.full(table.num_rows, None, dtype=object)
    keepers[gone] = [None if row is None else table["id"][row].as_py() for _, row in why]
    return leave_out(
        table, gone, NAME, [reason for reason, _ in why], keeper=pa.array(keepers, pa.string())
    )


def _again(
    curating: Curating, table: pa.Table, contained: NgramIndex | None
) -> Callable[[Indices], Indices]:
    """What labels some of the records by what is alike among them alone."""

    def cluster(rows: Indices) -> Indices:
        some = curating.with_clusters(table.drop_columns("cluster").take(pa.array(rows)))
        labels: Indices = some["cluster"].to_numpy()
        if contained is None:
            return labels
        fields = curating.declaration.kind.texts
        ids = some["id"].to_pylist()
        return join_contained(ids, labels, contained.of_rows(rows), fields).clusters

    return cluster


RULE = Rule(
    NAME,
    "new records that cannot stand beside released ones, which do not move; of a kept record this "
    "is the row",
    (*SPLITS, *REASONS),
    _apply,
    SplitSettings,
)
