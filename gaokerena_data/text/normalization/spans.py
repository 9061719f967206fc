"""Spans that hazm must not touch: doses, codes, dates, URLs.

Each span is replaced by a stand-in of unusual letters and digits that hazm treats as it would
treat the span's own edges (a digit gets a space before a letter, a Latin word does not), and is
put back afterwards, in order. Stand-in characters that are already in a text are spans as well,
so nothing a text holds can be mistaken for a stand-in.
"""

import re

# The decimal digits of every script of the basic plane, but for the Javanese (stand-ins, below).
_ZEROS = "0٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧰꩐꯰０"
DIGITS = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
LATIN = "A-Za-zµÀ-ÖØ-öø-ɏͰ-ϿΩKÅ"
# Powers, indices, fractions, circled and Roman numbers.
_SMALL = "²³¹¼-¾⁰-ₜ⅐-↋①-⓿"

# Javanese digits and 'Phags-pa letters: for hazm a digit and a letter like any other.
_DIGIT = "꧐"
_LETTERS, _DIGIT_TO_LETTER, _LETTER_TO_DIGIT = "ꡀꡀ", "꧐ꡁꡁ", "ꡂꡂ꧐"
_STAND_INS = "꧐ꡀ-ꡂ"
_RESTORE = re.compile("꧐ ?ꡁꡁ|ꡂꡂ ?꧐|ꡀꡀ|꧐")

_VALUE = f"{DIGITS}{LATIN}{_SMALL}{_STAND_INS}"
_CONNECTORS = r".,٫٬:/\\+=_@*×^±~'’\-‐‑–—−⁄∕·°&#<>≤≥"
# Between two digits whatever it is, invisible signs and the tatweel of «۲ـ۳» too.
_BETWEEN_DIGITS = rf"(?<=[{DIGITS}])(?:(?:[^\w\s]|[ـ_]){{1,4}}+| ـ{{1,3}} )(?=[{DIGITS}])"
# A number before a full stop and a word numbers a list: «1.CBC».
_LISTED = rf"[{DIGITS}]++(?=[.:][{LATIN}])"
_BRACKETS = rf"(?:\([{_VALUE}+\-−,;]{{1,12}}\)|\[[{_VALUE}+\-−,;]{{1,12}}\])"
_RUN = re.compile(
    # Latin letters and digits with whatever connects them, «25(OH)D»; after :// and www. up to a
    # space.
    rf"{_LISTED}|(?:{_BRACKETS}(?=[{_VALUE}]))?[{_VALUE}]++"
    r"(?:(?:://|(?<=[wW][wW][wW])\.)[^\s<>\"«»()،؛]*+"
    # hazm would close «۵ .۲» up to another number.
    rf"|(?<=[{DIGITS}]) [.:][{DIGITS}]++"
    rf"|{_BRACKETS}[{_VALUE}]*+|{_BETWEEN_DIGITS}[{_VALUE}]++"
    rf"|[%٪]?(?:['’′″]{{0,2}}[{_CONNECTORS}]|(?<=[{DIGITS}])،(?=[{DIGITS}]{{3}}(?![{DIGITS}])))"
    rf"[{_VALUE}]++)*+[%٪]?"
)
# Signs that touch a number are its own: «3+», «>5», «-۲», «۳۷°». What begins or ends a sentence
# or a quotation is none, nor is a vowel sign.
_NO_SIGN = r"\w\s.,:!?;،؛؟«»()\[\]{}\"'“”„‘’‹›…\u064b-\u0652\u200c"
_SIGN = f"(?:[^{_NO_SIGN}]|[ـ_])"
_SIGNS_BEFORE, _SIGNS_AFTER = (
    re.compile(rf"{_SIGN}{{1,3}}\Z"),
    re.compile(rf"(?:{_SIGN}|[,;]){{1,4}}"),
)
# hazm parts a slash from what it touches, Latin words too.
_SLASHES = "/\\"
# A number that begins with its point: «قرص .25», or as typists have it «./۵».
_POINT_BEFORE = re.compile(rf"(?:\A|[\s(\[«]|{_SIGN})([.٫]/?)\Z")
_NUMBER_BEFORE = re.compile(rf"[{DIGITS}] \Z")
_PLAIN = re.compile(f"[{DIGITS}]++|[{LATIN}]++")
_HAS_LATIN = re.compile(f"[{LATIN}{_STAND_INS}]")
_ANY_RUN = re.compile(f"[{_VALUE}]")
_IS_DIGIT = re.compile(f"[{DIGITS}]")

_FOLD = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩%", "۰۱۲۳۴۵۶۷۸۹" * 2 + "٪")


def protect(text: str) -> tuple[str, list[str]]:
    """Replace every span that hazm would break by a stand-in.

    Returns:
        The text with stand-ins, and the spans in their order.
    """
    if not _ANY_RUN.search(text):
        return text, []
    pieces: list[str] = []
    spans: list[str] = []
    end = 0
    for start, stop, stand_in in _runs(text):
        pieces += (text[end:start], stand_in)
        spans.append(text[start:stop])
        end = stop
    pieces.append(text[end:])
    return "".join(pieces), spans


def restore(text: str, spans: list[str], *, persian_digits: bool = True) -> str:
    """Put the spans back where their stand-ins are.

    Args:
        text: what hazm made of the text with stand-ins.
        spans: as `protect` returned them.
        persian_digits: write the digits of spans without Latin letters in Persian.
    """
    if not spans:
        return text
    if persian_digits:
        spans = [span if _HAS_LATIN.search(span) else span.translate(_FOLD) for span in spans]
    remaining = iter(spans)
    return _RESTORE.sub(lambda _: next(remaining), text)


def _runs(text: str) -> list[tuple[int, int, str]]:
    found = []
    end = 0
    for match in _RUN.finditer(text):
        start, stop = match.span()
        if start < end:
            continue
        run = match.group()
        if "://" in run or run[:4].lower() == "www.":
            stop -= len(run) - len(run.rstrip(".,:;!?؟"))
        start, stop = _with_signs(text, start, stop, end)
        end = stop
        if _PLAIN.fullmatch(text, start, stop):
            continue
        starts, ends = (_IS_DIGIT.match(text[i]) is not None for i in (start, stop - 1))
        if starts and ends:
            stand_in = _DIGIT
        elif starts:
            stand_in = _DIGIT_TO_LETTER
        else:
            stand_in = _LETTER_TO_DIGIT if ends else _LETTERS
        found.append((start, stop, stand_in))
    return found


def _with_signs(text: str, start: int, stop: int, least: int) -> tuple[int, int]:
    """Where a run begins and ends, with the signs that touch it."""
    if start > least and text[start - 1] not in " \n":
        if _IS_DIGIT.match(text[start]):
            start = _with_signs_before(text, start, least)
        elif text[start - 1] in _SLASHES:
            start -= 1
    if stop < len(text) and text[stop] not in " \n":
        if _IS_DIGIT.match(text[stop - 1]):
            signs = _SIGNS_AFTER.match(text, stop)
            stop = signs.end() if signs else stop
        elif text[stop] in _SLASHES:
            stop += 1
    return start, stop


def _with_signs_before(text: str, start: int, least: int) -> int:
    """Where a number begins, with its point and the signs that touch it."""
    point = _POINT_BEFORE.search(text, max(start - 3, least), start)
    if point and not _NUMBER_BEFORE.search(text, max(point.start(1) - 2, least), point.start(1)):
        start = point.start(1)
    signs = _SIGNS_BEFORE.search(text, max(start - 3, least), start)
    return signs.start() if signs else start
