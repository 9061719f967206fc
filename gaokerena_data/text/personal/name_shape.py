"""How many words in a row are one person's name."""

import re

from gaokerena_data.text.personal.name_lists import (
    FIRST_HALVES,
    HALVES,
    LATER_HALVES,
    is_first,
    is_given,
    is_last,
    may_be_surname,
    names,
    plain,
)
from gaokerena_data.text.personal.span import Span

WORD = r"[آ-ی\u200c]{1,60}"  # bounded: words of thousands of letters would be read again and again
NOT_IN_WORD = r"(?<![آ-ی\u200c])"
_TOKENS = re.compile(rf"{WORD}(?: {WORD}){{0,3}}")


def span_of(start: int, words: list[str]) -> Span:
    """The span of words that stand at `start` with one space between them."""
    return Span(start, start + len(" ".join(words)), "name")


def words_at(text: str, start: int) -> list[str]:
    """Up to four words that stand at `start` with one space between them."""
    match = _TOKENS.match(text, start)
    return match.group().split(" ") if match else []


def name_length(words: list[str]) -> int:
    """How many of the words, from the first, are one person's name."""
    given = 0
    while given < min(len(words), 2) and is_given(words[given]):
        given += 1
    if given == len(words) or words[given] in HALVES:  # «حسن زاده»
        given = max(given - 1, 0)
    family = surname_length(words[given:], after_given=given > 0)
    if family or given:
        return given + family
    if len(words) == 1 and is_given(words[0]):
        return 1
    # A name of the gazetteer that may be a word too: only before a surname («امید رضایی»).
    if len(words) > 1 and is_first(words[0]) and is_last(words[1]):
        return 1 + surname_length(words[1:], after_given=False)
    return 0


def surname_length(words: list[str], *, after_given: bool) -> int:
    """How many of the words, from the first, are one surname."""
    if not words or plain(words[0]) in names().stopwords:
        return 0
    if len(words) > 1 and (
        words[1] in HALVES
        or (after_given and words[0] in FIRST_HALVES and (is_first(words[1]) or is_last(words[1])))
    ):
        length = 2
    elif is_last(words[0]) or (after_given and may_be_surname(words[0])):
        length = 1
    else:
        return 0
    if (
        length < len(words)
        and length < 3
        and (words[length] in LATER_HALVES or (length == 1 and is_last(words[1])))
    ):
        length += 1
    if length == 2 and len(words) > 2 and words[2] in LATER_HALVES:
        length = 3
    return length
