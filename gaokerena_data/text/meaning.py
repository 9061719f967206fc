"""What a text says in numbers, signs and foreign letters: the part that no rewriting may change.

Normalization asks it of its input and of its output (see `normalize`). It goes by what Unicode says
of each character and shares nothing with the rules of `normalization`, so that it sees what they
overlook.
"""

import re
import unicodedata
from functools import cache

# Persian letters, and 'Phags-pa ones, which stand for whatever is left out of a text.
_LETTERS = "\u0620-\u063f\u0641-\u064a\u0671-\u06d3\ua840-\ua873"
# Whatever is a value is one of these; most characters that are none are not.
_ANYTHING = (
    r"[^\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u2000-\u206f\ua840-\ua873"
    r"\x00-/:-@\[-`{-\xa9\xab\xbb]"
)
# A value, and whatever follows it up to the next letter.
_STRETCH = re.compile(f"{_ANYTHING}[^{_LETTERS}]*+")
_HAS_ANYTHING = re.compile(_ANYTHING)
_VALUE = re.compile("d+|n+|a+")
_SIGNS = frozenset("*/\\%‰°^_#&@′″·‖§µ٪")
_MARKS = frozenset(".,:;!?'\"()[]{}«»،؛؟٫٬…“”‘’„‹›")
# Signs that are one: per cent, fractions, minus.
_FOLDED = str.maketrans("٪﹪％∕−", "%%%/-")
# Spaced out, these are what they are without the spaces: «۲ ٫ ۵», «۱۴۰ / ۹۰».
_SPACE = r"[^\S\n]{1,9}"  # of whatever kind, however many
_SPACED = re.compile(rf"{_SPACE}([,٫٬/]){_SPACE}")
_HBA1C = re.compile(
    rf"(?<![^\W\d_])(hba)(?:{_SPACE})?([1۱١])(?:{_SPACE})?(c)(?![^\W\d_])", re.IGNORECASE
)
_B12 = re.compile(rf"(?<![^\W\d_])([bB]){_SPACE}((?:12|۱۲|١٢)(?!\d))")
_UNSEEN = "\u2063"
_POINTS = ".٫"
# Before a value, these have no part in it; nor have marks and spaces that end a stretch.
_APART = re.compile(f"[{_LETTERS} \n{re.escape(''.join(sorted(_MARKS - set(_POINTS))))}]")
_ENDS = "".join(sorted(_MARKS)) + " \n"
_ONE_SCRIPT = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٪", "0123456789" * 2 + "%")


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
    if _HAS_ANYTHING.search(text) is None:
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
    stretches, others = _stretches(one), _stretches(other)
    return (
        stretches == others
        or [stretch.translate(_ONE_SCRIPT) for stretch in stretches]
        == [stretch.translate(_ONE_SCRIPT) for stretch in others]
        or reading(one) == reading(other)
    )


def _stretches(text: str) -> list[str]:
    """All that a reading is made of: each value up to the next letter, and what touches it before.

    Texts with the same stretches have the same reading; those with others may have it too.
    """
    found: list[str] = []
    end = 0
    for stretch in _STRETCH.finditer(text):
        start = stretch.start()
        if start and not _APART.match(text, start - 1):
            found.append(text[end:start].rpartition(" ")[2])
        found.append(stretch.group().rstrip(_ENDS))
        end = stretch.end()
    return found


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
