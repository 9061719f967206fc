"""Near-duplicates among records: clusters of them, and which of each cluster stays."""

from collections.abc import Callable, Sequence

import numpy as np

from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.text.near_duplicates.search import find_matches

type Apart = Callable[[np.ndarray, np.ndarray], np.ndarray]


def choose_keepers(
    fields: Sequence[ComparedTexts],
    order: np.ndarray,
    settings: NearDuplicates,
    progress: Callable[[int, int], None] | None = None,
    apart: Apart | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the records that are nearly the same as one that stays, in every one of their fields.

    One answer to two different questions is no duplicate, nor are two answers to one question.

    Each dropped row is itself at least `settings.threshold` similar to the keeper that it names.
    A cluster may be a chain whose ends are different texts: what is not like the cluster's keeper
    gets a keeper of its own, and no two of those that stay are like each other.

    Args:
        fields: questions and answers, or contents: each one text a row. Candidates are looked
            for in the last, the longest.
        order: the rows, from the one that most deserves to stay (see `preference`).
        settings: what counts as nearly the same.
        progress: told (records done, records) as they are compared.
        apart: of rows and the keepers that they are like, which stay all the same.

    Returns:
        (rows,) the row that stays in place of each, itself where it stays, and (rows,) its
        similarity to that one: of three rows of which the second repeats the first and is longer,
        [1, 1, 2] and [0.9, 1.0, 1.0].
    """
    count = len(order)

    def found(done: int, total: int) -> None:
        # The last tenth is to compare what no candidates were, and other fields.
        if progress is not None:
            progress(9 * done // 10, total)

    labels = near_clusters(fields[-1], settings, found)
    # Label by label, the most preferred row first.
    rows = order[np.argsort(labels[order], kind="stable")]
    keepers = np.arange(count)
    similarity_to = np.ones(count)
    while len(rows):
        starts = np.flatnonzero(np.diff(labels[rows], prepend=-1))
        sizes = np.diff(starts, append=len(rows))
        keeper = np.repeat(rows[starts], sizes)
        others = rows != keeper
        rows, keeper = rows[others], keeper[others]
        similarity = np.min([field.similarities(rows, keeper) for field in fields], axis=0)
        alike = similarity >= settings.threshold
        if apart is not None and alike.any():
            alike[alike] = ~apart(rows[alike], keeper[alike])
        keepers[rows[alike]] = keeper[alike]
        similarity_to[rows[alike]] = similarity[alike]
        rows = rows[~alike]
    if progress is not None:
        progress(count, count)
    return keepers, similarity_to


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
        similarities=compared.similarities,
        progress=progress,
    )
    return clusters(matches.first, matches.second, len(compared.texts))
