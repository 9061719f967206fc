"""Rows that hold several answers become one record an answer."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.imports.records import import_file
from gaokerena_data.records import pair_id
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.text.bylines import split_answers, split_questions
from gaokerena_data.workspace import Workspace, whole_file
from tests.command_line import CommandLine
from tests.files import files_of
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import answer, question

ASKED = "سلام، نوزادم شب‌ها زیاد گریه می‌کند، طبیعی است؟"
FIRST, SECOND, THIRD = "بله، طبیعی است.", "قطره کولیک بدهید.", "او را معاینه کنند."


@pytest.mark.parametrize(
    ("line", "who", "specialty"),
    [
        ("پاسخ دکتر مریم رضایی، متخصص زنان و زایمان:", "دکتر مریم رضایی", "متخصص زنان و زایمان"),
        ("پاسخ از دکتر علی نوری، متخصص اطفال:", "دکتر علی نوری", "متخصص اطفال"),
        ("پاسخ خانم دکتر سارا صبوری (متخصص تغذیه):", "خانم دکتر سارا صبوری", "متخصص تغذیه"),
        ("پاسخ دكتر مريم رضايي، متخصص زنان :", "دکتر مریم رضایی", "متخصص زنان"),
        ("پاسخ نرگس آذر، کارشناس ارشد مامایی:", "نرگس آذر", "کارشناس ارشد مامایی"),
        ("دکتر رضا کیان، جراح و متخصص زنان:", "دکتر رضا کیان", "جراح و متخصص زنان"),
        ("پاسخ دکتر رضا کیان جراح و متخصص زنان:", "دکتر رضا کیان", "جراح و متخصص زنان"),
        ("پاسخ دکتر رضا کیان، متخصص اطفال", "دکتر رضا کیان", "متخصص اطفال"),
        ("پاسخ دکتر رضا کیان:", "دکتر رضا کیان", None),
        ("جواب دکتر رضا کیان:", "دکتر رضا کیان", None),
        ("پاسخ متخصص اطفال:", None, "متخصص اطفال"),
        ("پاسخ پزشک:", None, None),
    ],
)
def test_a_line_that_names_who_answers_parts_answers(
    line: str, who: str | None, specialty: str | None
) -> None:
    before, [found] = split_answers(f"{FIRST}\n{line}\n{SECOND}")
    assert before == FIRST
    assert (found.answered_by, found.specialty, found.text) == (who, specialty, SECOND)


@pytest.mark.parametrize(
    "line",
    [
        "جواب آزمایشم آمد و منفی بود",
        "جواب آزمایشم:",
        "جواب آزمایش خونم این است:",
        "پاسخ آزمایش من:",
        "جواب سونوگرافی:",
        "پاسخ دکتر این بود:",
        "جواب دکتر: مشکلی نیست",
        "پاسخ کوتاه:",
        "پاسخ به سوال شما:",
        "دکتر گفت هر روز بخورم:",
        "دکتر پوست و متخصص اطفال هم بردم",
        "پاسخگویی پزشک:",
    ],
)
def test_a_patient_s_line_is_no_answer(line: str) -> None:
    text = f"{ASKED}\n{line}\nچکار کنم؟"
    assert split_answers(text) == (text, [])
    assert split_answers(text, nameless=True) == (text, [])
    # Not where somebody does answer, either.
    before, [found] = split_answers(f"{text}\nپاسخ دکتر رضا کیان، متخصص اطفال:\n{FIRST}")
    assert (before, found.text) == (text, FIRST)


def test_a_heading_without_a_name_counts_only_where_nobody_is_named() -> None:
    assert split_answers(f"{ASKED}\nپاسخ:\n{FIRST}") == (f"{ASKED}\nپاسخ:\n{FIRST}", [])
    before, [found] = split_answers(f"{ASKED}\nپاسخ:\n{FIRST}", nameless=True)
    assert (before, found.answered_by, found.text) == (ASKED, None, FIRST)
    named = f"{ASKED}\nپاسخ: نگرفتم\nپاسخ دکتر رضا کیان:\n{FIRST}"
    before, [found] = split_answers(named, nameless=True)
    assert (before, found.text) == (f"{ASKED}\nپاسخ: نگرفتم", FIRST)


def test_line_breaks_that_were_lost_are_no_matter() -> None:
    text = f"{FIRST} پاسخ دکتر رضا کیان، متخصص اطفال: {SECOND}"
    before, [found] = split_answers(text)
    assert (before, found.answered_by, found.text) == (FIRST, "دکتر رضا کیان", SECOND)


def test_a_reader_s_marker_parts_questions_on_any_keyboard() -> None:
    for marker in ("سوال مخاطب نی‌نی‌بان:", "سؤال مخاطب ني ني بان", "سوال  مخاطب نی نی‌بان :"):
        assert split_questions(f"{FIRST}\n{marker}\n{ASKED}") == [FIRST, ASKED]


def glued(tmp_path: Path) -> Path:
    third = "سوال مخاطب نی‌نی‌بان:\nیک ماهه است، واکسن بزنم؟"
    rows: list[dict[str, object]] = [
        {"Question": "بی‌خوابی دارم", "Answer": FIRST},
        {
            "Question": ASKED,
            "Answer": f"{FIRST}\nپاسخ دکتر مریم رضایی، متخصص اطفال:\n{SECOND}\n"
            f"پاسخ دکتر علی نوری، متخصص اطفال:\n{THIRD}",
        },
        {
            "Question": f"{ASKED} لطفا\nپاسخ از دکتر علی نوری، متخصص اطفال:\n{SECOND}",
            "Answer": FIRST,
        },
        {"Question": "تب دارد", "Answer": f"{FIRST}\n{third}\nپاسخ دکتر علی نوری:\n{THIRD}"},
    ]
    return write_xlsx(tmp_path / "glued.xlsx", rows)


def test_a_glued_row_becomes_one_record_an_answer(tmp_path: Path, workspace: Workspace) -> None:
    result = import_file(workspace, "niniban", glued(tmp_path))
    assert (result.rows, result.split, result.added, result.records) == (4, 3, 4, 8)
    rows = pq.read_table(result.path).to_pylist()
    columns = ("question", "answer", "answered_by", "specialty", "answer_position")
    assert [tuple(row[name] for name in columns) for row in rows[:6]] == [
        ("بی‌خوابی دارم", FIRST, None, None, 0),
        (ASKED, FIRST, None, None, 0),
        (ASKED, SECOND, "دکتر مریم رضایی", "متخصص اطفال", 1),
        (ASKED, THIRD, "دکتر علی نوری", "متخصص اطفال", 2),
        (f"{ASKED} لطفا", SECOND, "دکتر علی نوری", "متخصص اطفال", 0),
        (f"{ASKED} لطفا", FIRST, None, None, 1),
    ]
    assert [row["question"] for row in rows[6:]] == ["تب دارد", "یک ماهه است، واکسن بزنم؟"]
    assert [row["provenance"]["import_row"] for row in rows] == [1, 2, 2, 2, 3, 3, 4, 4]
    assert len({row["thread_id"] for row in rows}) == 5
    assert len({row["id"] for row in rows}) == 8
    # Each has the id that its own words always gave, the row that is one pair above all.
    assert all(row["id"] == pair_id("niniban", row["question"], row["answer"]) for row in rows)


def test_a_row_with_its_page_keeps_an_id_by_page_and_doctor(
    tmp_path: Path, workspace: Workspace
) -> None:
    line = "پاسخ دکتر مریم رضایی، متخصص اطفال:"
    row: dict[str, object] = {
        "Question": ASKED,
        "Answer": f"{FIRST}\n{line}\n{SECOND}\n{line}\n{THIRD}",
        "url": "https://niniban.com/a/1",
    }
    result = import_file(workspace, "niniban", write_xlsx(tmp_path / "a.xlsx", [row]))
    rows = pq.read_table(result.path).to_pylist()
    assert len({row["id"] for row in rows}) == 3
    assert len({row["thread_id"] for row in rows}) == 1


def test_the_command_counts_what_was_parted(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine
) -> None:
    done = gaokerena("import", "niniban", glued(tmp_path))
    assert done.code == 0, done.err
    assert "4 rows + 4 parted from them = 8 records + 0 ledger rows" in done.out
    assert "3 rows held several answers" in done.out


def test_rows_stay_whole_for_a_preset_that_reads_them_so(
    tmp_path: Path, workspace: Workspace
) -> None:
    whole = f"{answer(1)}\nپاسخ دکتر علی نوری، متخصص اطفال:\n{answer(2)}"
    rows: list[dict[str, object]] = [
        {"Question": question(n), "Answer": whole if n == 1 else answer(n)}
        for n in (3, 4, 5, 6, 7, 1)
    ]
    file = write_xlsx(tmp_path / "a.xlsx", rows)
    result = import_file(workspace, "niniban", file)
    before = files_of(result.path.parent)
    assert import_file(workspace, "niniban", file).records == 7
    assert files_of(result.path.parent) == before
    paper = curate(workspace, "mf3qa", lambda *_: None, workers=1, preset="paper")
    assert paper.records == 6
    default = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    assert default.records == 7
    kept = pq.read_table(paper.folder / "default" / "dev.parquet")["answer"].to_pylist()
    assert whole in kept


def test_what_was_taken_down_as_it_stood_stays_down_in_parts(
    tmp_path: Path, workspace: Workspace
) -> None:
    whole = f"{answer(1)}\nپاسخ دکتر علی نوری، متخصص اطفال:\n{answer(2)}"
    rows: list[dict[str, object]] = [
        {"Question": question(1), "Answer": whole},
        {"Question": question(3), "Answer": answer(3)},
    ]
    result = import_file(workspace, "niniban", write_xlsx(tmp_path / "a.xlsx", rows))
    assert whole_file(result.path).is_file()
    add_takedown(workspace, pair_id("niniban", question(1), whole), "a patient asked")
    ledger = curate(workspace, "mf3qa", lambda *_: None, workers=1).ledger.to_pylist()
    assert [row["reason"] for row in ledger if row["origin"] == "a.xlsx:1"] == ["taken_down"] * 2
    assert [row["decision"] for row in ledger if row["origin"] == "a.xlsx:2"] == ["kept"]
