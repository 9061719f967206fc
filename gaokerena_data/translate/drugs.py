"""Drugs in an English text and in its Persian translation, by their names and by their sound."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_ENGLISH = re.compile(r"[A-Za-z]{5,}")
_WORD = re.compile(r"[A-Za-z]+|[\u0621-\u063a\u0641-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]+")
# One substance under names that do not sound alike.
_SAME = (
    ("acetaminophen", "paracetamol", "tylenol"),
    ("epinephrine", "adrenaline"),
    ("norepinephrine", "noradrenaline"),
    ("albuterol", "salbutamol", "ventolin"),
    ("meperidine", "pethidine"),
    ("glyburide", "glibenclamide"),
    ("lidocaine", "lignocaine"),
    ("scopolamine", "hyoscine"),
    ("aspirin", "acetylsalicylic"),
)
# A consonant of English by what it sounds like; vowels, h, v and w are not written alike.
_ENGLISH_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"ch(?=[lr])"), "k"),
    (re.compile(r"sch|sh|ch|tz"), "s"),
    (re.compile(r"ck|q"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"z"), "s"),
    (re.compile(r"j"), "g"),
    (re.compile(r"[aeiouyhvw]"), ""),
)
_PERSIAN_SOUNDS = str.maketrans(
    {
        **dict.fromkeys("بپ", "b"),
        **dict.fromkeys("تط", "t"),
        **dict.fromkeys("ثسصزذضظشچ", "s"),
        **dict.fromkeys("جگژ", "g"),
        **dict.fromkeys("کكقغخ", "k"),
        **dict.fromkeys("اآأإعهحوؤیيئءىة", ""),
        **dict(zip("درفلمن", "drflmn", strict=True)),
    }
)
_LEAST_SOUNDS = 3
_ALIKE = 80.0


@dataclass(frozen=True, slots=True)
class DrugMention:
    """A drug at its place in a text, under the one name that it goes by here."""

    name: str
    start: int
    end: int


@cache
def drug_names() -> frozenset[str]:
    """English names of drugs, in lower case; what they are from stands in the file."""
    text = files("gaokerena_data.translate").joinpath("drug_names.txt").read_text(encoding="utf-8")
    lines = (line for line in text.split("\n") if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def find_drugs(text: str) -> list[DrugMention]:
    """The drugs that an English text names, in order."""
    return [
        DrugMention(_substance(found.group().casefold()), *found.span())
        for found in _ENGLISH.finditer(text)
        if found.group().casefold() in drug_names()
    ]


def find_in_persian(text: str, wanted: set[str]) -> list[DrugMention]:
    """Where a Persian text names these drugs, in Latin letters or as they sound.

    Args:
        text: a translation.
        wanted: names as `find_drugs` gives them.
    """
    places = [match.span() for match in _WORD.finditer(text)]
    found: list[DrugMention] = []
    taken: set[int] = set()
    # Of two words where none of them is a name by itself: «آموکسی سیلین».
    for width in (1, 2):
        for first in range(len(places) - width + 1):
            members = set(range(first, first + width))
            start, end = places[first][0], places[first + width - 1][1]
            name = None if members & taken else _heard_as(text[start:end], wanted)
            if name is not None:
                taken |= members
                found.append(DrugMention(name, start, end))
    return sorted(found, key=lambda mention: mention.start)


def _heard_as(stretch: str, wanted: set[str]) -> str | None:
    """Which of the drugs a word or two of a translation name."""
    from rapidfuzz.fuzz import ratio

    word = re.sub(r"[\s\u200c]+", "", stretch)
    if word.isascii():
        return next((name for name in wanted if word.casefold() in _names_of(name)), None)
    heard = re.sub(r"(.)\1+", r"\1", word.translate(_PERSIAN_SOUNDS))
    alike = [
        (100.0 if sound == heard else ratio(heard, sound) if len(sound) >= _LEAST_SOUNDS else 0.0)
        for name in sorted(wanted)
        for sound in [
            max((_sound(same) for same in _names_of(name)), key=lambda s: ratio(heard, s))
        ]
    ]
    best = max(alike, default=0.0)
    return sorted(wanted)[alike.index(best)] if best >= _ALIKE else None


def _names_of(name: str) -> tuple[str, ...]:
    return next((same for same in _SAME if name in same), (name,))


def _substance(name: str) -> str:
    return _names_of(name)[0]


@cache
def _sound(name: str) -> str:
    for form, sound in _ENGLISH_SOUNDS:
        name = form.sub(sound, name)
    return re.sub(r"(.)\1+", r"\1", name.replace("p", "b"))
