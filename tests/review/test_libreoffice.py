"""The spreadsheet through a real office program and back: nothing changes, nothing is lost."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from gaokerena_data.review.batch import part_of
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.review.incoming import import_replies
from gaokerena_data.workspace import Workspace
from tests.review.filling import fill_workbook
from tests.review.libreoffice import save_in_libreoffice
from tests.review.rows import export, make_workspace, wishes


@pytest.mark.thorough
def test_a_sheet_survives_libreoffice_whole(tmp_path: Path) -> None:
    workspace: Workspace = make_workspace(tmp_path / "workspace")
    exported = export(workspace)
    wanted = wishes(exported.batch)
    filled = fill_workbook(exported.files["maryam"], exported.batch, wanted)
    saved = save_in_libreoffice(filled, tmp_path / "office")

    sheet = load_workbook(saved)["بازبینی"]
    assert sheet.sheet_view.rightToLeft
    assert sheet.protection.sheet
    assert len(sheet.data_validations.dataValidation) == 2
    rows = {row.id: row for row in part_of(exported.batch, "maryam").rows}
    titles = [cell.value for cell in sheet[1]]
    for line in sheet.iter_rows(min_row=2, max_row=len(rows) + 1):
        cells = dict(zip(titles, line, strict=False))
        row = rows[cells["شناسه"].value]
        assert (cells["پرسش"].value, cells["پاسخ"].value) == (row.question, row.answer)
        assert {cells[name].data_type for name in ("پرسش", "پاسخ")} == {"s"}
        assert cells["پرسش"].protection.locked
        free = cells["تصمیم"]
        # LibreOffice leaves out an empty cell that is formatted as its column is.
        style = free if free.has_style else sheet.column_dimensions[free.column_letter]
        assert not style.protection.locked

    imported = import_replies(workspace, "mf3qa", saved)
    assert imported.refused == []
    said = {d.record_id: d for d in load_decisions(log_path(workspace, "mf3qa"))}
    for name, wish in wanted.items():
        found = said.get(name)
        assert (found is not None) == bool(wish)
        for key, value in wish.items():
            assert getattr(found, key) == value
