import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.datasets.benchmarks.mmlu_medical_fa import MMLU_SUBJECTS
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import count_reasons
from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import ibmsee_row, mmlu_row
from tests.imports.spreadsheets import write_xlsx


def read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_a_subject_is_found_in_the_file_name_and_numbers_become_text(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "mmlu-medical_genetics_fa.xlsx", [mmlu_row(n) for n in range(6)])
    made = import_benchmark(Workspace(tmp_path / "w"), "mmlu_medical_fa", file)
    rows = read(made.path)
    assert (made.config, made.rows, made.records) == ("medical_genetics", 6, 6)
    assert list(rows[0]) == [
        "id",
        "subject",
        "question",
        "option1",
        "option2",
        "option3",
        "option4",
        "answer",
        "Source",
    ]
    assert [row["answer"] for row in rows] == [1, 2, 3, 4, 1, 2]
    assert rows[0]["option4"] == "50"
    assert {row["subject"] for row in rows} == {"medical_genetics"}


def test_a_subject_is_found_in_the_source_cells(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "questions.xlsx", [mmlu_row(1)])
    made = import_benchmark(Workspace(tmp_path / "w"), "mmlu_medical_fa", file)
    assert made.config == "anatomy"


def test_a_file_of_no_subject_is_refused(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "law.xlsx", [mmlu_row(1, Source="mmlu-law_translation")])
    with pytest.raises(GaokerenaError, match="must hold one of: anatomy"):
        import_benchmark(Workspace(tmp_path / "w"), "mmlu_medical_fa", file)


def test_rows_without_a_question_or_a_right_option_go_to_the_ledger(tmp_path: Path) -> None:
    rows = [
        ibmsee_row(1),
        ibmsee_row(2, Question="nan"),
        ibmsee_row(3, **{"Correct answer": 5}),
        ibmsee_row(4, **{"Correct answer": "الف"}),
        ibmsee_row(5, Option3=""),
    ]
    made = import_benchmark(
        Workspace(tmp_path / "w"), "ibmsee", write_xlsx(tmp_path / "kopp.xlsx", rows)
    )
    assert made.rows == made.records + made.ledger.num_rows == 5
    assert count_reasons(made.ledger) == {
        ("import_benchmark@1", "missing_question"): 1,
        ("import_benchmark@1", "no_such_option"): 1,
        ("import_benchmark@1", "unreadable_correct_answer"): 1,
        ("import_benchmark@1", "missing_option3"): 1,
    }


