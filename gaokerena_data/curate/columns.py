"""Texts that are not held in memory as Python strings."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, overload

import numpy as np
import pyarrow as pa

READERS = 2  # threads: Arrow leaves the interpreter free while it reads
_ITERATED = 4_096  # texts in memory while all are gone through


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


class StoredTexts(Sequence[str]):
    """Texts that stay in the Parquet shards where they were measured, and are read when asked for.

    Args:
        read: the column of one shard, by the shard's number; called from several threads, so it
            must share no open file between two calls.
        shards: the shard of each text.
        rows: and its row there.
    """

    def __init__(
        self, read: Callable[[int], pa.ChunkedArray], shards: np.ndarray, rows: np.ndarray
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
        return cls(columns.__getitem__, shards, np.concatenate([np.zeros(0, np.int64), *rows]))

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
        for at in range(0, len(self), _ITERATED):
            yield from self[at : at + _ITERATED]

    def reading_order(self, indices: np.ndarray) -> np.ndarray:
        """See `reading_order`."""
        return np.lexsort((self._rows[indices], self._shards[indices]))

    def take(self, indices: Sequence[int]) -> list[str]:
        """The texts of these numbers, in that order; each shard that has one is read once."""
        wanted = np.asarray(indices, dtype=np.int64)
        texts = np.empty(len(wanted), dtype=object)
        shards = self._shards[wanted]

        def read(shard: int) -> None:
            places = np.flatnonzero(shards == shard)
            column = self._read(shard).take(pa.array(self._rows[wanted[places]]))
            texts[places] = column.to_pylist()

        with ThreadPoolExecutor(READERS) as pool:
            list(pool.map(read, np.unique(shards).tolist()))
        return [str(text) for text in texts]
