"""Benchmarks of today, by one declaration each: their files, keys, and what is told of them."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from gaokerena_data.datasets.benchmark import Benchmark
from gaokerena_data.datasets.registry import BENCHMARKS
from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.benchmarks import Item, load_benchmark, subject_of
from training.evaluation.questions.free_form import load_questions

ROWS: list[dict[str, Any]] = [
    {
        "id": "r1", "question": "زن ۳۰ ساله با تپش قلب و کاهش وزن. اولین آزمایش؟",
        "options": ["TSH", "CBC", "007", "None"], "answer_idx": 0, "specialty": "غدد",
        "language": "fa",
    },
    {
        "id": "r2", "question": "شایع‌ترین علت هماتمز؟",
        "options": ["زخم معده", "واریس مری", "سرطان"], "answer_idx": 2, "specialty": "گوارش",
        "language": "fa",
    },
    {
        "id": "r2", "question": "کدام نادرست است؟", "options": ["a", "b", "c", "d", "e"],
        "answer_idx": 4, "specialty": "گوارش", "language": "fa",
    },
    {
        "id": "r3", "question": "کلید ندارد؟", "options": ["a", "b"], "answer_idx": None,
        "specialty": "گوارش", "language": "fa",
    },
    {
        "id": "r1", "question": "A woman of 30 with palpitations. The first test?",
        "options": ["TSH", "CBC", "ESR", "CRP"], "answer_idx": 0, "specialty": "غدد",
        "language": "en",
    },
]  # fmt: skip


def as_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text + "\n", encoding="utf-8")


def as_json(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def as_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"options": str(row["options"])} for row in rows)


def as_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


def as_xlsx(path: Path, rows: list[dict[str, Any]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([str(cell) if isinstance(cell, list) else cell for cell in row.values()])
    book.save(path)


WRITERS: dict[str, Callable[[Path, list[dict[str, Any]]], None]] = {
    "jsonl": as_jsonl, "json": as_json, "csv": as_csv, "parquet": as_parquet, "xlsx": as_xlsx,
}  # fmt: skip


def check(found: list[Item]) -> None:
    assert [(item.id, item.correct, item.topic) for item in found] == [
        ("r1", "A", "غدد"), ("r2", "C", "گوارش"), ("r2-2", "E", "گوارش"),
    ]  # fmt: skip
    assert found[0].options == ("TSH", "CBC", "007", "None")
    assert {item.subject for item in found} == {"persianmedqa"}


@pytest.mark.parametrize("form", WRITERS)
def test_one_declaration_reads_every_form_of_file(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    WRITERS[form](tmp_path / f"any.{form}", ROWS)
    check(load_benchmark("persianmedqa", str(tmp_path / f"any.{form}")))
    assert "1 of 4 questions have no key and are left out" in capsys.readouterr().err
    [english] = load_benchmark("persianmedqa_en", str(tmp_path / f"any.{form}"))
    assert english.question.startswith("A woman")


def test_a_folder_of_files_and_a_copy_of_a_repository(tmp_path: Path) -> None:
    for name, rows in (("train", ROWS[4:]), ("validation", ROWS[4:]), ("test", ROWS)):
        as_parquet(tmp_path / f"{name}.parquet", rows)
    check(load_benchmark("persianmedqa", str(tmp_path)))
    (tmp_path / "copy" / "data").mkdir(parents=True)
    for name, rows in (("train", ROWS[4:]), ("test", ROWS)):
        as_parquet(tmp_path / "copy" / "data" / f"{name}-00000-of-00001.parquet", rows)
    check(load_benchmark("persianmedqa", str(tmp_path / "copy")))


def test_a_repository_with_a_config_a_language(tmp_path: Path) -> None:
    configs = ""
    for language in ("en", "fa"):
        (tmp_path / language).mkdir()
        rows = [row for row in ROWS if row["language"] == language]
        as_parquet(tmp_path / language / "test.parquet", rows)
        configs += (
            f"- config_name: {language}\n  data_files:\n  - split: test\n"
            f"    path: {language}/test.parquet\n"
        )
    (tmp_path / "README.md").write_text(f"---\nconfigs:\n{configs}---\n", encoding="utf-8")
    check(load_benchmark("persianmedqa", str(tmp_path)))
    with pytest.raises(GaokerenaError, match="configs en, fa, and none is called 'default'"):
        load_benchmark("medmcqa_fa", str(tmp_path))


def test_a_file_without_a_question_of_the_benchmark_is_an_error(tmp_path: Path) -> None:
    as_jsonl(tmp_path / "a.jsonl", ROWS[4:])
    with pytest.raises(GaokerenaError, match="has no question of persianmedqa"):
        load_benchmark("persianmedqa", str(tmp_path / "a.jsonl"))


def test_parts_of_a_benchmark_are_read_together(tmp_path: Path) -> None:
    row = {"Question": "؟", **{f"Option{n}": f"گزینه {n}" for n in range(1, 5)}}
    for part in (1, 2):
        key = {"id": f"m{part}", "Correct_answer": part, "subject_name": "Anatomy"}
        as_xlsx(tmp_path / f"filtered_qas_part{part}.xlsx", [row | key])
    found = load_benchmark("medmcqa_fa", str(tmp_path))
    assert [(item.id, item.correct, item.topic) for item in found] == [
        ("m1", "B", "Anatomy"), ("m2", "C", "Anatomy"),
    ]  # fmt: skip


def test_a_key_that_fits_no_option_is_an_error_not_a_guess(tmp_path: Path) -> None:
    as_jsonl(tmp_path / "a.jsonl", [ROWS[1] | {"answer_idx": 3}])
    with pytest.raises(GaokerenaError, match=r"row 1: '3' is none of 3 options.*number, from 0"):
        load_benchmark("persianmedqa", str(tmp_path / "a.jsonl"))


def test_an_empty_option_in_the_middle_moves_no_letter(tmp_path: Path) -> None:
    row = {"Question": "؟", "Option1": "آ", "Option2": "", "Option3": "پ", "Option4": "ت"}
    as_xlsx(tmp_path / "kopp_larger.xlsx", [row | {"Correct answer": 3}])
    with pytest.raises(GaokerenaError, match="option 2 is empty"):
        load_benchmark("kopp_larger", str(tmp_path))


def test_a_file_of_both_languages_must_say_which_row_is_which(tmp_path: Path) -> None:
    as_jsonl(tmp_path / "a.jsonl", [{k: v for k, v in ROWS[0].items() if k != "language"}])
    with pytest.raises(GaokerenaError, match="needs the column 'language'"):
        load_benchmark("persianmedqa", str(tmp_path / "a.jsonl"))


def test_subjects_are_known_by_their_own_names_before_the_paper_s() -> None:
    assert subject_of("kopp_larger") == "kopp_larger"
    assert subject_of("KOPP") == "ibmsee"
    assert subject_of("PersianMedQA") == "persianmedqa"
    assert subject_of("persianmedqa_en") == "persianmedqa_en"
    assert subject_of("MMLU_Anatomy") == "anatomy"
    assert subject_of("notes") is None


@pytest.fixture
def lettered() -> Iterator[Benchmark]:
    """Declared by one file of another package: keys are letters, options a mapping."""
    changes: dict[str, Any] = {"name": "konkur", "key": "letter", "only": None}
    benchmark = replace(BENCHMARKS["persianmedqa"], **changes)
    BENCHMARKS.use([benchmark])
    yield benchmark
    BENCHMARKS.use([])


def test_letters_and_a_mapping_of_options(tmp_path: Path, lettered: Benchmark) -> None:
    row = {"question": "کدام؟", "options": {"الف": "یک", "ب": "دو"}, "answer_idx": "ب"}
    as_jsonl(tmp_path / "konkur.jsonl", [row])
    [item] = load_benchmark(lettered.name, str(tmp_path / "konkur.jsonl"))
    assert (item.options, item.correct, item.subject) == (("یک", "دو"), "B", "konkur")


def test_questions_in_free_form_by_a_declaration_s_columns(tmp_path: Path) -> None:
    row = {"Question": "سردرد دارم", "Expert_Answer": "استراحت کنید."}
    as_json(tmp_path / "test.json", [row])
    [found] = load_questions(str(tmp_path / "test.json"))
    assert (found.question, found.reference) == ("سردرد دارم", "استراحت کنید.")


@pytest.mark.real_data
def test_the_authors_persian_medmcqa_loads(real_data: Path) -> None:
    file = real_data / "reasoning" / "medmcqa" / "filtered_qas_part1.xlsx"
    found = load_benchmark("medmcqa_fa", str(file))
    counts = [sum(item.correct == letter for item in found) for letter in "ABCD"]
    assert counts == [248, 208, 189, 176]
    assert len({item.topic for item in found}) == 21
