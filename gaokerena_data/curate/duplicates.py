"""Duplicates: the same record twice, the same words twice, nearly the same words twice.

One rule says which of them stays, everywhere: a row of a test source (dropping it would let its
twin train), then the longest text, then the earliest, then the source that stands first in
gaokerena.toml, then the smallest id.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from gaokerena_data.config import NearDuplicates
from gaokerena_data.curate.clusters import clusters
from gaokerena_data.curate.filters import Outcome, leave_out
from gaokerena_data.curate.near_duplicates import find_matches
from gaokerena_data.curate.signals import ComparedTexts
from gaokerena_data.sources import SOURCES


def drop_repeated(table: pa.Table) -> Outcome:
    """Drop all but one record of an id: the one fetched last, then the first that was read."""
    ids = table["id"].to_pylist()
    fetched = [when or "" for when in table["fetched_at"].to_pylist()]
    best: dict[str, int] = {}
    for row, record_id in enumerate(ids):
        stays = best.setdefault(record_id, row)
        if fetched[row] > fetched[stays]:
            best[record_id] = row
    origins = table["origin"].to_pylist()
    return leave_out(
        table,
        np.array([best[record_id] != row for row, record_id in enumerate(ids)], dtype=bool),
        "repeated_record@1",
        "same_id",
        keeper=pa.array(ids, pa.string()),
        detail=pa.array([f"kept: {origins[best[record_id]]}" for record_id in ids], pa.string()),
    )


def drop_exact(
    table: pa.Table,
    sources: Sequence[str],
    digests: Sequence[str] = ("heading_digest", "body_digest"),
) -> Outcome:
    """Drop records whose words (spacing, punctuation, keyboards apart) are those of another.

    Args:
        table: the records under curation.
        sources: of the dataset, the best first.
        digests: the columns that must be equal.
    """
    words = list(zip(*(table[name].to_pylist() for name in digests), strict=True))
    best: dict[tuple[str, ...], int] = {}
    for row in preference(table, sources):
        best.setdefault(words[row], row)
    keepers = np.array([best[same] for same in words], dtype=np.int64)
    return _keep_one(table, keepers, np.ones(table.num_rows), "exact_duplicate@1", "same_words")


def drop_near(
    table: pa.Table,
    fields: Sequence[ComparedTexts],
    sources: Sequence[str],
    settings: NearDuplicates,
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Drop records that are nearly the same as one that stays, in every one of their fields.

    One answer to two different questions is no duplicate, nor are two answers to one question.

    Each dropped row is itself at least `settings.threshold` similar to the keeper that it names.
    A cluster may be a chain whose ends are different texts: what is not like the cluster's keeper
    gets a keeper of its own, and no two of those that stay are like each other.

    Args:
        table: the records under curation.
        fields: questions and answers, or contents: each one text a row. Candidates are looked
            for in the last, the longest.
        sources: of the dataset, the best first.
        settings: what counts as nearly the same.
        progress: told (records done, records) as they are compared.
    """

    def found(done: int, total: int) -> None:
        # The last tenth is to compare what no candidates were, and other fields.
        if progress is not None:
            progress(9 * done // 10, total)

    labels = near_clusters(fields[-1], settings, found)
    # Label by label, the most preferred row first.
    rows = np.array(preference(table, sources), dtype=np.int64)
    rows = rows[np.argsort(labels[rows], kind="stable")]
    keepers = np.arange(table.num_rows)
    similarity_to = np.ones(table.num_rows)
    while len(rows):
        starts = np.flatnonzero(np.diff(labels[rows], prepend=-1))
        sizes = np.diff(starts, append=len(rows))
        keeper = np.repeat(rows[starts], sizes)
        others = rows != keeper
        rows, keeper = rows[others], keeper[others]
        similarity = np.min([field.similarities(rows, keeper) for field in fields], axis=0)
        alike = similarity >= settings.threshold
        keepers[rows[alike]] = keeper[alike]
        similarity_to[rows[alike]] = similarity[alike]
        rows = rows[~alike]
    if progress is not None:
        progress(table.num_rows, table.num_rows)
    return _keep_one(table, keepers, similarity_to, "near_duplicate@1", "nearly_same_words")


def near_clusters(
    compared: ComparedTexts,
    settings: NearDuplicates,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Label every text with its cluster of near-duplicates, by the settings of a dataset."""
    matches = find_matches(
        compared.prints,
        compared.texts,
        threshold=settings.threshold,
        bands=settings.bands,
        pairs=compared.pairs,
        progress=progress,
    )
    return clusters(matches.first, matches.second, len(compared.texts))


def preference(table: pa.Table, sources: Sequence[str]) -> list[int]:
    """Row numbers from the one that most deserves to stay to the one that least does."""
    place = {name: number for number, name in enumerate(sources)}
    columns = ("source", "body_words", "fetched_at", "id")
    rows = list(zip(*(table[name].to_pylist() for name in columns), strict=True))

    def deserts(row: int) -> tuple[bool, int, str, int, str]:
        source, words, fetched_at, record_id = rows[row]
        in_train = "test" not in SOURCES[source].splits
        return in_train, -words, fetched_at or "", place[source], record_id

    return sorted(range(table.num_rows), key=deserts)


def _keep_one(
    table: pa.Table, keepers: np.ndarray, similarity: np.ndarray, step: str, reason: str
) -> Outcome:
    return leave_out(
        table,
        keepers != np.arange(table.num_rows),
        step,
        reason,
        keeper=table["id"].combine_chunks().take(pa.array(keepers)),
        similarity=pa.array(similarity),
    )
