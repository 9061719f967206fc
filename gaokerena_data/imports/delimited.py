"""Text files and the tables in them: encodings, delimiters and quotes as programs write them."""

import csv
import io
import re
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.outside_text import marked_encoding

MAX_CELL_CHARACTERS = 10_000_000
DELIMITERS = ",;\t|،؛"
_LINE_END = re.compile(r"\r\n|\r|\n")
_PERSIAN = frozenset(
    "ابپتثجچحخدذرزژسشصضطظعغفقکكگلمنوهیيىئءآأإؤةـ،؛؟٪«»\u200c\u200d\u200e\u200f\xa0"
)
_COMMON = frozenset("اینردمتوهي")


def read_text(path: Path) -> str:
    """The text of a file: UTF-8, by its mark UTF-16 or UTF-32, or Persian in windows-1256.

    Raises:
        GaokerenaError: none of them; the byte is told at which UTF-8 ends.
    """
    data = path.read_bytes()
    encoding = marked_encoding(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        old = None if encoding else _windows_1256(data)
        if old is None:
            name = {"utf-16": "UTF-16", "utf-32": "UTF-32"}.get(encoding or "", "UTF-8")
            raise GaokerenaError(
                f"{path}: not {name} text at byte {error.start:,}; save it as UTF-8"
            ) from None
        text = old
    if "\0" in text:
        raise GaokerenaError(
            f"{path}: holds NUL characters, so it is not a text file (or UTF-16 without its mark);"
            " save it as UTF-8"
        )
    return text


def _windows_1256(data: bytes) -> str | None:
    """Persian in windows-1256, if that is what the bytes give; anything decodes as *something*."""
    text = data.decode("cp1256", "replace")
    foreign = [letter for letter in text if not letter.isascii()]
    persian = sum(letter in _PERSIAN for letter in foreign)
    common = sum(letter in _COMMON for letter in foreign)
    is_persian = len(foreign) >= 4 and persian >= 0.95 * len(foreign)
    return text if is_persian and common >= 0.3 * len(foreign) else None


def read_lines(path: Path) -> tuple[list[str], list[list[str]]]:
    """The first row of a csv file, and its other rows, blank ones left out.

    A row ends where a line does, as csv means it: U+2028, a vertical tab or NEL inside a cell are
    part of its text. The delimiter is the one that parts the first line into the most cells
    (comma, semicolon, tab, pipe, Persian comma), or the one that Excel's `sep=` line states.

    Raises:
        GaokerenaError: another encoding, or quotes that do not match, by their line.
    """
    text = read_text(path)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    stated, text = _stated_delimiter(text)
    delimiter = stated or _guess_delimiter(text)
    text, stand_in = _hide_bare_returns(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [
            [cell.replace(stand_in, "\r") for cell in row] if stand_in else row
            for row in reader
            if row
        ]
    except csv.Error as error:
        raise GaokerenaError(
            f"{path}: not a csv file that can be read: line {reader.line_num:,}: {error}; "
            "mend its quotes, or save it as .xlsx"
        ) from None
    if not rows:
        raise GaokerenaError(f"{path}: the file is empty")
    return rows[0], rows[1:]


def _hide_bare_returns(text: str) -> tuple[str, str]:
    """The text, and a character that stands in it for returns which end no row; "" without them.

    In a file whose first row ends with a line feed, a return alone is a cell's: pandas writes it
    there without quotes, and Python's reader would end the row at it.
    """
    if not re.search(r"\r(?!\n)", text) or not _first_row_ends_with_feed(text):
        return text, ""
    stand_in = next(mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in text)
    return re.sub(r"\r(?!\n)", stand_in, text), stand_in


def _first_row_ends_with_feed(text: str) -> bool:
    quotes = at = 0
    is_blank = True
    for end in _LINE_END.finditer(text):
        line = text[at : end.start()]
        quotes += line.count('"')
        is_blank = is_blank and not line.strip()
        if quotes % 2 == 0 and not is_blank:
            return end.group() != "\r"
        at = end.end()
    return False


def _stated_delimiter(text: str) -> tuple[str | None, str]:
    first, _, rest = text.partition("\n")
    first = first.strip("\r\ufeff\"' ")
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1], rest
    # A tab is stripped with the line's end by some editors.
    return ("\t", rest) if first.lower() == "sep=" else (None, text)


def _guess_delimiter(text: str) -> str:
    def cells(delimiter: str) -> int:
        try:
            return len(next(filter(None, csv.reader(stream, delimiter=delimiter)), []))
        except csv.Error:
            return 0
        finally:
            stream.seek(0)

    stream = io.StringIO(text, newline="")
    return max(DELIMITERS, key=cells)
