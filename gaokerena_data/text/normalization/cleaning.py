"""What is settled before hazm: Unicode form, invisible characters, presentation forms."""

import re
import unicodedata
from functools import cache

from gaokerena_data.text.normalization.hazm_tables import ZWNJ, hazm_tables
from gaokerena_data.text.normalization.spans import DIGITS

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
    "\x00-\x08\x0e-\x1b\x7f]++"
)
_TATWEEL = "\u0640"
_DIGIT = re.compile(f"[{DIGITS}]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
# A hamza over the yeh or the heh that Unicode does not compose: «همهٔ» is «همۀ».
_HAMZA = re.compile("([هھہۂەۀیى])([\u064b-\u0652\u0670]*+)[\u0654\u0674]")
_HEH_HAMZA = str.maketrans("هھہۂەۀیى", "ۀۀۀۀۀۀئئ")
_SPACES = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000\x1c-\x1f]")
_RUNS = re.compile(" {2,}")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile("\r\n|[\x0b\x0c\x85\u2028\u2029]")
# A zero-width joiner has work to do inside emoji only.
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINER = re.compile(f"\u200d++(?![{_EMOJI}])|(?<![{_EMOJI}])\u200d++")
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x85\u00ac\u00ad\u061c\u1680\u2000-\u200b\u200d-\u200f\u2028-\u202f"
    "\u205f-\u2064\u2066-\u2069\u3000\ufb50-\ufdff\ufe70-\ufeff\ufff9-\ufffb]"
)
_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")


def clean(text: str) -> str:
    r"""NFC, without invisible characters, with presentation forms written as letters.

    Invisible characters that stand between two Persian letters where a ZWNJ belongs become one;
    ZWJ is kept inside emoji only; between two digits all stay, lest two numbers become one. The
    Arabic keyboard's ي ك ى become ی ک ی, as in hazm. Line ends become `\n`, odd spaces become a
    space. Vowel signs and tatweel go, as in hazm, but tatweel that is the dash of numbers
    (`۲ـ۳`). Presentation forms are what Unicode (NFKC) says of them: hazm
    takes hamza and madda off them, and drops ligatures.
    """
    odd = set(_ODD.findall(text))
    if odd and _FORM.search(text):
        text = _FORM.sub(lambda form: _letters_of_forms()[form[0]], text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\u0654" in text or "\u0674" in text:
        text = _HAMZA.sub(lambda found: found[1].translate(_HEH_HAMZA) + found[2], text)
    text = text.replace("ي", "ی").replace("ك", "ک").replace("ى", "ی").replace("ۂ", "ۀ")
    # As hazm does, but before numbers are read that several spaces take apart.
    text = _with_single_spaces(_SPACES.sub(" ", text) if odd else text)
    text = _marks().sub(_unless_a_dash, text)
    if not odd:
        return _with_single_spaces(text)
    text = _STRAY_MARKS.sub(_zwnj_between_letters, text)
    if not odd.isdisjoint("\r\x0b\x0c\x85\u2028\u2029"):
        text = _LINE_ENDS.sub("\n", text).replace("\r", "\n")
    text = _INVISIBLE.sub(_unless_between_digits, text)
    if "\u200d" in odd:
        text = _JOINER.sub(_unless_between_digits, text)
    return _with_single_spaces(text)


def tidy(text: str) -> str:
    r"""NFC, one space between words, no invisible characters; letters stay as they are.

    For languages that hazm knows nothing of: where Persian writes ی and ک, Arabic writes ي and ك.
    """
    text = _INVISIBLE.sub(_unless_between_digits, unicodedata.normalize("NFC", text))
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text).replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _with_single_spaces(text: str) -> str:
    return _RUNS.sub(" ", text) if "  " in text else text


def _zwnj_between_letters(marks: re.Match[str]) -> str:
    text, (start, end) = marks.string, marks.span()
    if not (start and _LETTER.match(text[start - 1]) and _LETTER.match(text, end)):
        return marks.group()
    if marks.group()[0] in "\u200b\ufeff" and text[start - 1] in _JOINS_NOTHING:
        return marks.group()
    return ZWNJ


def _unless_between_digits(invisible: re.Match[str]) -> str:
    """Nothing; but between two digits what stands there, a control as a space."""
    text, (start, end) = invisible.string, invisible.span()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if _DIGIT.match(before) and _DIGIT.match(after):
        return _CONTROL.sub(" ", invisible.group())
    return " " if before.isdecimal() and after.isdecimal() else ""


def _unless_a_dash(marks: re.Match[str]) -> str:
    """Nothing; but between two digits what stands there, and a tatweel that touches a number."""
    text, (start, end) = marks.string, marks.span()
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    left, right = _DIGIT.match(before[-1:]), _DIGIT.match(after)
    if left and right:
        return marks.group()
    dash = _TATWEEL * marks.group().count(_TATWEEL)
    apart = before[-1:] == after[:1] == " " and _DIGIT.match(before) and _DIGIT.match(after[1:])
    return dash if left or right or apart else ""


@cache
def _marks() -> re.Pattern[str]:
    """What hazm removes wherever it stands: vowel signs, tatweel and special signs."""
    hazm = hazm_tables().constants
    classes = (hazm[name][0][0] for name in ("DIACRITICS_PATTERNS", "SPECIAL_CHARS_PATTERNS"))
    return re.compile(f"[{_TATWEEL}{''.join(each.strip('[]') for each in classes)}]++")


@cache
def _letters_of_forms() -> dict[str, str]:
    """Presentation forms as the letters they are; those that are none, as they are."""
    forms = map(chr, (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)))
    return {form: unicodedata.normalize("NFKC", form) for form in forms}
