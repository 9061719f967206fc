"""Texts as patterns read them: one spelling of each letter, one space between words."""

import re
import sys
from functools import cache

from gaokerena_data.text.files import listed_lines

_LETTERS = (
    *((each, "ا") for each in "آأإٱ"),
    *((each, "ی") for each in "يىئ"),
    *(("ك", "ک"), ("ة", "ه"), ("ۀ", "ه"), ("ؤ", "و"), ("؛", ";"), ("?", "؟"), ("ـ", "")),
    *((each, " ") for each in "\u200c\u200d\u00a0"),
)
_MARKS = re.compile("[\u064b-\u0652]+")  # of vowels
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"[.!؟…]+|;(?= )|\n+")
_DECIMAL = re.compile(r"(?<=\d)[.](?=\d)")


def fold(text: str) -> str:
    """Alef without madda, Persian yeh and kaf, a space for a half-space or a line break."""
    for letter, folded in _LETTERS:
        text = text.replace(letter, folded)
    return " ".join(_MARKS.sub("", text).split())


def words_of(folded: str) -> list[str]:
    """The runs of letters and digits of a folded text."""
    return _WORD.findall(folded)


def sentences_of(text: str) -> list[tuple[str, bool]]:
    """The folded sentences of a text, each with whether it ends with a question mark."""
    found: list[tuple[str, bool]] = []
    start = 0
    marked = _DECIMAL.sub("٫", text.replace("?", "؟"))
    for end in _END.finditer(marked):
        found.append((fold(marked[start : end.start()]), "؟" in end[0]))
        start = end.end()
    found.append((fold(marked[start:]), False))
    return [(sentence, asks) for sentence, asks in found if _WORD.search(sentence)]


@cache
def word_list(section: str) -> frozenset[str]:
    """The folded words below `[section]` of the list of this room."""
    found: list[str] = []
    current = ""
    for line in listed_lines("pairs/pair_words.txt"):
        if line.startswith("["):
            current = line.strip("[]")
        elif current == section:
            found += fold(line).split()
    return frozenset(map(sys.intern, found))
