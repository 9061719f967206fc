"""What a Persian translation changed of its source: numbers, doses, negation, drugs, length.

Every check counts on both sides and says where they differ; none of them understands the text. A
check that is wrong costs a look by a person, one that is silent costs a wrong benchmark.
"""

import re
from collections import Counter
from collections.abc import Callable

from gaokerena_data.translate.doses import COUNTED, MASSES, Dose, doses_of, times_of
from gaokerena_data.translate.drugs import DrugMention, find_drugs, find_in_persian

_SENTENCE = re.compile(r"(?<=[.!?؟])\s+|\n+")
_LATIN, _PERSIAN = re.compile(r"\b[a-z]{2,}\b"), re.compile(r"[\u0621-\u06cc]+")

# Words that deny in English; "unable", "avoid" and their like may be denied in Persian or not.
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without(?! (?:a )?prescription)|cannot|nothing|nobody)\b|"
    r"n['’]t\b|\b(?:do|does|did|is|are|was|were|wo|ca|could|should|would|has|have|had)nt\b",
    re.IGNORECASE,
)
_MAY_DENY = re.compile(
    r"-free\b|\b(?:avoid|unable|fail|lack|absen|contraindicat|unlikely|rarely|hardly|stop|free of|"
    r"refrain|prevent|negative|prohibit|forbid|discontinu|except|unless|until|instead|rather than|"
    r"other than|un[a-z]{4,}|non-?[a-z]+|in(?:abil|suffic|adequa|compat|effect|appropr)|"
    r"dis(?:contin|appear)|ir(?:regul|rever)|im(?:poss|prob)|a(?:septic|symptom)|deny|denie[sd]|"
    r"only|less|few|little)",
    re.IGNORECASE,
)
_STEMS = (
    "کن|کرد|خور|نوش|گیر|گرفت|ده|داد|رو|رفت|زن|زد|گذار|گذاشت|خواه|خواست|توان|یاب|یافت|پرداز|گرد|"
    "گشت|شو|شد|باش|بود|دار|داشت|مان|بین|دید|شناس|کش|ریز|ریخت|پوش|بند|بست|رس|یفت|یا|یاور|ینداز|ساز|"
    "ساخت|پذیر|بر|گو|گفت|شنو|خواب|گنج|انجام|پرس|ترس|چسب|چرخ|خار|سوز|فشار|مال|نش|سنج|یفزا|یست"
)
_PERSIAN_DENIES = re.compile(
    rf"(?<![آ-ی])(?:نه(?! (?:{COUNTED}))|نیست\w*|نباید|نمی[\u200c ]?\w+|"
    rf"ن(?:{_STEMS})(?:م|ی|د|ید|یم|ند|ه|یدن|ن)?|نکرده\w*|بدون(?! نسخه)|هیچ\w*|هرگز|عدم|غیر\w*|"
    r"فاقد|منع|ممنوع\w*|نا(?:مناسب|کافی|توان|منظم|ممکن|امن)\w*|منفی|مگر|(?:به[\u200c ]?)?جز|"
    r"خودداری|پرهیز|اجتناب)(?![آ-ی])"
)
_PREAMBLE = re.compile(
    r"^\W*(?:البته|حتما|بسیار خوب|در اینجا|اینجا|ترجمه\w*(?: فارسی| متن| این)?|متن ترجمه|sure|"
    r"certainly|here(?:'s| is)|of course|translation)\b[^.\n]{0,60}[:،!]|"
    r"(?:امیدوارم|اگر (?:سوال|پرسش|نیاز)\w* (?:دیگر|بیشتر)\w*)[^.\n]{0,60}"
    r"(?:باشد|کنید|بپرسید|بگویید)\W*$",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"متاسفم|متأسفم|نمی[\u200c ]?توانم (?:\w+ ){0,5}(?:ترجمه|کمک|پاسخ)|قادر به ترجمه|مدل زبان|"
    r"هوش مصنوعی|"
    r"i(?:'m| am) sorry|i can(?:'t|not) (?:translate|help|assist)|as an ai",
    re.IGNORECASE,
)
_SHORTEST, _LONGEST = 0.5, 2.2  # Persian characters to a character of English, whole translations
_LEAST_CHARACTERS = 40
_LEAST_WORDS = 4
_REPEATED_WORDS = 6


def find_faults(source: str, translation: str) -> list[str]:
    """What is wrong with a Persian translation of an English text, one line a fault.

    Args:
        source: the English text.
        translation: with all that was protected put back.

    Example:
        >>> find_faults("Take one pill three times a day.", "روزی دو بار یک قرص بخورید.")
        ['other times or counts (lost 3; added 2)']
    """
    if not translation.strip():
        return ["empty"] if source.strip() else []
    if re.search(r"[A-Za-z]{4}", source) and not _PERSIAN.search(translation):
        return ["no Persian in it"]
    checks: tuple[Callable[[str, str], str | None], ...] = (
        _refused,
        _with_preamble,
        _other_times,
        _other_units,
        _other_negation,
        _other_length,
        _not_persian,
        _repeats,
        _other_drugs,
        _exchanged_doses,
    )
    return [fault for check in checks if (fault := check(source, translation)) is not None]


