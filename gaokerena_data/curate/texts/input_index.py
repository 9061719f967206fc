"""What a curation starts from: an index of all extracted records of a dataset, without texts.

Texts stay on disk: a corpus of 100,000 articles is 0.9 GB of them, and every step but measuring
and writing needs only numbers and digests.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.cache_files import read_kept, write_kept
from gaokerena_data.datasets.extracted import record_files
from gaokerena_data.datasets.kind import Kind
from gaokerena_data.datasets.record_files import open_records
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace, sha256_file, whole_file

BATCH_ROWS = 2_000
INDEX = "index@1"  # raise the number when an index changes its columns or its keys

INDEX_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("thread", pa.string()),
        ("source", pa.string()),
        ("origin", pa.string()),
        ("url", pa.string()),
        ("fetched_at", pa.string()),
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("key", pa.string()),
    ]
)


def input_files(
    workspace: Workspace, kind: Kind, sources: Sequence[str], *, whole: bool = False
) -> list[Path]:
    """The extracted files of these sources, in a fixed order.

    Args:
        workspace: where they lie.
        kind: of the records.
        sources: names of them.
        whole: whether imported rows are read as they stood, several answers in one.

    Raises:
        GaokerenaError: when there is none.
    """
    files = [file for source in sources for file in record_files(workspace, kind.name, source)]
    if not files:
        raise GaokerenaError(
            f"{workspace.root}: no records of {', '.join(sources)}; "
            "run `gaokerena crawl` or `gaokerena import` first"
        )
    if whole:
        return [stood if (stood := whole_file(file)).is_file() else file for file in files]
    return files


def hash_inputs(workspace: Workspace, files: list[Path]) -> dict[str, str]:
    """SHA-256 of each extracted file, by its place in the workspace."""
    return {file.relative_to(workspace.root).as_posix(): sha256_file(file) for file in files}


def read_index(files: list[Path], digests: Iterable[str], kind: Kind, cache: Path) -> pa.Table:
    """One row of `INDEX_SCHEMA` a record, in the order of the files and of their rows.

    `key` is a digest of the record's texts: what was measured once is found by it again.

    Args:
        files: as `input_files` gives them.
        digests: of each, as `hash_inputs` gives them.
        kind: what they hold.
        cache: folder in which each file's part is kept, by the digest of the file: a file's texts
            are the most of it, and to hash it takes a tenth of the time of reading them.

    Raises:
        GaokerenaError: an unreadable file, or one of another schema.
    """
    parts = [INDEX_SCHEMA.empty_table()]
    for number, (file, digest) in enumerate(zip(files, digests, strict=True)):
        part = _index_file(file, kind, cache / f"{digest}.parquet")
        numbers = pa.array([number] * part.num_rows, pa.int32())
        parts.append(part.append_column("file", numbers).select(INDEX_SCHEMA.names))
    return pa.concat_tables(parts)


def _index_file(file: Path, kind: Kind, kept: Path) -> pa.Table:
    """All but the number of the file."""
    schema = INDEX_SCHEMA.remove(INDEX_SCHEMA.get_field_index("file"))
    if kept.is_file():
        return read_kept(kept, schema.names)
    batches = [
        _index_batch(batch, kind, first, schema) for first, batch in read_batches(file, kind)
    ]
    index = pa.Table.from_batches(batches, schema=schema)
    write_kept(index, kept)
    return index


def read_batches(
    file: Path, kind: Kind, columns: list[str] | None = None
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches of an extracted file, each with the number of its first row.

    Raises:
        GaokerenaError: an unreadable file, or one of another schema.
    """
    row = 0
    with open_records(file) as table:
        if table.schema_arrow != kind.schema:
            raise GaokerenaError(
                f"{file}: made by another version of this program; extract or import it again"
            )
        for batch in table.iter_batches(BATCH_ROWS, columns=columns):
            batch.validate(full=True)
            yield row, batch
            row += batch.num_rows


def text_key(heading: str | None, body: str | None) -> str:
    """Digest of a record's two texts, as they were extracted."""
    return _digest(*((text or "").encode("utf-8", "surrogatepass") for text in (heading, body)))


def text_keys(heading: pa.Array, body: pa.Array) -> list[str]:
    """The same of many records, from the bytes that Arrow holds: no text becomes a string."""
    return list(map(_digest, _encoded(heading), _encoded(body)))


def _encoded(texts: pa.Array) -> Iterator[memoryview]:
    filled = pc.fill_null(texts, "")
    _, offsets, data = filled.buffers()
    first = filled.offset
    edges = np.frombuffer(offsets, np.int32)[first : first + len(filled) + 1].tolist()
    written = memoryview(data) if data is not None else memoryview(b"")
    for start, end in pairwise(edges):
        yield written[start:end]


def _digest(heading: bytes | memoryview, body: bytes | memoryview) -> str:
    digest = hashlib.sha256()
    for data in (heading, body):
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:32]


def _index_batch(
    batch: pa.RecordBatch, kind: Kind, first_row: int, schema: pa.Schema
) -> pa.RecordBatch:
    heading, body = (batch.column(name) for name in kind.texts)
    file_name, file_row = (
        pc.struct_field(batch.column("provenance"), name) for name in ("import_file", "import_row")
    )
    where = pc.binary_join_element_wise(file_name, pc.cast(file_row, pa.string()), ":")
    ids = batch.column("id")
    return pa.record_batch(
        [
            ids,
            batch.column(kind.thread) if kind.thread else ids,
            batch.column("source"),
            pc.coalesce(where, batch.column("url"), ""),
            batch.column("url"),
            batch.column("fetched_at"),
            pa.array(range(first_row, first_row + batch.num_rows), pa.int64()),
            pa.array(text_keys(heading, body), pa.string()),
        ],
        schema=schema,
    )
