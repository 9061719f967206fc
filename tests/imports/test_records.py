from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.records import ImportResult, import_file
from gaokerena_data.workspace import Workspace
from tests.imports.spreadsheets import write_xlsx

ANSWER = "با سلام، آزمایش TSH را ناشتا تکرار کنید و نتیجه را بفرستید."


def reasons(result: ImportResult) -> list[tuple[str, str]]:
    return [(row["origin"], row["reason"]) for row in result.ledger.to_pylist()]


def imported(result: ImportResult) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(result.path).to_pylist()
    return rows


def test_every_row_becomes_a_record_or_a_ledger_row(tmp_path: Path) -> None:
    file = write_xlsx(
        tmp_path / "crawl.xlsx",
        [
            {"QUESTION": "تیروئیدم کم‌کاره؟", "answer ": ANSWER, "Unnamed: 2": None},
            {"QUESTION": "Tag not found.", "answer ": ANSWER, "Unnamed: 2": 1},
            {"QUESTION": "سوالی بی جواب", "answer ": "NaN", "Unnamed: 2": None},
            {"QUESTION": None, "answer ": "  ", "Unnamed: 2": "x"},
            {"QUESTION": 37.5, "answer ": ANSWER, "Unnamed: 2": None},
        ],
    )
    result = import_file(Workspace(tmp_path / "w"), "Niniban", file)
    assert (result.rows, result.records, result.ledger.num_rows) == (5, 2, 3)
    assert reasons(result) == [
        ("crawl.xlsx:2", "missing_question"),
        ("crawl.xlsx:3", "missing_answer"),
        ("crawl.xlsx:4", "empty_row"),
    ]
    assert result.ignored_columns == ["Unnamed: 2"]
    first, second = imported(result)
    assert first["question"] == "تیروئیدم کم‌کاره؟"
    assert first["answer"] == ANSWER
    assert first["provenance"]["import_row"] == 1
    assert second["question"] == "37.5"


def test_the_same_file_gives_the_same_bytes_and_no_second_copy(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", [{"Question": "سوال", "Answer": ANSWER}])
    workspace = Workspace(tmp_path / "w")
    first = import_file(workspace, "drhast", file).path
    before = first.read_bytes()
    assert import_file(workspace, "drhast", file).path == first
    assert first.read_bytes() == before
    assert len(list(first.parent.iterdir())) == 2


def test_a_row_of_another_source_is_not_taken_for_ours(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"Question": "الف", "Answer": ANSWER, "Source": name} for name in ("isovisit.com", "x")
    ]
    result = import_file(Workspace(tmp_path), "isovisit", write_xlsx(tmp_path / "a.xlsx", rows))
    assert result.records == 1
    assert reasons(result) == [("a.xlsx:2", "another_source")]


def test_a_file_of_articles_becomes_articles_of_a_magazine_and_forum(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"title": "مراقبت از نوزاد", "text": ANSWER, "link": "https://niniban.com/1"}
    ]
    result = import_file(Workspace(tmp_path), "niniban", write_xlsx(tmp_path / "a.xlsx", rows))
    assert result.kind == "article"
    assert imported(result)[0]["url"] == "https://niniban.com/1"


def test_missing_columns_are_named_with_what_is_needed(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", [{"Question": "سوال", "Reply": ANSWER}])
    with pytest.raises(GaokerenaError, match=r"drhast needs the columns question and answer"):
        import_file(Workspace(tmp_path), "drhast", file)
    assert not (tmp_path / "extracted").exists()


cells = st.one_of(
    st.none(),
    st.sampled_from(["", "nan", "Tag not found.", "  ", "سلام دکتر", ANSWER]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30),
    st.integers(-10, 10),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_no_row_vanishes(tmp_path: Path, rows: list[tuple[object, object]]) -> None:
    last = {"Question": "آخرین", "Answer": ANSWER}  # a sheet's blank tail holds no rows
    file = write_xlsx(
        tmp_path / "any.xlsx", [{"Question": q, "Answer": a} for q, a in rows] + [dict(last)]
    )
    result = import_file(Workspace(tmp_path / "w"), "doctor-yab", file)
    assert result.rows == len(rows) + 1 == result.records + result.ledger.num_rows


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("source", "name", "rows"),
    [
        ("niniban", "niniban_qa_crawled.xlsx", 9_728),
        ("drhast", "drhast_qa_filtered_part1.xlsx", 7_009),
        ("doctor-yab", "doctoryab_qa_filtered.xlsx", 1_501),
        ("isovisit", "isovisit_qa.xlsx", 85),
        ("kqa", "kqa_fa.jsonl", 201),
    ],
)
def test_the_authors_files(
    tmp_path: Path, real_data: Path, source: str, name: str, rows: int
) -> None:
    result = import_file(Workspace(tmp_path), source, real_data / "legacy" / name)
    assert result.rows == rows == result.records - result.added + result.ledger.num_rows
    assert pq.read_metadata(result.path).num_rows == result.records
