"""What a text says in numbers, signs and foreign letters: the part that no rewriting may change.

Normalization asks it of its input and of its output (see `normalize`). It goes by what Unicode says
of each character and shares nothing with the rules of `normalization`, so that it sees what they
overlook.
"""

import re
import unicodedata
from functools import cache

# Whatever is a value is one of these.
_ANYTHING = re.compile(
    "[0-9A-Za-z\u00aa-\u05ff\u0660-\u0669\u06f0-\u06f9\u0700-\u1fff\u2070-\U0010ffff]"
)
_VALUE = re.compile("d+|n+|a+")
_SIGNS = frozenset("*/\\%‰°^_#&@′″·‖§µ٪")
_MARKS = frozenset(".,:;!?'\"()[]{}«»،؛؟٫٬…“”‘’„‹›")
# Signs that are one: per cent, fractions, minus.
_FOLDED = str.maketrans("٪﹪％∕−", "%%%/-")
# Spaced out, these are what they are without the spaces: «۲ ٫ ۵», «۱۴۰ / ۹۰».
_SPACED = re.compile(r" ([,٫٬/]) ")
_HBA1C = re.compile(r"(?<![^\W\d_])(hba) ?([1۱١]) ?(c)(?![^\W\d_])", re.IGNORECASE)
_B12 = re.compile(r"(?<![^\W\d_])([bB]) ((?:12|۱۲|١٢)(?!\d))")
_UNSEEN = "\u2063"
# Words with the spaces and marks around them, but a point that begins a number.
_LETTER = "ل"
_POINTS = r".٫"
_MARK = re.escape("".join(sorted(_MARKS - set(_POINTS))) + _UNSEEN)
_WORDS = re.compile(
    rf"(?:(?<![{_MARK}{_POINTS}\s])[{_MARK}{_POINTS}\s]++)?{_LETTER}++"
    rf"(?:\s?{_LETTER}++|[{_MARK}](?!\s*+[{_POINTS}][0-9])"
    rf"|\s(?![{_POINTS}][0-9])|[{_POINTS}](?![0-9]))*+"
)


def reading(text: str) -> tuple[str, ...]:
    """The numbers of a text, signs at and between them, Latin and Greek words, in their order.

    Two texts that differ in none of them have equal readings:

    >>> reading("قرص ۲.۵mg روزی ۲-۳ بار") == reading("قرص 2.5mg، روزی 2-3 بار!")
    True
    >>> reading("۲۳") == reading("۲ـ۳"), reading("ویتامین D16") == reading("ویتامین D 16")
    (False, False)

    Digits of every script are one. A sign belongs to the reading where it touches a number or a
    foreign word, and between two of them wherever it stands; what ends a sentence or opens a
    bracket only where it touches numbers on both sides (`2.5`), between a number and a bracket of
    its own (`25(OH)D`), or where a number begins with its point (`.5`). A space between a number
    and a foreign word is read as one. `B 12` and `HbA 1 C` are read as one word.

    Args:
        text: any text; the time is linear in its length.

    Returns:
        The parts in order; nothing for a text without numbers and foreign words.
    """
    if _ANYTHING.search(text) is None:
        return ()
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = _B12.sub(r"\1\2", _HBA1C.sub(r"\1\2\3", text))
    kinds = text.translate(_kinds())
    read: list[str] = []
    end, before = 0, ""
    for value in _VALUE.finditer(kinds):
        start, stop = value.span()
        gap, gap_kinds = text[end:start], kinds[end:start]
        read += _between(gap, gap_kinds, before, value.group()[0])
        word = text[start:stop]
        if value.group()[0] == "d":
            word = "".join(str(unicodedata.digit(digit)) for digit in word)
            if _begins_with_point(gap, gap_kinds, not before):
                word = f".{word}"
        read.append(word)
        end, before = stop, value.group()[0]
    if before:
        read += _between(text[end:], kinds[end:], before, "")
    return tuple(read)


