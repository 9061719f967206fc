"""The authors' own splits."""

import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, keep_all
from gaokerena_data.datasets.declaration import DEV, SPLITS, TEST, TRAIN, Declaration

NAME = "paper_split@1"
DEV_ROWS = 2_000


def assign_paper_splits(table: pa.Table, declaration: Declaration) -> list[str]:
    """The first 2,000 rows of niniban are dev, the rest and drhast train, the others test."""
    splits = []
    dev = 0
    for source in table["source"].to_pylist():
        may_be = declaration.splits_of(source)
        if DEV in may_be and dev < DEV_ROWS:
            dev += 1
            splits.append(DEV)
        else:
            splits.append(TEST if TEST in may_be else TRAIN)
    return splits


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    splits = assign_paper_splits(table, curating.declaration)
    return keep_all(table.append_column("split", pa.array(splits, pa.string())))


RULE = Rule(
    NAME,
    "nothing: the authors' recipe puts a kept record into this split",
    SPLITS,
    _apply,
)
