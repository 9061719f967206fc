"""Grades asked of clinicians: a spreadsheet each, right to left, in which only decisions are open.

What the grader said is not in it. A decision is known by the digest of all that the grader read,
and a row whose texts are no longer those that were sent is refused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from gaokerena_data.choices.folding import fold
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file
from training.evaluation.asking.grading import Unit
from training.evaluation.questions.rubrics import Criterion, Scale
from training.evaluation.reading.spreadsheets import read_sheet

MET, NOT_MET, UNSURE = "برآورده شده", "برآورده نشده", "نمی‌دانم"
_SHEET, _GUIDE, _LISTS, _FACTS = "بازبینی", "راهنما", "فهرست‌ها", "gaokerena"
_QUESTION, _ANSWER, _ASKED, _DECISION, _ID = "پرسش", "پاسخ", "معیار یا مقیاس", "تصمیم", "شناسه"
# Header -> (width, whether the clinician writes there).
_COLUMNS: dict[str, tuple[int, bool]] = {
    "ردیف": (6, False),
    _QUESTION: (40, False),
    _ANSWER: (60, False),
    _ASKED: (45, False),
    _DECISION: (18, True),
    "یادداشت": (30, True),
    _ID: (14, False),
}
_MAX_CELL = 32_767  # Excel cuts what is longer, without a word
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock in the file: the same bytes every time
_INSTRUCTIONS = (
    "هر ردیف یک معیار است که پاسخ با آن سنجیده می‌شود. تنها ستون‌های زردرنگ را پر کنید.",
    "«برآورده شده» یعنی پاسخ همان کاری را کرده است که معیار می‌گوید.",
    "اگر معیار از کار بدی سخن می‌گوید و پاسخ آن را کرده است، باز هم «برآورده شده» را برگزینید.",
    "درستی یا زیبایی بقیهٔ پاسخ در این ردیف مهم نیست. اگر معیار چند بخش دارد، همه لازم است.",
    "برای مقیاس‌ها عددی را برگزینید که شرح آن به پاسخ نزدیک‌تر است.",
    "اگر نمی‌توانید تصمیم بگیرید «نمی‌دانم» را برگزینید. ردیف خالی یعنی هنوز تصمیم نگرفته‌اید.",
)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What one clinician said.

    Args:
        clinician: who.
        said: id of a unit -> met or not, or a number of its scale; None for "not sure".
        undecided: rows without a decision.
        unknown: rows about other answers, criteria or wordings than those of now.
    """

    clinician: str
    said: Mapping[str, bool | int | None]
    undecided: int
    unknown: int


def sample_units(units: Sequence[Unit], questions: int, *, seed: int = 0) -> list[Unit]:
    """All units of so many questions, drawn by a seed, in the order of the units.

    Whole questions, so that a clinician reads an answer once and decides all of its criteria.
    """
    names = dict.fromkeys(unit.item for unit in units)
    drawn = sorted(names, key=lambda name: hashlib.sha256(f"{seed}\x1f{name}".encode()).digest())
    chosen = set(drawn[:questions])
    once = {unit.id: unit for unit in units if unit.item in chosen}  # a criterion may stand twice
    return list(once.values())


