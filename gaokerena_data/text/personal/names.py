"""Names of people: after a title, in an introduction, in a signature.

given_names.txt lists the given names that are hardly ever ordinary words; the gazetteer of
farsi-faker (16,000 names, ordinary words among them) adds surnames and the given names that count
only before a surname; a surname may also be known by its ending.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from gaokerena_data.text.normalization.hazm_path import is_known_word
from gaokerena_data.text.normalization.hazm_tables import hazm_vocabulary
from gaokerena_data.text.personal.span import Span, fold, places_of

_WORD = r"[آ-ی\u200c]+"
_NOT_IN_WORD = r"(?<![آ-ی\u200c])"
# Each pattern is tried where one of its words stands: a search would try it at every character.
_TITLE = re.compile(
    rf"{_NOT_IN_WORD}(?:"
    r"(?:آقای|اقای|خانم|خانوم)(?:[ \u200c](?:دکتر|مهندس|پروفسور|پرفسور))?|"
    r"دکتر|پروفسور|پرفسور|مهندس|استاد|حاج[ \u200c]آقا|دوشیزه)[ \u200c:]{1,2}"
)
_TITLES = (
    *("آقای", "اقای", "خانم", "خانوم", "دکتر", "پروفسور", "پرفسور", "مهندس", "استاد"),
    *("حاج", "دوشیزه"),
)
_INTRODUCTION = re.compile(
    rf"{_NOT_IN_WORD}(?:"
    r"اسم(?:م| من| بنده| ایشون| ایشان| (?:پسر|دختر|همسر|مادر|پدر|خواهر|برادر|بیمار)(?:م|ش)?)?|"
    r"نام(?:م| من| بنده| (?:بیمار|و نام خانوادگی|خانوادگی|پسرم|دخترم|همسرم|پدر|مادر))?|"
    r"من|بنده|اینجانب)[ :\-]{1,3}"
)
_INTRODUCTIONS = ("اسم", "نام", "من", "بنده", "اینجانب")
_CLOSING = re.compile(
    rf"{_NOT_IN_WORD}(?:(?:تشکر|سپاس|احترام)(?: فراوان)?|ارادتمند(?: شما)?|ممنون(?:م)?|"
    r"موفق باشید|سلامت باشید|شاد باشید|دوستدار شما|التماس دعا)[ ،,.:\-\n!]{1,5}"
)
_CLOSINGS = (
    *("تشکر", "سپاس", "احترام", "ارادتمند", "ممنون", "موفق باشید", "سلامت باشید", "شاد باشید"),
    *("دوستدار شما", "التماس دعا"),
)
_I_AM = re.compile(r" هستم(?![آ-ی\u200c])")
_PARTICLE = re.compile(r" (?:خانم|خانوم|جان)(?![آ-ی\u200c])")
_PARTICLES = (" خانم", " خانوم", " جان")
_WORDS_BEFORE = re.compile(rf"(?:{_NOT_IN_WORD}{_WORD} ){{1,3}}\Z")
_WORD_BEFORE = re.compile(rf"{_NOT_IN_WORD}{_WORD}\Z")
_LONGEST_NAME = 40  # no list has a longer word
_FARTHEST = 100  # characters before «هستم» in which a name begins
_TOKENS = re.compile(rf"{_WORD}(?: {_WORD}){{0,3}}")
# After these, and only after these, one given name says who somebody is.
_COPULA = re.compile(r" ?(?:هستم|هستش|هست|است|ام|م|می ?باش\w*|[.،,\n]|$)")
_SURNAME_PLACE = re.compile(
    rf" ({_WORD})(?= ?[،,./\n\0)]| (?:فوق|متخصص|جراح|پزشک|روانپزشک|کارشناس|مراجعه)|$)"
)
_ENDS_TEXT = re.compile(r"[ .،!\n]*(?:$|\n|\0)")

_SURNAME_ENDING = re.compile(
    "(?:زاده|پور|نژاد|نیا|وند|لو|یان|منش|پناه|خواه|تبار|نسب|پرست|آبادی|الدینی|اللهی|زاد|چیان|"
    "فرد|مند|بخش)$"
)
# The second half of a surname that is written apart: «صفار زاده». Those of the first line make
# one of any word, those of the second only follow one.
_HALVES = frozenset(["زاده", "نژاد", "پور", "نیا", "وند", "تبار", "نسب"])
_LATER_HALVES = _HALVES | frozenset(
    ["فر", "فرد", "لو", "پناه", "خواه", "پرست", "راد", "مقدم", "اصل"]
)


class _Names(NamedTuple):
    given: frozenset[str]  # hardly ever anything else
    first: frozenset[str]  # every given name of the gazetteer
    last: frozenset[str]
    ordinary: frozenset[str]
    stopwords: frozenset[str]


def find_names(text: str) -> Iterator[Span]:
    """Spans of people's names in a folded text, without their titles."""
    for place in places_of(text, _TITLES):
        if match := _TITLE.match(text, place):
            yield from _name_at(text, match.end())
    for place in places_of(text, _INTRODUCTIONS):
        if match := _INTRODUCTION.match(text, place):
            yield from _introduced(text, match.end())
    for place in places_of(text, _CLOSINGS):
        if match := _CLOSING.match(text, place):
            yield from _signed(text, match.end())
    for place in places_of(text, (" هستم",)):
        if _I_AM.match(text, place):
            yield from _before_i_am(text, place + 1)
    for place in places_of(text, _PARTICLES):
        if _PARTICLE.match(text, place):
            yield from _before_particle(text, place)


