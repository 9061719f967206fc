"""The corpus of the near-duplicates' benchmark as a workspace of extracted articles."""

from collections.abc import Sequence
from itertools import batched, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.near_duplicates.peers.exchange import read_texts
from gaokerena_data.datasets.kind import ARTICLE
from gaokerena_data.workspace import Workspace

SOURCE = "hidoctor"
_ROWS = 1_000
# Ids of real records are hashes: new ones fall anywhere between the old ones, in no order.
_SCRAMBLE, _HASHES = 0x9E3779B97F4A7C15, 1 << 64


def write_articles(corpus: Path, workspace: Workspace, first: int, last: int) -> Path:
    """Write the texts from number `first` up to `last` as one extracted file of one source."""
    folder = workspace.extracted("article", SOURCE)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"articles-{first:07}.parquet"
    texts = enumerate(islice(read_texts(corpus), first, last), first)
    with pq.ParquetWriter(file, ARTICLE.schema) as writer:
        for some in batched(texts, _ROWS):
            writer.write_table(_articles(*zip(*some, strict=True)))
    return file


def id_of(number: int) -> str:
    """The id of the article that is this text of the corpus."""
    return f"{SOURCE}-{number * _SCRAMBLE % _HASHES:016x}"


def number_of(record_id: str) -> int:
    """Which text of the corpus the article of this id is."""
    scrambled = int(record_id.removeprefix(f"{SOURCE}-"), 16)
    return scrambled * pow(_SCRAMBLE, -1, _HASHES) % _HASHES


def _articles(numbers: Sequence[int], texts: Sequence[str]) -> pa.Table:
    ids = list(map(id_of, numbers))
    columns = {
        "id": ids,
        "source": [SOURCE] * len(ids),
        "content": texts,
        "url": [f"https://hidoctor.ir/{number}" for number in numbers],
        "title": [" ".join(text.split()[:6]) for text in texts],
        "provenance": pa.array([{}] * len(ids), ARTICLE.schema.field("provenance").type),
    }
    missing = {
        field.name: pa.nulls(len(ids), field.type)
        for field in ARTICLE.schema
        if field.name not in columns
    }
    return pa.table(
        {name: columns.get(name, missing.get(name)) for name in ARTICLE.schema.names},
        schema=ARTICLE.schema,
    )
