"""What comes back is taken row by row, and refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.candidates import read_candidates
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.review.export import Exported
from gaokerena_data.review.incoming import import_replies
from gaokerena_data.workspace import Workspace
from tests.review.filling import fill_page, fill_records, fill_tasks, fill_workbook
from tests.review.rows import export, make_workspace, write_candidates


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


def accept_all(exported: Exported) -> dict[str, dict[str, str]]:
    return {row.id: {"choice": "accept"} for row in exported.batch.rows}


def taken(workspace: Workspace) -> set[str]:
    return {decision.record_id for decision in load_decisions(log_path(workspace, "mf3qa"))}


def test_a_row_whose_text_has_changed_is_refused_the_rest_is_taken(workspace: Workspace) -> None:
    exported = export(workspace, "html")
    filled = fill_page(exported.files["maryam"], exported.batch, accept_all(exported))
    rows = [(row.id, row.question, row.answer) for row in read_candidates(workspace, MF3QA)]
    stale = rows[9][0]
    rows[9] = (stale, rows[9][1], rows[9][2] + " این جمله تازه است.")
    # Another row is no candidate any more: what was said of it is kept all the same.
    gone = rows.pop(3)[0]
    write_candidates(workspace, rows)
    imported = import_replies(workspace, "mf3qa", filled)
    [line] = imported.refused
    assert stale in line
    assert "stale" in line
    assert taken(workspace) == {row.id for row in exported.batch.rows} - {stale}
    assert gone in taken(workspace)


def test_a_changed_locked_cell_is_refused_the_rest_is_taken(workspace: Workspace) -> None:
    exported = export(workspace, "xlsx")
    filled = fill_workbook(exported.files["maryam"], exported.batch, accept_all(exported))
    book = load_workbook(filled)
    sheet = book["بازبینی"]
    sheet["C5"] = "متنی که کسی به جای پاسخ نوشته است"
    sheet["K6"] = "drhast-9999"
    sheet["L7"] = "0" * 32
    changed = {sheet["K5"].value, sheet["K7"].value}
    missing = exported.batch.rows[4].id
    book.save(filled)
    imported = import_replies(workspace, "mf3qa", filled)
    assert [line.split(":")[0] for line in imported.refused] == ["row 5", "row 6", "row 7"]
    assert "locked cell" in imported.refused[0]
    assert "not a row that batch" in imported.refused[1]
    assert "locked cell" in imported.refused[2]
    assert taken(workspace) == {row.id for row in exported.batch.rows} - changed - {missing}


def test_sorted_rows_moved_and_foreign_columns_change_nothing(workspace: Workspace) -> None:
    exported = export(workspace, "xlsx")
    filled = fill_workbook(exported.files["maryam"], exported.batch, accept_all(exported))
    book = load_workbook(filled)
    sheet = book["بازبینی"]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    mixed = [lines[0], *reversed(lines[1:])]
    sheet.delete_rows(1, sheet.max_row)
    for line in mixed:
        sheet.append(["ستون من", *reversed(line)])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(filled)
    imported = import_replies(workspace, "mf3qa", filled)
    assert imported.refused == []
    assert taken(workspace) == {row.id for row in exported.batch.rows}


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"choice": "maybe"}, "'maybe' is no decision"),
        ({"choice": "reject"}, "needs one of the listed reasons"),
        ({"choice": "reject", "reason": "boring"}, "no reason of the list"),
        ({"choice": "reject", "reason": "other"}, "needs a note"),
        ({"choice": "edit"}, "no corrected text"),
        ({"choice": "accept", "answer": "متن دیگر"}, "corrected text was given"),
        ({"answer": "متن دیگر"}, "no decision was chosen"),
        ({"choice": "edit", "answer": "الف" * 100_000}, "longer than"),
        ({"choice": "edit", "answer": "\ud800"}, "half a character"),
        ({"choice": "edit", "answer": "   "}, "empty"),
    ],
)
def test_a_decision_that_says_nothing_clear_is_refused(
    workspace: Workspace, wish: dict[str, str], message: str
) -> None:
    exported = export(workspace, "html")
    first, *others = (row.id for row in exported.batch.rows)
    wishes = {first: wish} | {name: {"choice": "accept"} for name in others}
    filled = fill_page(exported.files["maryam"], exported.batch, {})
    value = json.loads(filled.read_text("utf-8"))
    contents = {row.id: row.content for row in exported.batch.rows}
    value["decisions"] = [
        {"record_id": name, "content": contents[name], **said} for name, said in wishes.items()
    ]
    filled.write_text(json.dumps(value), "utf-8")
    imported = import_replies(workspace, "mf3qa", filled)
    [line] = imported.refused
    assert message in line
    assert taken(workspace) == set(others)


def test_of_two_words_on_one_row_in_one_file_neither_is_taken(workspace: Workspace) -> None:
    exported = export(workspace, "html")
    filled = fill_page(exported.files["maryam"], exported.batch, accept_all(exported))
    value = json.loads(filled.read_text("utf-8"))
    twice = dict(value["decisions"][2]) | {"choice": "unclear"}
    value["decisions"] += [twice, value["decisions"][4]]
    filled.write_text(json.dumps(value), "utf-8")
    imported = import_replies(workspace, "mf3qa", filled)
    assert len(imported.refused) == 1
    everything = {row.id for row in exported.batch.rows}
    assert taken(workspace) == everything - {twice["record_id"]}


def test_drafts_and_cancelled_annotations_are_no_decisions(workspace: Workspace) -> None:
    exported = export(workspace, "argilla")
    folder = fill_records(exported.files["maryam"], exported.batch, accept_all(exported))
    records = json.loads((folder / "records.json").read_text("utf-8"))
    for record in records:
        record["status"] = "pending"
    (folder / "records.json").write_text(json.dumps(records), "utf-8")
    assert import_replies(workspace, "mf3qa", folder).added == 0
    exported = export(workspace, "label-studio")
    filled = fill_tasks(exported.files["maryam"], exported.batch, accept_all(exported))
    tasks = json.loads(filled.read_text("utf-8"))
    for task in tasks:
        for annotation in task["annotations"]:
            annotation["was_cancelled"] = True
    filled.write_text(json.dumps(tasks), "utf-8")
    imported = import_replies(workspace, "mf3qa", filled)
    assert (imported.added, imported.open) == (0, len(tasks))


def _foreign(value: dict[str, Any]) -> list[tuple[Any, str]]:
    return [
        (value | {"batch": "mf3qa-00000000"}, "export"),
        (value | {"batch": "../../x"}, "no name of a batch"),
        (value | {"batch": None}, "no name of a batch"),
        (value | {"reviewer": "somebody"}, "was not sent to 'somebody'"),
        (value | {"format": "other@1"}, "not a decisions file"),
        (value | {"decisions": {}}, "not a decisions file"),
        ({}, "not a decisions file"),
        ([], "no decisions that this program knows"),
        ([1], "no decisions that this program knows"),
        ("text", "no decisions that this program knows"),
        ([{"data": {}}], "not an export of Label Studio"),
        ([{"fields": {}}], "not records of Argilla"),
    ]


@pytest.mark.parametrize("case", range(12))
def test_a_foreign_file_is_one_clear_error_and_changes_nothing(
    workspace: Workspace, case: int
) -> None:
    exported = export(workspace, "html")
    filled = fill_page(exported.files["maryam"], exported.batch, accept_all(exported))
    import_replies(workspace, "mf3qa", filled)
    before = log_path(workspace, "mf3qa").read_bytes()
    value, message = _foreign(json.loads(filled.read_text("utf-8")))[case]
    filled.write_text(json.dumps(value), "utf-8")
    with pytest.raises(GaokerenaError, match=message):
        import_replies(workspace, "mf3qa", filled)
    assert log_path(workspace, "mf3qa").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.xlsx", b"PK\x03\x04 not a zip", "not an xlsx file"),
        ("x.xlsx", b"", "not an xlsx file"),
        ("x.json", b"{", "not JSON"),
        ("x.json", b"\xff\xfe\x00", "not JSON"),
        ("x.json", b"[" * 100_000, "not JSON"),
        ("x.html", b"<html>", "its button saves"),
        ("x.docx", b"PK", "give an .xlsx or .json"),
        ("none.json", None, "no such file"),
    ],
)
def test_a_damaged_file_is_one_clear_error(
    workspace: Workspace, name: str, data: bytes | None, message: str
) -> None:
    path = workspace.root / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(GaokerenaError, match=message):
        import_replies(workspace, "mf3qa", path)
    assert not log_path(workspace, "mf3qa").exists()
