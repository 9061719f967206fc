"""Columns of texts that are not held in memory as Python strings."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

import numpy as np
import pyarrow as pa

_ITERATED = 4_096  # texts in memory while all are gone through


class TextColumn(Sequence[str]):
    """The texts of a column, made Python strings one at a time, where and when they are asked for.

    A hundred thousand articles as a list of strings are 0.9 GB; as a column of a table read from
    Parquet they are what their UTF-8 is, and as one of a memory-mapped Arrow file next to nothing.
    """

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return list(self._column[index].to_pylist())
        return str(self._column[index].as_py())

    def __iter__(self) -> Iterator[str]:
        for chunk in self._column.chunks:
            for at in range(0, len(chunk), 256):
                yield from chunk[at : at + 256].to_pylist()


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
        read: the column of one shard, by the shard's number.
        shards: the shard of each text.
        rows: and its row there.
    """

    def __init__(
        self, read: Callable[[int], pa.ChunkedArray], shards: np.ndarray, rows: np.ndarray
    ) -> None:
        self._read = read
        self._shards = shards
        self._rows = rows

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
        for shard in np.unique(shards).tolist():
            places = np.flatnonzero(shards == shard)
            column = self._read(shard).take(pa.array(self._rows[wanted[places]]))
            texts[places] = column.to_pylist()
        return [str(text) for text in texts]
