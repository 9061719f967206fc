"""Spreadsheets as maintainers have them."""

from pathlib import Path

import openpyxl


def write_xlsx(path: Path, rows: list[dict[str, object]]) -> Path:
    """One sheet with a heading; the path."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    workbook.save(path)
    return path
