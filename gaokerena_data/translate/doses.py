"""Doses and counts in English and in Persian, as one spelling that can be compared."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

_UNITS: dict[str, tuple[str, ...]] = {
    "mg": ("mg", "milligrams?", r"میلی[\u200c ]?گرم\w*"),
    "mcg": ("mcg", "µg", "ug", "micrograms?", r"میکرو[\u200c ]?گرم\w*"),
    "kg": ("kg", "kilograms?", "kilos?", r"کیلو[\u200c ]?گرم\w*", "کیلو"),
    "g": ("g", "grams?", "gr", r"گرم\w*"),
    "ml": ("ml", "milliliters?", "millilitres?", "cc", r"میلی[\u200c ]?لیتر\w*", r"سی[\u200c ]?سی"),
    "l": ("l", "liters?", "litres?", r"لیتر\w*"),
    "dl": ("dl", "deciliters?", r"دسی[\u200c ]?لیتر\w*"),
    "IU": ("iu", "units?", "u", r"واحد\w*"),
    "%": ("%", "٪", "percent", "درصد"),
    "mmHg": ("mmhg", r"میلی[\u200c ]?متر جیوه"),
    "cm": ("cm", "centimeters?", r"سانتی[\u200c ]?متر\w*"),
    "mm": ("mm", "millimeters?", r"میلی[\u200c ]?متر\w*"),
    "mmol": ("mmol", "millimoles?", r"میلی[\u200c ]?مول\w*"),
    "hours": ("hours?", "hrs?", "h", r"ساعت\w*"),
    "days": ("days?", r"روز\w*"),
    "weeks": ("weeks?", r"هفته\w*"),
    "months": ("months?", r"ماه\w*"),
    "years": ("years?", r"سال\w*"),
    "minutes": ("minutes?", "mins?", r"دقیقه\w*"),
}
# Of what a patient takes: without its unit such a number is another dose.
MASSES = frozenset({"mg", "mcg", "g", "ml", "IU", "kg", "l", "mmol"})
_NUMBER = r"\d+(?:[.,٫/]\d+)*"
_DOSE = re.compile(
    rf"(?<![\w.])(?P<number>{_NUMBER})(?:\s?(?:-|–|to|تا)\s?(?P<to>{_NUMBER}))?[\s\u200c-]?(?:"
    + "|".join(
        rf"(?P<u{place}>{'|'.join(sorted(forms, key=len, reverse=True))})"
        for place, forms in enumerate(_UNITS.values())
    )
    + r")(?![\w])",
    re.IGNORECASE,
)
_UNIT_OF = {f"u{place}": unit for place, unit in enumerate(_UNITS)}

_ENGLISH = {
    "twice": 2, "two": 2, "thrice": 3, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_PERSIAN = {
    "دو": 2, "دوبار": 2, "سه": 3, "چهار": 4, "پنج": 5, "شش": 6, "هفت": 7, "هشت": 8, "نه": 9,
    "ده": 10, "یازده": 11, "دوازده": 12, "سیزده": 13, "چهارده": 14, "پانزده": 15, "شانزده": 16,
    "هفده": 17, "هجده": 18, "نوزده": 19, "بیست": 20, "سی": 30, "چهل": 40, "پنجاه": 50,
    "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90, "صد": 100, "هزار": 1000,
}  # fmt: skip
# «هر دو» and "both" are said of what is not counted; «نه» is "no" but before what can be counted,
# «سی» the half of «سی‌سی», «صد» of «درصد».
COUNTED = (
    r"(?:بار|روز|ماه|سال|هفته|ساعت|دقیقه|قرص|عدد|نفر|مرتبه|دوز|کپسول|تا|مورد|نوع|درصد|میلی|گرم)"
)
_WORDS = {
    "en": re.compile(rf"\b(?:{'|'.join(_ENGLISH)})\b", re.IGNORECASE),
    "fa": re.compile(
        r"(?<![آ-ی\u200c])"
        rf"(?:نه(?= {COUNTED})|(?<!هر )(?<!این )(?<!آن )دو|سی(?![\u200c ]سی)(?<!سی[\u200c ]سی)|"
        rf"{'|'.join(sorted(_PERSIAN.keys() - {'نه', 'سی', 'دو'}, key=len, reverse=True))})"
        r"(?! حلقه| دسته|\u200c?حلقه)(?:گانه|تا|ماهه|ساله|روزه|هفته\u200cای)?(?![آ-ی])"
    ),
}
_DIGITS = re.compile(_NUMBER)


@dataclass(frozen=True, slots=True)
class Dose:
    """A number with its unit at its place in a text; `told` is "500 mg" in any language."""

    told: str
    start: int
    end: int


def doses_of(text: str) -> list[Dose]:
    """The numbers with units of a text, in order; a range is a dose for each of its ends."""
    found: list[Dose] = []
    for match in _DOSE.finditer(_digits(text)):
        unit = next(_UNIT_OF[name] for name in _UNIT_OF if match[name] is not None)
        ends = [number for number in (match["number"], match["to"]) if number is not None]
        found += [Dose(f"{number.replace('٫', '.')} {unit}", *match.span()) for number in ends]
    return found


def times_of(text: str, language: Literal["en", "fa"]) -> Counter[str]:
    """The numbers of a text from two on, in digits or in words.

    "One" and «یک» are articles as often as numbers, and are not counted.
    """
    plain = _digits(text)
    numbers = Counter(
        number.replace("٫", ".") for number in _DIGITS.findall(plain) if number not in ("0", "1")
    )
    values = _ENGLISH if language == "en" else _PERSIAN
    for match in _WORDS[language].finditer(plain):
        word = match.group().casefold()
        value = values.get(word) or next(v for w, v in values.items() if word.startswith(w))
        numbers[str(value)] += 1
    return numbers


def _digits(text: str) -> str:
    """The text with digits of any script as ASCII; every place stays where it was."""
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )
