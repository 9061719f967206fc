from collections.abc import Sequence

import pyarrow as pa
import pytest

from gaokerena_data.text.near_duplicates.search import find_near_duplicates
from gaokerena_data.text.stored_texts import StoredTexts


def stored(chunks: Sequence[Sequence[str]]) -> StoredTexts:
    return StoredTexts.of([pa.chunked_array([chunk], pa.string()) for chunk in chunks])


@pytest.mark.parametrize("lengths", [[], [0], [700], [1, 0, 300, 513]])
def test_texts_come_by_their_number_and_in_order(lengths: list[int]) -> None:
    chunks = [[f"متن {k} از {length}" for k in range(length)] for length in lengths]
    texts = [text for chunk in chunks for text in chunk]
    column = stored(chunks)
    assert len(column) == len(texts)
    assert list(column) == texts
    assert [column[i] for i in range(len(texts))] == texts
    assert column[3:7] == texts[3:7]


def test_a_number_beyond_the_end_is_an_error() -> None:
    with pytest.raises(IndexError):
        stored([["یک"]])[1]


def test_near_duplicates_of_a_column_are_those_of_a_list() -> None:
    texts = ["تب و لرز دارم و سرم درد می‌کند", "سلام", "تب و لرز دارم و سرم درد میکند", "سلام!"]
    column = stored([texts[:1], texts[1:]])
    of_column = find_near_duplicates(column, n=2, threshold=0.4)
    assert of_column.first.tolist() == [0, 1]
    assert of_column.second.tolist() == [2, 3]
    assert (
        of_column.jaccard.tolist()
        == find_near_duplicates(texts, n=2, threshold=0.4).jaccard.tolist()
    )
