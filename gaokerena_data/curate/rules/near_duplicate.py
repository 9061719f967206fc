"""Nearly the same words as another record."""

from functools import partial

import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.duplicates.near import choose_keepers
from gaokerena_data.curate.duplicates.preference import keep_one, preference
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted

NAME = "near_duplicate@1"


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    keepers, similarity = choose_keepers(
        curating.texts(table, curating.declaration.kind.compared),
        preference(table, curating.declaration, curating.released),
        curating.settings.near_duplicates,
        partial(curating.progress, RULE.label),
    )
    return keep_one(table, keepers, similarity, NAME, "nearly_same_words")


RULE = Rule(
    NAME,
    "nearly the same words ([near-duplicates.md](near-duplicates.md))",
    ("nearly_same_words",),
    _apply,
)