def read_alike(one: str, other: str) -> bool:
    """Whether two texts have equal readings; quicker than to read both.

    >>> read_alike("تب ۳۸.۵ دارم", "تب 38.5 دارم."), read_alike("تب ۳۸.۵ دارم", "تب ۳۸ .۵ دارم")
    (True, False)
    """
    if _ANYTHING.search(one) is None and _ANYTHING.search(other) is None:
        return True
    return _outline(one) == _outline(other) or reading(one) == reading(other)


def _outline(text: str) -> str:
    """The text with one letter for its words: a reading can be told from it."""
    return _WORDS.sub(_LETTER, text.translate(_outlined())).strip(" \n")


def _between(gap: str, kinds: str, before: str, after: str) -> list[str]:
    """What is read of the text between two values, of which each has a kind, or is not there."""
    if "l" not in kinds and " " not in kinds and before and after:
        return _tight(gap, kinds, before, after)
    if before and after and not kinds.strip(" "):
        return [" "] if before != after or before == "n" else []
    read = _signs(gap, kinds, len(kinds) - len(kinds.lstrip("sti"))) if before else []
    behind = kinds.rstrip("sti")
    if before and after and "l" not in kinds:
        spaced = _SPACED.fullmatch(gap)
        if spaced:
            return [_folded(spaced[1])]
        middle = slice(len(kinds) - len(kinds.lstrip("sti")), len(behind))
        read += [f" {sign} " for sign in _signs(gap[middle], kinds[middle], len(kinds[middle]))]
    if after:
        read += _signs(gap[len(behind) :], kinds[len(behind) :], len(kinds) - len(behind))
    return read


def _tight(gap: str, kinds: str, before: str, after: str) -> list[str]:
    """What is read of characters that touch a value on both sides."""
    numbers = before in "dn" and after in "dn"
    if numbers and gap and not kinds.strip("i"):
        return [_UNSEEN]
    kept = "stm" if numbers else "st"
    read = [_folded(sign) for sign, kind in zip(gap, kinds, strict=True) if kind in kept]
    return ["("] if before == "d" and after == "a" and gap == "(" else read


def _signs(gap: str, kinds: str, stop: int) -> list[str]:
    return [
        _folded(sign) for sign, kind in zip(gap[:stop], kinds[:stop], strict=True) if kind in "st"
    ]


def _folded(sign: str) -> str:
    return sign.translate(_FOLDED)


def _begins_with_point(gap: str, kinds: str, first: bool) -> bool:
    """Whether a number does: nothing but a space, an opening or a sign is before the point."""
    if gap[-1:] not in {".", "٫"}:
        return False
    return first if len(gap) == 1 else kinds[-2] in " s" or gap[-2] in "([«"


class _Kinds(dict[int, str]):
    """What each character is: d, n: digit, other number; a: Latin or Greek letter; l: another.

    s: sign; t: tatweel; m: mark of sentences and brackets; i: unseen; a space; o: something else.
    """

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(chr(code))
        return kind


@cache
def _kinds() -> _Kinds:
    return _Kinds()


class _Outlined(dict[int, str]):
    """What an outline has for each character."""

    def __missing__(self, code: int) -> str:
        character, kind = chr(code), _kind(chr(code))
        if kind == "d":
            character = str(unicodedata.digit(character))
        elif kind in "l i":
            character = {"l": _LETTER, " ": " ", "i": _UNSEEN}[kind]
        self[code] = character = _folded(character)
        return character


@cache
def _outlined() -> _Outlined:
    return _Outlined()


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    if character == "\u0640":
        return "t"
    if category == "Nd":
        return "d"
    if character in _MARKS:
        return "m"
    if character in _SIGNS or category in {"Pd", "Sm", "Sc"}:
        return "s"
    name = unicodedata.name(character, "")
    if category in {"No", "Nl"} or name.startswith(("SUPERSCRIPT", "SUBSCRIPT", "MODIFIER LETTER")):
        return "n"
    if category in {"Mn", "Me", "Cf"}:
        return "i"
    if category[0] == "L":
        return "a" if "LATIN" in name or "GREEK" in name else "l"
    return "l" if category == "Mc" else "o"
