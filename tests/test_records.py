import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.datasets.kind import ARTICLE, KINDS, QUESTION_ANSWER, Kind
from gaokerena_data.records import (
    Article,
    QuestionAnswer,
    answer_id,
    article_id,
    pair_id,
    thread_id,
)

URL = "https://drhast.com/q/yLvD6"


def test_ids_are_what_they_were_when_the_first_version_was_published() -> None:
    # Literal on purpose: an id that changes breaks every release, review and takedown.
    assert article_id("hidoctor", "https://hidoctor.ir/1") == "hidoctor-61fc7cf541314425"
    assert thread_id("drhast", URL, "سردرد دارم") == "drhast-72004fa691bdb91b"
    assert answer_id("drhast", URL, "دکتر الف") == "drhast-f5e651ec53b8edb8"
    assert pair_id("niniban", "سوال", "جواب") == "niniban-a1feda1bd5289f26"


def test_an_answer_keeps_its_id_when_another_doctor_answers_above_it() -> None:
    before = answer_id("drhast", URL, "دکتر ب", nth=0)
    assert before == answer_id("drhast", URL, "دکتر  ب ", nth=0)
    assert before != answer_id("drhast", URL, "دکتر الف", nth=0)
    assert before != answer_id("drhast", URL, "دکتر ب", nth=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("سلام دكتر، كمرم درد مي‌كند", "سلام دکتر، کمرم درد می کند"),
        ("قرص   روزی دو بار\n", "قرص روزی دو بار"),
        ("ويتامين B12", "ویتامین b12"),
    ],
)
def test_a_pair_keeps_its_id_through_keyboards_and_spaces(one: str, other: str) -> None:
    assert pair_id("niniban", one, "بله") == pair_id("niniban", other, "بله")


@given(st.text(), st.text())
def test_the_parts_of_an_id_cannot_run_into_each_other(question: str, answer: str) -> None:
    assert pair_id("a", question, answer).startswith("a-")
    if question.split() and answer.split():
        assert pair_id("a", question, answer) != pair_id("a", question + answer, "")


def test_a_dose_is_part_of_the_id() -> None:
    assert pair_id("x", "قرص ۲۵", "بله") != pair_id("x", "قرص ۵۰", "بله")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_published_columns_are_fields_of_the_record(kind: Kind) -> None:
    assert set(kind.published.values()) <= set(kind.schema.names)
    assert {*kind.texts, *kind.required} <= set(kind.schema.names)


def test_records_become_tables_of_their_schema() -> None:
    article = Article(id="a-1", source="a", content="متن", tags=["دیابت"])
    pair = QuestionAnswer(id="b-1", thread_id="b-0", source="b", question="؟", answer="")
    assert ARTICLE.table([article]).schema == ARTICLE.schema
    table = QUESTION_ANSWER.table([pair])
    assert table.schema == QUESTION_ANSWER.schema
    assert table.to_pylist()[0]["provenance"]["import_row"] is None


def test_schemas_are_what_they_were_when_the_first_version_was_published() -> None:
    # Literal on purpose: another schema makes every extracted file one of another version.
    assert digest_of(ARTICLE) == "e8c8681f16d76045"
    assert digest_of(QUESTION_ANSWER) == "8bfebc0ba1f47c7a"


def digest_of(kind: Kind) -> str:
    return hashlib.sha256(kind.schema.to_string().encode()).hexdigest()[:16]
