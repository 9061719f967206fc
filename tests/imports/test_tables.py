import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.tables import read_table
from tests.imports.spreadsheets import write_xlsx

ROWS = [
    {"Question": "سلام، دوز ۲.۵ میلی‌گرم زیاد است؟", "Answer": "خیر، طبق دستور پزشک مصرف کنید."},
    {"Question": "فشارم 140/90 است; نگران باشم?", "Answer": 'باید "پایش" شود،\nدر خانه.'},
]


def write_as(path: Path) -> Path:
    if path.suffix == ".xlsx":
        return write_xlsx(path, [dict(row) for row in ROWS])
    if path.suffix == ".csv":
        lines = ["Question,Answer"]
        lines += [",".join('"' + c.replace('"', '""') + '"' for c in r.values()) for r in ROWS]
        path.write_text("\r\n".join(lines) + "\r\n", "utf-8-sig")
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in ROWS), "utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    return path


@pytest.mark.parametrize("name", ["a.xlsx", "b.csv", "c.jsonl", "d.parquet", "E.XLSX"])
def test_every_kind_of_file_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    path = write_as((tmp_path / name).with_suffix(Path(name).suffix.lower()))
    table = read_table(path.rename(tmp_path / name))
    assert table.columns == ["Question", "Answer"]
    assert table.rows == ROWS


def test_a_spreadsheet_s_formula_is_its_value_never_run(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "f.xlsx", [{"Question": "=1+1", "Answer": "متن"}])
    [row] = read_table(path).rows
    assert isinstance(row, dict)
    assert row["Answer"] == "متن"
    assert row["Question"] == ""  # a formula without a stored value holds nothing


def test_a_csv_of_semicolons_and_utf16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Question;Answer\nسوال;جواب\n", "utf-16")
    assert read_table(path).rows == [{"Question": "سوال", "Answer": "جواب"}]


def test_a_line_that_is_not_json_is_a_row_that_could_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"Question": "الف", "Answer": "ب"}\n{"Question": "بریده\n[1]\n', "utf-8")
    assert read_table(path).rows[1:] == ["not a line of JSON", "not a JSON object"]


def test_a_csv_row_of_another_width_is_kept_as_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Question,Answer\nیک,دو\nیک,دو,سه\n", "utf-8")
    assert read_table(path).rows[1] == "3 cells under 2 columns"


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.xlsx", b"hello", "not an xlsx file"),
        ("x.xlsx", b"", "empty"),
        ("x.xlsx", b"PK\x03\x04" + b"\0" * 40, "not an xlsx file"),
        ("x.xlsx", bomb(), "no honest sheet"),
        ("x.csv", b"Question,Answer\n\xff\xfe\xff,\n", "not UTF-8"),
        ("x.csv", b'Question,Answer\n"a,b\n', "not a csv file"),
        ("x.jsonl", b"PK\x03\x04\n", "no line is a JSON object"),
        ("x.jsonl", b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
        ("x.parquet", b"PAR1 nothing PAR1", "not a parquet file"),
        ("x.docx", b"PK", "cannot read this kind"),
        ("x.csv", b"Question,question\na,b\n", "have one name"),
    ],
)
def test_a_file_that_is_not_what_it_says_gives_one_line(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(GaokerenaError, match=message) as caught:
        read_table(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="no such file"):
        read_table(tmp_path / "none.xlsx")


def test_two_filled_sheets_are_refused_by_name(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for title in ("یک", "دو"):
        workbook.create_sheet(title).append(["Question"])
    workbook.save(tmp_path / "x.xlsx")
    with pytest.raises(GaokerenaError, match="'یک', 'دو'"):
        read_table(tmp_path / "x.xlsx")
