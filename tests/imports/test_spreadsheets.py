"""Sheets as people leave them, and sheets that are made to harm."""

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.records import import_file
from gaokerena_data.imports.tables import read_table
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.imports.spreadsheets import write_xlsx

MANY_CASES = True  # see tests/conftest.py


ANSWER = "روزی یک قرص بعد از غذا."


def far_cell(path: Path, cell: str) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Question", "Answer"])
    sheet.append(["سوال", ANSWER])
    sheet[cell] = "x"
    workbook.save(path)
    return path


def edited(path: Path, old: bytes, new: bytes) -> Path:
    """The file with a piece of its first sheet replaced."""
    file = far_cell(path, "C9")
    buffer = io.BytesIO()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(buffer, "w") as out:
        for entry in whole.infolist():
            data = whole.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                assert old in data
                data = data.replace(old, new)
            out.writestr(entry, data)
    file.write_bytes(buffer.getvalue())
    return file


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD90000", "ZZZ1000000"[:2] + "1048576"])
def test_a_cell_far_away_is_one_line_and_no_end_of_the_process(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, cell: str
) -> None:
    file = far_cell(tmp_path / "a.xlsx", cell)
    done = gaokerena("import", "drhast", file)
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert done.err.startswith(f"gaokerena: {file}: ")
    assert "stands far from the table" in done.err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="C9"', b'r="XFD1048576"'),
        (b'r="C9"', b'r="ZZZZZZ99999999999"'),
        (b'ref="A1:C9"', b'ref="A1:XFD1048576"'),
        (b"</sheetData>", b""),
    ],
)
def test_what_a_sheet_claims_never_ends_the_process(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, old: bytes, new: bytes
) -> None:
    done = gaokerena("import", "drhast", edited(tmp_path / "a.xlsx", old, new))
    assert done.code in {0, 1}
    assert done.err.count("\n") == done.code


def test_a_merged_question_is_that_of_every_answer_beside_it(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["Question", "Answer"], ["سوال", "یک"], [None, "دو"], ["دیگر", "سه"], ["x", None]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A5:B5")
    workbook.save(tmp_path / "a.xlsx")
    done = gaokerena("import", "drhast", tmp_path / "a.xlsx")
    assert done.code == 0, done.err
    assert "4 rows = 3 records + 1 ledger rows" in done.out
    assert "1 cells filled from the merged ones above them" in done.out
    rows = read_table(tmp_path / "a.xlsx").rows
    assert [row["Question"] for row in rows if isinstance(row, dict)][:2] == ["سوال", "سوال"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("سؤال", "پاسخ\u200c"),
        ("سئوال", "جواب\u200c"),
        ("سوال ", "جَواب"),
        ("\u200fپرسش", "ANSWER\u200f"),
        ("Question\xa0", "Free form answer"),
        ("سوال\u200e", "پـاسخ"),
    ],
)
def test_headings_match_on_any_keyboard(
    tmp_path: Path, workspace: Workspace, asked: str, answered: str
) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", [{asked: "تب دارم", answered: ANSWER}])
    assert import_file(workspace, "drhast", file).records == 1


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(400), "protected by a password"),
        (OLE + "Workbook".encode("utf-16-le") + bytes(400), "old Excel file"),
        (b"<html><table><tr><td>Question</td></tr></table></html>", "not an xlsx file"),
        (b"Question,Answer\n", "not an xlsx file"),
    ],
)
def test_what_is_no_xlsx_is_told_by_what_it_is(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, data: bytes, told: str
) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)
    done = gaokerena("import", "drhast", file)
    assert done.code == 1
    assert done.err.startswith(f"gaokerena: {file}: ")
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_flipped_bit_of_a_sheet_is_never_read_as_data(tmp_path: Path) -> None:
    """The checksum of a zip archive's part stands behind its data: not every reader looks."""
    rows: list[dict[str, object]] = [
        {"Question": f"روز {n} تب دارم، چه کنم؟", "Answer": f"نوبت {n}: {ANSWER}"}
        for n in range(60)
    ]
    file = write_xlsx(tmp_path / "a.xlsx", rows)
    data = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    start = part.header_offset + 30 + len(part.filename)
    told = 0
    for byte in random.Random(16).sample(range(start, start + part.compress_size), 40):
        file.write_bytes(data[:byte] + bytes([data[byte] ^ (1 << byte % 8)]) + data[byte + 1 :])
        with pytest.raises(
            GaokerenaError, match=r"a\.xlsx: damaged in 'xl/worksheets/sheet1"
        ) as error:
            read_table(file)
        told += "copy it again" in str(error.value) and "\n" not in str(error.value)
    assert told == 40


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, 0), (3, 2), (0, 5)])
def test_a_table_may_begin_anywhere_on_its_sheet(
    tmp_path: Path, workspace: Workspace, rows: int, columns: int
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for number, (asked, answered) in enumerate(
        (("Question", "Answer"), ("تب", "یک"), (None, "دو")), start=rows + 1
    ):
        sheet.cell(number, columns + 1, asked)
        sheet.cell(number, columns + 2, answered)
    sheet.merge_cells(None, rows + 2, columns + 1, rows + 3, columns + 1)
    workbook.save(tmp_path / "a.xlsx")
    assert import_file(workspace, "drhast", tmp_path / "a.xlsx").records == 2


@pytest.mark.parametrize("columns", [21, 400, 16_384])
def test_many_columns_are_told_in_a_line_that_people_read(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, columns: int
) -> None:
    file = tmp_path / "a.csv"
    more = columns - 2
    heading = ",".join(["Question", "Answer", *(f"ستون {n}" for n in range(more))])
    file.write_text(f"{heading}\nتب,آب{',' * more}\n", "utf-8")
    done = gaokerena("import", "drhast", file)
    assert done.code == 0
    assert len(done.out) < 1_000
    assert "ignored columns: 'ستون 0', " in done.out
    assert more <= 20 or f"{more - 20:,} more" in done.out
    file.write_text(
        heading.replace("Answer", "Reply") + "\n" + "آ," * (columns - 1) + "ب\n", "utf-8"
    )
    done = gaokerena("import", "drhast", file)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "'Reply'" in done.err
    assert len(done.err) < 1_000
