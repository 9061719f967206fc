"""A reviewer's spreadsheet, made so that Excel and LibreOffice keep it whole.

Right to left; what is asked is locked, what is answered is not; decisions and reasons are chosen
from lists that lie on a hidden sheet (a list inside a cell's rule ends at 255 characters). Every
text is written as a string, so that `=cmd|x` is a text and no formula.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.batch import Batch, Row
from gaokerena_data.review.labels import CHOICE_LABELS, REASON_LABELS, instructions
from gaokerena_data.workspace import atomic_file

MAX_CELL = 32_767  # Excel cuts what is longer, without a word
_HINT = "چرا پرسیده می‌شود"
SHEET, GUIDE, LISTS, FACTS = "بازبینی", "راهنما", "فهرست‌ها", "gaokerena"

# Header -> (width, whether the reviewer writes there). The order is that of the reader's eyes.
COLUMNS: dict[str, tuple[int, bool]] = {
    "ردیف": (6, False),
    "پرسش": (45, False),
    "پاسخ": (60, False),
    _HINT: (18, False),
    "تصمیم": (16, True),
    "علت رد": (20, True),
    "پرسش اصلاح‌شده": (32, True),
    "پاسخ اصلاح‌شده": (42, True),
    "یادداشت": (26, True),
    "منبع": (11, False),
    "شناسه": (13, False),
    "کد متن": (13, False),
}
# A file without a clock in it: the reviewer's program writes the true time when it is saved.
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes naive times as UTC


def write_workbook(batch: Batch, folder: Path) -> Path:
    """Write one reviewer's part of a batch as `BATCH.REVIEWER.xlsx`.

    Raises:
        GaokerenaError: a text is longer than a cell can be; the message names the row.
    """
    import xlsxwriter

    for row in batch.rows:
        for text in (row.question, row.answer):
            # Excel counts UTF-16 units; a letter outside the first plane is two.
            if len(text.encode("utf-16-le")) // 2 > MAX_CELL:
                raise GaokerenaError(
                    f"{row.id}: a text of {len(text):,} characters does not fit into a cell "
                    f"({MAX_CELL:,}); export this batch with --format html"
                )
    path = folder / f"{batch.name}.{batch.reviewer}.xlsx"
    with atomic_file(path) as part:
        book = xlsxwriter.Workbook(
            part,
            {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
        )
        book.set_properties({"title": batch.name, "author": "gaokerena", "created": CREATED})
        _write_rows(book, batch)
        _write_guide(book, batch)
        _write_lists(book)
        _write_facts(book, batch)
        book.close()
    return path


def _write_rows(book: Any, batch: Batch) -> None:
    sheet = book.add_worksheet(SHEET)
    sheet.right_to_left()
    sheet.freeze_panes(1, 1)
    text = {"text_wrap": True, "valign": "top", "reading_order": 2, "align": "right", "border": 1}
    text |= {"border_color": "#c8c8c8", "font_name": "Tahoma", "font_size": 10}
    locked = book.add_format(text | {"bg_color": "#f4f4f2"})
    plain = text | {"text_wrap": False}
    small = book.add_format(
        plain | {"bg_color": "#f4f4f2", "font_color": "#808080", "font_size": 8}
    )
    # "@": what a reviewer types stays text, also where it begins with = or 0.
    free = book.add_format(text | {"locked": False, "bg_color": "#fffdf0", "num_format": "@"})
    header = book.add_format(
        text | {"bold": True, "bg_color": "#2f5d62", "font_color": "#ffffff", "valign": "vcenter"}
    )
    for place, (name, (width, is_free)) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, width, free if is_free else locked)
        sheet.write_string(0, place, name, header)
    for line, row in enumerate(batch.rows, start=1):
        values = {
            "پرسش": row.question,
            "پاسخ": row.answer,
            _HINT: row.hint,
            "منبع": row.source,
            "شناسه": row.id,
            "کد متن": row.content,
        }
        sheet.set_row(line, _height(row))
        sheet.write_number(line, 0, row.number, locked)
        for place, (name, (_, is_free)) in enumerate(COLUMNS.items()):
            if is_free:
                sheet.write_blank(line, place, None, free)
            elif place:
                form = small if name in ("شناسه", "کد متن") else locked
                sheet.write_string(line, place, values[name], form)
    last = len(batch.rows)
    names = list(COLUMNS)
    for name, source, count in (
        ("تصمیم", "A", len(CHOICE_LABELS)),
        ("علت رد", "B", len(REASON_LABELS)),
    ):
        place = names.index(name)
        sheet.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": f"='{LISTS}'!${source}$1:${source}${count}",
                "error_title": name,
                "error_message": "یکی از موارد فهرست را انتخاب کنید.",
            },
        )
    sheet.ignore_errors({"number_stored_as_text": f"A2:L{last + 1}"})
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    # No password: it keeps an accident away, not a person. Imports check every locked cell.
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "autofilter": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _height(row: Row) -> int:
    """Points for a row whose texts are read without a click; 409 is the most there can be."""
    lines = max(
        sum(1 + len(paragraph) // (COLUMNS[name][0] + 8) for paragraph in text.split("\n"))
        for name, text in (("پرسش", row.question), ("پاسخ", row.answer), (_HINT, row.hint))
    )
    return min(409, 6 + 14 * lines)


def _write_guide(book: Any, batch: Batch) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.right_to_left()
    sheet.hide_gridlines(2)
    form = {"text_wrap": True, "valign": "top", "reading_order": 2, "align": "right"}
    form |= {"font_name": "Tahoma", "font_size": 12}
    bold, plain = book.add_format(form | {"bold": True, "font_size": 16}), book.add_format(form)
    sheet.set_column(0, 0, 100)
    lines = [
        *instructions(),
        "در برگه «بازبینی» فقط ستون‌های زردرنگ را پر کنید؛ بقیه قفل است.",
        "ترتیب ردیف‌ها و ستون‌ها مهم نیست. هر وقت خواستید ذخیره کنید و بعداً ادامه دهید.",
        "در پایان همین پرونده xlsx را پس بفرستید؛ ردیف‌های بی‌تصمیم دست‌نخورده می‌مانند.",
    ]
    sheet.write_string(0, 0, "راهنمای بازبینی", bold)
    sheet.set_row(0, 30)
    sheet.fit_to_pages(1, 0)
    for line, text in enumerate(lines, start=1):
        sheet.write_string(line, 0, text, plain)
        sheet.set_row(line, 40)
    sheet.write_string(
        len(lines) + 1,
        0,
        f"{batch.name} — {batch.reviewer} — نسخه راهنما: {batch.guideline}",
        plain,
    )
    sheet.protect()


def _write_lists(book: Any) -> None:
    sheet = book.add_worksheet(LISTS)
    for column, labels in enumerate(([*CHOICE_LABELS.values()], [*REASON_LABELS.values()])):
        for line, label in enumerate(labels):
            sheet.write_string(line, column, label)
    sheet.very_hidden()


def _write_facts(book: Any, batch: Batch) -> None:
    sheet = book.add_worksheet(FACTS)
    for line, (name, value) in enumerate({"batch": batch.name, "reviewer": batch.reviewer}.items()):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, value)
    sheet.very_hidden()
