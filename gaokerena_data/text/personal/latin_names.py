"""Names in Latin letters: after a title, in an introduction, in Persian that is so written."""

import re
from collections.abc import Iterator
from functools import cache

from gaokerena_data.text.personal.name_lists import names
from gaokerena_data.text.personal.span import Span, places_of

_CAPITAL = r"[A-Z][a-z]{1,20}(?:[-'’][A-Z]?[a-z]{1,20})?"
_NAME = rf"{_CAPITAL}(?: (?:[A-Z]\. ?)?{_CAPITAL}){{0,2}}"
_TITLED = re.compile(
    rf"\b(?:[Dd][Rr]|[Mm][Rr][Ss]?|[Mm][Ss]|[Mm]iss|[Pp]rof(?:essor)?|[Dd]octor)\b\.? ?({_NAME})"
)
_INTRODUCED = re.compile(
    r"\b(?:[Mm]y name is|[Mm]y name'?s|[Nn]ame ?:|[Pp]atient(?: [Nn]ame)? ?:|[Ii] am called) ?"
    rf"({_NAME})"
)
# Persian titles before a whole name in Latin letters; one word may be a drug.
_PERSIAN_TITLE = re.compile(rf"(?:دکتر|آقای|خانم|مهندس|پروفسور)[ :]({_CAPITAL} {_CAPITAL})\b")
_PERSIAN_TITLES = ("دکتر", "آقای", "خانم", "مهندس", "پروفسور")
# One of these words announces every name but those after a Persian title.
_ANNOUNCING = frozenset(
    (
        *("dr", "mr", "mrs", "ms", "miss", "prof", "professor", "doctor", "name", "patient"),
        *(
            "called",
            "am",
            "m",
            "this",
            "years",
            "year",
            "y",
            "yo",
            "y/o",
            "نام",
            "اسم",
            "regards",
            "sincerely",
            "signed",
            "thanks",
            "you",
            "ساله",
            "khanom",
            "khanoom",
        ),
        *("agha", "aghaye", "aghay", "doktor", "mohandes", "esmam", "esm", "esme", "namam"),
        *("hamsaram", "pesaram", "dokhtaram", "hastam"),
    )
)
_FINGLISH = re.compile(
    r"\b(?:(?:khanom|khanoom|agha(?:ye?)?|aghaye|doctor|doktor|dr|mohandes|esmam|esme? man|namam|"
    r"hamsaram|pesaram|dokhtaram)[. ]{1,2}(?P<after>[a-z]{3,15}(?: [a-z]{3,15})?)|"
    r"(?:salam )?(?:man|salam|bande) (?P<between>[a-z]{3,15}(?: [a-z]{3,15})?) hastam)\b",
    re.IGNORECASE,
)
# «I am …», «…, 55 years old»: a whole name, of which one half at least sounds Iranian.
_WHOLE = re.compile(
    rf"\b(?:[Ii] am|[Ii]'m|[Tt]his is) (?P<said>{_CAPITAL} {_CAPITAL})\b|"
    rf"\b(?P<aged>{_CAPITAL} {_CAPITAL})[ ,،]{{1,3}}\d{{1,2}}(?= ?(?:ساله|years?|y/?o\b|yo\b))"
)
# «نام: …», «Regards, …»: one word of it sounds so.
_FIELD_OR_CLOSING = re.compile(
    r"(?:(?:نام|اسم)(?:م| من| بیمار| و نام خانوادگی| و نام خانوادگی بیمار)? ?[:=] ?(?=[A-Z])|"
    r"\b(?:[Rr]egards|[Ss]incerely|[Ss]igned|[Tt]hanks|[Tt]hank you)[,.! \n]{1,3}"
    rf"(?={_NAME}\s*(?:\n|$)))({_NAME})"
)
_TOKEN = re.compile(r"[\s.:,،'’]+")
# Capitalized words that stand after «Dr.», «Name:» or «I am» and are none of a person.
_NO_NAME = frozenset(
    (
        "the",
        "and",
        "for",
        "was",
        "said",
        "patient",
        "name",
        "drug",
        "test",
        "unknown",
        "blood",
        "center",
        "clinic",
        "hospital",
        "group",
        "index",
        "factor",
        "type",
        "acid",
        "normal",
        "best",
        "kind",
        "with",
        "many",
        "dear",
        "very",
        *(
            "really",
            "tired",
            "sick",
            "sad",
            "sorry",
            "sure",
            "ready",
            "here",
            "fine",
            "good",
            "new",
        ),
        *("old", "from", "female", "male", "married", "single", "pregnant", "diabetic", "worried"),
    )
)
_VOWELS = re.compile("[aeiou'’-]")
# One spelling for the sounds that people write in several ways.
_SOUNDS = (
    *(("kh", "x"), ("gh", "q"), ("sh", "S"), ("ch", "C"), ("zh", "J"), ("ph", "f"), ("ck", "k")),
    *(("w", "v"), ("c", "k"), ("ee", "i"), ("oo", "u")),
)
_LETTERS = dict(
    zip("بپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی", "bptsjChxdzrzJsSsztz qfqkglmnvhy", strict=True)
)


