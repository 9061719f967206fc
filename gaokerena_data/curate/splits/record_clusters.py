"""Clusters of records: what must stand on one side of every split."""

from collections.abc import Hashable, Sequence

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.duplicates.near import near_clusters
from gaokerena_data.datasets.kind import Kind
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.text.near_duplicates.clusters import clusters


def find_clusters(
    table: pa.Table, kind: Kind, fields: Sequence[ComparedTexts], settings: NearDuplicates
) -> np.ndarray:
    """Label every row with its cluster.

    Two rows are in one cluster when they are answers to one question (one thread), or when their
    questions or their answers are the same or nearly the same, directly or through other rows.
    Articles have no thread, and their contents alone are compared.

    Args:
        table: the records under curation.
        kind: of the records.
        fields: their compared texts.
        settings: what counts as nearly the same.

    Returns:
        int array of one label a row.
    """
    names = ["thread", *(f"{side}_digest" for side in kind.compared)]
    edges = [_links(table[name].to_pylist()) for name in names]
    edges += [_links(near_clusters(texts, settings).tolist()) for texts in fields]
    ends = np.concatenate(edges)
    return clusters(ends[:, 0], ends[:, 1], table.num_rows)


def _links(values: Sequence[Hashable]) -> np.ndarray:
    first: dict[Hashable, int] = {}
    ends = [(first.setdefault(value, row), row) for row, value in enumerate(values)]
    return np.array(ends, dtype=np.int64).reshape(-1, 2)
