"""Records of train and dev in which a text of a test source stands."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.splits.containment import choose_holders
from gaokerena_data.curate.splits.ngrams import Containment, NgramIndex, index_ngrams
from gaokerena_data.datasets.settings import Settings
from gaokerena_data.text.arrays import Mask

NAME = "containment@1"


class ContainmentSettings(Settings):
    """When a text stands in others."""

    containment: Containment


def drop_holders(table: pa.Table, in_test: Mask, index: NgramIndex) -> Sifted:
    """Drop records that hold a text of a test source, alone or together; test records stay.

    The ledger's `value` is the share of the text's n-grams in the dropped record, its `keeper` the
    test record.

    Args:
        table: the records, in the order of their ids.
        in_test: which of them are of test sources.
        index: of their texts.
    """
    found = choose_holders(in_test, index)
    dropped = found.held >= 0
    reasons = np.where(found.alone, "holds_a_test_text", "holds_part_of_a_test_text")
    return leave_out(
        table,
        dropped,
        NAME,
        reasons[dropped].tolist(),
        value=pa.array(found.shares),
        threshold=index.settings.threshold,
        keeper=table["id"].combine_chunks().take(pa.array(np.maximum(found.held, 0))),
    )


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    table = table.sort_by("id").append_column("place", pa.array(np.arange(table.num_rows)))
    texts = [each.texts for each in curating.texts(table)]
    index = index_ngrams(texts, curating.read(ContainmentSettings).containment)
    sifted = drop_holders(table, ~curating.may_train(table), index)
    # The next rule joins what holds another's text, and need not read all texts again.
    curating.contained = index.of_rows(sifted.kept["place"].to_numpy())
    return sifted


RULE = Rule(
    NAME,
    "train and dev records in which a text of a test source stands, alone or together with others",
    ("holds_a_test_text", "holds_part_of_a_test_text"),
    _apply,
    ContainmentSettings,
)
