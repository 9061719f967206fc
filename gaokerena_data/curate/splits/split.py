"""Splits by source and by cluster: nothing of one stands in another, whole or nearly."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.splits.containment import join_contained, settle_dev
from gaokerena_data.curate.splits.ngrams import NgramIndex
from gaokerena_data.curate.splits.sticky import Sides, settle_held, settle_released
from gaokerena_data.datasets.declaration import DEV, TEST, TRAIN, Declaration
from gaokerena_data.datasets.settings import Count, Settings, Share
from gaokerena_data.ledger import with_notes
from gaokerena_data.text.arrays import Indices

type Again = Callable[[pa.Table, NgramIndex | None], Callable[[Indices], Indices]]


class Released(NamedTuple):
    """What released versions fix.

    Attributes:
        splits: record id -> split.
        again: makes, of the records and their n-grams, what labels some of them by themselves.
    """

    splits: Mapping[str, str]
    again: Again


def _unknown(_table: pa.Table, _contained: NgramIndex | None) -> Callable[[Indices], Indices]:
    return lambda rows: rows


NOTHING_RELEASED = Released({}, _unknown)


class Split(Settings):
    """How dev is drawn from the sources that feed both train and dev."""

    dev_share: Share
    max_dev_cluster: Count
    seed: Count


def split_clusters(
    table: pa.Table,
    declaration: Declaration,
    settings: Split,
    contained: NgramIndex | None,
    released: Released = NOTHING_RELEASED,
) -> tuple[pa.Table, Sides]:
    """Put every record into a split, so that no text of one stands in another, whole or nearly.

    Args:
        table: the records, in the order of their ids, with their clusters.
        declaration: which sources may feed which split.
        settings: how dev is drawn.
        contained: the n-grams of their texts, where what holds another's text is to stand with it.
        released: what stood where in released versions.

    Returns:
        The records with their `split`, and with a `note` for the ledger where another record
        decided it; and where they stand. Some can stand nowhere, since released ones do not move.
    """
    ids, fields = table["id"].to_pylist(), declaration.kind.texts
    clusters = table["cluster"].to_numpy()
    joined_notes: dict[int, str] = {}
    if contained is not None:
        clusters, joined_notes = join_contained(ids, clusters, contained, fields)
    assigned = assign_splits(table, clusters, declaration, settings)
    sides = Sides(np.array(assigned, dtype=object), _pins(table, declaration, released))
    was_released = sides.pins != None  # noqa: E711 - each of an array of objects
    if was_released.any():
        may_be_dev = _may_be(DEV, table, declaration)
        settle_released(sides, clusters, may_be_dev, released.again(table, contained))
    notes = [joined_notes]
    if contained is not None:
        beside = np.isin(clusters, clusters[was_released & sides.stand_in(DEV)])
        drawn = sides.stand_in(DEV) & ~beside
        in_dev, moved = settle_dev(ids, drawn, sides.stand_in(TRAIN), clusters, contained, fields)
        sides.splits[drawn & ~in_dev] = TRAIN
        if was_released.any():
            settle_held(sides, clusters, contained)
        notes.append(moved)
    table = table.append_column("split", pa.array(sides.splits, pa.string()))
    if contained is not None:
        table = with_notes(table, *notes)
    return table, sides


def _pins(table: pa.Table, declaration: Declaration, released: Released) -> np.ndarray:
    """Where each record was released, as far as its source may still stand there."""
    may_be = {source: declaration.splits_of(source) for source in declaration.sources}
    pins = np.full(table.num_rows, None, dtype=object)
    for row, (each, source) in enumerate(
        zip(table["id"].to_pylist(), table["source"].to_pylist(), strict=True)
    ):
        split = released.splits.get(each)
        if split in may_be.get(source, ()):
            pins[row] = split
    return pins


def _may_be(split: str, table: pa.Table, declaration: Declaration) -> np.ndarray:
    sources = [name for name in declaration.sources if split in declaration.splits_of(name)]
    return np.isin(np.array(table["source"].to_pylist(), dtype=object), sources)


def assign_splits(
    table: pa.Table, clusters: np.ndarray, declaration: Declaration, settings: Split
) -> list[str]:
    """The split of every row.

    Test sources go to test. A cluster whose rows may all be in dev goes there as a whole, by a
    seeded hash of the id of its row that was fetched first: neither the order of the rows nor other
    clusters matter, and a record that is new does not move the older ones that it is like. A
    cluster of more than `settings.max_dev_cluster` rows goes to train.
    """
    sources = table["source"].to_pylist()
    sizes = Counter(clusters.tolist())
    may_be = {source: declaration.splits_of(source) for source in set(sources)}
    first: dict[int, tuple[str, str]] = {}
    may_be_dev: dict[int, bool] = {}
    columns = (table[name].to_pylist() for name in ("fetched_at", "id"))
    for cluster, source, fetched_at, record_id in zip(
        clusters.tolist(), sources, *columns, strict=True
    ):
        row = (fetched_at or "", record_id)
        first[cluster] = min(row, first.get(cluster, row))
        may_be_dev[cluster] = may_be_dev.get(cluster, True) and DEV in may_be[source]
    drawn = {
        cluster
        for cluster, possible in may_be_dev.items()
        if possible
        and sizes[cluster] <= settings.max_dev_cluster
        and _draw(first[cluster][1], settings.seed) < settings.dev_share
    }
    return [
        TEST if TEST in may_be[source] else DEV if cluster in drawn else TRAIN
        for cluster, source in zip(clusters.tolist(), sources, strict=True)
    ]


def _draw(record_id: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}\x1f{record_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
