"""Telephone numbers in words: «صفر نهصد و دوازده سیصد و چهل و پنج شصت و هفت هشتاد و نه»."""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.number_words import HUNDREDS, TEENS, TENS, UNITS
from gaokerena_data.text.personal.span import Span

_AS_SPOKEN = {
    "شیش": 6,
    "پونزده": 15,
    "شونزده": 16,
    "هیفده": 17,
    "هیجده": 18,
    "یکصد": 100,
    "پونصد": 500,
    "شیشصد": 600,
}
_VALUES = {"صفر": 0} | UNITS | TEENS | TENS | HUNDREDS | _AS_SPOKEN
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_SPOKEN = re.compile(
    r"(?<![آ-ی\u200c])(?:صفر|نهصد)(?:[ \u200c،,\-_.]{1,3}(?:و[ \u200c]{1,2})?"
    rf"(?:(?:{_WORD})(?![آ-ی])|\d{{1,4}})){{3,24}}"
)
_TOKEN = re.compile(rf"(?<![آ-ی])(و|{_WORD}|\d+)(?![آ-ی])")


def find_spoken_numbers(text: str) -> Iterator[Span]:
    """Spans of mobile numbers that are written in words, in a folded text."""
    if "نهصد" not in text and "صفر" not in text:
        return
    for match in _SPOKEN.finditer(text):
        number = _digits(_TOKEN.findall(match.group()))
        if re.fullmatch(r"0?9\d{9}", number):
            yield Span(*match.span(), "mobile")


def _digits(words: list[str]) -> str:
    """The digits that are said: «و» joins what is one number, and all else begins another."""
    said: list[str] = []
    value, joined = None, False
    for word in words:
        if word == "و":
            joined = True
            continue
        if word.isdigit():
            said += [str(value)] if value is not None else []
            said, value, joined = [*said, word], None, False
            continue
        number = _VALUES[word]
        room = value is not None and joined and 0 < number < _step(value)
        if value is not None and not room:
            said.append(str(value))
        value = value + number if value is not None and room else number
        joined = False
    said += [str(value)] if value is not None else []
    return "".join(said)


def _step(value: int) -> int:
    """What may still be added to a number that is being said: 900 takes up to 99, 40 up to 9."""
    return 100 if value % 100 == 0 else 10 if value % 10 == 0 and value % 100 > 10 else 0
