"""Nearly the same words as another record."""

from functools import partial

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.duplicates.near import choose_keepers
from gaokerena_data.curate.duplicates.preference import keep_one, preference
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted
from gaokerena_data.ledger import with_notes
from gaokerena_data.text.near_duplicates.differences import difference_between

NAME = "near_duplicate@2"


class _Apart:
    """Which questions and answers are kept though they are like others: what they say differs.

    Args:
        fields: the compared texts.
        ids: of the records.
    """

    def __init__(self, fields: list[ComparedTexts], ids: list[str]) -> None:
        self._fields, self._ids = fields, ids
        self.notes: dict[int, str] = {}

    def __call__(self, rows: np.ndarray, keepers: np.ndarray) -> np.ndarray:
        """(rows,) whether each is to be kept apart from its keeper."""
        found = np.zeros(len(rows), np.bool_)
        for place, (row, keeper) in enumerate(zip(rows.tolist(), keepers.tolist(), strict=True)):
            for field in self._fields:
                difference = difference_between(field.texts[row], field.texts[keeper])
                if difference is not None:
                    found[place] = True
                    self.notes[row] = f"like {self._ids[keeper]}, but for a {difference}"
        return found


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    kind = curating.declaration.kind
    fields = curating.texts(table, kind.compared)
    # Pages of articles differ in dates and counters: it is pairs that somebody acts on.
    apart = _Apart(fields, table["id"].to_pylist()) if kind.thread is not None else None
    keepers, similarity = choose_keepers(
        fields,
        preference(table, curating.declaration, curating.released),
        curating.settings.near_duplicates,
        partial(curating.progress, RULE.label),
        apart,
    )
    if apart is not None and apart.notes:
        table = with_notes(
            table, {row: note for row, note in apart.notes.items() if keepers[row] == row}
        )
    return keep_one(table, keepers, similarity, NAME, "nearly_same_words")


RULE = Rule(
    NAME,
    "nearly the same words ([near-duplicates.md](near-duplicates.md)); not where a pair differs in "
    "a number, a unit, a negation or a drug",
    ("nearly_same_words",),
    _apply,
)
