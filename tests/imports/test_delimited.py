"""csv files as programs write them: encodings, delimiters, quotes, and what stands inside cells."""

from pathlib import Path

import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.tables import read_table

ROWS = [
    {"Question": "سلام، دوز ۲ قرص زیاد است؟", "Answer": "خیر، طبق دستور پزشک بخورید."},
    {"Question": "فشارم بالاست", "Answer": "نمک کمتر بخورید؛ پیاده‌روی کنید."},
]


def written(rows: list[dict[str, str]], delimiter: str, head: str = "") -> str:
    lines = [delimiter.join(rows[0])]
    lines += [
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row.values()) for row in rows
    ]
    return head + "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\n"])
def test_a_row_ends_where_csv_ends_it_and_nowhere_else(tmp_path: Path, mark: str) -> None:
    rows = [{"Question": f"سطر{mark}دوم {n}", "Answer": f"بله{mark}خیر"} for n in range(10)]
    file = tmp_path / "a.csv"
    file.write_bytes(written(rows, ",").encode())
    assert read_table(file).rows == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "،", "؛"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1256"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [dict(row) for row in ROWS]
    if encoding == "cp1256":  # it has neither Persian digits nor the Persian yeh
        old = str.maketrans("۰۱۲۳۴۵۶۷۸۹ی", "0123456789ي")
        rows = [{name: cell.translate(old) for name, cell in row.items()} for row in ROWS]
    file = tmp_path / "a.csv"
    file.write_bytes(written(rows, delimiter).encode(encoding))
    table = read_table(file)
    assert (table.columns, table.rows) == (["Question", "Answer"], rows)


@pytest.mark.parametrize("head", ["sep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_excel_s_line_that_states_the_delimiter(tmp_path: Path, head: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(written(ROWS, ";", head), "utf-8-sig", newline="")
    assert read_table(file).rows == ROWS


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Question,Answer\nالف,ب\n"بریده,ب\n', 4),
        ('Question,Answer\n"او گفت" بله,ب\n', 2),
        ('Question,Answer\nالف,"ب" ج\nد,ه\n', 2),
    ],
)
def test_broken_quotes_are_told_by_their_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(
        GaokerenaError, match=rf"a\.csv: not a csv file .*: line [{line - 1}{line}]: "
    ):
        read_table(file)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Question,Answer\nسلام,بله".encode() + b"\xff\n", "not UTF-8 text at byte"),
        ("Question,Answer\nсколько,да\n".encode("cp1251"), "not UTF-8 text at byte"),
        ("Question,Answer\nسلام,بله\n".encode("utf-16-le"), "NUL characters"),
        ("Question,Answer\nسلام,بله\n".encode("utf-16")[:-1], "not UTF-16 text at byte"),
        ("Question,Answer\nسلام,بله\n".encode("utf-32")[:-2], "not UTF-32 text at byte"),
        ("Question,Answer\nسوال,بله\n".encode("iso-8859-6", "ignore"), "not UTF-8 text at byte"),
        ("\ufeff".encode(), "the file is empty"),
        (b"\n\n\n", "the file is empty"),
    ],
)
def test_what_cannot_be_read_for_sure_is_not_guessed(
    tmp_path: Path, data: bytes, told: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(data)
    with pytest.raises(GaokerenaError, match=told) as caught:
        read_table(file)
    assert "\n" not in str(caught.value)


RETURNS = [("تب دارم\rدو روز است", "آب بنوشید"), ("سرفه", "عسل\rگرم"), ("\rسردرد", "خواب\r.")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_return_in_a_cell_ends_no_row_where_rows_end_with_a_line_feed(
    tmp_path: Path, end: str
) -> None:
    """Writers that end rows with a line feed put a return into a cell without quotes."""
    file = tmp_path / "a.csv"
    lines = ["Question,Answer", *(f"{asked},{answered}" for asked, answered in RETURNS)]
    file.write_bytes((end.join(lines) + end).encode())
    rows = [{"Question": asked, "Answer": answered} for asked, answered in RETURNS]
    assert read_table(file).rows == rows


@pytest.mark.parametrize(
    "heading", ["Question,Answer", '"Question","Answer"', '"Ques\ntion",Answer']
)
def test_rows_that_end_with_a_return_end_there(tmp_path: Path, heading: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(f"{heading}\rتب,آب\rسرفه,عسل\r".encode())
    assert [list(row.values()) for row in read_table(file).rows if isinstance(row, dict)] == [
        ["تب", "آب"],
        ["سرفه", "عسل"],
    ]


def test_a_tsv_is_a_csv_of_tabs(tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_bytes(written(ROWS, "\t").encode())
    assert read_table(file).rows == ROWS
