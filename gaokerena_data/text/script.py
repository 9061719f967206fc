"""Which script, and by its letters which language, a text is written in.

Every function here reads the **raw** text: hazm rewrites the letters of Urdu, Pashto and Kurdish
into Persian ones, after which nobody can tell them apart.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.characters import code_points, kinds_of_characters
from gaokerena_data.text.language_evidence import count_foreign_letters, points

# Letters of Persian texts: the alphabet, hamza forms, the Arabic keyboard's ة ي ك ى, and the
# presentation forms that PDFs leave behind.
PERSIAN_LETTERS = "\u0621-\u063a\u0641-\u064aپچژکگیۀﭐ-ﮱﯼ-ﯿﴀ-ﷻﹰ-ﻼ"
_NO_LETTER, _IS_OTHER, _IS_PERSIAN = range(3)

_LANGUAGES = ("ur", "ps", "ckb", "ku", "ug", "sd")
_FOREIGN_SHARE = 0.01

_PERSIAN_ONLY = "پچژگکی"
_ARABIC_ONLY = ("ة", "أ", "إ", "ى", " ال")


def persian_share(text: str) -> float:
    """Share of a text's letters that belong to the script of Persian, from 0 to 1.

    Digits, punctuation and spaces do not count; a text without letters has the share 0.
    """
    persian, other = count_letters(text)
    return persian / (persian + other) if persian else 0.0


def count_letters(text: str) -> tuple[int, int]:
    """How many letters are of the Persian script, and how many are not."""
    counts = np.bincount(_letter_kinds()[code_points(text)], minlength=3)
    return int(counts[_IS_PERSIAN]), int(counts[_IS_OTHER])


def foreign_language(text: str) -> str | None:
    """The language other than Persian that the letters of a text in Arabic script give away.

    More than 1 % of the letters belong to it and not to Persian, and its words are more than
    Persian's: other keyboards write Persian with ہ, ے, ھ or ە.

    Returns:
        An ISO 639 code (`ur`, `ps`, `ckb`, `ku`, `ug`, `sd`), or None.
    """
    foreign = count_foreign_letters(text)
    if not foreign or foreign <= _FOREIGN_SHARE * sum(count_letters(text)):
        return None
    found = points(text)
    language = max(_LANGUAGES, key=found.__getitem__)
    return language if found[language] > found["fa"] else None


def is_persian(text: str) -> bool:
    """Whether the letters of a raw text say Persian (or Dari, which is written the same).

    Half of the letters at least are of the Persian script, no other language's letters give it
    away, and letters that only Persian has are not outnumbered by the signs of Arabic
    (ة, أ, إ, ى, the article ال). It costs microseconds; `detect_language` asks the detectors.
    """
    if persian_share(text) < 0.5 or foreign_language(text):
        return False
    return sum(map(text.count, _PERSIAN_ONLY)) >= sum(map(f" {text}".count, _ARABIC_ONLY))


@cache
def _letter_kinds() -> npt.NDArray[np.uint8]:
    """For each code point whether it is a letter, and of which script."""
    letters = {_IS_OTHER: r"[^\W\d_]", _IS_PERSIAN: f"[{PERSIAN_LETTERS}]"}
    return kinds_of_characters(letters, _NO_LETTER)
