"""Similarities are computed once: the next run reads only what it has not compared."""

from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.duplicates.known_similarities import KnownSimilarities
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.search import Matches, find_matches
from gaokerena_data.text.near_duplicates.signatures import fingerprints
from gaokerena_data.text.stored_texts import StoredTexts

ADVICE = "برای سردرد میگرنی در اتاق تاریک استراحت کنید و مسکن را با نظر پزشک بخورید"
TEXTS = [
    ADVICE,
    f"{ADVICE} و آب کافی بنوشید",
    "آزمایش خون ناشتا را صبح زود پیش از خوردن صبحانه انجام دهید و جواب را بیاورید",
    f"سلام، {ADVICE}",
]


def counted(texts: list[str]) -> tuple[StoredTexts, set[int]]:
    """Texts, each in a shard of its own, and the numbers of those that are read."""
    read: set[int] = set()

    def shard(number: int, rows: np.ndarray) -> pa.Table:
        read.add(number)
        return pa.table({"text": [texts[number] for _ in rows]})

    count = len(texts)
    return StoredTexts(shard, np.arange(count), np.zeros(count, np.int64)), read


def all_pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    one, other = np.triu_indices(count, 1)
    return one, other


def test_they_are_the_true_ones_whichever_text_comes_first() -> None:
    prints = fingerprints(TEXTS, n=3)
    one, other = all_pairs(len(TEXTS))
    pairs = KnownSimilarities()
    expected = jaccard(TEXTS, one, other, n=3)
    assert pairs.similarities(prints, TEXTS, one, other).tolist() == expected.tolist()
    assert pairs.similarities(prints, TEXTS, other, one).tolist() == expected.tolist()
    assert 0.5 < expected[0] < 1


def matches_of(texts: list[str], stored: StoredTexts, known: KnownSimilarities) -> Matches:
    prints = fingerprints(texts, n=3)
    similarities = partial(known.similarities, prints, stored)
    return find_matches(prints, stored, threshold=0.5, similarities=similarities)


def test_only_new_pairs_are_read_also_by_a_later_run(tmp_path: Path) -> None:
    file = tmp_path / "pairs" / "body.parquet"
    old, read = counted(TEXTS)
    pairs = KnownSimilarities(file)
    matches = matches_of(TEXTS, old, pairs)
    assert read == {0, 1, 3}
    pairs.save()

    # Other places, and one more text: names are of words, not of rows.
    texts = [f"{ADVICE} هر روز", *reversed(TEXTS)]
    more, read = counted(texts)
    pairs = KnownSimilarities(file)
    again = matches_of(texts, more, pairs)
    assert 0 in read
    scratch = find_matches(fingerprints(texts, n=3), texts, threshold=0.5)
    assert [column.tolist() for column in again] == [column.tolist() for column in scratch]
    same, read = counted(TEXTS)
    once_more = matches_of(TEXTS, same, KnownSimilarities(file))
    assert read == set()
    assert [column.tolist() for column in once_more] == [column.tolist() for column in matches]


def test_what_no_run_asks_for_any_more_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "body.parquet"
    prints = fingerprints(TEXTS, n=3)
    pairs = KnownSimilarities(file)
    pairs.similarities(prints, TEXTS, *all_pairs(len(TEXTS)))
    pairs.save()
    assert pq.read_metadata(file).num_rows == 6
    first = file.read_bytes()
    pairs = KnownSimilarities(file)
    pairs.similarities(prints, TEXTS, np.array([0, 1]), np.array([1, 0]))
    pairs.save()
    assert pq.read_metadata(file).num_rows == 1
    pairs = KnownSimilarities(file)
    pairs.similarities(prints, TEXTS, *all_pairs(len(TEXTS)))
    pairs.save()
    assert file.read_bytes() == first


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "body.parquet"
    file.write_bytes(b"PAR1 not really PAR1")
    with pytest.raises(GaokerenaError, match=r"body\.parquet: damaged .*delete it"):
        KnownSimilarities(file)
