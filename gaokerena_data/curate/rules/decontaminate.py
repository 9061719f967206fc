"""Records of train and dev that are like one of a test source."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out

NAME = "decontaminate@1"


def drop_leaks(table: pa.Table, clusters: np.ndarray, in_test: np.ndarray) -> Sifted:
    """Drop rows of train and dev sources whose cluster also holds a row of a test source.

    Args:
        table: the records under curation.
        clusters: a label for each of them.
        in_test: which of them are of test sources.
    """
    ids = table["id"].to_pylist()
    test_row: dict[int, str] = {}
    for cluster, record_id, tests in zip(clusters.tolist(), ids, in_test.tolist(), strict=True):
        if tests:
            test_row[cluster] = min(record_id, test_row.get(cluster, record_id))
    keepers = pa.array([test_row.get(cluster) for cluster in clusters.tolist()], pa.string())
    leaks = ~in_test & np.asarray(pc.is_valid(keepers))
    return leave_out(table, leaks, NAME, "stands_in_test", keeper=keepers)


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    table = curating.with_clusters(table.sort_by("id"))
    return drop_leaks(table, table["cluster"].to_numpy(), ~curating.may_train(table))


RULE = Rule(
    NAME,
    "train and dev records that are like one of a test source",
    ("stands_in_test",),
    _apply,
)
