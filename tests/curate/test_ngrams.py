"""The index of n-grams against sets of words, by plain Python."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.splits import ngrams
from gaokerena_data.curate.splits.ngrams import Containment, NgramIndex, index_ngrams
from gaokerena_data.text.stored_texts import StoredTexts
from gaokerena_data.text.word_forms import words

SETTINGS = Containment(threshold=0.75, ngram_words=2, min_words=4, boilerplate_records=1000)
# So few that much of a text stands in others.
WORDS = ["درد", "تب", "سرفه", "قرص", "شربت", "آزمایش"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
RECORDS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12)


def grams(text: str, n: int = SETTINGS.ngram_words) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + n]) for at in range(len(found) - n + 1)}


def indexed(records: Sequence[tuple[str, str]], settings: Containment = SETTINGS) -> NgramIndex:
    return index_ngrams(list(zip(*records, strict=True)), settings)


def held_pairs(index: NgramIndex, field: int) -> dict[tuple[int, int], float]:
    return {
        (text, holder): share
        for held in index.find_held(field)
        for text, holder, share in zip(
            held.texts.tolist(), held.holders.tolist(), held.shares.tolist(), strict=True
        )
    }


def expected_pairs(records: Sequence[tuple[str, str]], field: int) -> dict[tuple[int, int], float]:
    wholes = [grams(one) | grams(other) for one, other in records]
    pairs = {}
    for row, texts in enumerate(records):
        own = grams(texts[field])
        for holder, whole in enumerate(wholes):
            if holder != row and len(own) >= 3 and len(own & whole) / len(own) >= 0.75:
                pairs[row, holder] = len(own & whole) / len(own)
    return pairs


@given(RECORDS)
def test_every_held_text_is_found_with_its_share_and_no_other(
    records: list[tuple[str, str]],
) -> None:
    index = indexed(records)
    for field in (0, 1):
        assert held_pairs(index, field) == expected_pairs(records, field)


@given(RECORDS, st.sets(st.integers(0, 11)))
def test_shares_are_those_of_the_holders_together(
    records: list[tuple[str, str]], chosen: set[int]
) -> None:
    index = indexed(records)
    holders = np.array([row in chosen for row in range(len(records))])
    together = set().union(
        *(grams(text) for row in np.flatnonzero(holders) for text in records[row])
    )
    shares = index.shares_in(holders)
    for row, texts in enumerate(records):
        for field, text in enumerate(texts):
            own = grams(text)
            # What stands in one record alone is not looked up: a holder may miss its own n-grams.
            if not holders[row]:
                assert shares[field, row] == (len(own & together) / len(own) if own else 0)


@given(RECORDS, st.sets(st.integers(0, 11), min_size=1))
def test_the_index_of_some_records_finds_what_is_held_among_them(
    records: list[tuple[str, str]], chosen: set[int]
) -> None:
    rows = np.array(sorted(row for row in chosen if row < len(records)), np.int64)
    some = [records[row] for row in rows]
    index = indexed(records).of_rows(rows)
    assert held_pairs(index, 1) == expected_pairs(some, 1)


def test_however_few_are_multiplied_at_once_the_pairs_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(1)
    records = [
        (" ".join(random.choice(WORDS, 5)), " ".join(random.choice(WORDS, 9))) for _ in range(60)
    ]
    index = indexed(records)
    whole = held_pairs(index, 1)
    assert whole == expected_pairs(records, 1)
    assert len(list(index.find_held(1))) == 1
    monkeypatch.setattr(ngrams, "_PRODUCTS", 200)
    assert len(list(index.find_held(1))) > 10
    assert held_pairs(index, 1) == whole


def test_texts_on_disk_are_indexed_like_texts_in_memory() -> None:
    texts = [f"قرص شماره {n} را با آب بخورید و {n % 3} روز صبر کنید" for n in range(40)]
    columns = [pa.chunked_array([pa.array(texts[at : at + 8])]) for at in range(0, 40, 8)]
    order = np.random.default_rng(2).permutation(40)

    def read(shard: int, rows: np.ndarray) -> pa.Table:
        return pa.table({"text": columns[shard].take(pa.array(rows))})

    stored = StoredTexts(read, order // 8, order % 8)
    in_memory = index_ngrams([[texts[place] for place in order]], SETTINGS)
    on_disk = index_ngrams([stored], SETTINGS)
    assert held_pairs(on_disk, 0) == held_pairs(in_memory, 0)
    assert held_pairs(on_disk, 0)


def test_an_ngram_that_too_many_records_hold_names_no_pairs() -> None:
    farewell = "با آرزوی سلامتی برای شما و خانواده محترم"
    records = [(f"سوال {n}", farewell) for n in range(9)]
    few = SETTINGS.model_copy(update={"boilerplate_records": 8})
    assert len(held_pairs(indexed(records), 1)) == 9 * 8
    assert held_pairs(indexed(records, few), 1) == {}
    assert held_pairs(indexed(records[1:], few), 1) != {}
    # It is boilerplate to pairs alone: what is held by all together is counted in full.
    others = np.arange(9) > 0
    assert indexed(records, few).shares_in(others)[1, 0] == 1


def test_records_without_a_word_are_held_by_none() -> None:
    index = indexed([("", "؟؟"), ("", "؟؟")])
    assert held_pairs(index, 1) == {}
    assert not index.shares_in(np.array([True, True])).any()
