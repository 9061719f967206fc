"""What is no text is not imported as text."""

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.records import import_file
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.imports.spreadsheets import write_xlsx

GOOD = "روزی یک قرص بعد از غذا."
NOW = datetime.datetime(2023, 8, 2, 15, 30, tzinfo=datetime.UTC)


def as_parquet(path: Path, cells: list[Any], kind: pa.DataType | None = None) -> Path:
    answers = pa.array([*cells], kind)
    asked = pa.array([f"سوال {n}" for n in range(len(cells))])
    pq.write_table(pa.table({"Question": asked, "Answer": answers}), path)
    return path


@pytest.mark.parametrize(
    ("cell", "kind", "what"),
    [
        ({"text": "متن"}, None, "a struct"),
        (["متن"], None, "a list"),
        ("متن".encode(), pa.binary(), "bytes"),
        (True, None, "a truth value"),
        (datetime.timedelta(days=1, hours=6), None, "a duration"),
        (datetime.date(2023, 8, 2), None, "a date"),
        (NOW, None, "a date"),
        (datetime.time(8, 5), None, "a time of day"),
    ],
)
def test_a_parquet_column_that_is_no_text_is_named_with_its_type(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, cell: Any, kind: Any, what: str
) -> None:
    file = as_parquet(tmp_path / "a.parquet", [cell, cell], kind)
    done = gaokerena("import", "drhast", file)
    assert done.code == 1
    assert f"column Answer: {what} is no text (2 rows)" in done.out
    assert done.err == f"gaokerena: {file}: no row became a record: the reasons stand above\n"


