"""The files of the splits: where they are, and how they are written."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.decide import Decided
from gaokerena_data.curate.texts.whole_records import cleaned_rows, extracted_rows
from gaokerena_data.workspace import flush

# The next curation reads the texts that stay from here: so there are checksums, and LZ4 is read
# twice as fast as anything smaller. A release compresses anew. No text comes twice, so that a
# dictionary of them would be given up in the middle of each row group; and the extremes of texts
# are whole texts, in a footer that says nothing else.
_WRITER = {
    "compression": "lz4",
    "use_dictionary": ["source", "category", "tags.list.element", "author", "specialty"],
    "write_statistics": ["id", "source"],
    "write_page_checksum": True,
}
_GROUP_ROWS = 1_000  # whoever looks for one record, or for a part of them, reads no more than that


def split_file(folder: Path, name: str) -> Path:
    """A split of a curated folder."""
    return folder / "default" / f"{name}.parquet"


def write_splits(
    decided: Decided,
    folder: Path,
    last: Path,
    meanwhile: Callable[[], None],
) -> None:
    """Write all splits, with a part of their texts in memory at a time.

    Args:
        decided: what stays, and in which split.
        folder: where to write.
        last: the folder of the last curation, if there was one.
        meanwhile: called once, in a thread of its own.
    """
    progress, schema = decided.curating.progress, decided.curating.declaration.kind.schema
    tasks: list[Future[None]] = []
    with ThreadPoolExecutor(1) as aside:
        for name, rows in decided.splits.items():
            file = split_file(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            done = 0
            progress(f"write {name}", done, rows.num_rows)
            tables = _read_ahead(_whole_records(rows, split_file(last, name), decided.curating))
            with closing(tables), pq.ParquetWriter(file, schema, **_WRITER) as writer:
                for table in tables:
                    # From the first part on, Arrow is at work and the interpreter is free.
                    if not tasks:
                        tasks.append(aside.submit(meanwhile))
                    writer.write_table(table, row_group_size=_GROUP_ROWS)
                    done += table.num_rows
                    progress(f"write {name}", done, rows.num_rows)
                    # The disk writes this part while the next one is made.
                    tasks.append(aside.submit(flush, file))
        for each in tasks or [aside.submit(meanwhile)]:
            each.result()


def _whole_records(rows: pa.Table, last: Path, curating: Curating) -> Generator[pa.Table]:
    """The whole records of a split, from its index rows, one table after another."""
    kind = curating.declaration.kind
    if curating.preset is not None and curating.preset.texts == "extracted":
        yield extracted_rows(rows, curating.files, kind)
        return
    with closing(cleaned_rows(rows, last, curating.files, kind, curating.store)) as tables:
        yield from tables


def _read_ahead(tables: Generator[pa.Table]) -> Generator[pa.Table]:
    """The same tables: each is read while the one before it is used, and no more than one."""
    with closing(tables), ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield table
