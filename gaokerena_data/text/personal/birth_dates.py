"""Dates of birth, Jalali and Gregorian. A year alone is an age, and stays."""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.number_words import TEENS, TENS, UNITS
from gaokerena_data.text.personal.span import Span, has_any, places_of

JALALI_MONTHS = "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
_MONTH = (
    rf"{JALALI_MONTHS}|امرداد|ابان|اذر|"
    "ژانویه|فوریه|مارس|آوریل|اوریل|مه|می|ژوئن|ژوئیه|جولای|ژولای|اوت|آگوست|اگوست|سپتامبر|"
    "اکتبر|نوامبر|دسامبر|"
    # Afghanistan's
    "حمل|ثور|جوزا|سرطان|اسد|سنبله|میزان|عقرب|قوس|جدی|دلو|حوت|"
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_YEAR = r"(?:1[34]\d\d|19\d\d|20[0-2]\d|['’]?\d\d)"
_ONES = "|".join([*UNITS, "شیش"])
_YEAR_IN_WORDS = (
    rf"(?:هزار و (?:سیصد|نهصد) و )?(?:{'|'.join(TENS)})(?: و (?:{_ONES}))?+"
    r"(?![آ-ی]| (?:هفت|روز|ماه|ساعت))"
)
# «دوازدهم», «بیست و یکم».
_DAY_IN_WORDS = (
    rf"(?:(?:بیست|سی)(?: و (?:{_ONES}))?|{_ONES}|{'|'.join(TEENS)}|اول|سو)"
    r"[\u200c]?(?:ا?م)?"
)
_APART = "(?:(?<![آ-ی])|(?<=[^آ-ی]و))"  # «واسفند ۹۸»
_SIGN = r" ?[/\-.\\_] ?"
_DATE = (
    rf"(?:{_YEAR}{_SIGN}\d{{1,2}}{_SIGN}\d{{1,2}}|\d{{1,2}}{_SIGN}\d{{1,2}}{_SIGN}{_YEAR}|"
    rf"(?:\d{{1,2}}(?:ام|م|st|nd|rd|th)?[ \u200c]{{0,2}})?{_APART}(?:{_MONTH})"
    r"(?![آ-یA-Za-z])(?: ?ماه)?,?"
    rf"(?: ?\d{{1,2}},)?(?: ?(?:سال|در سال))? ?{_YEAR}|"
    rf"(?:{_DAY_IN_WORDS} )?{_APART}(?:{_MONTH})(?: ?ماه)?(?: سال)? (?:{_YEAR_IN_WORDS}|{_YEAR})|"
    # «۴۷ می تواند» is no day of May.
    rf"\d{{1,2}} ?(?!می |مه )(?:{_MONTH})(?![آ-ی])(?: ?ماه)?|"
    rf"{_DAY_IN_WORDS} (?:{JALALI_MONTHS}|ابان|اذر)(?![آ-ی]))(?!\d)"
)
_BORN = re.compile(
    r"(?<![آ-ی])(?:(?:تاریخ|روز|ت\.) ?(?:دقیق )?تولد(?:م|ش|شون|مون)?|متولد(?:ین)?|"
    r"زاده(?:[ \u200c]?ی)?|"
    r"تولد (?:پسرم|دخترم|فرزندم|نوزادم|بچه?‌?ا?م|خودم|همسرم|کودکم)|"
    r"(?:زایمان|سزارین)(?: طبیعی)? (?:کردم|شدم|کرده بودم|شده بودم)|"
    r"(?:به )?دنیا (?:آمده|اومده|آمدم|اومدم|آمد|اومد)(?:ام)?|تولدم)"
    r"(?: (?:من|بنده|بیمار|پسرم|دخترم|همسرم|مادرم|پدرم|ایشان|کودک|نوزاد))?(?:[ :：]{1,3}|(?=\d))"
    rf"(?:(?:در|به|روز|تاریخ|مورخ|سال|ماه|هست|است)[ :]{{1,2}}){{0,3}}({_DATE})"
)
_BORN_WORDS = ("تاریخ", "روز تولد", "ت. تولد", "متولد", "زاده", "دنیا", "تولد", "زایمان", "سزارین")
# «زایمانم ۱۵ تیر بود»: one that is to come is no birth.
_WAS_BORN = re.compile(
    rf"(?<!احتمالی )(?:زایمان|سزارین)(?:م|ش|مون)(?: طبیعی)?[ :]{{1,2}}"
    rf"(?:(?:در|به|روز|تاریخ|سال|ماه)[ :]{{1,2}}){{0,2}}({_DATE})(?= ?بود)"
)
_LATIN_BORN = re.compile(
    rf"(?:[Bb]orn (?:on )?|[Dd]ate of [Bb]irth ?:? ?|DOB ?:? ?|[Bb]irth ?date ?:? ?)({_DATE})"
)
# «… به دنیا آمدم», «… به من دختری عطا کرد»: the date stands before.
_BEFORE = re.compile(
    rf"(?<![\d/])({_DATE})"
    r"(?P<between>(?:[^.؟?!؛\n\0\d]|(?<=وزن )\d{3,4}|(?<=هفته )\d\d|(?<=ساعت )\d{1,2}){0,45})\Z"
)
# What else may have been on that day.
_ELSE = re.compile(
    "پریود|قاعدگ|اقدام|سونو|انتقال|باردار|حامله|سقط|عمل|واکسن|رابطه|نزدیکی|آزمایش|تست| و "
)
_CAME = re.compile(
    r"(?:دنیا|متولد) (?:آم|ام|اوم|(?P<later>میا|می\u200cآ)|شد|هستم|هستش)|"
    r"(?:کودک|فرزند|دختر|پسر|نوزاد|طفل)ی?(?: را)? (?:عطا|داد|هدیه)|"
    r"(?:عمل )?(?:زایمان|سزارین)(?: طبیعی| سزارین| ?\([^()\d]{0,30}\))?(?: رو| را)? "
    r"(?:کردم|کرده|شدم|شده|داشتم|داشته|انجام)|فارغ شد|"
    # «هشت آبان یکساله می‌شود»
    rf"(?:{_ONES}|\d{{1,2}}) ?ساله (?:می ?\u200c?ش|شد)"
)
_CAME_WORDS = (
    "دنیا",
    "متولد",
    "کودک",
    "فرزند",
    "دختر",
    "پسر",
    "نوزاد",
    "طفل",
    "زایمان",
    "سزارین",
    "فارغ",
    "عمل ",
    "ساله ",
)
_AGE = re.compile(rf"(?:{_ONES}|(?<!\d)\d{{1,2}}) ?\Z")
_NEAR = 4  # characters between a date and the word that it belongs to
_FARTHEST = 85  # characters that a date and what is between take before a word
_SIGNS = (
    *("تولد", "دنیا", "زاده", "عطا", "داد", "هدیه", "زایمان", "سزارین", "فارغ", "ساله م", "ساله ش"),
)


def find_birth_dates(text: str) -> Iterator[Span]:
    """Spans of dates of birth in a folded text."""
    if has_any(text, _SIGNS):
        for place in places_of(text, _BORN_WORDS):
            if match := _BORN.match(text, place):
                yield Span(*match.span(1), "birth_date")
        for place in places_of(text, ("زایمان", "سزارین")):
            if match := _WAS_BORN.match(text, place):
                yield Span(*match.span(1), "birth_date")
        for place in places_of(text, _CAME_WORDS):
            yield from _before_word(text, place)
    if has_any(text, ("orn ", "irth", "DOB")):
        for match in _LATIN_BORN.finditer(text):
            yield Span(*match.span(1), "birth_date")


def _before_word(text: str, place: int) -> Iterator[Span]:
    """The date before a word that says that somebody was born."""
    if text.startswith("ساله ", place):
        number = _AGE.search(text, max(place - 8, 0), place)
        place = number.start() if number else place
    came = _CAME.match(text, place)
    before = came and _BEFORE.search(text, max(place - _FARTHEST, 0), place)
    if not came or not before or _ELSE.search(before["between"]):
        return
    # «… دنیا میاد» away from a date is one that is expected.
    if not came["later"] or len(before["between"]) < _NEAR:
        yield Span(*before.span(1), "birth_date")