@pytest.mark.parametrize("cell", [{"text": "متن"}, ["متن", "متن"], True, [{"a": [1]}]])
def test_a_line_of_json_that_holds_no_text_is_left_out(
    tmp_path: Path, workspace: Workspace, cell: Any
) -> None:
    file = tmp_path / "a.jsonl"
    rows = [{"Question": "الف", "Answer": GOOD}, {"Question": "ب", "Answer": cell}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    result = import_file(workspace, "drhast", file)
    assert (result.records, result.ledger["reason"].to_pylist()) == (1, ["no_text_in_answer"])


@pytest.mark.parametrize("cell", [True, NOW.replace(tzinfo=None), datetime.timedelta(hours=30)])
def test_a_cell_of_a_sheet_that_holds_no_text_is_left_out(
    tmp_path: Path, workspace: Workspace, cell: object
) -> None:
    file = write_xlsx(
        tmp_path / "a.xlsx",
        [{"Question": "الف", "Answer": GOOD}, {"Question": "ب", "Answer": cell}],
    )
    result = import_file(workspace, "drhast", file)
    assert (result.records, result.ledger["reason"].to_pylist()) == (1, ["no_text_in_answer"])


@pytest.mark.parametrize("cell", [37.5, 40, Decimal("2.50")])
def test_a_number_is_what_people_write(tmp_path: Path, workspace: Workspace, cell: Any) -> None:
    result = import_file(workspace, "drhast", as_parquet(tmp_path / "a.parquet", [cell]))
    assert pq.read_table(result.path)["answer"].to_pylist() == [str(cell)]


def test_a_date_is_a_date_where_one_belongs(tmp_path: Path, workspace: Workspace) -> None:
    pq.write_table(pa.table({"text": [GOOD], "date": [NOW.date()]}), tmp_path / "a.parquet")
    result = import_file(workspace, "niniban", tmp_path / "a.parquet")
    assert pq.read_table(result.path)["published_at"].to_pylist() == ["2023-08-02"]


def surrogate(path: Path) -> Path:
    path = path.with_suffix(".jsonl")
    path.write_text(
        f'{{"Question": "\\ud83d", "Answer": "{GOOD}"}}\n{{"Question": "ب", "Answer": "{GOOD}"}}\n',
        "utf-8",
    )
    return path


def not_utf8(path: Path) -> Path:
    bad = pa.array(["سوال".encode(), b"\xd8\xff\xfe"], pa.binary())
    table = pa.table({"Question": bad.view(pa.string()), "Answer": [GOOD, GOOD]})
    pq.write_table(table, path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def far_away(path: Path) -> Path:
    when = pa.array([0, 2**62], pa.timestamp("ms"))
    table = pa.table({"Question": ["الف", "ب"], "Answer": [GOOD, GOOD], "date": when})
    pq.write_table(table, path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def same_name_twice(path: Path) -> Path:
    path = path.with_suffix(".jsonl")
    path.write_text(
        f'{{"Question": "الف", "Answer": "{GOOD}", "Answer": "دیگر"}}\n'
        f'{{"Question": "ب", "Answer": "{GOOD}"}}\n',
        "utf-8",
    )
    return path


@pytest.mark.parametrize("write", [surrogate, not_utf8, far_away, same_name_twice])
def test_a_value_that_cannot_be_read_costs_its_own_row_only(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, write: Callable[[Path], Path]
) -> None:
    done = gaokerena("import", "drhast", write(tmp_path / "a"))
    assert (done.code, done.err) == (0, "")
    assert "2 rows = 1 records + 1 ledger rows" in done.out
    assert "is no text (1 rows)" in done.out


@pytest.mark.parametrize("name", ["[/bold]", "[red]x", "[link=http://x]", "\x1b[2Jx", "\u202ex"])
def test_a_column_s_name_is_printed_as_it_is_and_does_nothing(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, name: str
) -> None:
    file = tmp_path / "a.jsonl"
    row = {"Question": "الف", "Answer": GOOD, name: "x"}
    file.write_text(json.dumps(row) + "\n", "utf-8")
    done = gaokerena("import", "drhast", file)
    assert (done.code, done.err) == (0, "")
    assert "ignored columns: " in done.out
    assert not {"\x1b", "\u202e"} & set(done.out)
    assert "[" not in name or name.lstrip("\x1b")[:3] in done.out


@pytest.mark.parametrize(
    ("harm", "left"),
    [
        ("روزی\x1b[2J یک قرص", "روزی[2J یک قرص"),
        ("روزی\0 یک\x07 قرص", "روزی یک قرص"),
        ("روزی\x9b31m یک قرص", "روزی31m یک قرص"),
        ("روزی \u202eیک\u202d قرص", "روزی یک قرص"),
        ("از 5\x1e10 قرص\x1b", "از 5\x1e10 قرص"),
        ("از 5\x1b10 یا ۵\x02۱۰ قرص", "از 5 10 یا ۵ ۱۰ قرص"),
        ("روزی\tیک\r\nقرص\x85با\u2028غذا", "روزی\tیک\r\nقرص\x85با\u2028غذا"),
    ],
)
@pytest.mark.parametrize("ending", ["parquet", "jsonl", "csv"])
def test_control_characters_reach_no_record(
    tmp_path: Path, workspace: Workspace, harm: str, left: str, ending: str
) -> None:
    file = tmp_path / f"a.{ending}"
    if ending == "parquet":
        as_parquet(file, [harm])
    elif ending == "jsonl":
        file.write_text(json.dumps({"Question": "سوال", "Answer": harm}), "utf-8")
    elif "\0" in harm:
        file.write_text(f"Question,Answer\r\nسوال,{harm}\r\n", "utf-8", newline="")
        with pytest.raises(GaokerenaError, match="holds NUL characters"):
            import_file(workspace, "drhast", file)
        return
    else:
        file.write_text(f'Question,Answer\r\nسوال,"{harm}"\r\n', "utf-8", newline="")
    assert pq.read_table(import_file(workspace, "drhast", file).path)["answer"].to_pylist() == [
        left
    ]


@pytest.mark.parametrize("cell", ["Infinity", "-Infinity", "1e400"])
def test_a_number_without_end_is_no_text(tmp_path: Path, workspace: Workspace, cell: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        f'{{"Question": "الف", "Answer": {cell}}}\n{{"Question": "ب", "Answer": "{GOOD}"}}\n',
        "utf-8",
    )
    result = import_file(workspace, "drhast", file)
    assert (result.records, result.ledger["reason"].to_pylist()) == (1, ["no_text_in_answer"])
    numbers = as_parquet(tmp_path / "b.parquet", [float(cell.replace("Infinity", "inf")), 37.5])
    assert import_file(workspace, "drhast", numbers).records == 1
