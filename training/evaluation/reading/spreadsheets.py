"""Spreadsheets of questions and answers: rows of texts, and cells that stand for a letter."""

import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.errors import GaokerenaError

_LARGEST = 512 * 2**20


def read_sheet(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a spreadsheet's first sheet as (row number, lower-case column -> text).

    Cells are read as values, nothing in them is run. A whole number loses its ".0".

    Raises:
        GaokerenaError: the file is no spreadsheet, or unpacks to more than 512 MB.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _LARGEST:
            raise GaokerenaError(f"{path} unpacks to {size:,} bytes: spreadsheets end at 512 MB")
        cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (zipfile.BadZipFile, CalamineError, OSError) as error:
        raise GaokerenaError(f"{path} cannot be read as a spreadsheet: {error}") from error
    if not cells:
        return []
    header = [text_of(cell).strip().casefold() for cell in cells[0]]
    return [
        (number, dict(zip(header, map(text_of, row), strict=False)))
        for number, row in enumerate(cells[1:], start=2)
        if any(text_of(cell).strip() for cell in row)
    ]


def letter(value: object, options: int) -> str | None:
    """The letter of one of so many options: "B", " b ", "2" and 2.0 are B; else None."""
    text = text_of(value).strip().upper()
    if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= options:
        return LETTERS[int(text) - 1]
    return text if len(text) == 1 and text in LETTERS[:options] else None


def text_of(cell: object) -> str:
    """A cell as text: a whole number without its ".0", an empty cell as ""."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
