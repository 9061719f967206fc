"""Numbers of English and Persian texts in one spelling: words as digits, no grouping signs.

A text whose numbers are spelled out is what every other check reads: "seven days" and «هفت هفته»
differ in their unit alone once both are digits.
"""

import re
import unicodedata
from collections import Counter
from typing import Literal

type Language = Literal["en", "fa"]

_ENGLISH = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "one": 1,
}  # fmt: skip
_PERSIAN = {
    "یک": 1, "دو": 2, "سه": 3, "چهار": 4, "پنج": 5, "شش": 6, "هفت": 7, "هشت": 8, "نه": 9,
    "ده": 10, "یازده": 11, "دوازده": 12, "سیزده": 13, "چهارده": 14, "پانزده": 15, "شانزده": 16,
    "هفده": 17, "هجده": 18, "هیجده": 18, "نوزده": 19, "بیست": 20, "سی": 30, "چهل": 40,
    "پنجاه": 50, "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90, "صد": 100, "یکصد": 100,
    "دویست": 200, "سیصد": 300, "چهارصد": 400, "پانصد": 500, "ششصد": 600, "هفتصد": 700,
    "هشتصد": 800, "نهصد": 900,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9,
    "هزار": 1000, "میلیون": 10**6, "میلیارد": 10**9,
}  # fmt: skip
# What is counted: «نه» before it is nine and not "no", «سی» thirty and not the letter C.
COUNTED = (
    r"(?:بار|روز(?!انه)|شب|ماه(?!ی|انه)|سال(?!م|انه)|هفته|ساعت|دقیقه|ثانیه|قرص|عدد|نفر|مرتبه|"
    r"نوبت|دفعه|دوز|کپسول|تا(?![آ-ی])|"
    r"مورد|نوع|درصد|میلی|سانتی|گرم|کیلو|واحد|لیتر|بیمار|زن|مرد|کودک|قطره|پاف|پوند|درجه|هزار|میلیون|"
    r"گروه|مرحله|عضو|جلد|برابر|تن(?![آ-ی])|دندان|مهره|جفت)"
)
_EN_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_EN_SCALE = "hundred|thousand|million|billion"
_EN = re.compile(
    rf"\b(?:(?:{_EN_WORD})(?:[ -](?:and )?(?:{_EN_WORD}|{_EN_SCALE})\b)*|"
    rf"an? (?:{_EN_SCALE})(?: (?:and )?(?:{_EN_WORD})\b)*|"
    rf"\d+(?:\.\d+)? (?:{_EN_SCALE}))\b(?!-hand)",
    re.IGNORECASE,
)
_FA_PLAIN = "|".join(sorted(_PERSIAN.keys() - {"نه", "سی", "دو"}, key=len, reverse=True))
_FA_ANY = "|".join(sorted(_PERSIAN, key=len, reverse=True))
_FA_SCALE = "هزار|میلیون|میلیارد"
_FA = re.compile(
    r"(?<![\u0621-\u06cc\u200c])"
    rf"(?:نه(?=[ \u200c]{COUNTED})|(?<!هر )(?<!این )(?<!آن )دو|"
    r"(?<=هر )دو(?=[ \u200c](?:ماه|سال|هفته|روز|شب|ساعت|دقیقه)(?![آ-ی]))|"
    r"(?<!تامین )(?<!هپاتیت )(?<!سی )(?<!پی )(?<!بی )(?<!نوع )"
    rf"سی(?= {COUNTED}|(?: ?و ?|\u200cو\u200c?)(?:{_FA_ANY})(?![آ-ی])|\u200c(?:ساله|روزه|درصد))|"
    rf"(?:\d+(?:\.\d+)?|{_FA_PLAIN})(?=[ \u200c](?:{_FA_SCALE}))|{_FA_PLAIN}|هزار)"
    rf"(?:(?: ?و ?|\u200cو\u200c?|[ \u200c])(?:{_FA_ANY}|{_FA_SCALE})(?![\u0621-\u06cc]))*"
    r"(?=(?:گانه|تا|ماهه|ساله|روزه|نفره)(?![آ-ی])|هفته|(?![\u0621-\u06cc]))"
)
_FA_PART = re.compile(rf"\d+(?:\.\d+)?|{_FA_ANY}|{_FA_SCALE}|[ \u200cو]+")
_GROUPED = re.compile(r"(?<![\d.,٬])\d{1,3}(?:[,٬،]\d{3})+(?![\d])")
_HALVES = (
    (re.compile(r"\bone(?: [a-z]+)? and a half\b", re.IGNORECASE), "1.5"),
    (re.compile(r"(?<![\u0621-\u06cc])یک ([\u0621-\u06cc]+) و نیم(?![\u0621-\u06cc])"), r"1.5 \1"),
    (re.compile(r"(?<![\u0621-\u06cc])یک و نیم(?![\u0621-\u06cc])"), "1.5"),
    (re.compile(r"\b(\d+)(?: [a-z]+)?[ -]and[ -](?:a[ -]half|1/2)\b", re.IGNORECASE), r"\1.5"),
    (re.compile(r"\ban? (hour|day|week|month|year|tablet|pill) and a half\b", re.I), r"1.5 \1s"),
    (re.compile(r"(?<!\d)(\d+) ([\u0621-\u06cc]+) و نیمه?(?![\u0621-\u06cc])"), r"\1.5 \2"),
    (re.compile(r"(?<!\d)(\d+)[ \u200c]?و[ \u200c]?نیم(?![\u0621-\u06cc])"), r"\1.5"),
)
_FRACTIONS = {
    "en": (
        ("2/3", re.compile(r"\b(?:two|2)[ -]thirds?\b|\b2/3(?![\d/])", re.I)),
        ("3/4", re.compile(r"\b(?:three|3)[ -]quarters?\b|\b3/4(?![\d/])", re.I)),
        ("1/3", re.compile(r"\b(?:one|1)[ -]third\b|\ba third of\b|\b1/3(?![\d/])", re.I)),
        ("1/4", re.compile(r"\b(?:(?:one|1|an?)[ -])?quarters?\b(?! of an hour)|"
                           r"\bone[ -]fourth\b|\b1/4(?![\d/])|¼", re.I)),
        ("1/5", re.compile(r"\b(?:one|1|a)[ -]fifth\b|\b1/5(?![\d/])", re.I)),
        ("1/2", re.compile(
            r"\bhalf\b(?![ -]?(?:li[fv]es?|brother|sister|way|term)\b)|\b1/2(?![\d/])|½|\bhalves\b",
            re.I,
        )),
    ),
    "fa": (
        ("2/3", re.compile(r"(?:دو|2)[ \u200c]?سوم(?![آ-ی])|(?<![\d/])2/3(?![\d/])")),
        ("3/4", re.compile(r"(?:سه|3)[ \u200c]?چهارم(?![آ-ی])|(?<![\d/])3/4(?![\d/])")),
        ("1/3", re.compile(r"(?:یک|1)[ \u200c]?سوم(?![آ-ی])|ثلث|(?<![\d/])1/3(?![\d/])")),
        ("1/4", re.compile(r"(?:یک|1)[ \u200c]?چهارم(?![آ-ی])|(?<![آ-ی])ربع|"
                           r"(?<![\d/])1/4(?![\d/])|¼")),
        ("1/5", re.compile(r"(?:یک|1)[ \u200c]?پنجم(?![آ-ی])|(?<![\d/])1/5(?![\d/])")),
        ("1/2", re.compile(
            r"(?<![آ-ی])(?:نصف|نیمی?(?![آ-ی])(?!\u200c?(?:رخ|عمر|کره|ه|تنه))(?! تنه)|(?:یک|"
            r"1)[ \u200c]?دوم(?![آ-ی]))"
            r"|(?<![\d/])1/2(?![\d/])|½",
        )),
    ),
}  # fmt: skip
_PERCENT_OF = {"1/2": "50", "1/4": "25", "3/4": "75", "1/3": "33", "2/3": "67", "1/5": "20"}


