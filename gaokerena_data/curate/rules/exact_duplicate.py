"""The same words as another record."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.duplicates.preference import first_of_each, keep_one, preference
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted

NAME = "exact_duplicate@1"


def drop_exact(table: pa.Table, order: np.ndarray, digests: Sequence[str]) -> Sifted:
    """Drop records whose words (spacing, punctuation, keyboards apart) are those of another.

    Args:
        table: the records under curation.
        order: its rows, from the one that most deserves to stay (see `preference`).
        digests: the columns that must be equal.
    """
    words = pc.binary_join_element_wise(*(table[name] for name in digests), " ")
    keepers = first_of_each(words.combine_chunks(), order)
    return keep_one(table, keepers, np.ones(table.num_rows), NAME, "same_words")


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    digests = [f"{side}_digest" for side in curating.declaration.kind.compared]
    return drop_exact(table, preference(table, curating.declaration, curating.released), digests)


RULE = Rule(
    NAME,
    "the same words as another record, spacing and punctuation apart",
    ("same_words",),
    _apply,
)
