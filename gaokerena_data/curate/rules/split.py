"""The split of every record that stays."""

import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, keep_all
from gaokerena_data.curate.splits.split import Split, split_clusters
from gaokerena_data.datasets.declaration import SPLITS, TRAIN
from gaokerena_data.datasets.settings import Settings

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
    return keep_all(split_clusters(table, curating.declaration, settings, curating.contained))


RULE = Rule(
    NAME,
    "nothing: this is the row of a kept record",
    SPLITS,
    _apply,
    SplitSettings,
)