def told_difference(lost: Counter[str], added: Counter[str]) -> str:
    """What a count on two sides lost and added, for people."""
    parts = [
        f"{what} {', '.join(sorted(found.elements()))}"
        for what, found in (("lost", lost), ("added", added))
        if found
    ]
    return "; ".join(parts)


def _refused(source: str, translation: str) -> str | None:
    found = _REFUSAL.search(translation)
    return "a refusal" if found and not _REFUSAL.search(source) else None


def _with_preamble(source: str, translation: str) -> str | None:
    found = _PREAMBLE.search(translation.strip())
    return "words of the translator's own" if found and ":" not in source[:80] else None


def _other_times(source: str, translation: str) -> str | None:
    before, after = times_of(source, "en"), times_of(translation, "fa")
    lost, added = before - after, after - before
    return f"other times or counts ({told_difference(lost, added)})" if lost or added else None


def _other_units(source: str, translation: str) -> str | None:
    """Numbers that stand by another unit, or doses that lost theirs."""
    ours, theirs = _units_of(source), _units_of(translation)
    changed = []
    for number, units in sorted(ours.items()):
        others = theirs.get(number, set())
        if units != others and (others or units & MASSES):
            changed.append(
                f"{number} {'/'.join(sorted(units))}: {'/'.join(sorted(others)) or 'none'}"
            )
    return f"other units ({', '.join(changed)})" if changed else None


def _units_of(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for dose in doses_of(text):
        number, _, unit = dose.told.partition(" ")
        found.setdefault(number, set()).add(unit)
    return found


def _other_negation(source: str, translation: str) -> str | None:
    """Sentence by sentence where there are as many on both sides, else over the whole."""
    ours, theirs = _sentences(source), _sentences(translation)
    if len(ours) != len(theirs):
        ours, theirs = [source], [translation]
    for before, after in zip(ours, theirs, strict=True):
        denied, denies = bool(_DENIES.search(before)), bool(_PERSIAN_DENIES.search(after))
        if denied and not denies:
            return "a negation is lost"
        if denies and not denied and not _MAY_DENY.search(before):
            return "a negation is added"
    return None


def _other_length(source: str, translation: str) -> str | None:
    if len(source) < _LEAST_CHARACTERS:
        return None
    share = len(translation) / len(source)
    if share < _SHORTEST:
        return f"much shorter than its source ({share:.0%} of the characters)"
    return f"much longer than its source ({share:.0%})" if share > _LONGEST else None


def _not_persian(source: str, translation: str) -> str | None:
    from gaokerena_data.text import detect_language

    for sentence in _sentences(translation):
        # Names stay in Latin letters, and begin with a capital one or are drugs.
        english = [word for word in _LATIN.findall(sentence) if not find_drugs(word)]
        if len(english) >= _LEAST_WORDS and len(english) > len(_PERSIAN.findall(sentence)):
            return "a sentence is not in Persian"
    if len(_PERSIAN.findall(translation)) >= _LEAST_WORDS:
        language = detect_language(translation)
        if language not in ("fa", "unknown") and detect_language(source) != language:
            return f"its language is {language}, not fa"
    return None


def _repeats(source: str, translation: str) -> str | None:
    ours, theirs = _most_repeated(source), _most_repeated(translation)
    return "it repeats itself" if theirs >= 3 and theirs > ours + 1 else None


def _most_repeated(text: str) -> int:
    words = text.casefold().split()
    stretches = range(len(words) - _REPEATED_WORDS + 1)
    grams = Counter(tuple(words[n : n + _REPEATED_WORDS]) for n in stretches)
    return max(grams.values(), default=0)


def _other_drugs(source: str, translation: str) -> str | None:
    wanted = {mention.name for mention in find_drugs(source)}
    there = {mention.name for mention in find_in_persian(translation, wanted)} if wanted else set()
    added = {mention.name for mention in find_drugs(translation)} - wanted
    lost = wanted - there
    if not lost and not added:
        return None
    return f"other drugs ({told_difference(Counter(lost), Counter(added))})"


def _exchanged_doses(source: str, translation: str) -> str | None:
    """Whether a dose stands by another drug than in the source."""
    names = {mention.name for mention in find_drugs(source)}
    before = _bound(source, find_drugs)
    after = _bound(translation, lambda text: find_in_persian(text, names))
    if len(names) < 2 or len(before) < 2 or before.keys() != after.keys():
        return None  # what is lost or added is told by the checks of drugs and units
    moved = sorted(dose for dose in before if before[dose] != after[dose])
    return f"doses by other drugs ({', '.join(moved)})" if moved else None


def _bound(text: str, find: Callable[[str], list[DrugMention]]) -> dict[str, frozenset[str]]:
    """Each dose with the drugs that stand nearest to it, in its own sentence."""
    bound: dict[str, set[str]] = {}
    for sentence in _sentences(text):
        doses = [dose for dose in doses_of(sentence) if dose.told.split()[-1] in MASSES]
        for dose in doses:
            bound.setdefault(dose.told, set())
        for drug in find(sentence) if doses else ():
            nearest = min(doses, key=lambda dose: _apart(dose, drug))
            bound[nearest.told].add(drug.name)
    return {dose: frozenset(names) for dose, names in bound.items()}


def _apart(dose: Dose, drug: DrugMention) -> int:
    return max(dose.start - drug.end, drug.start - dose.end)


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(text.strip()) if part.strip()]
