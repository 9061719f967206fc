"""No text of test or dev stands in train: not in one record, and not in several taken together.

Near-duplicates are found by Jaccard similarity, which cannot see a short answer that stands whole
inside a longer one. Containment does: the share of a text's word n-grams that others hold (Broder
1997). Three rules keep it below the threshold:

- Of records that may train, those that hold a test text are dropped; where none does but all of
  them together, the one that holds most of it goes, until they do not.
- A record that holds a text of another stands on its side: the two are in one cluster.
- A cluster of dev goes to train where the records of train together hold a text of it; what is in
  train then may hold others, until none is held.

Each is applied to all records at once, so their order does not matter.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gaokerena_data.curate.splits.ngrams import NgramIndex, Shares
from gaokerena_data.text.arrays import Indices, Mask
from gaokerena_data.text.near_duplicates.clusters import clusters as connected


class Joined(NamedTuple):
    """Clusters that containment has joined.

    Attributes:
        clusters: a label for each row.
        notes: for each row whose text stands in another record: which, and how much of it.
    """

    clusters: Indices
    notes: dict[int, str]


class Holders(NamedTuple):
    """Records that hold a text of a test source.

    Attributes:
        held: (records,) the test record of which each holds most, -1 where it holds none.
        shares: (records,) how much of that record's text it holds, from 0 to 1.
        alone: (records,) whether it alone holds the threshold of it.
    """

    held: Indices
    shares: Shares
    alone: Mask


def choose_holders(in_test: Mask, index: NgramIndex) -> Holders:
    """Choose the records that must go so that no text of a test source stands in the others.

    The text of record 0, which is for testing, stands whole in record 1, and not in record 2:

    >>> pairs = Containment(threshold=0.8, ngram_words=2, min_words=3, boilerplate_records=9)
    >>> index = index_ngrams([["a b c", "x a b c", "a b x"]], pairs)
    >>> found = choose_holders(np.array([True, False, False]), index)
    >>> found.held.tolist(), found.shares.tolist(), found.alone.tolist()
    ([-1, 0, -1], [0.0, 1.0, 0.0], [False, True, False])

    Args:
        in_test: (records,) which of them are of test sources; these stay.
        index: of their texts.
    """
    count = len(in_test)
    threshold = index.settings.threshold
    may_train = ~in_test
    found = Holders(np.full(count, -1), np.zeros(count), np.zeros(count, np.bool_))
    while True:
        held = index.judged & in_test & (index.shares_in(may_train) >= threshold)
        gone = np.zeros(count, np.bool_)
        for field, row in np.argwhere(held).tolist():
            shares = np.where(may_train, index.held_by(field, row), 0)
            whole = shares >= threshold
            found.alone[whole] = True
            holders = whole if whole.any() else np.arange(count) == np.argmax(shares)
            better = holders & (shares > found.shares)
            found.shares[better], found.held[better] = shares[better], row
            gone |= holders
        if not gone.any():
            return found
        may_train &= ~gone


def join_contained(
    ids: Sequence[str], clusters: Indices, index: NgramIndex, fields: Sequence[str]
) -> Joined:
    """Join the clusters of which one holds a text of the other.

    >>> pairs = Containment(threshold=0.8, ngram_words=2, min_words=3, boilerplate_records=9)
    >>> index = index_ngrams([["a b c", "x a b c", "a b x"]], pairs)
    >>> joined = join_contained(["r0", "r1", "r2"], np.array([5, 6, 7]), index, ["answer"])
    >>> joined.clusters.tolist()
    [0, 0, 2]
    >>> joined.notes
    {0: '100% of its answer stands in r1, on the same side'}

    Args:
        ids: of the records, in order.
        clusters: a label for each of them.
        index: of their texts.
        fields: what a person calls the indexed texts.
    """
    rows = np.arange(len(ids))
    # The labels need not be rows' numbers: each cluster is named by its first row here.
    _, first, place = np.unique(clusters, return_index=True, return_inverse=True)
    labels = connected(rows, first[place], len(ids))
    notes: dict[int, str] = {}
    for field, name in enumerate(fields):
        for held in index.find_held(field):
            ends = np.concatenate((rows, held.texts)), np.concatenate((labels, held.holders))
            labels = connected(*ends, len(ids))
            order = np.lexsort((held.holders, -held.shares, held.texts))
            texts, best = np.unique(held.texts[order], return_index=True)
            for row, holder, share in zip(
                texts.tolist(),
                held.holders[order][best].tolist(),
                held.shares[order][best].tolist(),
                strict=True,
            ):
                note = f"{share:.0%} of its {name} stands in {ids[holder]}, on the same side"
                notes[row] = f"{notes[row]}; {note}" if row in notes else note
    return Joined(labels, notes)


def settle_dev(
    ids: Sequence[str],
    in_dev: Mask,
    in_train: Mask,
    clusters: Indices,
    index: NgramIndex,
    fields: Sequence[str],
) -> tuple[Mask, dict[int, str]]:
    """Move clusters of dev to train until no text of dev stands in the records of train.

    Records 0 and 2 are drawn for dev; record 1, in train, holds the text of record 0:

    >>> pairs = Containment(threshold=0.8, ngram_words=2, min_words=3, boilerplate_records=9)
    >>> index = index_ngrams([["a b c", "x a b c", "p q r"]], pairs)
    >>> dev, train = np.array([True, False, True]), np.array([False, True, False])
    >>> ids, clusters = ["r0", "r1", "r2"], np.array([0, 1, 2])
    >>> stays, notes = settle_dev(ids, dev, train, clusters, index, ["answer"])
    >>> stays.tolist(), list(notes)
    ([False, False, True], [0])

    Args:
        ids: of the records, in order.
        in_dev: those that were drawn for dev.
        in_train: those of train.
        clusters: a label for each record; they move whole.
        index: of their texts.
        fields: what a person calls the indexed texts.

    Returns:
        Which records stay in dev, and for each that was moved the reason.
    """
    notes: dict[int, str] = {}
    telling = index.telling()
    while True:
        shares = np.where(index.judged & in_dev, index.shares_in(in_train), 0)
        held = np.flatnonzero(shares.max(axis=0) >= index.settings.threshold)
        if len(held) == 0:
            return in_dev, notes
        cause: dict[int, int] = {}
        for row in held.tolist():
            field = int(np.argmax(shares[:, row]))
            share = f"{shares[field, row]:.0%} of its {fields[field]}"
            note = f"drawn for dev, but {share} stands in train"
            held_by = np.where(in_train, index.held_by(field, row, telling), 0)
            if held_by.any():
                note += f", most of that in {ids[int(np.argmax(held_by))]}"
            notes[row] = note
            cause.setdefault(int(clusters[row]), row)
        moved = in_dev & np.isin(clusters, clusters[held])
        for row in np.flatnonzero(moved).tolist():
            notes.setdefault(row, f"drawn for dev, moved with {ids[cause[int(clusters[row])]]}")
        in_dev, in_train = in_dev & ~moved, in_train | moved
