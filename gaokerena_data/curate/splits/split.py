"""Splits by source and by cluster: nothing of one stands in another, whole or nearly."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.config import Mf3qa, NearDuplicates, Split
from gaokerena_data.curate.duplicates.drop import near_clusters
from gaokerena_data.curate.rules.filters import Outcome, leave_out
from gaokerena_data.curate.splits.benchmarks import may_train
from gaokerena_data.curate.splits.containment import drop_holders, join_contained, settle_dev
from gaokerena_data.curate.splits.ngrams import index_ngrams
from gaokerena_data.curate.texts.signal_store import ComparedTexts
from gaokerena_data.sources import SOURCES
from gaokerena_data.text.near_duplicates.clusters import clusters

SPLITS = ("train", "dev", "test")


def split_apart(table: pa.Table, fields: Sequence[ComparedTexts], settings: Mf3qa) -> Outcome:
    """Split records so that no text of one split stands in another, whole or nearly.

    Args:
        table: the records, in the order of their ids.
        fields: their questions and answers.
        settings: what counts as nearly the same or as held, and how dev is drawn.

    Returns:
        The records that stay, with their `split` and with a `note` for the ledger where another
        record decided it; and the ledger rows of those that could stand in none.
    """
    table = table.append_column(
        "cluster", pa.array(find_clusters(table, fields, settings.near_duplicates))
    )
    table = table.append_column("place", pa.array(np.arange(table.num_rows)))
    alike = drop_leaks(table, table["cluster"].to_numpy())
    index = index_ngrams([field.texts for field in fields], settings.containment)
    of_kept = index.of_rows(alike.kept["place"].to_numpy())
    holding = drop_holders(alike.kept, ~may_train(alike.kept), of_kept)
    table = holding.kept
    index = index.of_rows(table["place"].to_numpy())
    ids = table["id"].to_pylist()
    joined = join_contained(ids, table["cluster"].to_numpy(), index)
    splits = np.array(assign_splits(table, joined.clusters, settings.split), dtype=object)
    in_dev, moved = settle_dev(ids, splits == "dev", splits == "train", joined.clusters, index)
    splits[(splits == "dev") & ~in_dev] = "train"
    table = table.append_column("split", pa.array(splits, pa.string()))
    table = _with_notes(table, joined.notes, moved)
    return Outcome(table, pa.concat_tables([alike.dropped, holding.dropped]))


def find_clusters(
    table: pa.Table, fields: Sequence[ComparedTexts], settings: NearDuplicates
) -> np.ndarray:
    """Label every row with its cluster.

    Two rows are in one cluster when they are answers to one question (one thread), or when their
    questions or their answers are the same or nearly the same, directly or through other rows.

    Returns:
        int array of one label a row.
    """
    edges = [
        _links(table[name].to_pylist()) for name in ("thread", "heading_digest", "body_digest")
    ]
    edges += [_links(near_clusters(texts, settings).tolist()) for texts in fields]
    ends = np.concatenate(edges)
    return clusters(ends[:, 0], ends[:, 1], table.num_rows)


def drop_leaks(table: pa.Table, clusters: np.ndarray) -> Outcome:
    """Drop rows of train and dev sources whose cluster also holds a row of a test source."""
    in_test = ~may_train(table)
    ids = table["id"].to_pylist()
    test_row: dict[int, str] = {}
    for cluster, record_id, tests in zip(clusters.tolist(), ids, in_test.tolist(), strict=True):
        if tests:
            test_row[cluster] = min(record_id, test_row.get(cluster, record_id))
    keepers = pa.array([test_row.get(cluster) for cluster in clusters.tolist()], pa.string())
    leaks = ~in_test & np.asarray(pc.is_valid(keepers))
    return leave_out(table, leaks, "decontaminate@1", "stands_in_test", keeper=keepers)


def assign_splits(table: pa.Table, clusters: np.ndarray, settings: Split) -> list[str]:
    """The split of every row.

    Test sources go to test. A cluster whose rows may all be in dev goes there as a whole, by a
    seeded hash of the id of its row that was fetched first: neither the order of the rows nor other
    clusters matter, and a record that is new does not move the older ones that it is like. A
    cluster of more than `settings.max_dev_cluster` rows goes to train.
    """
    sources = table["source"].to_pylist()
    sizes = Counter(clusters.tolist())
    first: dict[int, tuple[str, str]] = {}
    may_be_dev: dict[int, bool] = {}
    columns = (table[name].to_pylist() for name in ("fetched_at", "id"))
    for cluster, source, fetched_at, record_id in zip(
        clusters.tolist(), sources, *columns, strict=True
    ):
        row = (fetched_at or "", record_id)
        first[cluster] = min(row, first.get(cluster, row))
        may_be_dev[cluster] = may_be_dev.get(cluster, True) and "dev" in SOURCES[source].splits
    drawn = {
        cluster
        for cluster, possible in may_be_dev.items()
        if possible
        and sizes[cluster] <= settings.max_dev_cluster
        and _draw(first[cluster][1], settings.seed) < settings.dev_share
    }
    return [
        "test" if test else "dev" if cluster in drawn else "train"
        for cluster, test in zip(clusters.tolist(), (~may_train(table)).tolist(), strict=True)
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


def _links(values: Sequence[Hashable]) -> np.ndarray:
    first: dict[Hashable, int] = {}
    ends = [(first.setdefault(value, row), row) for row, value in enumerate(values)]
    return np.array(ends, dtype=np.int64).reshape(-1, 2)


def _draw(record_id: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}\x1f{record_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
