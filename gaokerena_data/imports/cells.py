"""What a cell holds: text, nothing, or something that is no text and must not be taken for one."""

import datetime
import decimal
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

# What crawlers have written where a page held nothing.
EMPTY_CELLS = {"", "nan", "none", "null", "n/a", "#n/a", "tag not found."}

# What no reader sees and a terminal may obey: C0 and C1 but for tabs and ends of lines, embeddings
# and overrides of direction, annotations, and what is no character. Marks that the authors' files
# hold (of byte order, DEL, the end of an override) stay: a row of theirs is kept as it stood.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x80-\x84\x86-\x9f\u202a\u202b\u202d\u202e\ufff9-\ufffb\ufffe\uffff]+"
)

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a truth value"),
    ((bytes, bytearray, memoryview), "bytes"),
    (dict, "a struct"),
    ((list, tuple, set), "a list"),
    (datetime.timedelta, "a duration"),
    ((datetime.datetime, datetime.date), "a date"),
    (datetime.time, "a time of day"),
)


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell whose value could not be read.

    Args:
        why: what is wrong with it, in a few words.
    """

    why: str


class NotTextError(ValueError):
    """A cell that holds no text; the message says what it holds."""


def cell_text(
    cell: Any, *, is_date: bool = False, empty: Collection[str] = EMPTY_CELLS
) -> str | None:
    """The text of a cell; None where it holds nothing. A number is written as people write it.

    Control characters are left out: they are no text, and a terminal may obey them.

    Args:
        cell: as a reader gave it.
        is_date: whether a date may stand there; it becomes ISO 8601.
        empty: what people write where there is nothing, in lower case.

    Raises:
        NotTextError: it holds something else, or half a character.
    """
    if cell is None:
        return None
    if isinstance(cell, BrokenCell):
        raise NotTextError(cell.why)
    if is_date and isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, str):
        return _checked(cell, empty)
    for kind, name in _KINDS:
        if isinstance(cell, kind):
            raise NotTextError(name)
    if not isinstance(cell, int | float | decimal.Decimal):
        raise NotTextError(type(cell).__name__)
    if isinstance(cell, float | decimal.Decimal) and math.isinf(cell):
        raise NotTextError("a number without end")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _checked(str(cell), empty)


def _checked(text: str, empty: Collection[str]) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotTextError("half a character (a lone surrogate)") from None
    text = without_controls(text)
    return None if text.strip().casefold() in empty else text


def without_controls(text: str) -> str:
    """The text without control characters; one between two digits is a space, for 5 and 10 mg."""
    return _CONTROLS.sub(_space_between_digits, text)


def _space_between_digits(controls: re.Match[str]) -> str:
    text, (start, end) = controls.string, controls.span()
    apart = text[start - 1 : start].isdecimal() and text[end : end + 1].isdecimal()
    return " " if apart else ""
