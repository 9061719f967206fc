"""Decontamination: no training text holds a question of a benchmark or of a test split.

Two ways, since each misses what the other finds. A run of words in a row (Brown et al. 2020,
appendix C: 13-grams) finds a question quoted inside a long text; MinHash with the true Jaccard
similarity finds one whose words were changed here and there.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.curate.cache_files import read_kept
from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.splits.protected import Protected
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.datasets.settings import NearDuplicates, Positive, Settings
from gaokerena_data.text.arrays import Indices, slices
from gaokerena_data.text.near_duplicates.buckets import band_keys
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.signatures import Fingerprints, batches, fingerprints
from gaokerena_data.text.shingling import shingles_of
from gaokerena_data.text.stored_texts import texts_at
from gaokerena_data.text.word_arrays import Hashes, WordArrays, word_arrays
from gaokerena_data.workspace import atomic_file

_MATCHES = pa.schema([("key", pa.string()), ("item", pa.string())])


class Decontamination(Settings):
    """How training texts are kept clear of benchmarks and of test splits."""

    ngram_words: Positive
    min_words: Positive


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of words that a training text must not hold.

    Args:
        hashes: by the length of a run in words, its hashes in order.
        items: beside each hash, the number of the protected text that it comes from.
    """

    hashes: dict[int, Hashes]
    items: dict[int, Indices]


def fingerprint_protected(protected: Protected, settings: NearDuplicates) -> ComparedTexts:
    """The protected texts, ready to be compared by a dataset's settings."""
    prints = fingerprints(
        protected.texts,
        n=settings.shingle_words,
        permutations=settings.bands * settings.rows,
        seed=settings.seed,
    )
    return ComparedTexts(protected.texts, prints)


def find_quotations(
    store: SignalStore, protected: Protected, settings: Decontamination
) -> dict[str, str]:
    """The measured texts that quote a protected one: their keys, and the name of the latter.

    What was found in a shard of measured texts is kept beside it, so that a later run looks at
    new shards only.
    """
    state = hashlib.sha256(repr((settings.ngram_words, settings.min_words)).encode())
    for name, text in zip(protected.names, protected.texts, strict=True):
        state.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
    folder = store.folder / f"quotations-{state.hexdigest()[:16]}"
    runs = runs_of(protected.texts, settings)
    with ThreadPoolExecutor(2) as pool:  # numpy leaves the interpreter free while it computes
        look = partial(_look_through, folder=folder, runs=runs, names=protected.names)
        found = pa.concat_tables([_MATCHES.empty_table(), *pool.map(look, store.shards())])
    return dict(zip(found["key"].to_pylist(), found["item"].to_pylist(), strict=True))


def runs_of(texts: Sequence[str], settings: Decontamination) -> Runs:
    """Every run of words of the protected texts, by its length."""
    words = word_arrays(texts)
    lengths = np.minimum(np.diff(words.first_words), settings.ngram_words)
    hashes, items = {}, {}
    for length in np.unique(lengths[lengths >= settings.min_words]).tolist():
        shingles = shingles_of(words, length)
        item = np.repeat(np.arange(len(texts)), np.diff(shingles.starts))
        own = lengths[item] == length
        hashes[length], first = np.unique(shingles.hashes[own], return_index=True)
        items[length] = item[own][first]
    return Runs(hashes, items)


def nearest_texts(
    compared: ComparedTexts, others: ComparedTexts, settings: NearDuplicates
) -> tuple[npt.NDArray[np.float64], Indices]:
    """For each text the most similar of the others among the LSH's candidates.

    Returns:
        The true Jaccard similarity, 0 where there is no candidate, and the other one's number.
    """
    count, base = len(compared.texts), len(others.texts)
    similarity, nearest = np.zeros(count), np.zeros(count, np.int64)
    keys = _candidates(compared.prints, others.prints, settings.bands)
    if len(keys) == 0:
        return similarity, nearest
    first, second = np.divmod(keys, base)
    named, place = np.unique(first, return_inverse=True)
    texts = [*texts_at(compared.texts, named.tolist()), *others.texts]
    exact = jaccard(texts, place, second + len(named), n=settings.shingle_words)
    order = np.lexsort((-second, exact))  # the last written stays: the most similar, the first
    similarity[first[order]], nearest[first[order]] = exact[order], second[order]
    return similarity, nearest


def _candidates(one: Fingerprints, other: Fingerprints, bands: int) -> Indices:
    """Pairs in a common bucket of any band, or with the same words, each once as one number."""
    base = len(other)
    pairs = [_equal_pairs(one.whole, other.whole, base)]
    long, others = np.flatnonzero(one.word_counts >= one.n), other.word_counts >= other.n
    rows = np.flatnonzero(others)
    for mine, theirs in zip(
        band_keys(one.signatures[long], bands),
        band_keys(other.signatures[rows], bands),
        strict=True,
    ):
        found = _equal_pairs(mine, theirs, base)
        pairs.append(long[found // base] * base + rows[found % base])
    return np.unique(np.concatenate(pairs))


def _equal_pairs(left: Hashes, right: Hashes, base: int) -> Indices:
    """All pairs of equal values, each as one number: row of the left one * base + of the right.

    >>> numbers = np.array([7, 8], np.uint64), np.array([8, 9, 8], np.uint64)
    >>> [divmod(pair, 3) for pair in _equal_pairs(*numbers, 3).tolist()]
    [(1, 0), (1, 2)]
    """
    order = np.argsort(right, kind="stable")
    begin = np.searchsorted(right[order], left, side="left")
    counts = np.searchsorted(right[order], left, side="right") - begin
    row = np.repeat(np.arange(len(left)), counts)
    pairs: Indices = row * base + order[slices(begin, counts)]
    return pairs


def _look_through(shard: Path, folder: Path, runs: Runs, names: Sequence[str]) -> pa.Table:
    """The quotations in one shard, looked for once."""
    kept = folder / shard.name
    if kept.exists():
        with suppress(pa.ArrowException, OSError):  # a damaged one is made again
            return pq.read_table(kept, schema=_MATCHES)
    matches: dict[str, str] = {}
    table = read_kept(shard, ["key", "heading", "body"])
    keys = table["key"].to_pylist()
    for column in ("heading", "body"):
        at = 0
        for some in batches(table[column].to_pylist()):
            for row, item in _quoted(word_arrays(some), runs).items():
                matches.setdefault(keys[at + row], names[item])
            at += len(some)
    found = pa.table({"key": list(matches), "item": list(matches.values())}, schema=_MATCHES)
    with atomic_file(kept) as part:
        pq.write_table(found, part)
    return found


def _quoted(words: WordArrays, runs: Runs) -> dict[int, int]:
    """The texts of a batch that hold a run, each with the first protected text that it quotes."""
    found: dict[int, int] = {}
    for length, hashes in runs.hashes.items():
        shingles = shingles_of(words, length)
        place = np.minimum(np.searchsorted(hashes, shingles.hashes), len(hashes) - 1)
        hits = np.flatnonzero(hashes[place] == shingles.hashes)
        rows = np.searchsorted(shingles.starts, hits, side="right") - 1
        for row, item in zip(rows.tolist(), runs.items[length][place[hits]].tolist(), strict=True):
            found.setdefault(row, item)
    return found