def find_latin_names(text: str) -> Iterator[Span]:
    """Spans of names in Latin letters, in a folded text that has such letters."""
    for place in places_of(text, _PERSIAN_TITLES):
        if match := _PERSIAN_TITLE.match(text, place):
            yield Span(*match.span(1), "name")
    if _ANNOUNCING.isdisjoint(_TOKEN.split(text.lower())):
        return
    for pattern in (_TITLED, _INTRODUCED):
        for match in pattern.finditer(text):
            if match[1].split(" ")[0].lower() not in _NO_NAME:
                yield Span(*match.span(1), "name")
    for match in _FIELD_OR_CLOSING.finditer(text):
        words = match[1].split(" ")
        if _sounds_as_name(words[0]) and words[0].lower() not in _NO_NAME:
            yield Span(*match.span(1), "name")
    for match in _WHOLE.finditer(text):
        group = "said" if match["said"] else "aged"
        if all(map(_sounds_as_name, match[group].split(" "))):
            yield Span(*match.span(group), "name")
    for match in _FINGLISH.finditer(text):
        group = "after" if match["after"] else "between"
        words = match[group].split(" ")
        if _sounds_as_name(words[0]):
            whole = len(words) > 1 and _sounds_as_name(words[1])
            end = match.end(group) if whole else match.start(group) + len(words[0])
            yield Span(match.start(group), end, "name")


def _sounds_as_name(word: str) -> bool:
    lower = word.lower()
    return _sound(lower) in _sounds() and lower not in _FINGLISH_WORDS and lower not in _NO_NAME


def _sound(word: str) -> str:
    """Its consonants: «maryam» and مریم are both mrym, as nearly as Latin letters say."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    consonants = _VOWELS.sub("", word).replace("h", "").replace("y", "").replace("v", "")
    first = "a" if word[:1] in "aeiou" else ""
    return first + re.sub(r"(.)\1", r"\1", consonants)


_FINGLISH_WORDS = frozenset(
    (
        "bardar",
        "man",
        "bande",
        "hamele",
        "motahel",
        "mojarad",
        "mariz",
        "bimar",
        "salam",
        "khoob",
        "khub",
        "aziz",
        "mohtaram",
        "zanan",
        "pust",
        "ghalb",
        "daram",
        "nadaram",
        "goft",
        "gofte",
        "dad",
        "raftam",
        "doctor",
        "doktor",
        "khanom",
        "agha",
        "sale",
        "saleh",
        "salame",
        "omumi",
        "jarah",
        "kodak",
        "narahat",
        "negaran",
        "mosen",
        "javan",
        "tanha",
        "shoma",
        "bache",
        "pesar",
        "dokhtar",
    )
)


@cache
def _sounds() -> frozenset[str]:
    """The consonants of given names and of surnames, with the vowel that begins them."""
    lists = names()
    return frozenset(_persian_sound(name) for name in lists.given | lists.last if len(name) > 2)


def _persian_sound(name: str) -> str:
    letters = "".join(_LETTERS.get(letter, "") for letter in name[1:] if letter in _LETTERS)
    first = "a" if name[0] in "اآع" else _LETTERS.get(name[0], "")
    consonants = re.sub("[hyv ]", "", first + letters)
    return re.sub(r"(.)\1", r"\1", consonants)