def spell_numbers(text: str, language: Language) -> str:
    """The text with numbers in words as digits, thousands joined, a half added to its number.

    Example:
        >>> spell_numbers("Twenty-five of 6,000 patients", "en")
        '25 of 6000 patients'
        >>> spell_numbers("بیست و پنج نفر از شش هزار", "fa")
        '25 نفر از 6000'
    """
    text = as_digits(text).replace("٫", ".")
    text = _GROUPED.sub(lambda found: re.sub(r"\D", "", found.group()), text)
    if language == "en":
        text = re.sub(r"\btwice\b", "2 times", text, flags=re.IGNORECASE)
        text = re.sub(r"\bthrice\b", "3 times", text, flags=re.IGNORECASE)
        text = re.sub(r"\bb\.?i\.?d\b\.?", "2 times a day", text, flags=re.IGNORECASE)
        text = re.sub(r"\bt\.?i\.?d\b\.?", "3 times a day", text, flags=re.IGNORECASE)
        text = re.sub(r"\bq\.?i\.?d\b\.?", "4 times a day", text, flags=re.IGNORECASE)
        text = re.sub(r"\bq\.?(\d{1,2})\.?h\b\.?", r"every \1 hours", text, flags=re.IGNORECASE)
        for fraction, pattern in _FRACTIONS["en"][:5]:
            text = pattern.sub(f" {fraction} ", text)
        text = _EN.sub(_english_digits, text)
    else:
        for fraction, pattern in _FRACTIONS["fa"][:5]:
            text = pattern.sub(f" {fraction} ", text)
        text = text.replace("دوبار", "دو بار") if "دوباره" not in text else text
        text = _FA.sub(_persian_digits, text)
    for half, put in _HALVES:
        text = half.sub(put, text)
    return text


