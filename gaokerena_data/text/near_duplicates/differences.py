"""What two nearly equal texts may not differ in: numbers, units, negations, drugs.

«به پنی‌سیلین حساسیت دارم» and «… ندارم» are one word apart, and so are 50 mg and 500 mg. A learner
needs both; who keeps one of them keeps an answer to another question.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from typing import Literal, get_args

from gaokerena_data.text.compared_words import drug_spellings
from gaokerena_data.text.personal.span import fold

Difference = Literal["number", "unit", "negation", "drug"]
DIFFERENCES: tuple[Difference, ...] = get_args(Difference)

_SENTENCE_WORDS = 4
_MOST_WORDS = 2_000  # comparing word by word is quadratic at worst
_SAME_SPELLING = 0.8
_WORD = re.compile(r"[آ-یa-zA-Zµμ]+(?:\u200c[آ-ی]+)*")
_NUMBER = re.compile(r"(?<![\d.٫/])\.?\d+(?:[.٫/,]\d+)*")
# «یک» is an article as often as a number.
_NUMBER_WORDS = frozenset(
    re.split(
        r"\s+",
        "دو سه چهار پنج شش شیش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده "
        "نوزده بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد دویست سیصد پانصد هزار نیم نصف ربع ثلث "
        "دوبار سه\u200cبار یکبار یک\u200cبار روزانه",
    )
)
_UNITS = {
    "mg": "mg میلیگرم میلی‌گرم",
    "g": "g gr گرم گرمی",
    "mcg": "mcg µg μg ug میکروگرم میکرو‌گرم",
    "ml": "ml cc سیسی سی‌سی میلیلیتر میلی‌لیتر",
    "l": "l lit لیتر",
    "iu": "iu واحد",
    "kg": "kg کیلو کیلوگرم",
    "hour": "ساعت ساعته ساعتی",
    "day": "روز روزه روزی",
    "week": "هفته هفتگی هفته‌ای",
    "month": "ماه ماهه ماهی",
    "year": "سال ساله سالگی",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
# Written apart: «میلی گرم» is a unit of its own, and no gram.
_APART = re.compile(r"(میلی|میکرو|سی|کیلو)[ \u200c](گرم|لیتر|سی)(?![آ-ی])")
_NEGATIVE = frozenset(
    re.split(
        r"\s+",
        "نه نیست نیستم نیستند نیستن نباید نبود نبودم نباشد نباشه نخیر بدون عدم غیر فاقد هیچ هرگز "
        "منفی نشه نکن نکنه نخور نخورید نخورم نده ندهید نزن نزنید نرو نگیر نگیرید نبر نبرید منع "
        "ممنوع ممنوعیت",
    )
)
_NEGATED = re.compile(
    r"ن(?:می\u200c?.+|دار(?:م|ی|د|ه|یم|ید|ند|ن)|داشت.*|شد.*|کرد.*|بود.*|خورد.*|توان.*|خواه.*|رفت.*|"
    r"گرفت.*|دید.*|یامد.*|زد.*|داد.*|کن(?:م|ی|د|ه|یم|ید|ند|ن)|شو(?:م|د|ند)|باش.*|بای.*)"
)
_NEGATION_APART = re.compile(r"(?<![آ-ی\u200c])نمی (?=[آ-ی])")
_DRUG = re.compile(
    r".{2,}(?:سیلین|مایسین|پرازول|استاتین|ولول|زپام|فلوکساسین|کونازول|تیدین|پریل|سارتان|دیپین|گلیپتین|"
    r"فورمین|کوکسیب|پروفن|فناک|تریپتیلین|ستین|لوپرام|تریازین|پریدون|زاپین|سولفات|متازون|لیزون|گسترون|"
    r"نیدازول|سیکلین|وودین|کلوویر|سیکلوویر|ماب)"
)


def difference_between(one: str, other: str) -> Difference | None:
    """What two texts differ in so that one cannot stand for the other; None where it can.

    Compared is what stands there and how often, not where. What only one of them says beside all
    that both say, four words and more, is no difference: the longer one can stand for the other.

    >>> difference_between("به پنی‌سیلین حساسیت دارم", "به پنی سیلین حساسیت ندارم")
    'negation'
    >>> difference_between("قرص ۵۰ میلی‌گرم", "قرص 500 میلی گرم")
    'number'
    >>> difference_between("تب ۳۸ درجه", "تب 38 درجه!")

    Args:
        one: a text.
        other: one that it is like; of both the first 2,000 words are compared.
    """
    first, second = (_said(text) for text in _changed(one, other))
    for kind in DIFFERENCES:
        if first[kind] != second[kind] and not (
            kind == "drug" and _only_spelled(first[kind], second[kind])
        ):
            return kind
    return None


def _changed(one: str, other: str) -> tuple[str, str]:
    """Both texts without what only one of them says beside the rest: a sentence more."""
    old, new = one.split()[:_MOST_WORDS], other.split()[:_MOST_WORDS]
    sides: tuple[list[str], list[str]] = ([], [])
    for _, left, left_end, right, right_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        added = min(left_end - left, right_end - right) == 0
        if added and max(left_end - left, right_end - right) >= _SENTENCE_WORDS:
            continue
        sides[0].extend(old[left:left_end])
        sides[1].extend(new[right:right_end])
    return " ".join(sides[0]), " ".join(sides[1])


def _only_spelled(first: Counter[str], second: Counter[str]) -> bool:
    """Whether what differs is one drug with a letter more or less, and not two that are listed."""
    listed = frozenset(_drugs().values())

    def is_spelling(drug: str, drugs: Counter[str]) -> bool:
        return any(
            not {drug, each} <= listed
            and SequenceMatcher(None, drug, each).ratio() >= _SAME_SPELLING
            for each in drugs
        )

    return all(is_spelling(drug, second) for drug in first - second) and all(
        is_spelling(drug, first) for drug in second - first
    )


def _said(text: str) -> dict[Difference, Counter[str]]:
    folded = _NEGATION_APART.sub("نمی\u200c", _APART.sub("\\1\u200c\\2", fold(text)))
    words = [word.lower() for word in _WORD.findall(folded)]
    numbers = Counter(_value(number) for number in _NUMBER.findall(folded))
    numbers.update(word for word in words if word in _NUMBER_WORDS)
    spellings = _drugs()
    drugs = Counter[str]()
    for word in words:
        plain = word.replace("\u200c", "")
        if plain in spellings:
            drugs[spellings[plain]] += 1
        elif _DRUG.fullmatch(plain):
            drugs[plain] += 1
    return {
        "number": numbers,
        "unit": Counter(_UNIT_OF[word] for word in words if word in _UNIT_OF),
        "negation": Counter("no" for word in words if _is_negative(word)),
        # Named once more or less is the same drug.
        "drug": Counter(set(drugs)),
    }


def _value(number: str) -> str:
    """A number as its value: «۰۵» and «5» are one, and so are «2.50» and «2.5»."""
    plain = number.replace("٫", ".").replace(",", "")
    if plain.count(".") == 1 and "/" not in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "/".join(part.lstrip("0") or "0" for part in plain.split("/"))


def _is_negative(word: str) -> bool:
    return word in _NEGATIVE or _NEGATED.fullmatch(word) is not None


@cache
def _drugs() -> dict[str, str]:
    """Every spelling of a listed drug, folded, with the one that all are compared as."""
    return {
        fold(word).replace("\u200c", ""): name
        for name, others in drug_spellings().items()
        for word in (name, *others)
    }
