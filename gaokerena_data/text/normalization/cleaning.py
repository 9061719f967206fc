"""What is settled before hazm: Unicode form, invisible characters, presentation forms."""

import re
import unicodedata
from functools import cache

from gaokerena_data.text.normalization.hazm_tables import ZWNJ, hazm_tables

_LETTERS = r"\u0621-\u063a\u0641-\u064a\u0671-\u06cc"

# Characters that typists and old editors put where a ZWNJ belongs: soft hyphen, "not" sign (ZWNJ
# in an old code page), direction marks («می\u200eشود»).
_STRAY_MARKS = re.compile("[\u00ad\u00ac\u200e\u200f]++|[\u200b\ufeff]++")
_LETTER = re.compile(f"[{_LETTERS}]")
# A BOM or zero-width space parts words too («می\ufeffشود»), but after a letter that joins
# nothing it is an accident («د\ufeffوست»).
_JOINS_NOTHING = frozenset("اآأإدذرزژوؤءة")
# Bidi marks, isolates and embeddings, whatever is left of the above, word joiner, controls.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u061c\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f]"
)
# hazm removes these, and would so make two numbers one after they were looked at.
# One alternative for each side, and a run is tried from its beginning only: linear on any run.
_MARK = re.compile("[\u0640\u064b-\u0652]")
_MARKS_BY_DIGITS = re.compile(
    "(?<=[0-9۰-۹٠-٩٫])[\u0640\u064b-\u0652]++"
    "|(?<![\u0640\u064b-\u0652])[\u0640\u064b-\u0652]++(?=[0-9۰-۹٠-٩٫])"
)
_SPACES = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000\x1c-\x1f]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile("\r\n|[\x0b\x0c\x85\u2028\u2029]")
# A zero-width joiner has work to do inside emoji only.
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINER = re.compile(f"\u200d(?![{_EMOJI}])|(?<![{_EMOJI}])\u200d")
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x85\u00ac\u00ad\u061c\u1680\u2000-\u200b\u200d-\u200f\u2028-\u202f"
    "\u205f-\u2064\u2066-\u2069\u3000\ufb50-\ufdff\ufe70-\ufeff\ufff9-\ufffb]"
)


def clean(text: str) -> str:
    r"""NFC, without invisible characters, with presentation forms written as letters.

    Invisible characters that stand between two Persian letters where a ZWNJ belongs become one;
    ZWJ is kept inside emoji only. The Arabic keyboard's ي ك ى become
    ی ک ی, as in hazm. Line ends become `\n`, odd spaces become a space. Tatweel is
    left to hazm. The presentation forms that hazm maps letter by letter are left to hazm too;
    ligatures such as ﻻ and ﷲ, which it misses or drops, are spelled out.
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _MARK.search(text):
        text = _MARKS_BY_DIGITS.sub("", text)
    odd = set(_ODD.findall(text))
    for ligature in odd & _ligatures().keys():
        text = text.replace(ligature, _ligatures()[ligature])
    text = text.replace("ي", "ی").replace("ك", "ک").replace("ى", "ی")
    if not odd:
        return text
    text = _STRAY_MARKS.sub(_zwnj_between_letters, text)
    if not odd.isdisjoint("\r\x0b\x0c\x85\u2028\u2029"):
        text = _LINE_ENDS.sub("\n", text).replace("\r", "\n")
    text = _INVISIBLE.sub("", text)
    if "\u200d" in odd:
        text = _JOINER.sub("", text)
    return _SPACES.sub(" ", text)


def tidy(text: str) -> str:
    r"""NFC, one space between words, no invisible characters; letters stay as they are.

    For languages that hazm knows nothing of: where Persian writes ی and ک, Arabic writes ي and ك.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text).replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _zwnj_between_letters(marks: re.Match[str]) -> str:
    text, (start, end) = marks.string, marks.span()
    if not (start and _LETTER.match(text[start - 1]) and _LETTER.match(text, end)):
        return marks.group()
    if marks.group()[0] in "\u200b\ufeff" and text[start - 1] in _JOINS_NOTHING:
        return marks.group()
    return ZWNJ


@cache
def _ligatures() -> dict[str, str]:
    known = hazm_tables().constants["TRANSLATION_SRC"]
    table = {}
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        char = chr(code)
        letters = unicodedata.normalize("NFKC", char)
        if char not in known and len(letters) > 1 and letters[0] != " ":
            table[char] = letters
    return table
