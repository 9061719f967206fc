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
_LEAST_SOUNDS_ADDED = 4  # fewer consonants are those of many a word
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
    # A word that sounds just like another drug is not half of this one: «پردنیزولون یک».
    others = {
        place for place, (start, end) in enumerate(places) if _is_other(text[start:end], wanted)
    }
    # Of two words where none of them is a name by itself: «آموکسی سیلین».
    for width in (1, 2):
        for first in range(len(places) - width + 1):
            members = set(range(first, first + width))
            start, end = places[first][0], places[first + width - 1][1]
            name = None if members & (taken | others) else _heard_as(text[start:end], wanted)
            if name is not None:
                taken |= members
                found.append(DrugMention(name, start, end))
    return sorted(found, key=lambda mention: mention.start)


def _is_other(word: str, wanted: set[str]) -> bool:
    heard = re.sub(r"(.)\1+", r"\1", word.translate(_PERSIAN_SOUNDS))
    names = _exactly_heard(heard) if len(heard) >= _LEAST_SOUNDS_ADDED else set()
    return bool(names) and not names & wanted and _written_alike(word, names)


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
    if best < _ALIKE or (best < 100.0 and _exactly_heard(heard) - wanted):
        return None  # another drug sounds just like the word
    return sorted(wanted)[alike.index(best)]


def find_added(source: str, text: str) -> set[str]:
    """Drugs that a Persian text names and its source does not: words that sound just like one.

    Args:
        source: English; a word that sounds like one of its own is that word.
        text: a translation.
    """
    from rapidfuzz.fuzz import ratio

    wanted = {mention.name for mention in find_drugs(source)}
    sounds = {_sound(word.casefold()) for word in re.findall("[A-Za-z]{4,}", source)}
    added: set[str] = set()
    for match in _WORD.finditer(text.replace("\u200c", "")):
        heard = re.sub(r"(.)\1+", r"\1", match.group().translate(_PERSIAN_SOUNDS))
        names = _exactly_heard(heard) if len(heard) >= _LEAST_SOUNDS_ADDED else set()
        if names and any(ratio(heard, sound) >= _ALIKE for sound in sounds):
            continue
        if names and not names & wanted and _written_alike(match.group(), names):
            added.add(min(names))
    return {name for name in added if _heard_as_none(name, wanted)}


def _heard_as_none(name: str, wanted: set[str]) -> bool:
    return not {_sound(same) for same in _names_of(name)} & {
        _sound(same) for one in wanted for same in _names_of(one)
    }


def _written_alike(word: str, names: set[str]) -> bool:
    """Whether a word is spelled as names of drugs are: no letters of Arabic, vowels written."""
    if re.search("[صضظثحعغقخشچءئ]", word) or len(word) < 5:
        return False
    vowels = len(re.findall("[اآویأ]+", word))
    return any(
        vowels >= len(re.findall(r"[aeiouy]+", name)) - 2
        and (word[0] in "اآ") == (name[0] in "aeiou")
        and ("پ" in word) <= ("p" in name)
        and (re.search("ب", word) is None or "b" in name)
        and (re.search("[زذ]", word) is None or re.search("[szx]", name) is not None)
        and (re.search("[گج]", word) is None or re.search("[gj]", name) is not None)
        and ("و" in word[1:] or not re.search("o(?!n$)", name[1:]) or vowels >= 3)
        and (name[-1] in "aeiouy") >= (word[-1] in "اوی")
        for name in names
    )


def _exactly_heard(heard: str) -> set[str]:
    """The drugs of the list that sound just so."""
    return {_substance(name) for name in _by_sound().get(heard, ())}


@cache
def _by_sound() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in drug_names():
        found.setdefault(_sound(name), set()).add(name)
    return {sound: frozenset(names) for sound, names in found.items()}


def _names_of(name: str) -> tuple[str, ...]:
    return next((same for same in _SAME if name in same), (name,))


def _substance(name: str) -> str:
    return _names_of(name)[0]


@cache
def _sound(name: str) -> str:
    for form, sound in _ENGLISH_SOUNDS:
        name = form.sub(sound, name)
    return re.sub(r"(.)\1+", r"\1", name.replace("p", "b"))
