"""How much of one split stands in another: counted on the finished splits, by no step's word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from gaokerena_data.config import DatasetConfig, NearDuplicates
from gaokerena_data.curate.decontaminate import (
    find_quotations,
    fingerprint_protected,
    may_train,
    nearest_texts,
)
from gaokerena_data.curate.duplicates import near_clusters
from gaokerena_data.curate.jaccard import jaccard
from gaokerena_data.curate.protected import Protected
from gaokerena_data.curate.signals import ComparedTexts, SignalStore
from gaokerena_data.curate.signatures import fingerprints


@dataclass(frozen=True, slots=True)
class Leak:
    """Rows of `split` whose `field` stands in `other` too.

    Args:
        field: what was compared ("question" or "answer").
        split: the split whose rows are counted.
        other: the split they were looked for in.
        identical: rows with the same characters, white space apart.
        near: rows at or above the Jaccard threshold, the identical ones among them.
        rows: rows of `split`.
    """

    field: str
    split: str
    other: str
    identical: int
    near: int
    rows: int


def count_leaks(
    splits: Mapping[str, Mapping[str, Sequence[str]]], settings: NearDuplicates
) -> list[Leak]:
    """Compare every pair of splits, field by field.

    Args:
        splits: name of a split -> name of a field -> its texts. The later a split stands, the
            more it is to be protected: its rows are the ones counted.
        settings: what counts as nearly the same.
    """
    fields = next(iter(splits.values())).keys() if splits else []
    return [
        _compare(field, left, right, splits[left][field], splits[right][field], settings)
        for field in fields
        for left, right in combinations(splits, 2)
    ]


def count_touched_benchmarks(
    splits: Mapping[str, pa.Table],
    store: SignalStore,
    protected: Protected,
    settings: DatasetConfig,
) -> list[Leak]:
    """How many protected questions stand in each split that a model learns from.

    `identical` are those that a kept record quotes (see `decontaminate.drop_quotations`), `near`
    these and those to which a whole field of one is nearly the same.
    """
    if not protected.texts:
        return []
    quoted = find_quotations(store, protected, settings.decontamination)
    others = fingerprint_protected(protected, settings.near_duplicates)
    leaks = []
    for name, table in splits.items():
        rows = table.filter(pa.array(may_train(table), pa.bool_()))
        if rows.num_rows == 0:
            continue
        identical = {quoted[key] for key in rows["key"].to_pylist() if key in quoted}
        near = set(identical)
        for column in ("heading", "body"):
            texts = store.read_texts(rows["key"], column)
            similarity, item = nearest_texts(texts, others, settings.near_duplicates)
            alike = similarity >= settings.near_duplicates.threshold
            near |= {protected.names[k] for k in item[alike].tolist()}
        total = len(protected.names)
        leaks.append(Leak("question", "benchmarks", name, len(identical), len(near), total))
    return leaks


def _compare(
    field: str,
    left: str,
    right: str,
    left_texts: Sequence[str],
    right_texts: Sequence[str],
    settings: NearDuplicates,
) -> Leak:
    folded = {_folded(text) for text in left_texts}
    same = {place for place, text in enumerate(right_texts) if _folded(text) in folded}
    near = same | _near_rows(left_texts, right_texts, settings)
    return Leak(field, right, left, len(same), len(near), len(right_texts))


def _near_rows(
    left_texts: Sequence[str], right_texts: Sequence[str], settings: NearDuplicates
) -> set[int]:
    """The rows of the right texts that are at or above the threshold to any left one."""
    texts = [*left_texts, *right_texts]
    prints = fingerprints(
        texts,
        n=settings.shingle_words,
        permutations=settings.bands * settings.rows,
        seed=settings.seed,
    )
    labels = near_clusters(ComparedTexts(texts, prints), settings)
    left_labels, right_labels = labels[: len(left_texts)], labels[len(left_texts) :]
    near: set[int] = set()
    for label in np.intersect1d(left_labels, right_labels):
        left = np.flatnonzero(left_labels == label)
        right = np.flatnonzero(right_labels == label)
        one, other = np.repeat(left, len(right)), np.tile(right, len(left))
        similarity = jaccard(texts, one, other + len(left_texts), n=settings.shingle_words)
        near |= set(other[similarity >= settings.threshold].tolist())
    return near


def _folded(text: str) -> str:
    return "".join(text.split())
