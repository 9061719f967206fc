"""Dates as Persian sites write them, turned into ISO 8601."""

import re
from datetime import date, datetime

import jdatetime

JALALI_MONTHS = (
    ("فروردین",),
    ("اردیبهشت",),
    ("خرداد",),
    ("تیر",),
    ("مرداد", "امرداد"),
    ("شهریور",),
    ("مهر",),
    ("آبان", "ابان"),
    ("آذر", "اذر"),
    ("دی",),
    ("بهمن",),
    ("اسفند",),
)
GREGORIAN_MONTHS = (
    ("ژانویه", "جنوری", "january", "jan"),
    ("فوریه", "february", "feb"),
    ("مارس", "march", "mar"),
    ("آوریل", "اوریل", "آپریل", "april", "apr"),
    ("مه", "می", "may"),
    ("ژوئن", "جون", "june", "jun"),
    ("ژوئیه", "جولای", "ژوییه", "july", "jul"),
    ("اوت", "آگوست", "اگوست", "august", "aug"),
    ("سپتامبر", "september", "sep"),
    ("اکتبر", "october", "oct"),
    ("نوامبر", "november", "nov"),
    ("دسامبر", "december", "dec"),
)

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u200c": " ", "\u200f": None, "ـ": None})
_MONTHS = {
    name: (calendar, number)
    for calendar, months in (("jalali", JALALI_MONTHS), ("gregorian", GREGORIAN_MONTHS))
    for number, names in enumerate(months, start=1)
    for name in names
}
# Years of either calendar that a web page can carry; what lies between is a mistake, not a date.
_JALALI_YEARS = range(1370, 1430)
_GREGORIAN_YEARS = range(1990, 2060)

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_NUMERIC = re.compile(r"(?<!\d)(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?!\d)")
# Only of Jalali days is it known which of the two stands first: «۱۱/۵/۱۴۰۲» is in Mordad.
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})(?!\d)")
_WORDY = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s*(?:ام|م)\s|\s?)\s*([^\W\d_]{1,20})(?:\s+ماه)?\s*[،,]?\s*(\d{4})(?!\d)"
)
# A word begins where no letter stands before it: a page of one endless word is read once.
_WORDY_MONTH_FIRST = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,20})\s+(\d{1,2})\s*[،,]\s*(\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
# Which half of the day a clock of twelve hours means: behind the time, or before it.
_HALVES = {
    "before noon": r"ق ?\. ?ظ|ق ظ|قبل ?از ?ظهر|پیش از ?ظهر|صبح|بامداد|سحر|a ?\. ?m\b|am\b",
    "after noon": r"ب ?\. ?ظ|ب ظ|بعد ?از ?ظهر|پس از ?ظهر|ظهر|عصر|غروب|p ?\. ?m\b|pm\b",
    "night": r"نیمه ?شب|شب",
}
_HALF = "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _HALVES.items())
_HALF_BEHIND = re.compile(rf"\s?\(?(?:{_HALF})(?!\w)", re.IGNORECASE)
_HALF_BEFORE = re.compile(rf"(?<!\w)(?:{_HALF})\.?\)?\s?(?:ساعت\s?)?[:،,]?\s?$", re.IGNORECASE)
_BEFORE = 24  # letters before a time in which its half of the day may stand


def iso_date(text: str | None) -> str | None:
    """The first date in `text` as ISO 8601, or None where there is none.

    Jalali and Gregorian dates, numeric or with a month's name, in Persian, Arabic or Latin digits,
    with any weekday or label around them: «چهارشنبه ۱۱ مرداد ۱۴۰۲ - ۱۵:۳۰» is
    `2023-08-02T15:30:00`. A time of day is kept; an offset only where the page states one, since
    Iran's own has changed. Dates relative to now («۳ روز پیش») give None: they would make the
    record depend on the day it is extracted.
    """
    if not text:
        return None
    settled = " ".join(text.translate(_DIGITS).translate(_LETTERS).split())
    if exact := _exact(settled):
        return exact
    found = _day(settled)
    if found is None:
        return None
    day, rest = found
    clock = _CLOCK.search(rest)
    if clock is None:
        return day.isoformat()
    hour, minute, second = (int(part or 0) for part in clock.groups())
    hour = _of_24(hour, rest, clock)
    return datetime(day.year, day.month, day.day, hour, minute, second).isoformat()  # noqa: DTZ001


def _of_24(hour: int, text: str, clock: re.Match[str]) -> int:
    """The hour of the day that an hour of twelve is, by the words beside it."""
    before = text[max(clock.start() - _BEFORE, 0) : clock.start()]
    half = _HALF_BEHIND.match(text, clock.end()) or _HALF_BEFORE.search(before)
    if half is None or not 1 <= hour <= 12:
        return hour
    if half["before_noon"] or (half["night"] and (hour == 12 or hour < 6)):
        return hour % 12
    # «۱۱ ظهر» is before noon, whatever its word says.
    is_noon = half["after_noon"] == "ظهر" and hour in {10, 11}
    return hour if is_noon else hour % 12 + 12


def _exact(text: str) -> str | None:
    """A date-time that is ISO 8601 already and Gregorian, spelled one way."""
    found = _ISO.search(text)
    if found is None or _HALF_BEHIND.match(text, found.end()):
        return None
    try:
        moment = datetime.fromisoformat(found.group().replace(" ", "T"))
    except ValueError:
        return None
    return moment.isoformat(timespec="seconds") if moment.year in _GREGORIAN_YEARS else None


def _day(text: str) -> tuple[date, str] | None:
    """The first day that exists in a calendar, and the text around it (where a time may stand)."""
    for found in _NUMERIC.finditer(text):
        year, month, day = (int(part) for part in found.groups())
        calendar = "jalali" if year in _JALALI_YEARS else "gregorian"
        if known := _gregorian(calendar, year, month, day):
            return known, _around(text, found)
    for found in _YEAR_LAST.finditer(text):
        day, month, year = (int(part) for part in found.groups())
        if known := _gregorian("jalali", year, month, day):
            return known, _around(text, found)
    for found in _WORDY.finditer(text):
        if known := _named(found[2], found[3], found[1]):
            return known, _around(text, found)
    for found in _WORDY_MONTH_FIRST.finditer(text):
        if known := _named(found[1], found[3], found[2]):
            return known, _around(text, found)
    return None


def _named(month: str, year: str, day: str) -> date | None:
    name = month.lower()
    if name not in _MONTHS:
        name = name.removesuffix("ماه")
    calendar, number = _MONTHS.get(name, ("", 0))
    return _gregorian(calendar, int(year), number, int(day))


def _gregorian(calendar: str, year: int, month: int, day: int) -> date | None:
    try:
        if calendar == "jalali" and year in _JALALI_YEARS:
            converted: date = jdatetime.date(year, month, day).togregorian()
            return converted
        if calendar == "gregorian" and year in _GREGORIAN_YEARS:
            return date(year, month, day)
    except ValueError:
        return None
    return None


def _around(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " " + text[found.end() :]
