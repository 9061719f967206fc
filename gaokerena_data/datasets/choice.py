"""Options of a multiple-choice question and its key, in the forms in which files hold them."""

import ast
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

# How a key names the right option. A benchmark declares it: 1 may be the first or the second.
type Key = Literal["from_1", "from_0", "letter", "text"]

MOST = 26
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# «الف، ب، ج، د»: exams count by abjad. «پ» and «ت» are told of by the error.
_ABJAD = ("الف", *"بجدهوزحطی")
_NO_KEY = {"", "nan", "none", "null"}
_NO_OPTION = {"", "nan"}  # «None» is an option of its own
_BRACKETS = "()[]{}.:)« »\u200c\u200f\u200e"
_LONGEST = 100_000


def key_place(cell: object, key: Key, options: Sequence[str]) -> int | None:
    """The place of the right option, from 0; None where the cell holds no key.

    Args:
        cell: what stands in the key's column.
        key: how it names an option.
        options: the options' texts.

    Raises:
        ValueError: it names none of the options, or is no key of that kind.
    """
    text = _text(cell)
    if text.casefold() in _NO_KEY or (key == "from_0" and text == "-1"):
        return None  # -1 is how MedMCQA marks a question whose key is not public
    place = _place(text, key, options)
    if not 0 <= place < len(options):
        raise ValueError(f"{text[:40]!r} is none of {len(options)} options")
    return place


def read_options(cell: object) -> list[str]:
    """The options of a cell that holds all of them, in their order.

    Args:
        cell: a list of texts; a mapping of labels (A, B, ...; الف, ب, ...; 1, 2, ... or 0, 1, ...)
            to texts; or either as JSON or Python writes it.

    Raises:
        ValueError: it is neither, or its labels are not those of one list.
    """
    value = _parsed(cell)
    if isinstance(value, Mapping):
        value = _in_order(value)
    if not isinstance(value, list | tuple) or len(value) > MOST:
        raise ValueError(f"not a list of {MOST} options at most")
    if any(isinstance(option, Mapping | list | tuple | bool) for option in value):
        raise ValueError("an option is no text")
    texts = [_text(option) for option in value]
    return without_empty_end(texts)


def without_empty_end(options: Sequence[str]) -> list[str]:
    """Options without the empty places behind the last one.

    Raises:
        ValueError: a place before the last one is empty, so that all later ones would move.
    """
    texts = list(options)
    while texts and texts[-1].strip().casefold() in _NO_OPTION:
        texts.pop()
    for place, option in enumerate(texts):
        if option.strip().casefold() in _NO_OPTION:
            raise ValueError(f"option {place + 1} is empty, and a later one is not")
    return texts


def _place(text: str, key: Key, options: Sequence[str]) -> int:
    if key == "text":
        found = [place for place, option in enumerate(options) if option.split() == text.split()]
        if len(found) != 1:
            raise ValueError(f"{text[:40]!r} is the text of {len(found)} options")
        return found[0]
    if key == "letter":
        return _letter_place(text)
    whole, point, rest = text.partition(".")  # 2.0, as a column of numbers with gaps is written
    if point and rest.strip("0"):
        raise ValueError(f"{text[:40]!r} is no whole number")
    return int(whole) - (key == "from_1")


def _letter_place(text: str) -> int:
    label = text.strip(_BRACKETS).translate(str.maketrans("يك", "یک"))
    if len(label) == 1 and label.upper() in _LATIN:
        return _LATIN.index(label.upper())
    if label in _ABJAD:
        return _ABJAD.index(label)
    raise ValueError(f"{text[:40]!r} is no letter of an option")


def _in_order(options: Mapping[Any, object]) -> list[object]:
    """The texts of a mapping by its labels: numbers from 0 or 1, or letters, without a gap."""
    labels = {_text(label): text for label, text in options.items()}
    if all(label.isdecimal() for label in labels):
        first = min(map(int, labels), default=0)
        places = {int(label) - min(first, 1): text for label, text in labels.items()}
    else:
        places = {_letter_place(label): text for label, text in labels.items()}
    if len(places) != len(options) or sorted(places) != list(range(len(places))):
        raise ValueError("the labels of the options are no row without a gap")
    return [places[place] for place in range(len(places))]


def _parsed(cell: object) -> object:
    if not isinstance(cell, str) or not cell.strip().startswith(("[", "{")):
        return cell
    text = cell.strip()
    if len(text) > _LONGEST:
        raise ValueError("too long")
    try:
        return json.loads(text)
    except ValueError:
        try:
            return ast.literal_eval(text)
        except (SyntaxError, MemoryError, RecursionError, TypeError):
            raise ValueError("not a list as JSON or Python writes it") from None
    except RecursionError:
        raise ValueError("not a list") from None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