def write_sheet(units: Sequence[Unit], clinician: str, path: Path) -> None:
    """Write one clinician's spreadsheet.

    Raises:
        GaokerenaError: a text does not fit into a cell.
    """
    import xlsxwriter

    for unit in units:
        for text in (unit.question, unit.answer, unit.asked):
            if len(text.encode("utf-16-le", "surrogatepass")) // 2 > _MAX_CELL:
                raise GaokerenaError(
                    f"{unit.item}: a text of {len(text):,} characters does not fit into a cell "
                    f"({_MAX_CELL:,}); take the question out of the rubric"
                )
    with atomic_file(path) as part:
        book = xlsxwriter.Workbook(
            part,
            {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
        )
        book.set_properties({"title": path.stem, "author": "gaokerena", "created": _CREATED})
        scales = list(dict.fromkeys(u.by.name for u in units if isinstance(u.by, Scale)))
        _write_units(book, units, scales)
        _write_guide(book)
        _write_lists(book, units, scales)
        facts = book.add_worksheet(_FACTS)
        facts.write_string(0, 0, "clinician")
        facts.write_string(0, 1, clinician)
        facts.very_hidden()
        book.close()


def read_sheet_of(path: Path, units: Sequence[Unit]) -> Decisions:
    """Read a clinician's spreadsheet as it came back.

    Raises:
        GaokerenaError: it is no such file, a locked text was changed, or a decision is none of
            those that can be chosen; by its row.
    """
    rows = read_sheet(path)
    clinician = _clinician(path)
    known = {unit.id: unit for unit in units}
    said: dict[str, bool | int | None] = {}
    undecided = unknown = 0
    for number, row in rows:
        where = f"{path}, row {number}"
        if lacking := [name for name in (_QUESTION, _ANSWER, _ASKED, _DECISION, _ID)
                       if name not in row]:  # fmt: skip
            raise GaokerenaError(f"{path}: the column {lacking[0]!r} is missing")
        unit = known.get(row[_ID].strip())
        if unit is None:
            unknown += 1
            continue
        texts = ((unit.question, _QUESTION), (unit.answer, _ANSWER), (unit.asked, _ASKED))
        changed = [name for text, name in texts if _bare(row[name]) != _bare(text)]
        if changed:
            raise GaokerenaError(f"{where}: {changed[0]} is not what was sent; ask for it again")
        choice = fold(row[_DECISION])
        if not choice:
            undecided += 1
        elif unit.id in said:
            raise GaokerenaError(f"{where}: {unit.id} stands there twice; take one row out")
        else:
            said[unit.id] = _decision(where, choice, unit.by)
    return Decisions(clinician, said, undecided, unknown)


def _decision(where: str, choice: str, by: Criterion | Scale) -> bool | int | None:
    if choice == fold(UNSURE):
        return None
    if isinstance(by, Criterion) and choice in (fold(MET), fold(NOT_MET)):
        return choice == fold(MET)
    if isinstance(by, Scale) and choice.lstrip("-").isdecimal() and int(choice) in by.anchors:
        return int(choice)
    raise GaokerenaError(f"{where}: {choice[:40]!r} is none of the decisions in the list")


def _clinician(path: Path) -> str:
    try:
        cells = CalamineWorkbook.from_path(path).get_sheet_by_name(_FACTS).to_python()
        found = {str(row[0]): row[1] for row in cells if len(row) > 1}.get("clinician")
    except (CalamineError, OSError, ValueError) as error:
        raise GaokerenaError(f"{path}: not a sheet that was sent ({error})") from error
    if not found:
        raise GaokerenaError(f"{path}: it does not say whose it is; ask for the file that was sent")
    return str(found)


def _bare(text: str) -> str:
    """Spreadsheet programs rewrite ends of lines, and xlsx holds no control characters."""
    return "".join(character for character in text if character.isprintable() and character != " ")


def _write_units(book: Any, units: Sequence[Unit], scales: Sequence[str]) -> None:
    sheet = book.add_worksheet(_SHEET)
    sheet.right_to_left()
    sheet.freeze_panes(1, 1)
    text = {"text_wrap": True, "valign": "top", "reading_order": 2, "align": "right", "border": 1}
    text |= {"border_color": "#c8c8c8", "font_name": "Tahoma", "font_size": 10}
    locked = book.add_format(text | {"bg_color": "#f4f4f2"})
    free = book.add_format(text | {"locked": False, "bg_color": "#fffdf0", "num_format": "@"})
    header = book.add_format(text | {"bold": True, "bg_color": "#2f5d62", "font_color": "#ffffff"})
    for place, (name, (width, is_free)) in enumerate(_COLUMNS.items()):
        sheet.set_column(place, place, width, free if is_free else locked)
        sheet.write_string(0, place, name, header)
    chosen_at = list(_COLUMNS).index(_DECISION)
    for line, unit in enumerate(units, start=1):
        values = {_QUESTION: unit.question, _ANSWER: unit.answer, _ASKED: unit.asked, _ID: unit.id}
        sheet.set_row(line, min(409, 20 + 14 * max(len(v) // 45 for v in values.values())))
        sheet.write_number(line, 0, line, locked)
        for place, (name, (_, is_free)) in enumerate(_COLUMNS.items()):
            if is_free:
                sheet.write_blank(line, place, None, free)
            elif place:
                sheet.write_string(line, place, values[name], locked)
        column, count = "A", 3
        if isinstance(unit.by, Scale):
            column, count = _column(1 + scales.index(unit.by.name)), len(unit.by.anchors) + 1
        rule = {
            "validate": "list",
            "source": f"='{_LISTS}'!${column}$1:${column}${count}",
            "error_title": _DECISION,
            "error_message": "یکی از موارد فهرست را انتخاب کنید.",
        }
        sheet.data_validation(line, chosen_at, line, chosen_at, rule)
    sheet.ignore_errors({"number_stored_as_text": f"A2:G{len(units) + 1}"})
    # No password: it keeps an accident away, not a person. Reading checks every locked text.
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_guide(book: Any) -> None:
    sheet = book.add_worksheet(_GUIDE)
    sheet.right_to_left()
    sheet.hide_gridlines(2)
    form = {"text_wrap": True, "valign": "top", "reading_order": 2, "align": "right"}
    plain = book.add_format(form | {"font_name": "Tahoma", "font_size": 12})
    sheet.set_column(0, 0, 100)
    for line, text in enumerate(_INSTRUCTIONS):
        sheet.write_string(line, 0, text, plain)
        sheet.set_row(line, 40)
    sheet.protect()


def _write_lists(book: Any, units: Sequence[Unit], scales: Sequence[str]) -> None:
    sheet = book.add_worksheet(_LISTS)
    anchors = {unit.by.name: unit.by.anchors for unit in units if isinstance(unit.by, Scale)}
    lists = [[MET, NOT_MET, UNSURE]]
    lists += [[*map(str, anchors[name]), UNSURE] for name in scales]
    for column, entries in enumerate(lists):
        for line, entry in enumerate(entries):
            sheet.write_string(line, column, entry)
    sheet.very_hidden()


def _column(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))
