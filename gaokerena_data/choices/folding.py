"""Folding of model answers for matching: one spelling for letters, digits, spaces and markup.

It is lossy on purpose and only ever compared with text folded in the same way; what models read
and what reports show is never folded.
"""

import re
import unicodedata

_LETTERS = {
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "ك": "ک",
    "ة": "ه",
    "ۀ": "ه",
    "ە": "ه",
    "ہ": "ه",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ؤ": "و",
    "ـ": "",
    # Latin capitals as small models write them in Cyrillic and Greek.
    "А": "A",
    "В": "B",
    "С": "C",
    "Α": "A",
    "Β": "B",
}
_INVISIBLE = re.compile(r"[\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_BOLD_LABEL = re.compile(r"[*_]{1,3}\s*\[?\s*([A-Za-z]|الف|[بجدهوزحطی])\s*\]?\s*[*_]{1,3}")
_BOXED = re.compile(r"\\boxed\{\s*(?:\\text\{)?\s*([^{}]{1,200}?)\s*\}?\}")
_MARKUP = re.compile(r"[*`#$]+|<\|?/?[a-z_]{2,20}\|?>?")
_SPACES = re.compile(r"[^\S\n]+")
# A decimal point becomes a letter of its own, so that 9.3 is not 93.
_POINT = re.compile("(?<=[0-9])[.٫](?=[0-9])")
_PERCENT = re.compile("[%٪]")
_NOT_WORD = re.compile(r"[^\w\n]+|_")


class _Folded(dict[int, str]):
    """What every character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.combining(character):
            folded = ""
        elif character.isdecimal():
            folded = str(unicodedata.decimal(character))
        else:
            folded = _LETTERS.get(character, character)
        self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    r"""One spelling: NFKC, Persian letters, ASCII digits, no marks, no markup; lines are kept.

    A label in bold (`**B**`) becomes `[B]` and one in a box (`\\boxed{B}`) `【B】`, so that the
    emphasis that made it an answer is not lost with the markup.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text).replace("\u200c", " ").replace("\r\n", "\n")
    text = text.translate(_FOLDED)
    text = _BOXED.sub(r" 【\1】 ", text)
    text = _BOLD_LABEL.sub(r" [\1] ", text)
    return _SPACES.sub(" ", _MARKUP.sub("", text)).strip()


def words(text: str) -> list[str]:
    """The folded words of a text, case-folded, without punctuation; "%" and "9.3" are words."""
    spelled = _POINT.sub("\u02d1", _PERCENT.sub(" درصد ", fold(text).casefold()))
    return _NOT_WORD.sub(" ", spelled).split()
