"""What normalization may never change, on generated and on arbitrary text."""

import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.counting import count_words
from gaokerena_data.text.language import detect_language
from gaokerena_data.text.normalization.hazm_path import fast_hazm
from gaokerena_data.text.normalizer import normalize
from gaokerena_data.text.privacy import find_personal_data, redact
from gaokerena_data.text.quality import quality_signals
from gaokerena_data.text.script import foreign_language, is_persian, persian_share
from gaokerena_data.text.sentence_splitter import sentences

FOLD = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
EVERY = (
    normalize,
    fast_hazm,
    detect_language,
    is_persian,
    persian_share,
    foreign_language,
    find_personal_data,
    redact,
    count_words,
    quality_signals,
    sentences,
)

_NUMBERS = """
2.5 ۲.۵ ۲٫۵ 140/90 5-10 ۷۰۰,۰۰۰ 10:30 1402/5/12 50% ۲×۱ ۱-۰-۱ 2.5mg B12 HbA1c CA-125 COVID-19 500
کووید-۱۹ mg/dL ۳ ٤ +1.5 https://example.ir/a?b=1 info@example.ir T3,T4 5-فلورواوراسیل 37.5میلی
"""
_WORDS = """قرص|ها|های|را|مي|نمی|خورم|میخورم|سلاممم|خانه ی|من بعد از|ام|ام آر آی|بیماری ام اس|گرم|
|ویتامین ای|ماه می|كودك|شده است|بچه|هایی|کننده|نمی‌شود|رفته ام|«درد»|(تب)|...|؟|!|،|.|:|،و|تر"""
NUMBERS = _NUMBERS.split()
WORDS = _WORDS.split("|")
TEXTS = st.lists(st.sampled_from(NUMBERS + WORDS), max_size=20).map(" ".join)


def values(text: str) -> Counter[str]:
    """Numbers with what joins their digits, in one script."""
    return Counter(re.findall(r"\d+(?:[^\w\s]\d+)*", text.translate(FOLD)))


def latin(text: str) -> Counter[str]:
    return Counter(re.findall(r"[A-Za-zµ]+", text))


def letters(text: str) -> str:
    """The letters in order, doubles and keyboards aside: hazm shortens «سلاممم»."""
    plain = "".join(char for char in text if char.isalpha())
    return re.sub(r"(.)\1+", r"\1", plain.translate(str.maketrans("يكى", "یکی")))


@given(TEXTS)
def test_values_units_and_latin_names_stay(text: str) -> None:
    result = normalize(text)
    assert values(result) == values(text)
    assert latin(result) == latin(text)


@given(TEXTS)
def test_no_letter_is_lost(text: str) -> None:
    assert letters(normalize(text)) == letters(text)


@given(TEXTS | st.text(max_size=80))
def test_normalize_is_idempotent(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(TEXTS)
def test_digits_as_written_keep_their_script(text: str) -> None:
    result = normalize(text, digits="as_written")
    assert re.findall(r"\d", result) == re.findall(r"\d", text)


@pytest.mark.parametrize("text", ["۵ .۲ بار", "5 :3", "۵ .2"])
def test_two_numbers_never_become_one(text: str) -> None:
    assert values(normalize(text)) == values(text)


# Whatever a rule of ours or of hazm starts from, and characters that programs trip over.
ALPHABET = (
    "ابپتمنهیوکگشرزدئءآأۀةيكى ًّٰـ۰۱۵٠٩0129.,:;/-+×*%٪٫٬،؛؟!«»()[]{}\"'@#_=&~^|<>\\\n\r\t "
    "aBmgIRhttp\u200b\u200c\u200d\u200e\u200f\u202a\u2066\ufeff\xad\x00\x1c\x85\u2028"
    "ﻻﷲﷺﷹٹےټێꡀꡂ꧐꧓\ue000\uf8ff\ud800😀👨\U00020000é한"
)
PHRASES = [
    "دکتر ",
    "09",
    "کد ملی ",
    "خیابان ",
    "پلاک ",
    "من ",
    " هستم",
    "می ",
    "ام ",
    "www.",
    "://",
]


def fuzz(seed: int, count: int) -> list[str]:
    rnd = random.Random(seed)
    pool = [*ALPHABET, *PHRASES * 3, *NUMBERS, *WORDS]
    return [
        "".join(
            rnd.choice(pool) if rnd.random() < 0.9 else chr(rnd.randrange(0x110000))
            for _ in range(rnd.randint(0, 40))
        )
        for _ in range(count)
    ]


def check(text: str) -> None:
    for function in EVERY:
        function(text)
    once = normalize(text)
    assert normalize(once) == once, ascii(text)


@pytest.mark.parametrize("count", [300, pytest.param(1500, marks=pytest.mark.thorough)])
def test_fuzz(count: int) -> None:
    for text in fuzz(seed=1, count=count):
        check(text)


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
def test_fuzz_of_a_hundred_thousand() -> None:
    for text in fuzz(seed=2, count=100_000):
        check(text)


# One line of one thing repeated: whatever is quadratic does not come back.
REPEATED = [
    *'ام \n\t."09a@-/:(«\u200c\u200d\ufeffـ٫😀꧐ﷺ',
    *("م ", "می", "ام ", "ا.", "0 ", "9-", "0.", "a@", "@a.", "http://", "www.", '" ', "5-", "و-5"),
    *("دکتر ", "خیابان ", "من ", "علی ", "هستم ", "کوچه 1 ", "شبا", "تلگرام ", "ابپ", "ه ا", "Hb"),
]


@pytest.mark.parametrize("unit", REPEATED)
def test_a_long_line_of_one_thing(unit: str) -> None:
    for function in EVERY:
        function(unit * (30_000 // len(unit)))


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("unit", REPEATED)
def test_a_line_of_a_megabyte(unit: str) -> None:
    for function in EVERY:
        function(unit * (1_000_000 // len(unit)))
