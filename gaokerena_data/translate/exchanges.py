"""Doses and counts that stand by another drug, patient or time than in the source."""

import re
from collections import Counter
from collections.abc import Callable

from gaokerena_data.translate.doses import MASSES, Dose, doses_of
from gaokerena_data.translate.drugs import DrugMention, find_drugs, find_in_persian
from gaokerena_data.translate.numbers import Language
from gaokerena_data.translate.sentences import aligned, sentences_of

_SAID: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("adults", r"\badults?\b"), ("children", r"\b(?:child|children|infants?|babies)\b"),
        ("men", r"\b(?:men|males?)\b"), ("women", r"\b(?:women|females?)\b"),
        ("systolic", r"\bsystolic\b"), ("diastolic", r"\bdiastolic\b"),
        ("morning", r"\bmornings?\b"), ("evening", r"\b(?:evenings?|nights?|bedtime)\b"),
        ("left", r"\bleft\b"), ("right", r"\bright\b"),
    ),
    "fa": (
        ("adults", "بزرگ[\u200c ]?سال"), ("children", "کودک|نوزاد|بچه|شیرخوار"),
        ("men", "مردان|مردها|آقایان"), ("women", "زنان|زن\u200cها|خانم"),
        ("systolic", "سیستول"), ("diastolic", "دیاستول"),
        ("morning", "صبح"), ("evening", "شب|عصر|(?:وقت|هنگام|از) خواب"),
        ("left", "چپ"), ("right", "راست"),
    ),
}  # fmt: skip
_PEOPLE: dict[Language, tuple[tuple[str, re.Pattern[str]], ...]] = {
    language: tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in patterns)
    for language, patterns in _SAID.items()
}
_PARTS = re.compile(
    r"\s*(?:[,;،؛]|\band\b|\bthen\b|\bbut\b|\bwhile\b|\s(?:و|سپس|اما|"
    r"ولی)\s)\s*",
    re.IGNORECASE,
)
_QUANTITY: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\bonce\b|\b(?:one|a)(?= (?:tablet|pill|capsule|drop|puff|teaspoon|tablespoon|time))\b|"
        r"\d+(?:\.\d+)?", re.IGNORECASE,
    ),
    "fa": re.compile(
        r"(?<![آ-ی])یک(?=[ \u200c](?:بار|مرتبه|نوبت|دفعه|قرص|عدد|کپسول|قطره|پاف|قاشق))|"
        r"\d+(?:\.\d+)?"
    ),
}  # fmt: skip


def exchanged_doses(source: str, translation: str) -> str | None:
    """Whether a dose stands by another drug than in the source."""
    names = {mention.name for mention in find_drugs(source)}
    before = _bound(source, find_drugs)
    after = _bound(translation, lambda text: find_in_persian(text, names))
    if len(names) < 2 or len(before) < 2 or before.keys() != after.keys():
        return None  # what is lost or added is told by the checks of drugs and units
    moved = sorted(dose for dose in before if before[dose] != after[dose])
    return f"doses by other drugs ({', '.join(moved)})" if moved else None


def exchanged_counts(source: str, translation: str) -> str | None:
    """Whether counts and times were exchanged between drugs, patients or the parts of a sentence.

    Args:
        source: English, its numbers spelled.
        translation: Persian, its numbers spelled.
    """
    names = {mention.name for mention in find_drugs(source)}
    for before, after in aligned(source, translation):
        ours = _by_anchor(before, "en", find_drugs)
        theirs = _by_anchor(after, "fa", lambda text: find_in_persian(text, names))
        if ours is None or theirs is None:
            continue
        if len(ours) >= 2 and ours.keys() == theirs.keys():
            none: Counter[str] = Counter()
            if ours != theirs and sum(ours.values(), none) == sum(theirs.values(), none):
                return f"counts exchanged ({', '.join(sorted(ours))})"
        elif len(ours) < 2 and len(theirs) < 2 and (moved := _other_order(before, after)):
            return f"doses in another order ({', '.join(moved)})"
    return None


def _by_anchor(
    sentence: str, language: Language, find: Callable[[str], list[DrugMention]]
) -> dict[str, Counter[str]] | None:
    """Each drug or patient with the numbers of its part; none where a part has two."""
    found: dict[str, Counter[str]] = {}
    waiting: Counter[str] = Counter()
    last: str | None = None
    for part in _PARTS.split(sentence):
        anchors = {mention.name for mention in find(part)} or {
            name for name, pattern in _PEOPLE[language] if pattern.search(part)
        }
        if len(anchors) > 1:
            return None
        numbers = Counter(
            number if (number := match.group())[0].isdigit() else "1"
            for match in _QUANTITY[language].finditer(part)
        )
        if anchors:
            last = anchors.pop()
            found.setdefault(last, Counter()).update(numbers + waiting)
            waiting = Counter()
        elif last is not None:
            found[last].update(numbers)
        else:
            waiting.update(numbers)
    return found


def _other_order(before: str, after: str) -> list[str]:
    """Doses of one unit that come in another order, in sentences of as many."""
    ours = [dose.told for dose in doses_of(before) if dose.told.split()[-1] in MASSES]
    theirs = [dose.told for dose in doses_of(after) if dose.told.split()[-1] in MASSES]
    same = len(set(ours)) == len(ours) == 2 and sorted(ours) == sorted(theirs)
    return sorted(ours) if same and ours != theirs else []


def _bound(text: str, find: Callable[[str], list[DrugMention]]) -> dict[str, frozenset[str]]:
    """Each dose with the drugs that stand nearest to it, in its own sentence."""
    bound: dict[str, set[str]] = {}
    for sentence in sentences_of(text):
        doses = [dose for dose in doses_of(sentence) if dose.told.split()[-1] in MASSES]
        for dose in doses:
            bound.setdefault(dose.told, set())
        for drug in find(sentence) if doses else ():
            nearest = min(doses, key=lambda dose: _apart(dose, drug))
            bound[nearest.told].add(drug.name)
    return {dose: frozenset(names) for dose, names in bound.items()}


def _apart(dose: Dose, drug: DrugMention) -> int:
    return max(dose.start - drug.end, drug.start - dose.end)
