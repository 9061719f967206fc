"""The shape of a translation: its length, its language, what it repeats and where it breaks off."""

import re
from collections import Counter
from itertools import pairwise

from gaokerena_data.translate.drugs import find_drugs
from gaokerena_data.translate.sentences import sentences_of

_LATIN, _PERSIAN = re.compile(r"\b[a-z]{2,}\b"), re.compile(r"[\u0621-\u06cc]+")
_IN_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_OF_GRAMMAR = frozenset((
    "the", "is", "are", "was", "were", "be", "an", "of", "and", "or", "to", "for", "with", "in",
    "on", "at", "from", "by", "as", "it", "its", "this", "that", "these", "those", "has", "have",
    "had", "do", "does", "not", "can", "may", "should", "will", "you", "your", "he", "she",
    "they", "we", "not", "if", "when", "every", "each", "usually", "often", "very", "more",
    "than", "take", "use", "drink", "see", "after", "before",
))  # fmt: skip
_SHORTEST, _LONGEST = 0.5, 2.2  # Persian characters to a character of English, whole translations
_LEAST_CHARACTERS = 40
_SHORTEST_OF_SHORT, _LEAST_OF_SHORT = 0.35, 20
_LONGEST_OF_SHORT, _MORE_OF_SHORT = 2.5, 40
_SENTENCES_LOST = 0.88  # a text of fewer sentences is this short only where some are missing
_LEAST_WORDS = 4
_REPEATED_WORDS = 6
_SAID_TWICE = 8
_ENDS = re.compile(r"[.!?؟:…؛»\"')\]]\s*$")


def other_length(source: str, translation: str) -> str | None:
    """Whether a translation is too short or too long for its source, or has lost sentences."""
    share = len(translation) / max(len(source), 1)
    if len(source) < _LEAST_CHARACTERS:
        if len(source) >= _LEAST_OF_SHORT and share < _SHORTEST_OF_SHORT:
            return f"much shorter than its source ({share:.0%} of the characters)"
        longer = len(translation) > _LONGEST_OF_SHORT * len(source) + _MORE_OF_SHORT
        return f"much longer than its source ({share:.0%})" if longer else None
    if share < _SHORTEST:
        return f"much shorter than its source ({share:.0%} of the characters)"
    if share > _LONGEST:
        return f"much longer than its source ({share:.0%})"
    ours, theirs = len(sentences_of(source)), len(sentences_of(translation))
    if ours >= 3 and theirs < ours and share < _SENTENCES_LOST:
        return f"sentences are missing ({theirs} of {ours}, {share:.0%} of the characters)"
    broken = _ENDS.search(source.strip()) and not _ENDS.search(translation.strip())
    if broken and share < _SENTENCES_LOST and len(source) > 2 * _LEAST_CHARACTERS:
        return "it breaks off"
    return None


def not_persian(source: str, translation: str) -> str | None:
    """A sentence, or a stretch of one, that stayed English; or another language altogether."""
    from gaokerena_data.text import detect_language

    for sentence in sentences_of(translation):
        bare = _IN_BRACKETS.sub(" ", sentence)
        # Names stay in Latin letters, and begin with a capital one or are drugs.
        english = [word for word in _LATIN.findall(bare) if not find_drugs(word)]
        if len(english) >= _LEAST_WORDS and len(english) > len(_PERSIAN.findall(sentence)):
            return "a sentence is not in Persian"
        if len(english) >= 2 and _english_stretch(bare):
            return "words are left in English"
    if len(_PERSIAN.findall(translation)) >= _LEAST_WORDS:
        language = detect_language(translation)
        if language not in ("fa", "unknown") and detect_language(source) != language:
            return f"its language is {language}, not fa"
    return None


def _english_stretch(text: str) -> bool:
    """Two English words in a row, one of grammar: no name, and no term that is kept."""
    stretches = re.findall(r"\b[A-Za-z]+(?: [a-z]+)+\b", text)
    return any(not _OF_GRAMMAR.isdisjoint(stretch.casefold().split()) for stretch in stretches)


def repeats(source: str, translation: str) -> str | None:
    """Whether a translation says things over again that its source says once."""
    told = "it repeats itself"
    ours, theirs = (
        _most_repeated(source, _REPEATED_WORDS),
        _most_repeated(translation, _REPEATED_WORDS),
    )
    if theirs >= 3 and theirs > ours + 1:
        return told
    if _in_a_row(translation) > max(_in_a_row(source), 2):
        return told
    before, after = _sentence_counts(source), _sentence_counts(translation)
    if max(after.values(), default=0) >= max(2, 1 + max(before.values(), default=0)):
        return told
    twice = _most_repeated(translation, _SAID_TWICE) > 1 and _most_repeated(source, 4) < 2
    words = translation.split()
    half = len(words) // 2
    whole = half >= 3 and len(words) % 2 == 0 and words[:half] == words[half:]
    return told if twice or whole else None


def _sentence_counts(text: str) -> Counter[str]:
    plain = (re.sub(r"\W+", " ", part).strip() for part in sentences_of(text))
    return Counter(part for part in plain if len(part.split()) >= 2)


def _in_a_row(text: str) -> int:
    words = re.findall(r"\w+", text.casefold())
    most = here = 1
    for before, word in pairwise(words):
        here = here + 1 if word == before and not word.isdigit() else 1
        most = max(most, here)
    return most


def _most_repeated(text: str, length: int) -> int:
    words = text.casefold().split()
    grams = Counter(tuple(words[n : n + length]) for n in range(len(words) - length + 1))
    return max(grams.values(), default=0)
