"""hazm's normalization of Persian, without harm to what a medical text says.

hazm 0.12.1 writes `2.5mg` as `۲ ٫ ۵ mg`, `B12` as `B ۱۲` and takes URLs apart. Here the spans that
carry values and codes are protected, and everything around them is hazm's own result.
docs/normalization.md is the written policy.
"""

import re
from collections.abc import Callable
from operator import add
from typing import Literal

from gaokerena_data.text.meaning import read_alike
from gaokerena_data.text.normalization.cleaning import clean, tidy
from gaokerena_data.text.normalization.hazm_path import begins_verb, one_pass
from gaokerena_data.text.normalization.hazm_tables import ZWNJ
from gaokerena_data.text.normalization.joins import may_join
from gaokerena_data.text.normalization.repair import repair
from gaokerena_data.text.normalization.spans import protect, restore
from gaokerena_data.text.normalization.stretches import are_pair, changeable_stretches

PERSIAN = "fa"

# What hazm may leave behind for a second pass: pieces of an ellipsis, spaces at the edges, a
# fraction that its spacing took apart, a ZWNJ at the edge of a word or before a digit, what
# came to stand beside a link.
_UNSETTLED = ("...", ". .", "  ", "\n ", "\n\n\n", "://", "www.")
_LOOSE_ZWNJ = re.compile(rf"{ZWNJ}(?:(?![^\W\d])|(?<!\w{ZWNJ}))")
_LOOSE_FRACTION = re.compile(r"\d / \d")
_MOST_PASSES = 10
# A letter that no rule knows, as a word between stretches of one text.
_BETWEEN = "ꡃ"
# And another, as a word that is held back.
_HELD = "ꡄ"
_WORD = re.compile(r"\S+")


def normalize(text: str, *, digits: Literal["persian", "as_written"] = "persian") -> str:
    """Hazm 0.12.1's default normalization, except inside spans that it would break.

    >>> print(normalize("قرص متفورمين 500mg را مي خورم ، روزي 2.5 عدد"))
    قرص متفورمین 500mg را می‌خورم، روزی ۲.۵ عدد

    Protected are decimals, ranges, ratios, dates, times, thousands, percentages, Latin names and
    codes with digits, units such as mg/dL, URLs, e-mail addresses, dosing shorthand (2×1), and
    every sign that touches a number. Of hazm's joins those are made that cannot change a medical
    word. Numbers, their signs and foreign words are read before and after (`meaning.reading`):
    where they differ the words stay as they were.

    Args:
        text: any text; it never raises, and the time is linear in its length.
        digits: `persian` writes every digit in Persian except inside Latin names and codes;
            `as_written` leaves the digits' script alone. Values never change.
    """
    persian_digits = digits == "persian"
    words = text.split(" ")
    stretches = changeable_stretches(words)
    if not stretches:
        return text
    if _BETWEEN in text or 4 * sum(stop - start for start, stop in stretches) > 3 * len(words):
        return _normalize(text, persian_digits)
    before = [" ".join(words[start:stop]) for start, stop in stretches]
    after = _normalize(f" {_BETWEEN} ".join(before), persian_digits).split(f" {_BETWEEN} ")
    if not _stand_alone(words, stretches, after):
        return _normalize(text, persian_digits)
    pieces: list[str] = []
    end = 0
    for (start, stop), stretch in zip(stretches, after, strict=True):
        pieces += (*words[end:start], stretch)
        end = stop
    return " ".join((*pieces, *words[end:]))


def normalizer(language: str) -> Callable[[str], str]:
    """What normalizes texts of a language: hazm for Persian, or what harms no language's letters.

    Args:
        language: ISO code, such as "fa" or "ar".
    """
    return normalize if language == PERSIAN else tidy


def _stand_alone(words: list[str], stretches: list[tuple[int, int]], after: list[str]) -> bool:
    """Whether what became of the stretches has nothing to do with the words around them."""
    return len(after) == len(stretches) and all(
        (start == 0 or _begins_with(stretch, words[start], words[start - 1]))
        and (stop == len(words) or _ends_with(stretch, words[stop - 1], words[stop]))
        for (start, stop), stretch in zip(stretches, after, strict=True)
    )


def _begins_with(stretch: str, word: str, before: str) -> bool:
    """Whether it does, and what was joined to the word makes it no pair with the one before."""
    if not stretch.startswith(word):
        return False
    return stretch.startswith(f"{word} ") or not are_pair(before, stretch.partition(" ")[0])


def _ends_with(stretch: str, word: str, following: str) -> bool:
    """Whether it does, and what the word was joined to makes it no pair with the one after."""
    if not stretch.endswith(word):
        return False
    if stretch.endswith(f" {word}"):
        return True
    return not are_pair(stretch.rpartition(" ")[2], following) and not begins_verb(word, following)


def _normalize(text: str, persian_digits: bool) -> str:
    """A text normalized, but where that would change a number, a sign of it or a foreign word.

    What says so is `meaning.reading`, which knows nothing of how it came about. Words that change
    by themselves are held back; if that is not enough, the lines that change stay as they are.
    """
    result = _settle(text, persian_digits)
    if read_alike(text, result):
        return result
    result = _with_words_held(text, persian_digits)
    if read_alike(text, result):
        return result
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    return "\n".join(_normalize(line, persian_digits) for line in lines)


def _with_words_held(text: str, persian_digits: bool) -> str:
    """The text normalized but for the words that say something else when they are."""
    changing = {
        word for word in set(text.split()) if not read_alike(word, _settle(word, persian_digits))
    }
    if _HELD in text or not changing:
        return text
    held = [word for word in text.split() if word in changing]
    masked = _WORD.sub(lambda word: _HELD if word[0] in changing else word[0], text)
    around = _settle(masked, persian_digits).split(_HELD)
    if len(around) != len(held) + 1:
        return text
    return around[0] + "".join(map(add, held, around[1:]))


def _settle(text: str, persian_digits: bool) -> str:
    """Passes over a text until nothing changes."""
    text, unsettled = _pass(text, persian_digits)
    for _ in range(_MOST_PASSES):
        if not unsettled:
            break
        before = text
        text, unsettled = _pass(text, persian_digits)
        if text == before:
            break
    return text


def _pass(text: str, persian_digits: bool) -> tuple[str, bool]:
    """One pass, and whether another one might still find something to do."""
    text, spans = protect(repair(clean(text)))
    text, mended = one_pass(text, persian_digits=persian_digits, may_join=may_join)
    text = restore(text, spans, persian_digits=persian_digits)
    return text, mended or _is_unsettled(text)


def _is_unsettled(text: str) -> bool:
    return (
        any(sign in text for sign in _UNSETTLED)
        or (ZWNJ in text and _LOOSE_ZWNJ.search(text) is not None)
        or (" / " in text and _LOOSE_FRACTION.search(text) is not None)
        or text.startswith(" ")
        or text.endswith((" ", " \n"))
        or text.count('"') > 1
    )
