"""Records that paraphrase a benchmark."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, keep_all, leave_out
from gaokerena_data.curate.splits.benchmarks import fingerprint_protected, nearest_texts

NAME = "benchmark_near@1"


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """Drop records of which a text is nearly a protected one, by the true Jaccard similarity."""
    if not curating.protected.texts:
        return keep_all(table)
    settings = curating.settings.near_duplicates
    protected = fingerprint_protected(curating.protected, settings)
    similarity, item = np.zeros(table.num_rows), np.zeros(table.num_rows, np.int64)
    for texts in curating.texts(table):
        found, nearest = nearest_texts(texts, protected, settings)
        better = found > similarity
        similarity[better], item[better] = found[better], nearest[better]
    names = np.array([*curating.protected.names, ""], dtype=object)
    return leave_out(
        table,
        (similarity >= settings.threshold) & curating.may_train(table),
        NAME,
        "nearly_a_benchmark",
        threshold=settings.threshold,
        keeper=pa.array(names[item], pa.string()),
        similarity=pa.array(similarity),
    )


RULE = Rule(
    NAME,
    "what is nearly such a question, by true Jaccard similarity",
    ("nearly_a_benchmark",),
    _apply,
)