def test_a_corrected_key_keeps_the_id_and_a_twin_gets_its_own(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    rows = [ibmsee_row(1), ibmsee_row(2), ibmsee_row(1)]
    first = read(import_benchmark(workspace, "ibmsee", write_xlsx(tmp_path / "a.xlsx", rows)).path)
    rows[1]["Correct answer"] = 3
    second = read(import_benchmark(workspace, "ibmsee", write_xlsx(tmp_path / "b.xlsx", rows)).path)
    assert [row["id"] for row in first] == [row["id"] for row in second]
    assert len({row["id"] for row in first}) == 3


def test_statements_written_as_python_lists_are_lists_again(tmp_path: Path) -> None:
    file = tmp_path / "kqa.jsonl"
    file.write_text(
        '{"Question": "برای سردرد چه بخورم؟", "Free_form_answer": "استامینوفن ۵۰۰", '
        '"Must_have": "[\'روزی بیش از ۴ گرم نخورید\']", "Nice_to_have": [], '
        '"Sources": NaN, "ICD_10_diag": null}\n'
        '{"Question": "؟", "Free_form_answer": "-", "Must_have": "__import__(\'os\')"}\n',
        "utf-8",
    )
    made = import_benchmark(Workspace(tmp_path / "w"), "kqa_fa", file)
    (row,) = read(made.path)
    assert row["Must_have"] == ["روزی بیش از ۴ گرم نخورید"]
    assert row["Nice_to_have"] == []
    assert row["Sources"] is None
    assert made.ledger["reason"].to_pylist() == ["unreadable_must_have"]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    row = ibmsee_row(1)
    del row["Topic"]
    with pytest.raises(GaokerenaError, match="needs the column 'Topic'"):
        import_benchmark(
            Workspace(tmp_path / "w"), "ibmsee", write_xlsx(tmp_path / "x.xlsx", [row])
        )


@pytest.mark.real_data
def test_the_authors_files_are_read_whole(real_data: Path, tmp_path: Path) -> None:
    files = {
        "mmlu_medical_fa": [f"benchmarks/mmlu-{subject}_fa.xlsx" for subject in MMLU_SUBJECTS],
        "ibmsee": ["benchmarks/ibmsee_sept2023.xlsx"],
        "kqa_fa": ["legacy/kqa_fa.jsonl"],
        "medmcqa_fa": ["reasoning/medmcqa/filtered_qas_part1.xlsx"],
    }
    rows = {
        made.config if name == "mmlu_medical_fa" else name: (made.rows, made.records)
        for name in files
        for file in files[name]
        for made in [import_benchmark(Workspace(tmp_path), name, real_data / file)]
    }
    assert rows == {
        "anatomy": (135, 135),
        "clinical_knowledge": (265, 265),
        "college_biology": (144, 144),
        "college_medicine": (173, 173),
        "medical_genetics": (100, 100),
        "professional_medicine": (272, 272),
        "ibmsee": (168, 168),
        "kqa_fa": (201, 201),
        "medmcqa_fa": (821, 821),
    }


def persian_question(number: int, **changes: object) -> dict[str, object]:
    return {
        "id": f"q{number}", "question": f"بیمار شماره {number} با تنگی نفس آمده است. تشخیص؟",
        "options": ["آمبولی ریه", "آسم", "نارسایی قلب", "پنومونی"], "answer_idx": number % 4,
        "specialty": "داخلی", "is_clinical": number % 2 == 0, "patient_age": 40 + number,
        "patient_gender": None, "language": "fa",
    } | changes  # fmt: skip


def write_questions(path: Path, rows: list[dict[str, object]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_options_in_a_list_and_a_key_from_zero(tmp_path: Path) -> None:
    rows = [
        persian_question(0),
        persian_question(1, language="en", question="A man of 41 cannot breathe. Why?"),
        persian_question(2, answer_idx=4),
        persian_question(3, answer_idx=None),
        persian_question(4, options=["تنها یکی"], answer_idx=0),
        persian_question(5, options='["آسم", "سل"]', answer_idx=1),
    ]
    file = write_questions(tmp_path / "test.jsonl", rows)
    made = import_benchmark(Workspace(tmp_path / "w"), "persianmedqa", file)
    first, last = read(made.path)
    assert (first["answer_idx"], first["patient_age"], first["is_clinical"]) == (0, "40", True)
    assert last["options"] == ["آسم", "سل"]
    assert made.ledger["reason"].to_pylist() == [
        "of_another_benchmark", "no_such_option", "missing_answer_idx", "too_few_options",
    ]  # fmt: skip
    english = import_benchmark(Workspace(tmp_path / "w"), "persianmedqa_en", file)
    assert [row["language"] for row in read(english.path)] == ["en"]


def test_a_question_may_have_three_options_but_none_in_between(tmp_path: Path) -> None:
    rows = [
        ibmsee_row(1, Option4="", Topic=""),
        ibmsee_row(2, Option4="", **{"Correct answer": 4}),
        ibmsee_row(3, Option3=""),
        ibmsee_row(4, **{"Correct answer": ""}),
    ]
    file = write_xlsx(tmp_path / "kopp_larger.xlsx", rows)
    made = import_benchmark(Workspace(tmp_path / "w"), "kopp_larger", file)
    [row] = read(made.path)
    assert (row["Option3"], row["Option4"], row["Topic"]) == ("کولون", None, None)
    assert made.ledger["reason"].to_pylist() == [
        "no_such_option", "empty_option", "missing_correct_answer",
    ]  # fmt: skip


def test_a_label_with_its_reason_is_kept_as_it_is(tmp_path: Path) -> None:
    row: dict[str, object] = {
        "instance_id": 1, "Question": "دو هفته است که سرفه می‌کنم، چه کنم؟",
        "Expert_Answer": "به پزشک ریه مراجعه کنید.", "Age": 31.0,
        "Tag": {"chapter": "12", "reason": "سرفه"},
    }  # fmt: skip
    file = write_questions(tmp_path / "test.jsonl", [row])
    made = import_benchmark(Workspace(tmp_path / "w"), "permedcqa", file)
    [found] = read(made.path)
    assert (found["Age"], json.loads(found["Tag"])["chapter"]) == ("31", "12")
