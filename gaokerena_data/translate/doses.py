"""Doses, counts and rates in English and in Persian, as one spelling that can be compared."""

import re
from collections import Counter
from dataclasses import dataclass

from gaokerena_data.translate.numbers import (
    Language,
    as_digits,
    fractions_of,
    percent_of,
    spell_numbers,
    without_fractions,
)

_UNITS: dict[str, tuple[str, ...]] = {
    "mg": ("mg", "milligrams?", r"میلی[\u200c ]?گرم\w*"),
    "mcg": ("mcg", "µg", "ug", "micrograms?", r"میکرو[\u200c ]?گرم\w*"),
    "kg": ("kg", "kilograms?", "kilos?", r"کیلو[\u200c ]?گرم\w*", "کیلو"),
    "g": ("g", "grams?", "gr", r"گرم\w*"),
    "lb": ("lbs?", "pounds?", r"پوند\w*"),
    "oz": ("oz", "ounces?", r"اونس\w*"),
    "ml": ("ml", "milliliters?", "millilitres?", "cc", r"میلی[\u200c ]?لیتر\w*", r"سی[\u200c ]?سی"),
    "l": ("l", "liters?", "litres?", r"لیتر\w*"),
    "dl": ("dl", "deciliters?", r"دسی[\u200c ]?لیتر\w*"),
    "IU": ("iu", "units?", "u", r"واحد\w*"),
    "%": ("%", "٪", "percent", "درصد"),
    "mmHg": ("mmhg", r"میلی[\u200c ]?متر جیوه"),
    "cm": ("cm", "centimeters?", r"سانتی[\u200c ]?متر\w*"),
    "mm": ("mm", "millimeters?", r"میلی[\u200c ]?متر\w*"),
    "inches": ("inch(?:es)?", r"اینچ\w*"),
    "mmol": ("mmol", "millimoles?", r"میلی[\u200c ]?مول\w*"),
    "°F": ("°\\s?f", "degrees? f(?:ahrenheit)?", "fahrenheit", r"(?:درجه[ٔی\u200c]*\s?)?فارنهایت"),
    "°C": (
        "°\\s?c", "degrees? c(?:elsius)?", "celsius",
        r"(?:درجه[ٔی\u200c]*\s?)?(?:سانتی[\u200c ]?گراد|سلسیوس)",
    ),
    "hours": ("hours?", "hrs?", "h", r"ساعت\w*"),
    "days": ("days?", r"روز\w*"),
    "weeks": ("weeks?", r"هفته\w*"),
    "months": ("months?", r"ماه\w*"),
    "years": ("years?", r"سال(?!م)\w*"),
    "minutes": ("minutes?", "mins?", r"دقیقه\w*"),
}  # fmt: skip
# Of what a patient takes: without its unit such a number is another dose.
MASSES = frozenset({"mg", "mcg", "g", "ml", "IU", "kg", "l", "mmol", "lb", "oz"})
# Bounded, so that a long run of digits and commas is read once.
_NUMBER = r"\d{1,15}(?:[.,٫/]\d{1,15}){0,3}"
_UNIT = "|".join(
    rf"(?P<u{place}>{'|'.join(sorted(forms, key=len, reverse=True))})"
    for place, forms in enumerate(_UNITS.values())
)
_DOSE = re.compile(
    rf"(?<![\w.])(?P<number>{_NUMBER})(?:\s?(?:-|–|to|تا)\s?(?P<to>{_NUMBER}))?[\s\u200c-]{{0,3}}"
    rf"(?:{_UNIT})(?![\w])",
    re.IGNORECASE,
)
_UNIT_OF = {f"u{place}": unit for place, unit in enumerate(_UNITS)}
_DIGITS = re.compile(_NUMBER)
# English words with a number in them, which Persian may say as one: "both legs", «دو پا».
_WITHIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ((r"bi(?:lateral|polar|cuspid|ceps|week|month|annual|furc|focal|modal|phas|valen)\w*|dual\w*|"
     r"doubl\w+|double|twins?|\w*twofold|both|pairs?|coupl\w+|fortnight\w*|diplo\w+|second\w*|"
     r"every other|alternate|half|halves|either|di(?:meric|atomic|chot)\w*"), ("2",)),
    ((r"tri(?:cycl|mester|cuspid|gemin|ceps|pl|som|val|chot|umvir|angul)\w*|third\w*|"
     r"threefold"), ("3",)),
    (r"quad\w+|fourth\w*|tetra\w+|fourfold", ("4",)),
    (r"quint\w+|fifth\w*|penta\w+", ("5",)),
    (r"dozens?", ("12",)),
    (r"fortnight\w*", ("14",)),
    (r"decades?|tenfold", ("10",)),
    (r"centur\w+|hundreds?", ("100",)),
    (r"thousands?", ("1000",)),
    (r"half an hour|half-hour", ("30",)),
    (r"quarter of an hour", ("15",)),
    (r"day and night|around the clock|daily|a day|every day", ("24",)),
    (r"weekly|a week|1 week|one week", ("7",)),
    (r"hepta\w+", ("7",)), (r"octo\w+", ("8",)),
)  # fmt: skip
_WITHIN_ENGLISH = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), values) for words, values in _WITHIN
)
_DECADES = {
    "twenties": "20", "thirties": "30", "forties": "40", "fifties": "50", "sixties": "60",
    "seventies": "70", "eighties": "80", "nineties": "90", "teens": "10",
}  # fmt: skip
_ROMAN = re.compile(r"(?<![A-Za-z.])(?:X{0,1}(?:IX|IV|V?I{1,3}|V)|X)(?![A-Za-z'’.]\w)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_ENGLISH_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_PERSIAN_ORDINALS = {
    "دوم": 2, "سوم": 3, "چهارم": 4, "پنجم": 5, "ششم": 6, "هفتم": 7, "هشتم": 8, "نهم": 9,
    "دهم": 10, "یازدهم": 11, "دوازدهم": 12,
}  # fmt: skip
_EN_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ENGLISH_ORDINALS)})\b|\b(\d+)(?:st|nd|rd|th)\b", re.I)
_FA_ORDINAL = re.compile(
    r"(?<![\u0621-\u06cc])(?:(?<!انجام )(?<!قرن )(?!دهم(?![آ-ی]))|"
    r"(?<=روز )|(?<=هفته )|(?<=ماه )|(?<=عصب )|(?<=مهره )|(?<=سال )|(?<=قرن ))"
    rf"(?:{'|'.join(_PERSIAN_ORDINALS)})(?:ین)?(?![\u0621-\u06cc])"
)
# Persian number words that say more, or less, than a number: «دو برابر», «سه‌قلو», «شبانه‌روز».
_LOOSE_PERSIAN = (
    (re.compile(r"شبانه[\u200c ]?روز"), ("24", "7")),
    (re.compile(r"(?:هر|این|آن) دو(?![آ-ی])"), ("2",)),
    (re.compile(r"30 دقیقه"), ("1/2",)),
    (re.compile(r"15 دقیقه"), ("1/4",)),
    (
        re.compile(
            r"(?<![\d.])(\d+)\u200c(?!ساله|ماهه|روزه|هفته|بار|تا|درصد|میلی|سانتی|گرم|"
            r"کیلو)"
        ),
        (),
    ),
)


