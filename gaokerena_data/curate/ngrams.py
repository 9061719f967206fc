"""Which word n-grams stand in more than one record: an inverted index over the texts of records.

An n-gram that stands in one record alone is counted and forgotten, and those are most of them (97 %
of the authors' records). What is left is a sparse matrix of records and n-grams, whose product with
itself counts what two records share, for all that share anything, without comparing all pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from gaokerena_data.config import Containment
from gaokerena_data.curate.columns import reading_order, texts_at
from gaokerena_data.curate.signatures import batches
from gaokerena_data.text.shingles import batch_shingles
from gaokerena_data.text.word_arrays import Hashes

type Indices = npt.NDArray[np.int64]
type Mask = npt.NDArray[np.bool_]
type Shares = npt.NDArray[np.float64]

_READ = 1 << 10  # texts read at once
_PRODUCTS = 1 << 24  # multiplications at once: the pairs in memory are no more


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
        settings: what n is, and how much of a text must stand in another.
    """

    texts: list[csr_array]
    sizes: npt.NDArray[np.int64]
    records: csr_array
    settings: Containment

    @property
    def judged(self) -> Mask:
        """(fields, records): the texts that are long enough to be looked for in others."""
        return self.sizes >= self.settings.min_ngrams

    def of_rows(self, rows: Indices) -> "NgramIndex":
        """The index of some of the records."""
        texts = [matrix[rows] for matrix in self.texts]
        return NgramIndex(texts, self.sizes[:, rows], self.records[rows], self.settings)

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

    def held_by(self, field: int, row: int) -> Shares:
        """How much of one text each record holds: (records,) shares."""
        wanted = np.zeros(self.records.shape[1], np.int64)
        wanted[self.texts[field][[row]].indices] = 1
        shares: Shares = (self.records @ wanted) / max(int(self.sizes[field, row]), 1)
        return shares

    def find_held(self, field: int) -> Iterator[Held]:
        """Every text of a field that stands in another record, some texts at a time.

        A text of which more than `1 - threshold` stands nowhere else is not looked for: no record
        can hold the rest. An n-gram that more than `boilerplate_records` records hold counts as
        not held: it would name all pairs of them.
        """
        threshold = self.settings.threshold
        holders = np.bincount(self.records.indices, minlength=self.records.shape[1])
        telling = (holders > 1) & (holders <= self.settings.boilerplate_records)
        texts = _of_columns(self.texts[field], telling)
        sizes = np.maximum(self.sizes[field], 1)
        wanted = np.flatnonzero(self.judged[field] & (np.diff(texts.indptr) / sizes >= threshold))
        texts = texts[wanted]
        by_ngram = _of_columns(self.records, telling).T.tocsr()
        products = np.concatenate(([0], np.cumsum(holders[texts.indices])))[texts.indptr]
        at = 0
        while at < len(wanted):
            stop = int(np.searchsorted(products, products[at] + _PRODUCTS, side="right")) - 1
            stop = max(stop, at + 1)
            common = (texts[at:stop] @ by_ngram).tocoo()
            rows, others = wanted[at + common.row], common.col.astype(np.int64)
            shares = common.data / sizes[rows]
            found = (shares >= threshold) & (rows != others)
            yield Held(rows[found], others[found], shares[found])
            at = stop


def index_ngrams(fields: Sequence[Sequence[str]], settings: Containment) -> NgramIndex:
    """Index the n-grams of records.

    Texts on disk are read shard by shard; in memory are 16 bytes for each of their words.

    Args:
        fields: one text a record in each, such as the questions and the answers.
        settings: what n is, and how much of a text must stand in another.
    """
    read = [_read_ngrams(texts, settings.ngram_words) for texts in fields]
    every = np.sort(np.concatenate([hashes for hashes, _, _ in read]))
    repeats = every[1:][every[1:] == every[:-1]]
    repeats = repeats[np.diff(repeats, prepend=~repeats[:1]) != 0]
    del every
    texts, sizes = [], []
    for hashes, counts, order in read:
        place = np.minimum(np.searchsorted(repeats, hashes), max(len(repeats) - 1, 0))
        again = repeats[place] == hashes if len(repeats) else np.zeros(len(hashes), np.bool_)
        rows = np.repeat(order, counts)
        matrix = _ones(rows[again], place[again], (len(order), len(repeats)))
        texts.append(matrix)
        alone = np.bincount(rows[~again], minlength=len(order))
        sizes.append(alone + np.diff(matrix.indptr))
    rows, columns = (
        np.concatenate(ends) for ends in zip(*(matrix.nonzero() for matrix in texts), strict=True)
    )
    return NgramIndex(texts, np.stack(sizes), _ones(rows, columns, texts[0].shape), settings)


def _read_ngrams(texts: Sequence[str], n: int) -> tuple[Hashes, Indices, Indices]:
    """The n-grams of all texts, how many each has, and the rows in the order they were read."""
    order = reading_order(texts, np.arange(len(texts)))
    some = (texts_at(texts, order[at : at + _READ].tolist()) for at in range(0, len(order), _READ))
    hashes, counts = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for batch in batches(chain.from_iterable(some)):
        shingles = batch_shingles(batch, n)
        hashes.append(shingles.hashes)
        counts.append(np.diff(shingles.starts))
    return np.concatenate(hashes), np.concatenate(counts), order


def _ones(rows: Indices, columns: Indices, shape: tuple[int, int]) -> csr_array:
    """A matrix of ones at these places, however often each is named."""
    matrix = coo_array((np.ones(len(rows), np.int32), (rows, columns)), shape=shape).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _of_columns(matrix: csr_array, columns: Mask) -> csr_array:
    """The matrix with nothing but these columns, which keep their numbers."""
    kept = columns[matrix.indices]
    starts = np.concatenate(([0], np.cumsum(kept)))[matrix.indptr]
    return csr_array((matrix.data[kept], matrix.indices[kept], starts), shape=matrix.shape)
