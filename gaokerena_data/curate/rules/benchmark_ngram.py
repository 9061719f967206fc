"""Records that quote a benchmark."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, keep_all, leave_out
from gaokerena_data.curate.splits.benchmarks import Decontamination, find_quotations
from gaokerena_data.datasets.settings import Settings

NAME = "benchmark_ngram@1"


class BenchmarkNgram(Settings):
    """The length of a run of words that is a quotation."""

    decontamination: Decontamination


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """Drop records that share a run of words with a protected text.

    The run has `ngram_words` words; a protected text with fewer, but no fewer than `min_words`,
    must stand in the record whole. Records of test sources stay: no model learns from them.
    """
    if not curating.protected.texts:
        return keep_all(table)
    settings = curating.read(BenchmarkNgram).decontamination
    quoted = find_quotations(curating.store, curating.protected, settings)
    items = pa.array([quoted.get(key) for key in table["key"].to_pylist()], pa.string())
    return leave_out(
        table,
        np.asarray(items.is_valid()) & curating.may_train(table),
        NAME,
        "quotes_a_benchmark",
        threshold=float(settings.ngram_words),
        keeper=items,
    )


RULE = Rule(
    NAME,
    "what shares `ngram_words` words in a row with a question of a benchmark or of a test source",
    ("quotes_a_benchmark",),
    _apply,
    BenchmarkNgram,
)
