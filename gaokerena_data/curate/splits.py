"""Splits by source and by cluster: nothing that is nearly the same stands on two sides."""

import hashlib
from collections.abc import Hashable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.config import NearDuplicates, Split
from gaokerena_data.curate.clusters import clusters
from gaokerena_data.curate.duplicates import near_clusters
from gaokerena_data.curate.filters import Outcome, leave_out
from gaokerena_data.curate.signals import ComparedTexts
from gaokerena_data.sources import SOURCES

SPLITS = ("train", "dev", "test")


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
    in_test = _is_test(table)
    ids = table["id"].to_pylist()
    test_row: dict[int, str] = {}
    for cluster, record_id, is_test in zip(clusters.tolist(), ids, in_test.tolist(), strict=True):
        if is_test:
            test_row[cluster] = min(record_id, test_row.get(cluster, record_id))
    keepers = pa.array([test_row.get(cluster) for cluster in clusters.tolist()], pa.string())
    leaks = ~in_test & np.asarray(pc.is_valid(keepers))
    return leave_out(table, leaks, "decontaminate@1", "stands_in_test", keeper=keepers)


def assign_splits(table: pa.Table, clusters: np.ndarray, settings: Split) -> list[str]:
    """The split of every row.

    Test sources go to test. A cluster whose rows may all be in dev goes there as a whole, by a
    seeded hash of the id of its row that was fetched first: neither the order of the rows nor other
    clusters matter, and a record that is new does not move the older ones that it is like.
    """
    sources = table["source"].to_pylist()
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
        if possible and _draw(first[cluster][1], settings.seed) < settings.dev_share
    }
    return [
        "test" if test else "dev" if cluster in drawn else "train"
        for cluster, test in zip(clusters.tolist(), _is_test(table).tolist(), strict=True)
    ]


def _is_test(table: pa.Table) -> np.ndarray:
    return np.array(["test" in SOURCES[name].splits for name in table["source"].to_pylist()], bool)


def _links(values: Sequence[Hashable]) -> np.ndarray:
    first: dict[Hashable, int] = {}
    ends = [(first.setdefault(value, row), row) for row, value in enumerate(values)]
    return np.array(ends, dtype=np.int64).reshape(-1, 2)


def _draw(record_id: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}\x1f{record_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
