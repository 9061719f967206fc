"""Texts that are not held in memory as Python strings."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, overload

import numpy as np
import pyarrow as pa

_ITERATED = 4_096  # texts in memory while many are gone through


def texts_at(texts: Sequence[str], indices: Sequence[int]) -> list[str]:
    """The texts of these numbers, in that order; those on disk are read shard by shard."""
    if isinstance(texts, StoredTexts):
        return texts.take(indices)
    return [texts[i] for i in indices]


def reading_order(texts: Sequence[str], indices: np.ndarray) -> np.ndarray:
    """An order of these numbers in which texts on disk are read shard by shard."""
    if isinstance(texts, StoredTexts):
        return texts.reading_order(indices)
    return np.arange(len(indices))


def each_text(texts: Sequence[str], indices: np.ndarray) -> Iterator[str]:
    """The texts of these numbers one after another, a few thousand of them in memory."""
    for at in range(0, len(indices), _ITERATED):
        yield from texts_at(texts, indices[at : at + _ITERATED].tolist())


def gather(
    read: Callable[[int, np.ndarray], pa.Table], shards: np.ndarray, rows: np.ndarray
) -> pa.Table:
    """Rows of many shards, in the order asked for; each shard that has one is read once.

    The second row of shard 1, the first of shard 0, and the first of shard 1:

    >>> shards = [pa.table({"text": ["a", "b"]}), pa.table({"text": ["c", "d"]})]
    >>> def read(shard, rows): return shards[shard].take(pa.array(rows))
    >>> gather(read, np.array([1, 0, 1]), np.array([1, 0, 0]))["text"].to_pylist()
    ['d', 'a', 'c']

    Args:
        read: rows of one shard, by its number and theirs; called from several threads, so it must
            share no open file between two calls.
        shards: the shard of each row, at least one.
        rows: and where it is there.
    """
    order = np.lexsort((rows, shards))
    wanted, first = np.unique(shards[order], return_index=True)
    # Arrow leaves the interpreter free while it reads.
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(read, wanted.tolist(), np.split(rows[order], first[1:]))
        whole = pa.concat_tables(parts)
    if (np.diff(order) == 1).all():  # asked for as they lie: no copy is needed
        return whole
    return whole.take(pa.array(np.argsort(order, kind="stable")))


class StoredTexts(Sequence[str]):
    """Texts that stay in the Parquet shards where they were measured, and are read when asked for.

    Args:
        read: a table of these rows' texts in one column, as `gather` calls it.
        shards: the shard of each text.
        rows: and its row there.
    """

    def __init__(
        self,
        read: Callable[[int, np.ndarray], pa.Table],
        shards: np.ndarray,
        rows: np.ndarray,
    ) -> None:
        self._read = read
        self._shards = shards
        self._rows = rows

    @classmethod
    def of(cls, columns: Sequence[pa.ChunkedArray]) -> Self:
        """All texts of these columns, one after another; each column is a shard."""
        lengths = [len(column) for column in columns]
        rows = [np.arange(length) for length in lengths]
        shards = np.repeat(np.arange(len(columns)), lengths)

        def read(shard: int, there: np.ndarray) -> pa.Table:
            return pa.table({"text": columns[shard].take(pa.array(there))})

        return cls(read, shards, np.concatenate([np.zeros(0, np.int64), *rows]))

    def __len__(self) -> int:
        return len(self._shards)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return self.take(range(*index.indices(len(self))))
        return self.take([index])[0]

    def __iter__(self) -> Iterator[str]:
        return each_text(self, np.arange(len(self)))

    def reading_order(self, indices: np.ndarray) -> np.ndarray:
        """See `reading_order`."""
        return np.lexsort((self._rows[indices], self._shards[indices]))

    def take(self, indices: Sequence[int]) -> list[str]:
        """The texts of these numbers, in that order; each shard that has one is read once."""
        if not len(indices):
            return []
        wanted = np.asarray(indices, dtype=np.int64)
        found = gather(self._read, self._shards[wanted], self._rows[wanted])
        texts: list[str] = found.column(0).to_pylist()
        return texts
