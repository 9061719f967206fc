"""Reading a reviewer's spreadsheet: columns by their names, wherever they stand by now."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.formats.replies import (
    Replies,
    Reply,
    check_archive,
    text_of,
    utc_time,
)
from gaokerena_data.review.formats.workbook import CREATED, FACTS, SHEET
from gaokerena_data.settled import fold

# Bounds on what a sheet that was made to be endless costs.
MAX_ROWS, MAX_COLUMNS = 100_000, 64

_FIELDS = {
    "شناسه": "id",
    "کد متن": "content",
    "پرسش": "question",
    "پاسخ": "answer",
    "تصمیم": "choice",
    "علت رد": "reason",
    "پرسش اصلاح‌شده": "new_question",
    "پاسخ اصلاح‌شده": "new_answer",
    "یادداشت": "note",
}


def read_workbook(path: Path) -> Replies:
    """Read `BATCH.REVIEWER.xlsx` as a reviewer sent it back.

    Raises:
        GaokerenaError: a damaged file, a missing sheet or column, by its name.
    """
    from openpyxl import load_workbook

    check_archive(path)
    try:
        # openpyxl warns of parts that it leaves out; none of them is read here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
            saved = book.properties.modified
            facts = {text_of(row[0]): text_of(row[1]) for row in _cells(book, FACTS, 2)}
            rows = list(_cells(book, SHEET, MAX_COLUMNS))
            book.close()
    except GaokerenaError as error:
        raise GaokerenaError(f"{path}: {error}") from None
    # A damaged archive can fail in any part of the reader, with any error.
    except Exception as error:
        raise GaokerenaError(
            f"{path}: not an xlsx file that can be read "
            f"({type(error).__name__}: {str(error)[:80]}); nothing was imported, "
            "ask the reviewer for the file again"
        ) from None
    saved_at = utc_time(saved)
    if saved_at == utc_time(CREATED):
        saved_at = None  # nobody's program has saved it
    places = _places(path, rows[0] if rows else ())
    replies = Replies(facts.get("batch", ""), facts.get("reviewer", ""), saved_at)
    for number, row in enumerate(rows[1:], start=2):
        values = {
            name: text_of(row[place]) if place < len(row) else "" for name, place in places.items()
        }
        if any(values.values()):
            replies.rows.append(Reply(place=f"row {number}", **values))
    return replies


def _cells(book: Any, name: str, columns: int) -> Iterator[tuple[Any, ...]]:
    if name not in book.sheetnames:
        raise GaokerenaError(
            f"the sheet {name!r} is missing; nothing was imported, ask for the file that was sent"
        )
    sheet = book[name]
    # LibreOffice and hostile files may state a size of a million rows.
    sheet.reset_dimensions()
    empty = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=columns)):
        if number >= MAX_ROWS or empty > 1000:
            return
        empty = 0 if any(cell is not None for cell in row) else empty + 1
        yield row if len(row) > 1 else (*row, None)


def _places(path: Path, header: tuple[Any, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        for title, name in _FIELDS.items():
            if fold(text_of(cell)) == fold(title):
                if name in found:
                    raise GaokerenaError(
                        f"{path}: two columns are called {title!r}; nothing was imported"
                    )
                found[name] = place
    missing = [title for title, name in _FIELDS.items() if name not in found]
    if missing:
        raise GaokerenaError(f"{path}: the column {missing[0]!r} is missing; nothing was imported")
    return found
