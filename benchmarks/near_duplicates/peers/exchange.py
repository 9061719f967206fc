"""What every peer is given and gives back. Imports what all their environments have."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq


def read_texts(corpus: Path) -> Iterator[str]:
    """The texts in id order."""
    for part in parts_of(corpus):
        yield from read_part(part)


def parts_of(corpus: Path) -> list[Path]:
    """The files of a corpus, in id order."""
    return sorted(corpus.glob("part-*.parquet"))


def read_part(part: Path) -> Iterator[str]:
    """The texts of one file."""
    for batch in pq.ParquetFile(part).iter_batches(1000, columns=["text"]):
        yield from batch["text"].to_pylist()


def first_of_each_cluster(count: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Union-find, for peers that name pairs and leave the rest to their user."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, other in links:
        one, other = root(one), root(other)  # noqa: PLW2901  (the roots stand for them)
        parent[max(one, other)] = min(one, other)
    return [i for i in range(count) if parent[i] == i]


def write_answer(output: Path, seconds: float, kept: list[int]) -> None:
    """Seconds from reading the corpus to knowing what is kept, and the ids of it."""
    output.write_text(json.dumps({"seconds": seconds, "kept": kept}))
