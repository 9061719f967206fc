"""Records that somebody read: what was said of them takes the place of what a scorer guesses."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.scoring.label_files import (
    Label,
    one_each,
    packaged_labels,
    read_labels,
    workspace_labels,
)
from gaokerena_data.scoring.scored_fields import CLASSES, LEVELS, PROBABILITIES, WORTH
from gaokerena_data.workspace import Workspace

SCORED_BY, FAULT = "scored_by", "fault"
# Two answers glued together: an import takes them apart, and who read them read another record.
_TAKEN_APART = "glued"


def usable_labels(workspace: Workspace, dataset: str) -> list[Label]:
    """What readers said of a dataset's records, of the package and of the workspace; one each."""
    files = (packaged_labels(dataset), workspace_labels(workspace, dataset))
    there = [file for file in files if file is not None and file.is_file()]
    labels = one_each(read_labels(there))
    return [label for label in labels if label.is_worth is not None and label.fault != _TAKEN_APART]


def labels_digest(labels: Sequence[Label]) -> str:
    """A digest of labels: what a run says it was made of."""
    lines = "\n".join(label.model_dump_json() for label in labels)
    return hashlib.sha256(lines.encode()).hexdigest()


def with_labels(table: pa.Table, labels: Sequence[Label], scorer: str) -> pa.Table:
    """Records whose scores are what readers said, where anybody read them.

    Args:
        table: records with the columns of `SCORES_SCHEMA`.
        labels: one a record at most.
        scorer: name of the model that scored the others.

    Returns:
        The table with these columns changed, and with `scored_by`, and `fault`: what a reader
        found wrong with a record that is not worth keeping, else null.
    """
    by_id = {label.id: label for label in labels}
    read = pc.is_in(table["id"], pa.array(list(by_id), pa.string()))
    rows = np.flatnonzero(read.to_numpy())
    found = [by_id[name] for name in table["id"].take(pa.array(rows)).to_pylist()]
    for name in (*LEVELS, *PROBABILITIES, *CLASSES):
        said = [label.is_worth if name == WORTH else getattr(label, name) for label in found]
        table = _with(table, name, rows, said)
    count = table.num_rows
    faults, by = np.full(count, None, dtype=object), np.full(count, scorer, dtype=object)
    faults[rows] = [None if label.is_worth else label.fault or "other" for label in found]
    by[rows] = [label.labelled_by for label in found]
    table = table.append_column(FAULT, pa.array(faults, pa.string()))
    return table.append_column(SCORED_BY, pa.array(by, pa.string()))


def _with(table: pa.Table, name: str, rows: np.ndarray, said: Sequence[Any]) -> pa.Table:
    """A table with other values in some rows of a column, where there are any."""
    values = table[name].to_numpy(zero_copy_only=False).copy()
    known = [place for place, value in enumerate(said) if value is not None]
    values[rows[known]] = [said[place] for place in known]
    place = table.column_names.index(name)
    return table.set_column(place, name, pa.array(values, table[name].type, from_pandas=True))
