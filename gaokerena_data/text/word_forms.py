"""Persian words as one spelling each: what two texts are compared by.

A word here is a comparison form, not a spelling to print. `ي` and `ی`, `ك` and `ک`, digits of
every script, upper and lower case are one; vowel signs, tatweel and direction marks are nothing;
a zero-width non-joiner (ZWNJ) is a space. What changes a dose stays: `2.5` is one word and not
`2`, `5`; `5%` and `O+` are not `5` and `O`.
"""

import re
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

# What a code unit of a text is; some are several of these.
WORD = np.uint8(1)  # part of a word
DIGIT = np.uint8(2)
LATIN = np.uint8(4)
BETWEEN_DIGITS = np.uint8(8)  # part of a word between two digits: 2.5, 140/90, 700,000
SIGN = np.uint8(16)  # a word of its own: 5 % is not 5
MINUS = np.uint8(32)  # part of a Latin word at its end: O-, HIV-
NOTHING = np.uint8(64)  # left out, as if it were not there
UNSETTLED = np.uint8(128)  # the text needs `settle` first

_SIGNS = "+%<>≤≥±×"
_TOKEN = re.compile(r"(?:[^\W_]|(?<=[0-9])[.,/](?=[0-9])|(?<=[a-z])-(?![^\W_]))+|[+%<>≤≥±×]")

# Four in five code units: ideographs, Hangul syllables, surrogates and private characters. What
# the first of such a block is, all of it are, each compared as itself.
_UNIFORM = [
    slice(0x3400, 0x4DC0),
    slice(0x4E00, 0xA000),
    slice(0xAC00, 0xD7A4),
    slice(0xD800, 0xE000),
    slice(0xE000, 0xF900),
]

_OUTSIDE_THE_PLANE = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")

# Beyond what Unicode itself calls the same letter.
_SAME = str.maketrans(
    "يىئكڪأإٱؤةۀەھہۂ٪٫٬⁄∕−",
    "یییکک" + "اااو" + "هههههه" + "%.,//-",
)
_TATWEEL, _ZWNJ, _ZERO_WIDTH_SPACE = "\u0640", "\u200c", "\u200b"
_PRESENTATION_FORM = re.compile("[\ufb00-\ufdff\ufe70-\ufefe\uff00-\uffef]")
# Signs over or under a letter that make no other letter of it: all but the madda of `آ`.
_VOWEL_SIGN = re.compile("[\u0610-\u061a\u064b-\u0652\u0654-\u065f\u0670\u06d6-\u06ed]")


def words(text: str) -> list[str]:
    """The words of a text in their comparison form, in order.

    >>> words("قرصِ «استامينوفن» ۵۰۰ ميلي‌گرم، روزي ۲٫۵ بار؟")
    ['قرص', 'استامینوفن', '500', 'میلی', 'گرم', 'روزی', '2.5', 'بار']
    """
    if _unsettled().search(text):
        text = settle(text)
    return _TOKEN.findall(text.translate(_folding()))


def settle(text: str) -> str:
    """The text without the characters that cannot be compared one by one.

    Presentation forms become their letters (`ﻻ` is two), a letter and its combining sign become
    one character where Unicode has it (NFC), and what lies outside the Basic Multilingual Plane
    and is no letter (emoji) becomes a space.
    """
    text = _OUTSIDE_THE_PLANE.sub(
        lambda character: character[0] if character[0].isalnum() else " ", text
    )
    text = _PRESENTATION_FORM.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
    # Composition takes the square of the length of a run of signs, and hostile pages have a
    # million. Unicode's stream-safe form (UAX 15, section 13) allows 30.
    text = _too_many_signs().sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


@cache
def code_unit_table() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
    """For each of the 65,536 UTF-16 code units: what it is, and the unit it is compared as."""
    kinds = np.zeros(1 << 16, np.uint8)
    folded = np.arange(1 << 16, dtype=np.uint16)
    for block in _UNIFORM:
        kinds[block], _ = describe_code_unit(chr(block.start))
    uniform = {code for block in _UNIFORM for code in range(block.start, block.stop)}
    for code in range(1 << 16):
        if code not in uniform:
            kinds[code], folded[code] = describe_code_unit(chr(code))
    return kinds, folded


def describe_code_unit(character: str) -> tuple[int, int]:
    """What `code_unit_table` says of one code unit."""
    code = ord(character)
    if _is_surrogate(code):
        # Once a text is settled, only letters outside the plane are left of them.
        return int(UNSETTLED | WORD), code
    category = unicodedata.category(character)
    canonical = _canonical(character)
    if (
        len(canonical) > 1
        or ord(canonical) > 0xFFFF
        or (unicodedata.combining(character) and not _VOWEL_SIGN.match(character))
    ):
        return int(UNSETTLED | NOTHING), code
    if _is_nothing(character, category):
        return int(NOTHING), code
    folded = _fold(character)
    kind = 0
    if folded.isalnum():
        kind |= int(WORD)
    if "0" <= folded <= "9":
        kind |= int(DIGIT)
    if "a" <= folded <= "z":
        kind |= int(LATIN)
    if folded in ".,/":
        kind |= int(BETWEEN_DIGITS)
    if folded in _SIGNS:
        kind |= int(SIGN)
    if folded == "-":
        kind |= int(MINUS)
    return kind, ord(folded)


def _canonical(character: str) -> str:
    if _PRESENTATION_FORM.match(character):
        return unicodedata.normalize("NFKC", character)
    return unicodedata.normalize("NFC", character)


def _is_nothing(character: str, category: str) -> bool:
    if character in {_ZWNJ, _ZERO_WIDTH_SPACE}:
        return False
    return category in {"Mn", "Mc", "Me", "Cf"} or character == _TATWEEL


def _fold(character: str) -> str:
    folded = _canonical(character).translate(_SAME)
    if unicodedata.category(folded) == "Nd":
        return str(unicodedata.digit(folded))
    lower = folded.lower()
    return lower if len(lower) == 1 else folded


def _is_surrogate(code: int) -> bool:
    return 0xD800 <= code <= 0xDFFF


@cache
def _folding() -> dict[int, int | None]:
    kinds, folded = code_unit_table()
    changed = np.flatnonzero(folded != np.arange(1 << 16))
    table: dict[int, int | None] = dict(
        zip(changed.tolist(), folded[changed].tolist(), strict=True)
    )
    table.update(dict.fromkeys(np.flatnonzero(kinds & NOTHING).tolist()))
    return table


@cache
def _unsettled() -> re.Pattern[str]:
    kinds, _ = code_unit_table()
    units = [code for code in np.flatnonzero(kinds & UNSETTLED).tolist() if not _is_surrogate(code)]
    return re.compile(f"[{_ranges(units)}\ud800-\udfff\U00010000-\U0010ffff]")


@cache
def _too_many_signs() -> re.Pattern[str]:
    signs = _ranges([code for code in range(1 << 16) if unicodedata.combining(chr(code))])
    return re.compile(f"([{signs}]{{30}})[{signs}]+")


def _ranges(codes: list[int]) -> str:
    breaks = np.flatnonzero(np.diff(codes) > 1)
    firsts = [codes[0], *(codes[i + 1] for i in breaks)]
    lasts = [*(codes[i] for i in breaks), codes[-1]]
    return "".join(
        f"{re.escape(chr(first))}-{re.escape(chr(last))}"
        for first, last in zip(firsts, lasts, strict=True)
    )
