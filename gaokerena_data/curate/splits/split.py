"""Splits by source and by cluster: nothing of one stands in another, whole or nearly."""

import hashlib
from collections import Counter

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.splits.containment import join_contained, settle_dev
from gaokerena_data.curate.splits.ngrams import NgramIndex
from gaokerena_data.datasets.declaration import DEV, TEST, TRAIN, Declaration
from gaokerena_data.datasets.settings import Count, Settings, Share


class Split(Settings):
    """How dev is drawn from the sources that feed both train and dev."""

    dev_share: Share
    max_dev_cluster: Count
    seed: Count


def split_clusters(
    table: pa.Table, declaration: Declaration, settings: Split, contained: NgramIndex | None
) -> pa.Table:
    """Put every record into a split, so that no text of one stands in another, whole or nearly.

    Args:
        table: the records, in the order of their ids, with their clusters.
        declaration: which sources may feed which split.
        settings: how dev is drawn.
        contained: the n-grams of their texts, where what holds another's text is to stand with it.

    Returns:
        The records with their `split`, and with a `note` for the ledger where another record
        decided it.
    """
    clusters = table["cluster"].to_numpy()
    if contained is None:
        alone = assign_splits(table, clusters, declaration, settings)
        return table.append_column("split", pa.array(alone, pa.string()))
    ids, fields = table["id"].to_pylist(), declaration.kind.texts
    joined = join_contained(ids, clusters, contained, fields)
    assigned = assign_splits(table, joined.clusters, declaration, settings)
    splits = np.array(assigned, dtype=object)
    in_dev, moved = settle_dev(
        ids, splits == DEV, splits == TRAIN, joined.clusters, contained, fields
    )
    splits[(splits == DEV) & ~in_dev] = TRAIN
    table = table.append_column("split", pa.array(splits, pa.string()))
    return _with_notes(table, joined.notes, moved)


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


def _with_notes(table: pa.Table, *notes: dict[int, str]) -> pa.Table:
    """The table with what was found of its rows added to their notes."""
    had = table["note"].to_pylist() if "note" in table.column_names else [None] * table.num_rows
    said = [
        "; ".join(filter(None, (note, *(found.get(row) for found in notes)))) or None
        for row, note in enumerate(had)
    ]
    column = pa.array(said, pa.string())
    if "note" in table.column_names:
        return table.set_column(table.column_names.index("note"), "note", column)
    return table.append_column("note", column)


def _draw(record_id: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}\x1f{record_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
