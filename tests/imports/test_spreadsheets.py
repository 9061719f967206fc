"""Sheets as people leave them, and sheets that are made to harm."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

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
