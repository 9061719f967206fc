"""Splits that hold from version to version: no released record ever moves to another one.

New records go where the released ones that they are like stand. Those that are like records of
both sides, or may not stand on the side where they would have to, are left out: to move a released
record instead would put what somebody trained on into what somebody tests with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gaokerena_data.curate.splits.ngrams import NgramIndex
from gaokerena_data.datasets.declaration import DEV, TEST, TRAIN
from gaokerena_data.text.arrays import Indices, Mask

JOINS, LIKE_DEV, LIKE_TRAIN, HOLDS, HELD = REASONS = (
    "joins_released_splits",
    "like_a_released_dev_row",
    "like_a_released_train_row",
    "holds_a_released_dev_text",
    "stands_in_train",
)

type Names = npt.NDArray[np.object_]


@dataclass(slots=True)
class Sides:
    """Where records stand, and which of them cannot stand anywhere.

    Args:
        splits: (records,) the split of each.
        pins: (records,) the split in which each was released, None where it was not.
        left_out: record -> reason and, where one record is why, that one.
    """

    splits: Names
    pins: Names
    left_out: dict[int, tuple[str, int | None]] = field(default_factory=dict)

    def leave_out(self, rows: Sequence[int], reason: str, why: int | None = None) -> None:
        """Records that stand in no split."""
        for row in rows:
            self.left_out[row] = (reason, why)
            self.splits[row] = None

    def stand_in(self, split: str) -> Mask:
        """Which records stand there."""
        mask: Mask = self.splits == split
        return mask


def settle_released(
    sides: Sides,
    clusters: Indices,
    may_be_dev: Mask,
    cluster_again: Callable[[Indices], Indices],
) -> None:
    """Put new records beside the released ones of their cluster, or leave them out.

    Records 0 and 2 were released, on two sides; record 1 is new and like both, record 3 like 2:

    >>> pins = np.array(["train", None, "dev", None], dtype=object)
    >>> sides = Sides(np.array(["train"] * 4, dtype=object), pins)
    >>> def cluster_again(rows):  # without the other side: what is still connected
    ...     return np.array([{0: 0, 1: 0, 2: 2, 3: 2}[r] if 0 in rows else 0 for r in rows])
    >>> settle_released(sides, np.zeros(4, int), np.array([True] * 4), cluster_again)
    >>> sides.splits.tolist(), sides.left_out[1][0]
    (['train', None, 'dev', 'dev'], 'joins_released_splits')

    Args:
        sides: where records would stand if nothing had been released; changed.
        clusters: (records,) a label for each: what is alike, directly or through others.
        may_be_dev: (records,) whether their source may feed dev.
        cluster_again: the labels of some records by themselves.
    """
    pins, splits = sides.pins, sides.splits
    moves = splits != TEST  # what is for testing stands there whatever it is like
    pinned = {side: moves & (pins == side) for side in (TRAIN, DEV)}
    for side, rows in pinned.items():
        splits[rows] = side
    new = moves & ~pinned[TRAIN] & ~pinned[DEV]
    with_train, with_dev = (np.isin(clusters, clusters[pinned[side]]) for side in (TRAIN, DEV))
    splits[new & with_train & ~with_dev] = TRAIN
    _stand_with_dev(sides, new & with_dev & ~with_train, clusters, may_be_dev)
    mixed = with_train & with_dev
    if not (mixed & new).any() and not (mixed & pinned[DEV]).any():
        return
    near = {}
    for side in (TRAIN, DEV):
        rows = np.flatnonzero(mixed & (new | pinned[side]))
        labels = cluster_again(rows)
        touched = np.zeros(len(pins), np.bool_)
        touched[rows] = np.isin(labels, labels[pinned[side][rows]])
        near[side] = touched & new
    sides.leave_out(np.flatnonzero(near[TRAIN] & near[DEV]).tolist(), JOINS)
    splits[near[TRAIN] & ~near[DEV]] = TRAIN
    _stand_with_dev(sides, near[DEV] & ~near[TRAIN], clusters, may_be_dev)
    # Released on two sides and alike now: thresholds or texts have changed.
    both = np.flatnonzero(mixed & (pinned[TRAIN] | pinned[DEV]))
    labels = cluster_again(both)
    alike = np.isin(labels, labels[pinned[TRAIN][both]]) & pinned[DEV][both]
    sides.leave_out(both[alike].tolist(), LIKE_TRAIN)


def settle_held(sides: Sides, clusters: Indices, index: NgramIndex) -> None:
    """Leave out what would let a text of a released dev row, or of one beside it, stand in train.

    Args:
        sides: where records stand, dev settled but for what was released; changed.
        clusters: a label for each record.
        index: the n-grams of their texts.
    """
    pinned_dev = sides.stand_in(DEV) & (sides.pins == DEV)
    fixed = np.isin(clusters, clusters[pinned_dev])
    while True:
        in_train, in_dev = sides.stand_in(TRAIN), sides.stand_in(DEV) & fixed
        shares = np.where(index.judged & in_dev, index.shares_in(in_train), 0)
        held = np.flatnonzero(shares.max(axis=0) >= index.settings.threshold)
        if len(held) == 0:
            return
        for row in held.tolist():
            by = index.held_by(int(np.argmax(shares[:, row])), row)
            new = np.where(sides.stand_in(TRAIN) & (sides.pins != TRAIN), by, 0)
            if sides.pins[row] == DEV and new.any():
                whole = np.flatnonzero(new >= index.settings.threshold)
                gone = whole if len(whole) else np.array([np.argmax(new)])
                sides.leave_out(gone.tolist(), HOLDS, row)
            else:
                sides.leave_out([row], HELD, int(np.argmax(np.where(in_train, by, 0))))


def _stand_with_dev(sides: Sides, rows: Mask, clusters: Indices, may_be_dev: Mask) -> None:
    """New records like those of dev alone: they go there, where their source may."""
    sides.splits[rows & may_be_dev] = DEV
    pinned = np.flatnonzero(sides.pins == DEV)
    first = dict(zip(clusters[pinned].tolist()[::-1], pinned.tolist()[::-1], strict=True))
    for row in np.flatnonzero(rows & ~may_be_dev).tolist():
        sides.leave_out([row], LIKE_DEV, first.get(int(clusters[row])))