@dataclass(frozen=True, slots=True)
class Dose:
    """A number with its unit at its place in a text; `told` is "500 mg" in any language."""

    told: str
    start: int
    end: int


def doses_of(text: str) -> list[Dose]:
    """The numbers with units of a text, in order; a range is a dose for each of its ends."""
    found: list[Dose] = []
    for match in _DOSE.finditer(as_digits(text)):
        unit = next(_UNIT_OF[name] for name in _UNIT_OF if match[name] is not None)
        ends = [number for number in (match["number"], match["to"]) if number is not None]
        found += [Dose(f"{number.replace('٫', '.')} {unit}", *match.span()) for number in ends]
    return found


def times_of(text: str, language: Language) -> Counter[str]:
    """The numbers of a text from two on, in digits, words or ordinals, and its fractions.

    "One" and «یک» are articles as often as numbers, and are not counted.
    """
    spelled = spell_numbers(text, language)
    fractions = fractions_of(spelled, language)
    plain = without_fractions(spelled, language)
    numbers = Counter(n for n in _DIGITS.findall(plain) if n not in ("0", "1"))
    if language == "en":
        for match in _EN_ORDINAL.finditer(plain):
            if match[1] is None:
                numbers[str(_ENGLISH_ORDINALS[match.group().casefold()])] += 1
    else:
        for match in _FA_ORDINAL.finditer(plain):
            numbers[str(_PERSIAN_ORDINALS[match.group().removesuffix("ین")])] += 1
    return numbers + fractions


def compare_times(source: str, translation: str) -> tuple[Counter[str], Counter[str]]:
    """The numbers that a translation lost, and those that it added.

    Args:
        source: English.
        translation: Persian; its «۲/۵» is 2.5 where the source has that decimal.
    """
    before, after = times_of(source, "en"), times_of(translation, "fa")
    lost, added = before - after, after - before
    may_be_added = _may_be_said(source)
    may_be_lost: Counter[str] = Counter()
    spelled = spell_numbers(translation, "fa")
    for pattern, values in _LOOSE_PERSIAN:
        for match in pattern.finditer(spelled):
            may_be_lost.update(values)
            if match.groups() and match[1] in added:
                added[match[1]] -= 1  # «سه‌قلو», «چهار‌سر»: a name and no count
    for fraction in [part for part in lost if "/" in part and len(part) == 3]:
        if (percent := percent_of(fraction) if fraction in _fractions() else "") in added:
            lost[fraction], added[percent] = 0, 0
    for fraction in [part for part in added if part in _fractions()]:
        if percent_of(fraction) in lost:
            added[fraction], lost[percent_of(fraction)] = 0, 0
    for number in list(added):
        added[number] -= may_be_added[number]
    for number in list(lost):
        if may_be_lost[number] or number == "24/7":
            lost[number] = 0
    return +lost, +added


def _fractions() -> frozenset[str]:
    return frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "1/5"})


def _may_be_said(source: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for pattern, values in _WITHIN_ENGLISH:
        for _ in pattern.findall(source):
            found.update(values)
    for word, value in _DECADES.items():
        if word in source.casefold():
            found[value] += 1
    for match in _ROMAN.finditer(source):
        found[str(_roman(match.group()))] += 1
    return found


def _roman(letters: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(
        -value if any(later > value for later in values[place + 1 :]) else value
        for place, value in enumerate(values)
    )