def as_digits(text: str) -> str:
    """The text with digits of any script as ASCII; every place stays where it was."""
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )


def fractions_of(text: str, language: Language) -> Counter[str]:
    """The fractions of a text of spelled numbers, as "1/2"; and the text is free of them after."""
    found: Counter[str] = Counter()
    for fraction, pattern in _FRACTIONS[language]:
        found[fraction] = len(pattern.findall(text))
    return +found


def percent_of(fraction: str) -> str:
    """The whole percentage that a fraction is: "50" of "1/2"."""
    return _PERCENT_OF[fraction]


def without_fractions(text: str, language: Language) -> str:
    """The text less its fractions."""
    for _, pattern in _FRACTIONS[language]:
        text = pattern.sub(" ", text)
    return text


def _english_digits(found: re.Match[str]) -> str:
    words = [word for word in re.split(r"[ -]", found.group().casefold()) if word != "and"]
    if words == ["one"]:
        return found.group()
    values = [1.0 if word in ("a", "an") else _value(word) for word in words]
    return _told(values, found.group())


def _persian_digits(found: re.Match[str]) -> str:
    parts = [part for part in _FA_PART.findall(found.group()) if part.strip(" \u200cو")]
    if parts == ["یک"]:
        return found.group()
    return _told([_value(part) for part in parts], found.group())


def _value(word: str) -> float:
    value = _ENGLISH.get(word) or _PERSIAN.get(word) or _SCALES.get(word)
    return float(word) if value is None else float(value)


def _told(values: list[float], written: str) -> str:
    """One number where the parts make one ("two hundred", «صد و بیست»), else each by itself."""
    numbers: list[float] = []
    scaled = 0.0  # what stands before the last scale, of the number that is being made
    for value in values:
        if not numbers:
            numbers.append(value)
        elif value >= 100 and value in _SCALES.values() and numbers[-1] - scaled < value:
            numbers[-1] = scaled + (numbers[-1] - scaled or 1.0) * value
            scaled = numbers[-1] if value >= 1000 else scaled
        elif _fits(numbers[-1], value):
            numbers[-1] += value
        else:
            numbers.append(value)
            scaled = 0.0
    joint = " و " if " و " in written else " and " if " and " in written.casefold() else " "
    return joint.join(f"{number:.10g}" if number < 1e10 else str(int(number)) for number in numbers)


def _fits(before: float, value: float) -> bool:
    """Whether a smaller part goes on with a number: five after twenty, twenty after hundred."""
    free = 1
    while free <= 10**9 and before % (free * 10) == 0:
        free *= 10
    return before >= 20 and value < free
