"""Whole records again, at the end of a curation: what was extracted, with the cleaned texts."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.curate.columns import gather
from gaokerena_data.curate.inputs import TEXT_FIELDS
from gaokerena_data.curate.signals import SignalStore
from gaokerena_data.records import SCHEMAS, Kind


def cleaned_rows(rows: pa.Table, files: Sequence[Path], kind: Kind, store: SignalStore) -> pa.Table:
    """Records with their normalized texts, of the kind's schema, in the order of `rows`.

    Args:
        rows: part of an index, with columns `file`, `row` and `key`.
        files: the extracted files that `file` counts from 0.
        kind: what they hold.
        store: where the normalized texts are.
    """
    heading, body = TEXT_FIELDS[kind]
    others = [name for name in SCHEMAS[kind].names if name not in (heading, body)]
    table = _gather(rows, files, others)
    texts = store.read(rows["key"], ["heading", "body"])
    # A page without a title has none, not an empty one.
    titles = texts["heading"]
    if kind == "article":
        titles = pc.if_else(pc.equal(titles, ""), pa.scalar(None, pa.string()), titles)
    table = table.append_column(heading, titles).append_column(body, texts["body"])
    return table.select(SCHEMAS[kind].names).cast(SCHEMAS[kind]).combine_chunks()


def extracted_rows(rows: pa.Table, files: Sequence[Path], kind: Kind) -> pa.Table:
    """Records as they were extracted, in the order of `rows`."""
    return _gather(rows, files, SCHEMAS[kind].names).combine_chunks()


def _gather(rows: pa.Table, files: Sequence[Path], columns: list[str]) -> pa.Table:
    if rows.num_rows == 0:
        return pq.read_schema(files[0]).empty_table().select(columns)
    return gather(
        lambda file: pq.read_table(files[file], columns=columns),
        rows["file"].to_numpy(),
        rows["row"].to_numpy(),
    )
