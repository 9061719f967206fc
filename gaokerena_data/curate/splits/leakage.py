"""How much of one split stands in another: counted on the finished splits, by no step's word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.duplicates.near import near_clusters
from gaokerena_data.curate.splits.benchmarks import (
    Decontamination,
    find_quotations,
    fingerprint_protected,
    nearest_texts,
)
from gaokerena_data.curate.splits.ngrams import Containment
from gaokerena_data.curate.splits.protected import Protected
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.signatures import batches, fingerprints
from gaokerena_data.text.shingling import batch_shingles
from gaokerena_data.text.word_arrays import Hashes


@dataclass(frozen=True, slots=True)
class Leak:
    """Rows of `split` whose `field` stands in `other` too.

    Args:
        field: what was compared ("question" or "answer").
        split: the split whose rows are counted.
        other: the split they were looked for in.
        identical: rows with the same characters, white space apart.
        near: rows at or above the Jaccard threshold, the identical ones among them.
        contained: rows of whose word n-grams the containment threshold or more stand in `other`,
            in one of its texts or in several, of whatever field. None where that was not counted.
        rows: rows of `split`.
    """

    field: str
    split: str
    other: str
    identical: int
    near: int
    contained: int | None
    rows: int


def count_leaks(
    splits: Mapping[str, Mapping[str, Sequence[str]]],
    settings: NearDuplicates,
    containment: Containment | None,
) -> list[Leak]:
    """Compare every pair of splits, field by field.

    Args:
        splits: name of a split -> name of a field -> its texts. The later a split stands, the
            more it is to be protected: its rows are the ones counted.
        settings: what counts as nearly the same.
        containment: what counts as contained; None where that is not counted.
    """
    fields = next(iter(splits.values())).keys() if splits else []
    contained = (
        {
            (field, left, right): count
            for left, right in combinations(splits, 2)
            for field, count in _count_contained(splits[left], splits[right], containment).items()
        }
        if containment is not None
        else {}
    )
    leaks = []
    for field in fields:
        for left, right in combinations(splits, 2):
            same, near = _count_alike(splits[left][field], splits[right][field], settings)
            rows = len(splits[right][field])
            found = contained.get((field, left, right))
            leaks.append(Leak(field, right, left, same, near, found, rows))
    return leaks


def count_touched_benchmarks(
    splits: Mapping[str, pa.Table],
    store: SignalStore,
    protected: Protected,
    near: NearDuplicates,
    decontamination: Decontamination,
    may_train: Callable[[pa.Table], npt.NDArray[np.bool_]],
) -> list[Leak]:
    """How many protected questions stand in each split that a model learns from.

    `identical` are those that a kept record quotes (see `benchmarks.find_quotations`), `near`
    these and those to which a whole field of one is nearly the same.

    Args:
        splits: the records of each.
        store: where their signals are.
        protected: the questions.
        near: what counts as nearly the same.
        decontamination: what counts as a quotation.
        may_train: which records' sources feed a split that a model learns from.
    """
    if not protected.texts:
        return []
    quoted = find_quotations(store, protected, decontamination)
    others = fingerprint_protected(protected, near)
    leaks = []
    for name, table in splits.items():
        rows = table.filter(pa.array(may_train(table), pa.bool_()))
        if rows.num_rows == 0:
            continue
        identical = {quoted[key] for key in rows["key"].to_pylist() if key in quoted}
        alike = set(identical)
        for column in ("heading", "body"):
            texts = store.read_texts(rows["key"], column)
            similarity, item = nearest_texts(texts, others, near)
            close = similarity >= near.threshold
            alike |= {protected.names[k] for k in item[close].tolist()}
        total = len(protected.names)
        leaks.append(Leak("question", "benchmarks", name, len(identical), len(alike), None, total))
    return leaks


def _count_alike(
    left_texts: Sequence[str], right_texts: Sequence[str], settings: NearDuplicates
) -> tuple[int, int]:
    folded = {_folded(text) for text in left_texts}
    same = {place for place, text in enumerate(right_texts) if _folded(text) in folded}
    return len(same), len(same | _near_rows(left_texts, right_texts, settings))


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


def _count_contained(
    left: Mapping[str, Sequence[str]], right: Mapping[str, Sequence[str]], settings: Containment
) -> dict[str, int]:
    """For each field of the right split, the texts that stand in the left one's texts together.

    In memory are the n-grams of the right split alone: the left one's texts are read past them.
    """
    n = settings.ngram_words
    own = {field: list(_ngram_sets(texts, n)) for field, texts in right.items()}
    wanted = np.unique(np.concatenate([np.zeros(0, np.uint64), *chain(*own.values())]))
    seen = np.zeros(len(wanted), np.bool_)
    for texts in left.values():
        for batch in batches(texts):
            hashes = batch_shingles(batch, n).hashes
            place = np.searchsorted(wanted, hashes)
            hashes, place = hashes[place < len(wanted)], place[place < len(wanted)]
            seen[place[wanted[place] == hashes]] = True
    return {
        field: sum(
            float(seen[np.searchsorted(wanted, ngrams)].sum()) / len(ngrams) >= settings.threshold
            for ngrams in sets
            if len(ngrams) >= settings.min_ngrams
        )
        for field, sets in own.items()
    }


def _ngram_sets(texts: Sequence[str], n: int) -> Iterator[Hashes]:
    for batch in batches(texts):
        shingles = batch_shingles(batch, n)
        for one in np.split(shingles.hashes, shingles.starts[1:-1]):
            yield np.unique(one)


def _folded(text: str) -> str:
    return "".join(text.split())
