"""Duplicates: the same record twice, the same words twice, nearly the same words twice.

One rule says which of them stays, everywhere: a row of a test source (dropping it would let its
twin train), then the longest text, then the earliest, then the source that stands first in
gaokerena.toml, then the smallest id.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.config import NearDuplicates
from gaokerena_data.curate.rules.filters import Outcome, leave_out
from gaokerena_data.curate.texts.signal_store import ComparedTexts
from gaokerena_data.sources import SOURCES
from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.text.near_duplicates.search import find_matches


def drop_repeated(table: pa.Table) -> Outcome:
    """Drop all but one record of an id: the one fetched last, then the first that was read."""
    ids = table["id"].combine_chunks()
    fetched = pc.fill_null(table["fetched_at"], "")
    rows = pa.table({"fetched": fetched, "row": np.arange(table.num_rows)})
    latest = pc.sort_indices(rows, [("fetched", "descending"), ("row", "ascending")]).to_numpy()
    kept = _first_of_each(ids, latest)
    origins = table["origin"].take(pa.array(kept))
    return leave_out(
        table,
        kept != np.arange(table.num_rows),
        "repeated_record@1",
        "same_id",
        keeper=ids,
        detail=pc.binary_join_element_wise("kept:", origins, " "),
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
    words = pc.binary_join_element_wise(*(table[name] for name in digests), " ")
    keepers = _first_of_each(words.combine_chunks(), preference(table, sources))
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
    rows = preference(table, sources)
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


def preference(table: pa.Table, sources: Sequence[str]) -> np.ndarray:
    """Row numbers from the one that most deserves to stay to the one that least does.

    Args:
        table: the records under curation, no two with one id.
        sources: of the dataset, the best first.
    """
    tests = pa.array([name for name in sources if "test" in SOURCES[name].splits], pa.string())
    columns = {
        "train": pc.invert(pc.is_in(table["source"], tests)),
        "shortness": pc.negate(table["body_words"]),
        "fetched": pc.fill_null(table["fetched_at"], ""),
        "place": pc.index_in(table["source"], pa.array(sources)),
        "id": table["id"],
    }
    order = pc.sort_indices(pa.table(columns), [(name, "ascending") for name in columns])
    rows: np.ndarray = order.to_numpy().astype(np.int64)
    return rows


def _first_of_each(values: pa.Array, order: np.ndarray) -> np.ndarray:
    """For each row the one with the same value that comes first in an order of the rows."""
    codes = values.dictionary_encode().indices.to_numpy()
    _, first = np.unique(codes[order], return_index=True)
    rows: np.ndarray = order[first][codes].astype(np.int64)
    return rows


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
