"""Where in a text normalization may find something to do: the rest need not go through its rules.

Most words of a text are written as hazm writes them. A word is **plain** when no rule looks at it
by itself (it is letters and ZWNJs in their place, with a closing mark at most), and none together
with the word before or after it. What stands between two plain words that are themselves plain
beside their neighbours cannot reach over them, so a text may be cut there. (Quotation marks can:
whoever puts the stretches together must keep them in order, in one text.)
"""

import re
from functools import cache

from gaokerena_data.text.normalization.hazm_path import LETTERS, REPEATED_LETTER, separate_mi
from gaokerena_data.text.normalization.hazm_tables import ZWNJ, hazm_vocabulary

# The letters of hazm's rules, and those that no rule knows.
_LETTERS = f"[{LETTERS}ئؤءأ]+"
_PLAIN = re.compile(f"(?:{_LETTERS}(?:{ZWNJ}{_LETTERS})*|[۰-۹]+)[.:!،؛؟]?")
_MARKS = ".:!،؛؟"
# Words that a rule looks at together with whatever stands before and after them: what it joins (the
# others are suffixes), and «ویتامین B ۱۲».
_WITH_NEIGHBOURS = frozenset({"می", "نمی", "ایم", "اند", "اید", "۱۲"})

# A word's kind: bits. Of two neighbours a rule may know, one is _LEFT and the other is _RIGHT.
_CHANGEABLE, _LEFT, _RIGHT = 1, 2, 4
_BOTH_CHANGEABLE = bytes([_CHANGEABLE, _CHANGEABLE])
# Of the kinds of a text's words, a byte each: two neighbours, the first and what follows it.
_NEIGHBOURS = re.compile(rb"[\x02\x06](?=[\x04\x06])")
# Changeable words with one at either side; where two such stretches touch, they are one.
_STRETCH = re.compile(rb"[^\x01]?\x01(?:[^\x01]{0,2}\x01)*+[^\x01]?")
# What is remembered: about 15 MB of words. Longer ones are links, codes and noise.
_MOST_WORDS, _LONGEST = 1 << 17, 40


def changeable_stretches(words: list[str]) -> list[tuple[int, int]]:
    """The stretches of a text that normalization may change, each with a plain word at either side.

    Args:
        words: the text, split at every space.

    Returns:
        (start, stop) in order, none touching another: `words[start]` and `words[stop - 1]` are
        plain, but for the first and the last word of the text.
    """
    kinds = bytes(map(_kinds().__getitem__, words))
    changeable = bytearray(kinds)
    for neighbours in _NEIGHBOURS.finditer(kinds):
        i = neighbours.start()
        if are_pair(words[i], words[i + 1]):
            changeable[i : i + 2] = _BOTH_CHANGEABLE
    return [stretch.span() for stretch in _STRETCH.finditer(changeable)]


def are_pair(left: str, right: str) -> bool:
    """Whether a rule looks at these two plain words together."""
    if right[-1] in _MARKS:
        right = right[:-1]
    return f"{left}{ZWNJ}{right}" in hazm_vocabulary().joined


class _Kinds(dict[str, int]):
    """What each word is, found when it is first asked for."""

    def __missing__(self, word: str) -> int:
        if len(word) > _LONGEST:
            return _CHANGEABLE
        if len(self) >= _MOST_WORDS:
            self.clear()
        kind = self[word] = _kind(word)
        return kind


@cache
def _kinds() -> _Kinds:
    return _Kinds()


def _kind(word: str) -> int:
    known, bare = hazm_vocabulary(), word.rstrip(_MARKS)
    if not _is_plain(word) or bare in known.suffixes or bare in _WITH_NEIGHBOURS:
        return _CHANGEABLE
    kind = _LEFT if bare == word and word in known.first_parts else 0
    return kind | (_RIGHT if bare in known.second_parts else 0)


def _is_plain(word: str) -> bool:
    return (
        _PLAIN.fullmatch(word) is not None
        and "هها" not in word
        and REPEATED_LETTER.search(word) is None
        and ("می" not in word or separate_mi(word)[0] == word)
    )
