import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.canonical import hash_rows, row_digest

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)


def test_the_form_is_fixed_for_ever() -> None:
    row = {"id": "drhast-1", "Answer": "سلام، «۲ قرص»\u200cها", "tags": ["قلب", "x"], "url": None}
    line = '{"Answer":"سلام، «۲ قرص»\u200cها","id":"drhast-1","tags":["قلب","x"],"url":null}\n'
    assert row_digest(row) == hashlib.sha256(line.encode()).hexdigest()
    assert hash_rows(pa.Table.from_pylist([row])) == row_digest(row)
    assert hash_rows(pa.table({"id": pa.array([], pa.string())})) == hashlib.sha256().hexdigest()


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8))
def test_the_hash_sees_values_and_order_but_not_chunks_or_columns(
    pairs: list[tuple[str, str]],
) -> None:
    rows = [{"Question": question, "Answer": answer} for question, answer in pairs]
    table = pa.Table.from_pylist(rows)
    expected = hash_rows(table)
    assert hash_rows(pa.concat_tables([table.slice(0, 1), table.slice(1)])) == expected
    assert hash_rows(table.select(["Answer", "Question"])) == expected
    turned = pa.Table.from_pylist(rows[::-1])
    assert (hash_rows(turned) == expected) == (rows == rows[::-1])


def test_a_value_without_a_canonical_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        hash_rows(pa.table({"score": [float("nan")]}))
