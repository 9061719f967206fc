"""No function of texts takes more than linear work, whatever a line repeats."""

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gaokerena_data.text import (
    detect_language,
    find_personal_data,
    normalize,
    sentences,
    shingles,
    words,
)
from gaokerena_data.text.bylines import split_answers, split_questions
from gaokerena_data.text.counting import count_words
from gaokerena_data.text.meaning import read_alike
from gaokerena_data.text.normalization.cleaning import tidy
from gaokerena_data.text.normalization.hazm_path import fast_hazm
from gaokerena_data.text.pairs.faults import pair_faults
from gaokerena_data.text.personal.quasi_identifiers import find_quasi_identifiers, generalize
from gaokerena_data.text.quality import boilerplate, quality_signals
from gaokerena_data.text.script import foreign_language, is_persian

FUNCTIONS: dict[str, Callable[[str], object]] = {
    function.__name__: function
    for function in (
        *(normalize, fast_hazm, tidy, find_personal_data, detect_language, sentences, words),
        *(shingles, quality_signals, boilerplate, count_words, is_persian, foreign_language),
        *(find_quasi_identifiers, split_answers, split_questions),
    )
} | {
    "generalize": lambda text: generalize(text, age=True, city=True),
    "read_alike": lambda text: read_alike(text, f"{text} ."),
    "faults_of_an_answer": lambda text: pair_faults("سلام", text),
    "faults_of_a_question": lambda text: pair_faults(text, "سلام"),
}

# What rules start from, and what programs trip over.
UNITS = (
    *("دکتر ", "خانم دکتر ", "آقای ", "سید ", "علی ", "مریم احمدی ", "من ", "هستم ", "سال "),
    *("۲۸ ساله ", "بیمار ", "به نام ", "نام: ", "پاسخ: ", "همسرم ", "جان ", "تشکر. ", "متولد "),
    *("کد ملی ", "شماره ", "تلفن ", "خیابان ", "پلاک 1 ", "تهران ", "صفر نهصد ", "تلگرام "),
    *("09", "0912 ", "5-", "۵ - ", "1/", "0.", "1:", "+98", "B 12 ", "hba 1 c", "½", "1370/1/1 "),
    *("می ", "میم", "ام ", "ه ا", "ها ", "م\u200c", "مـ", "ااا", "ﷺ", "ꡃ ", "ꡀ"),
    *("\u064b", "ا\u0654", "ـ", "\u200c", "\u200d", "\u00ad", "\u202a", " ", "\n", "\t"),
    *(".", ". ", "، ", "؟", "-", "_"),
    *("عکس ارسالی ", "در تصویر ", "همان طور که ", "سوال قبل ", "وزن شما ", "نمی توان ", "مجاز به "),
    *("(", ")", "«", "[(", '"', '" ', "'", "a", "ab ", "a@", "@a ", "a.", "Dr. ", "Ali Rezaei "),
    *("https://a.ir/", "http://", "www.", "&#", "😀"),
)

# Of links: one may be as long as the text.
OF_LINKS = ("a-", "patient", "javab-", "result.", "?id=", "?q=a", "&patient", "/a1", "wiki", "%20")


def lines(seed: int, count: int) -> Iterator[tuple[str, str, str]]:
    """What a line begins with, what it repeats, what it ends with; each unit once by itself."""
    rnd = random.Random(seed)
    yield from (("", unit, "") for unit in UNITS)
    for site in ("https://a.ir/", "https://lab.ir/"):
        yield from ((site, unit, "") for unit in OF_LINKS)
    for _ in range(count):
        yield tuple(  # type: ignore[misc]
            "".join(rnd.choices(UNITS, k=rnd.randint(least, most)))
            for least, most in ((0, 2), (1, 3), (0, 2))
        )


def line(parts: tuple[str, str, str], length: int) -> str:
    begins, repeats, ends = parts
    return f"{begins}{repeats * (length // len(repeats))}{ends}"


def calls(function: Callable[[str], object], text: str) -> int:
    """How many functions are called, ours and those of Python that are written in C."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(called)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", FUNCTIONS)
def test_four_times_the_line_takes_four_times_the_calls(name: str) -> None:
    """Of titles, and of other units here and there; what is quadratic takes sixteen times."""
    function = FUNCTIONS[name]
    for unit in UNITS[:4] + UNITS[4::6]:
        short, long = unit * (400 // len(unit)), unit * (1600 // len(unit))
        function(long)  # what is remembered from one call to the next is remembered now
        assert calls(function, long) < 7 * calls(function, short) + 200, ascii(unit)


@contextmanager
def without_collector() -> Iterator[None]:
    gc.disable()  # the word lists are half a million objects: to look through them takes time
    try:
        yield
    finally:
        gc.enable()


def seconds(function: Callable[[str], object], text: str) -> float:
    """Of this process, the quicker of two runs: the machine may be busy."""
    took = []
    for _ in range(2):
        started = time.process_time()
        function(text)
        took.append(time.process_time() - started)
    return min(took)


@pytest.mark.thorough
@pytest.mark.parametrize("name", FUNCTIONS)
def test_eight_times_the_line_takes_no_more_than_linear_time(name: str) -> None:
    """Searches within a pattern are no calls: these are seen by time, eight times or sixty-four."""
    function = FUNCTIONS[name]
    with without_collector():
        for parts in lines(seed=17, count=40):
            short, long = line(parts, 4000), line(parts, 32_000)
            function(short)
            took = seconds(function, long)
            assert took < 0.1 or took < 24 * seconds(function, short), ascii(parts)
