"""What singles nobody out by itself, and somebody together with the rest: age, city, workplace.

A name is found by `privacy`; these stay in a text, are counted for the card, and age and city may
be made coarser. The terms are those of statistical disclosure control (Sweeney's k-anonymity).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple, get_args

from gaokerena_data.text.files import listed_lines
from gaokerena_data.text.personal.birth_dates import JALALI_MONTHS
from gaokerena_data.text.personal.cities import City, cities
from gaokerena_data.text.personal.number_words import TEENS, TENS, UNITS
from gaokerena_data.text.personal.span import fold, has_any

QuasiIdentifier = Literal["age", "city", "workplace", "rare_disease", "date"]
QUASI_IDENTIFIERS: tuple[QuasiIdentifier, ...] = get_args(QuasiIdentifier)

# A word's edges: Persian letters and the ZWNJ, which holds parts of one word together.
_BEFORE, _AFTER = r"(?<![آ-ی\u200c\d])", r"(?![آ-ی\u200c])"
_WORDS = UNITS | TEENS | TENS
_IN_WORDS = rf"(?:(?:{'|'.join(TENS)}) و (?:{'|'.join(UNITS)})|{'|'.join([*TEENS, *TENS, *UNITS])})"
# «۱۰ ساله که سرم درد می‌کند» is how long, not how old.
_DURATION = (
    r"(?! ?(?:که?|هست که?|است که?|میشه|می\u200cشه|دچار|مبتلا|درگیر|دارم|داریم|ازدواج|نامزد|عقد|"
    r"اقدام|باهم|با هم|همدیگه|قرص|دارو|مصرف|تحت|درمان|پریود)(?![آ-ی]))"
)
_AGE = re.compile(
    rf"{_BEFORE}(?<!مدت )(?P<number>\d{{1,3}}|{_IN_WORDS})(?P<gap>[ \u200c\-]{{0,2}})"
    rf"(?P<unit>ساله(?:\u200c?(?:ام|ای|م|ش))?{_AFTER}{_DURATION}|"
    rf"سال(?:مه|شه|ش ?است|ش ?هست){_AFTER}|"
    rf"سال(?: سن)? (?:دارم|دارد|داره|سن){_AFTER})"
)
_STATED_AGE = re.compile(
    rf"{_BEFORE}(?P<unit>سن(?:م|ش| من| ایشان| بیمار| ?:))(?P<gap> ?[:\-]? ?)(?P<number>\d{{1,3}})"
    rf"{_AFTER}(?![\d./])"
)
# So young is somebody who is spoken of, or it is for how long something lasts.
_CHILD_YEARS = 13
_SOMEBODY = re.compile(
    r"(?:پسر|دختر|بچه|کودک|فرزند|نوه|برادر|خواهر|نوزاد|طفل|بیمار|دانش\u200c?آموز)[آ-ی\u200c]*"
    r"(?: [آ-ی\u200c]+){0,2} ?$"
)
_EMPLOYER = (
    "شرکت|بانک|اداره|کارخانه|کارخونه|بیمارستان|درمانگاه|مدرسه|دبستان|دبیرستان|دانشگاه|پادگان|"
    "شهرداری|فرمانداری|استانداری|وزارت|نیروگاه|پالایشگاه|پتروشیمی|معدن|فرودگاه|کلانتری|دادگاه"
)
_EMPLOYERS = tuple(_EMPLOYER.split("|"))
_WORKPLACE = re.compile(
    rf"{_BEFORE}(?:کارمند|کارگر|شاغل|پرسنل|معلم|مدیر|ناظم|دانشجوی|سرباز|پرستار|راننده|نگهبان|"
    rf"مهندس|تکنسین|حسابدار|منشی|کار می\u200c?کنم|کار میکنم|مشغول به کار|محل کارم)"
    rf"(?: (?:در|توی|تو|به کار در|هستم در))? (?:{_EMPLOYER})(?: [آ-ی\u200c]+)?"
    rf"|{_BEFORE}(?:در|توی|تو) (?:{_EMPLOYER})(?: [آ-ی\u200c]+){{0,3}} "
    rf"(?:کار می\u200c?کن[مد]|کار میکن[مد]|شاغل(?:م| هستم)|مشغولم|مشغول به کار)"
)
_DATE = re.compile(
    r"(?<![\d/.\-])(?:1[34]\d{2}|20\d{2}|19\d{2}|\d{2})([/\-.])\d{1,2}\1\d{1,2}(?![\d/\-])"
    r"|(?<![\d/.\-])\d{1,2}([/\-.])\d{1,2}\2(?:1[34]\d{2}|20\d{2}|19\d{2})(?![\d/\-])"
    rf"|(?<!\d)[0-3]?\d(?:م|ام)? (?:{JALALI_MONTHS})(?: ?(?:ماه|سال))?(?: ?\d{{2,4}})?{_AFTER}"
    rf"|{_BEFORE}(?:{JALALI_MONTHS})(?: ماه)?(?: سال)? (?:1[34]\d{{2}}|9\d)(?!\d)"
)
_WORD = re.compile(r"[آ-ی\u200c]+")
# Beside these a city whose name is an ordinary word too is that city.
_OF_PLACE = re.compile(
    r"(?:شهر|شهرستان|ساکن|اهل|مقیم|متولد|(?:زندگی|هستم|هستیم) (?:در|توی))[ :]{1,2}$"
)
_TOWN = re.compile(r"(?<![آ-ی\u200c])(?:شهر|شهرستان) $")
_LONGEST_SIGN = 30  # characters before a name in which a word says what it is
_LONGEST_NAME = 3  # words
_MOST_AGE = 120
_SPAN, _LAST_SPAN = 5, 90  # years of age that are told as one; from the last on all are


class QuasiSpan(NamedTuple):
    """A quasi-identifier: `text[start:end]`, and what it is."""

    start: int
    end: int
    kind: QuasiIdentifier


def find_quasi_identifiers(text: str) -> list[QuasiSpan]:
    """What could tell who somebody is when it is put together.

    Ages in years (not for how long something lasts), cities of Iran, places of work, diseases of
    fewer than one in 2,000, and dates with a day or a month and a year.

    Args:
        text: raw or normalized; the time is linear in its length.

    Returns:
        Spans in order, none overlapping another; `start` and `end` are offsets into `text`.

    Example:
        >>> [span.kind for span in find_quasi_identifiers("۳۴ ساله و اهل بم هستم")]
        ['age', 'city']
    """
    folded = fold(text)
    found: list[QuasiSpan] = []
    for span in sorted(_candidates(folded), key=lambda span: (span.start, -span.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


def generalize(text: str, *, age: bool = False, city: bool = False) -> str:
    """The text with ages as spans of five years and cities as their provinces, as asked for.

    Args:
        text: raw or normalized.
        age: «۳۲ ساله» becomes «۳۰ تا ۳۴ ساله»; from 90 on «۹۰ ساله و بیشتر».
        city: «اهل شهر مشهد» becomes «اهل استان خراسان رضوی».

    Example:
        >>> generalize("خانمی ۳۲ ساله از مشهد", age=True, city=True)
        'خانمی ۳۰ تا ۳۴ ساله از استان خراسان رضوی'
    """
    folded = fold(text)
    pieces: list[str] = []
    end = 0
    for span in find_quasi_identifiers(text):
        coarse = None
        if age and span.kind == "age":
            coarse = _coarse_age(text, folded, span)
        elif city and span.kind == "city":
            coarse = _province(folded, span)
        if coarse is not None:
            pieces += (text[end : span.start], coarse)
            end = span.end
    return "".join((*pieces, text[end:]))


def stated_ages(text: str) -> list[int]:
    """Every age in years that a text states, in order; not for how long something lasts.

    >>> stated_ages("۳۴ ساله هستم و ۲ ساله که سرم درد می‌کند")
    [34]
    """
    if "سال" not in text and "سن" not in text:
        return []
    folded = fold(text)
    matches = [
        match
        for pattern in (_AGE, _STATED_AGE)
        for match in pattern.finditer(folded)
        if _is_age(folded, match)
    ]
    return [_years(match["number"]) for match in sorted(matches, key=re.Match.start)]


def coarse_years(age: int) -> int:
    """The first year of the span that an age is told as: 32 years are 30, and 97 are 90."""
    return min(age // _SPAN * _SPAN, _LAST_SPAN)


def _candidates(text: str) -> Iterator[QuasiSpan]:
    if "سال" in text or "سن" in text:
        for pattern in (_AGE, _STATED_AGE):
            for match in pattern.finditer(text):
                if _is_age(text, match):
                    yield QuasiSpan(*match.span(), "age")
    yield from _named_ones(text)
    for match in _WORKPLACE.finditer(text) if has_any(text, _EMPLOYERS) else ():
        yield QuasiSpan(*match.span(), "workplace")
    for match in _DATE.finditer(text):
        yield QuasiSpan(*match.span(), "date")


def _is_age(text: str, match: re.Match[str]) -> bool:
    years = _years(match["number"])
    if years >= _CHILD_YEARS or match["unit"] not in ("ساله", "سال"):
        return years <= _MOST_AGE
    before = text[max(match.start() - _LONGEST_SIGN, 0) : match.start()]
    return _SOMEBODY.search(before) is not None


def _named_ones(text: str) -> Iterator[QuasiSpan]:
    """Cities and rare diseases, by their words: a pattern of all of them would be slow."""
    cities, diseases, first_words = _cities(), _rare_diseases(), _first_words()
    words = list(_WORD.finditer(text))
    for place, word in enumerate(words):
        if _joined(word.group()) not in first_words:
            continue
        for last in reversed(words[place : place + _LONGEST_NAME]):
            name = text[word.start() : last.end()]
            key = _joined(name)
            before = text[max(word.start() - _LONGEST_SIGN, 0) : word.start()]
            if key in diseases:
                yield QuasiSpan(word.start(), last.end(), "rare_disease")
            elif key in cities and (not cities[key].is_word or _OF_PLACE.search(before)):
                town = _TOWN.search(before)
                start = word.start() - (len(town.group()) if town else 0)
                yield QuasiSpan(start, last.end(), "city")
            else:
                continue
            break


def _years(number: str) -> int:
    if number.isdigit():
        return int(number)
    return sum(_WORDS[word] for word in number.split(" و "))


def _coarse_age(text: str, folded: str, span: QuasiSpan) -> str:
    match = _AGE.match(folded, span.start) or _STATED_AGE.match(folded, span.start)
    assert match is not None  # noqa: S101 - a span of this kind is one of the two patterns
    low = coarse_years(_years(match["number"]))
    start, end = match.span("number")
    digits = _digits_like(text[start:end])
    before, after = text[span.start : start], text[end : span.end]
    if low == _LAST_SPAN:
        return before + f"{low}".translate(digits) + after + " و بیشتر"
    return before + f"{low} تا {low + _SPAN - 1}".translate(digits) + after


def _digits_like(number: str) -> dict[int, str]:
    """Digits in the script of a number; Persian for one in words."""
    zero = ord("0") if number.isascii() else ord("٠") if "٠" <= number[0] <= "٩" else ord("۰")
    return {ord("0") + digit: chr(zero + digit) for digit in range(10)}


def _province(folded: str, span: QuasiSpan) -> str | None:
    if folded[: span.start].endswith("استان "):
        return None
    name = folded[span.start : span.end]
    city = _cities().get(_key(name)) or _cities()[_key(name.partition(" ")[2])]
    return f"استان {city.province}"


def _key(name: str) -> str:
    return _joined(fold(name))


def _joined(folded: str) -> str:
    """A name without what stands between its words; anything but spaces makes it another."""
    return folded.replace("\u200c", "").replace(" ", "")


@cache
def _cities() -> dict[str, City]:
    # Of two cities of one name the first is meant.
    return {_key(city.name): city for city in reversed(cities())}


@cache
def _rare_diseases() -> frozenset[str]:
    return frozenset(map(_key, listed_lines("rare_diseases.txt")))


@cache
def _first_words() -> frozenset[str]:
    """What a name may begin with; one in a ZWNJ's place may be written with a space."""
    names = [*(city.name for city in cities()), *listed_lines("rare_diseases.txt")]
    return frozenset(
        _key(word) for name in names for word in (name, re.split("[ \u200c]", name)[0])
    )
