"""The corpus of the near-duplicates' benchmark as a workspace of extracted articles."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.near_duplicates.peers.exchange import read_texts
from gaokerena_data.records import ARTICLE_SCHEMA, PROVENANCE_TYPE
from gaokerena_data.workspace import Workspace

SOURCE = "hidoctor"
_ROWS = 1_000


def write_articles(corpus: Path, workspace: Workspace, first: int, last: int) -> None:
    """Write the texts from number `first` up to `last` as one extracted file of one source."""
    folder = workspace.extracted("article", SOURCE)
    folder.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(folder / f"articles-{first:07}.parquet", ARTICLE_SCHEMA) as writer:
        for at, texts in _batches(corpus):
            numbers = [n for n in range(at, at + len(texts)) if first <= n < last]
            if numbers:
                writer.write_table(_articles(numbers, [texts[n - at] for n in numbers]))


def _articles(numbers: list[int], texts: list[str]) -> pa.Table:
    ids = [f"{SOURCE}-{number:016x}" for number in numbers]
    columns = {
        "id": ids,
        "source": [SOURCE] * len(ids),
        "content": texts,
        "url": [f"https://hidoctor.ir/{number}" for number in numbers],
        "title": [" ".join(text.split()[:6]) for text in texts],
        "provenance": pa.array([{}] * len(ids), PROVENANCE_TYPE),
    }
    missing = {
        field.name: pa.nulls(len(ids), field.type)
        for field in ARTICLE_SCHEMA
        if field.name not in columns
    }
    return pa.table(
        {name: columns.get(name, missing.get(name)) for name in ARTICLE_SCHEMA.names},
        schema=ARTICLE_SCHEMA,
    )


def _batches(corpus: Path) -> Iterator[tuple[int, list[str]]]:
    held: list[str] = []
    at = 0
    for text in read_texts(corpus):
        held.append(text)
        if len(held) == _ROWS:
            yield at, held
            at, held = at + _ROWS, []
    if held:
        yield at, held
