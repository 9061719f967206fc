"""Rows of extracted files, found by the file and the row of an index."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from gaokerena_data.datasets.kind import Kind
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.text.stored_texts import gather


def gather_rows(
    rows: pa.Table, files: Sequence[Path], kind: Kind, columns: Sequence[str]
) -> pa.Table:
    """Columns of records as they were extracted, in the order of `rows`.

    Args:
        rows: part of an index, with columns `file` and `row`.
        files: the extracted files that `file` counts from 0.
        kind: what they hold.
        columns: names of fields.
    """
    if rows.num_rows == 0:
        return kind.schema.empty_table().select(list(columns))

    def read(file: int, there: np.ndarray) -> pa.Table:
        return read_records(files[file], columns).take(pa.array(there))

    return gather(read, rows["file"].to_numpy(), rows["row"].to_numpy())
