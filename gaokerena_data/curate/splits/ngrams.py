"""Which word n-grams stand in more than one record: an inverted index over the texts of records.

An n-gram that stands in one record alone is counted and forgotten, and those are most of them (96 %
of the authors' records). What is left is a sparse matrix of records and n-grams, whose product with
itself counts what two records share, for all that share anything, without comparing all pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from gaokerena_data.datasets.settings import Positive, Settings
from gaokerena_data.text.arrays import Indices, Mask, each_once
from gaokerena_data.text.near_duplicates.signatures import batches
from gaokerena_data.text.shingling import batch_shingles
from gaokerena_data.text.stored_texts import each_text, reading_order
from gaokerena_data.text.word_arrays import Hashes

if TYPE_CHECKING:  # articles have no need of it, and it takes a quarter of a second
    from scipy.sparse import csr_array

type Small = npt.NDArray[np.int32]  # half the memory
type Shares = npt.NDArray[np.float64]

_PRODUCTS = 1 << 24  # multiplications at once: the pairs in memory are no more


class Containment(Settings):
    """When a text counts as standing in other records, whole or nearly, in one or in several."""

    threshold: Annotated[float, Field(gt=0, le=1)]
    ngram_words: Positive
    min_words: Positive
    boilerplate_records: Positive

    @property
    def min_ngrams(self) -> int:
        """Different n-grams that a text must have to be looked for: as many as `min_words` make."""
        return max(self.min_words - self.ngram_words + 1, 1)


class Held(NamedTuple):
    """Texts of one field that stand in a record other than their own.

    Attributes:
        texts: row of each text.
        holders: row of the record that it stands in.
        shares: how much of the text's set of n-grams the record holds, from the threshold to 1.
    """

    texts: Indices
    holders: Indices
    shares: Shares


@dataclass(frozen=True, slots=True)
class NgramIndex:
    """The n-grams of records that come twice or more.

    Args:
        texts: for each field a (records, n-grams) matrix: 1 where the text has the n-gram.
        sizes: for each field and record, how many different n-grams the text has in all.
        records: 1 where any field of the record has the n-gram.
        holders: the same the other way round, (n-grams, records).
        settings: what n is, and how much of a text must stand in another.
    """

    texts: "list[csr_array]"
    sizes: npt.NDArray[np.int64]
    records: "csr_array"
    holders: "csr_array"
    settings: Containment

    @property
    def judged(self) -> Mask:
        """(fields, records): the texts that are long enough to be looked for in others."""
        return self.sizes >= self.settings.min_ngrams

    def of_rows(self, rows: Indices) -> "NgramIndex":
        """The index of some of the records."""
        records = self.records[rows]
        return NgramIndex(
            [matrix[rows] for matrix in self.texts],
            self.sizes[:, rows],
            records,
            records.T.tocsr(),
            self.settings,
        )

    def shares_in(self, holders: Mask) -> Shares:
        """How much of each text stands in these records, taken together.

        Args:
            holders: (records,) which of them. It says nothing of their own texts, whose n-grams
                are not counted where no other record has them.

        Returns:
            (fields, records) shares of the texts' sets of n-grams, from 0 to 1.
        """
        held = np.zeros(self.records.shape[1], np.int64)
        held[self.records[np.flatnonzero(holders)].indices] = 1
        common = np.stack([matrix @ held for matrix in self.texts])
        shares: Shares = common / np.maximum(self.sizes, 1)
        return shares

    def held_by(self, field: int, row: int, among: Mask | None = None) -> Shares:
        """How much of one text each record holds.

        Args:
            field: which of the record's texts.
            row: the record.
            among: (n-grams,) those that count; all of them by default.

        Returns:
            (records,) shares of the text's set of n-grams, from 0 to 1.
        """
        wanted = self.texts[field][[row]].indices
        if among is not None:
            wanted = wanted[among[wanted]]
        counts = np.bincount(self.holders[wanted].indices, minlength=self.records.shape[0])
        shares: Shares = counts / max(int(self.sizes[field, row]), 1)
        return shares

    def telling(self) -> Mask:
        """(n-grams,) those that at least two records hold, and not so many as to be boilerplate."""
        counts = np.diff(self.holders.indptr)
        mask: Mask = (counts > 1) & (counts <= self.settings.boilerplate_records)
        return mask

    def find_held(self, field: int) -> Iterator[Held]:
        """Every text of a field that stands in another record, some texts at a time.

        A text of which more than `1 - threshold` stands nowhere else is not looked for: no record
        can hold the rest. An n-gram that more than `boilerplate_records` records hold counts as
        not held: it would name all pairs of them.
        """
        threshold = self.settings.threshold
        texts = _of_columns(self.texts[field], self.telling())
        sizes = np.maximum(self.sizes[field], 1)
        wanted = np.flatnonzero(self.judged[field] & (np.diff(texts.indptr) / sizes >= threshold))
        texts = texts[wanted]
        costs = np.diff(self.holders.indptr)[texts.indices]
        products = np.concatenate(([0], np.cumsum(costs)))[texts.indptr]
        at = 0
        while at < len(wanted):
            stop = int(np.searchsorted(products, products[at] + _PRODUCTS, side="right")) - 1
            stop = max(stop, at + 1)
            common = (texts[at:stop] @ self.holders).tocoo()
            rows, others = wanted[at + common.row], common.col.astype(np.int64)
            shares = common.data / sizes[rows]
            found = (shares >= threshold) & (rows != others)
            yield Held(rows[found], others[found], shares[found])
            at = stop


def index_ngrams(fields: Sequence[Sequence[str]], settings: Containment) -> NgramIndex:
    """Index the n-grams of records.

    Texts on disk are read shard by shard. In memory are about 16 bytes for each of their words, and
    30 for each that is left.

    Args:
        fields: one text a record in each, such as the questions and the answers.
        settings: what n is, and how much of a text must stand in another.

    Three records of one text each. Of their word pairs only "b c" stands in two of them, so that
    the index keeps that one, and half of what the second record has stands in the first:

    >>> pairs = Containment(threshold=0.5, ngram_words=2, min_words=2, boilerplate_records=9)
    >>> index = index_ngrams([["a b c", "b c d", "x y z"]], pairs)
    >>> index.texts[0].toarray().tolist()
    [[1], [1], [0]]
    >>> index.sizes.tolist()
    [[2, 2, 2]]
    >>> index.shares_in(np.array([True, False, False])).tolist()
    [[0.5, 0.5, 0.0]]
    >>> [(held.texts.tolist(), held.holders.tolist()) for held in index.find_held(0)]
    [([0, 1], [1, 0])]
    """
    read = [list(_read_ngrams(texts, settings.ngram_words)) for texts in fields]
    every = np.concatenate([np.zeros(0, np.uint64), *(part.hashes for part in chain(*read))])
    every.sort()
    repeats = each_once(every[1:][every[1:] == every[:-1]])
    del every
    shape = len(fields[0]), len(repeats)
    texts, sizes = zip(*(_text_matrix(parts, repeats, shape) for parts in read), strict=True)
    rows, columns = (
        np.concatenate(ends) for ends in zip(*(matrix.nonzero() for matrix in texts), strict=True)
    )
    records = _ones(rows, columns, shape)
    return NgramIndex(list(texts), np.stack(sizes), records, records.T.tocsr(), settings)


class _Read(NamedTuple):
    rows: Small  # of each text
    counts: Indices  # and how many n-grams it has
    hashes: Hashes  # of the n-grams of one text after another


def _read_ngrams(texts: Sequence[str], n: int) -> Iterator[_Read]:
    order = reading_order(texts, np.arange(len(texts)))
    at = 0
    for batch in batches(each_text(texts, order)):
        shingles = batch_shingles(batch, n)
        rows = order[at : at + len(batch)].astype(np.int32)
        yield _Read(rows, np.diff(shingles.starts), shingles.hashes)
        at += len(batch)


def _text_matrix(
    parts: Sequence[_Read], repeats: Hashes, shape: tuple[int, int]
) -> "tuple[csr_array, Indices]":
    """Which text has which repeated n-gram, and how many different ones it has in all."""
    alone = np.zeros(shape[0], np.int64)
    rows: list[Small] = [np.zeros(0, np.int32)]
    columns: list[Small] = [np.zeros(0, np.int32)]
    for part in parts:
        row = np.repeat(part.rows, part.counts)
        place = np.searchsorted(repeats, part.hashes)
        again = np.zeros(len(row), np.bool_)
        inside = place < len(repeats)
        again[inside] = repeats[place[inside]] == part.hashes[inside]
        alone += np.bincount(row[~again], minlength=shape[0])
        rows.append(row[again])
        columns.append(place[again].astype(np.int32))
    matrix = _ones(np.concatenate(rows), np.concatenate(columns), shape)
    return matrix, alone + np.diff(matrix.indptr)


def _ones(rows: Small, columns: Small, shape: tuple[int, int]) -> "csr_array":
    """A matrix of ones at these places, however often each is named."""
    from scipy.sparse import coo_array

    matrix = coo_array((np.ones(len(rows), np.int32), (rows, columns)), shape=shape).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _of_columns(matrix: "csr_array", columns: Mask) -> "csr_array":
    """The matrix with nothing but these columns, which keep their numbers."""
    kept = columns[matrix.indices]
    starts = np.concatenate(([0], np.cumsum(kept)))[matrix.indptr]
    from scipy.sparse import csr_array

    return csr_array((matrix.data[kept], matrix.indices[kept], starts), shape=matrix.shape)