def _name_at(text: str, start: int) -> Iterator[Span]:
    words = _words_at(text, start)
    count = _name_length(words)
    if not count:
        return
    span = _span(start, words[:count])
    if count == 1 and _is_given(words[0]):
        # «دکتر مرجان قاجار، متخصص …»: an ordinary word in a surname's place.
        surname = _SURNAME_PLACE.match(text, span.end)
        if surname and _plain(surname[1]) not in _names().ordinary:
            span = span._replace(end=surname.end(1))
    yield span


def _introduced(text: str, start: int) -> Iterator[Span]:
    words = _words_at(text, start)
    count = _name_length(words)
    if not count or not _is_given(words[0]):
        return
    span = _span(start, words[:count])
    if count > 1 or _COPULA.match(text, span.end):
        yield span


def _before_i_am(text: str, end: int) -> Iterator[Span]:
    """«نیلوفر صفوی هستم», «مصطفی زاده هستم»: the name ends where «هستم» begins."""
    match = _WORDS_BEFORE.search(text, max(end - _FARTHEST, 0), end)
    words = match.group().split() if match else []
    for start in range(len(words)):
        rest = words[start:]
        known = _is_given(rest[0]) or _SURNAME_ENDING.search(_plain(rest[-1])) is not None
        if known and _name_length(rest) == len(rest):
            yield _span(end - len(" ".join(rest)) - 1, rest)
            return


def _before_particle(text: str, end: int) -> Iterator[Span]:
    """«نیلوفر جان»."""
    match = _WORD_BEFORE.search(text, max(end - _FARTHEST, 0), end)
    if match and _is_given(match.group()):
        yield Span(*match.span(), "name")


def _signed(text: str, start: int) -> Iterator[Span]:
    words = _words_at(text, start)
    count = _name_length(words)
    if count:
        span = _span(start, words[:count])
        if _ENDS_TEXT.match(text, span.end):
            yield span


def _words_at(text: str, start: int) -> list[str]:
    match = _TOKENS.match(text, start)
    return match.group().split(" ") if match else []


def _span(start: int, words: list[str]) -> Span:
    return Span(start, start + len(" ".join(words)), "name")


def _name_length(words: list[str]) -> int:
    """How many of the words, from the first, are one person's name."""
    given = 0
    while given < min(len(words), 2) and _is_given(words[given]):
        given += 1
    if given == len(words) or words[given] in _HALVES:  # «حسن زاده»
        given = max(given - 1, 0)
    family = _surname_length(words[given:], after_given=given > 0)
    if family or given:
        return given + family
    if _name_is_whole(words):
        return 1
    # A name of the gazetteer that may be a word too: only before a surname («امید رضایی»).
    if len(words) > 1 and _is_first(words[0]) and _is_last(words[1]):
        return 1 + _surname_length(words[1:], after_given=False)
    return 0


def _name_is_whole(words: list[str]) -> bool:
    return len(words) == 1 and _is_given(words[0])


def _surname_length(words: list[str], *, after_given: bool) -> int:
    """How many of the words, from the first, are one surname."""
    if not words or _plain(words[0]) in _names().stopwords:
        return 0
    if len(words) > 1 and words[1] in _HALVES:
        length = 2
    elif _is_last(words[0]) or (after_given and _may_be_surname(words[0])):
        length = 1
    else:
        return 0
    if (
        length < len(words)
        and length < 3
        and (words[length] in _LATER_HALVES or (length == 1 and _is_last(words[1])))
    ):
        length += 1
    if length == 2 and len(words) > 2 and words[2] in _LATER_HALVES:
        length = 3
    return length


def _is_given(word: str) -> bool:
    return _plain(word) in _names().given


def _is_first(word: str) -> bool:
    return _plain(word) in _names().first


def _is_last(word: str) -> bool:
    plain, names = _plain(word), _names()
    if len(plain) < 3 or plain in names.ordinary:
        return False
    return plain in names.last or (len(plain) > 5 and _SURNAME_ENDING.search(plain) is not None)


def _may_be_surname(word: str) -> bool:
    """Whether a word right after a given name is its surname though no list has it."""
    plain, names = _plain(word), _names()
    if len(plain) < 3 or plain in names.stopwords or plain.startswith(("می", "نمی")):
        return False
    return plain in names.last or not is_known_word(word)


def _plain(name: str) -> str:
    return _spelling(name[:_LONGEST_NAME])


@lru_cache(maxsize=1 << 16)  # words come again and again
def _spelling(name: str) -> str:
    return fold(name).replace("\u200c", "").replace("ئی", "یی").replace("وو", "و")


@cache
def _names() -> _Names:
    from farsi_faker import FarsiFaker

    faker = FarsiFaker(seed=0)
    given = frozenset(map(_plain, _listed("given_names.txt")))
    stopwords = frozenset(map(_plain, hazm_vocabulary().stopwords))
    ordinary = frozenset(map(_plain, _listed("ordinary_words.txt"))) | stopwords
    return _Names(
        given,
        given | _single_words((*faker._male_names, *faker._female_names)),
        _single_words(faker._last_names),
        ordinary - given,
        stopwords,
    )


def _listed(file: str) -> list[str]:
    lines = files("gaokerena_data.text").joinpath(file).read_text("utf-8").splitlines()
    return " ".join(line for line in lines if not line.startswith("#")).split()


def _single_words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_plain(name) for name in names if " " not in name and len(name) > 2)
