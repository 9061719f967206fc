"""Spans that hazm must not touch: doses, codes, dates, URLs, and joins that change meaning.

Each span is replaced by a stand-in of unusual letters and digits that hazm treats as it would
treat the span's own edges (a digit gets a space before a letter, a Latin word does not), and is
put back afterwards, in order. Stand-in characters that are already in a text are spans as well,
so nothing a text holds can be mistaken for a stand-in.
"""

import re

DIGITS = "0-9۰-۹٠-٩"
LATIN = "A-Za-zµÀ-ÖØ-öø-ɏͰ-Ͽ"
PERSIAN = "\u0621-\u063a\u0641-\u064aپچژکگیۀ"

# Javanese digits and 'Phags-pa letters: for hazm a digit and a letter like any other.
_DIGIT, _GLUED_LEFT, _GLUED_RIGHT, _GLUED_BOTH = "꧐꧑꧒꧓"
_LETTERS, _DIGIT_TO_LETTER, _LETTER_TO_DIGIT = "ꡀꡀ", "꧐ꡁꡁ", "ꡂꡂ꧐"
_STAND_INS = "꧐-꧓ꡀ-ꡂ"
_RESTORE = re.compile("꧐ ?ꡁꡁ|ꡂꡂ ?꧐|ꡀꡀ|꧐| ?꧑|꧒ ?| ?꧓ ?")

_CONNECTORS = r".,٫٬:/\\+=_@*×^±~'’\-‐‑–—−"
_HYPHENS = "-‐‑–"
_RUN = re.compile(
    # A number before a full stop and a word numbers a list: «1.CBC».
    rf"[{DIGITS}]++(?=[.:][{LATIN}])"
    # Latin letters and digits with whatever connects them; after :// and www. up to a space.
    rf"|[{DIGITS}{LATIN}{_STAND_INS}]++"
    r"(?:(?:://|(?<=[wW][wW][wW])\.)[^\s<>\"«»()،؛]*+"
    # hazm would close «۵ .۲» up to another number.
    rf"|(?<=[{DIGITS}]) [.:][{DIGITS}]++"
    rf"|[%٪]?(?:[{_CONNECTORS}]|(?<=[{DIGITS}])،(?=[{DIGITS}]{{3}}(?![{DIGITS}])))"
    rf"[{DIGITS}{LATIN}{_STAND_INS}]++)*+[%٪]?"
)
_PLAIN = re.compile(rf"[{DIGITS}]++|[{LATIN}]++")
_HAS_LATIN = re.compile(f"[{LATIN}{_STAND_INS}]")
_ANY_RUN = re.compile(f"[{DIGITS}{LATIN}{_STAND_INS}]")
_IS_DIGIT = re.compile(f"[{DIGITS}]")
_IS_PERSIAN = re.compile(f"[{PERSIAN}]")

# The letters' names with which Persian spells foreign abbreviations (ام آر آی is MRI): three in
# a row, or one of the pairs that medical texts use. Two names alone are also common words.
_NAMES = "ایکس|کیو|ام|ایی|ای|آی|پی|تی|سی|اف|اس|ال|دی|یو|وی|آر|ار|اچ|جی|بی|ان|او|کا"
LETTER_NAMES = frozenset(_NAMES.split("|"))
_PAIRS = "ام اس|ام آر|ام ار|سی تی|یو وی|آی کیو|ای کیو|تی بی|پی اچ"
# Any letter or sign of the script: hazm writes ٹ as ت.
_SCRIPT = (
    "\u0620-\u065f\u066e-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
)
_START, _END = f"(?<![{_SCRIPT}\u200c])", f"(?![{_SCRIPT}\u200c])"
_END_OR_SUFFIX = f"(?![{_SCRIPT}]|\u200c(?!ها|تر|گر))"  # «ام اس‌ها»
_ABBREVIATION = re.compile(
    f"{_START}(?:(?:{_NAMES})(?:[ \u200c](?:{_NAMES})){{2,}}|{_PAIRS}){_END_OR_SUFFIX}"
)
# «ویتامین ای», «گروه آ»: what is called by a letter, and the letters.
LETTERED, LETTERS_OF_IT = ("ویتامین", "هپاتیت", "ایمونوگلوبولین", "تیپ", "گروه"), ("ای", "آ", "بی")
_NAMED_LETTER = re.compile(
    f"{_START}(?:{'|'.join(LETTERED)}) (?:{'|'.join(LETTERS_OF_IT)}){_END_OR_SUFFIX}"
)
_MAY = re.compile(f"(?<=ماه )می{_END}|{_START}ن?می(?=[ \t\u200c]*[{DIGITS}])")
# hazm joins what looks like a suffix (ام, ای, ان) to the word before it: names without one of
# these need no protection. Signs that one may be there have a literal start, which is fast.
_SUFFIX = f"ا[مین](?![{PERSIAN}])"
_SUFFIX_LIKE = re.compile(f"(?:\\A|[ \n]){_SUFFIX}")
_MAYBE_NAME = re.compile(f"[ \n]{_SUFFIX}")
_REACH = 60  # characters on both sides of such a sign
_MAYBE_MAY = re.compile(f"می(?=[ \t\u200c]*[{DIGITS}])")
_AFTERWARDS = re.compile(f"{_START}من بعد{_END}")

_FOLD = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩%", "۰۱۲۳۴۵۶۷۸۹" * 2 + "٪")


def protect(text: str) -> tuple[str, list[str]]:
    """Replace every span that hazm would break by a stand-in.

    Returns:
        The text with stand-ins, and the spans in their order.
    """
    found = _phrases(text)
    if _ANY_RUN.search(text):
        found += _runs(text)
    found.sort()
    if not found:
        return text, []
    pieces: list[str] = []
    spans: list[str] = []
    end = 0
    for start, stop, stand_in in found:
        if start < end:
            continue
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
    for match in _RUN.finditer(text):
        start, stop = match.span()
        run = match.group()
        if "://" in run or run[:4].lower() == "www.":
            stop -= len(run) - len(run.rstrip(".,:;!?؟"))
        starts, ends = (_IS_DIGIT.match(text[i]) is not None for i in (start, stop - 1))
        left = starts and _hyphenated(text[max(start - 2, 0) : start])
        right = ends and _hyphenated(text[stop : stop + 2][::-1])
        if not (left or right) and _PLAIN.fullmatch(run):
            continue
        if starts and ends:
            stand_in = "꧐꧑꧒꧓"[left + 2 * right]
        elif starts:
            stand_in = _DIGIT_TO_LETTER
        else:
            stand_in = _LETTER_TO_DIGIT if ends else _LETTERS
        found.append((start, stop, stand_in))
    return found


def _hyphenated(neighbours: str) -> bool:
    """Whether a number hangs on a Persian word by a hyphen: «کووید-۱۹», «۵-فلورواوراسیل»."""
    return (
        len(neighbours) == 2
        and neighbours[1] in _HYPHENS
        and _IS_PERSIAN.match(neighbours[0]) is not None
    )


def _phrases(text: str) -> list[tuple[int, int, str]]:
    found = []
    for start, end in _around_names(text):
        for pattern in (_ABBREVIATION, _NAMED_LETTER):
            found += [
                (*match.span(), _LETTERS)
                for match in pattern.finditer(text, start, end)
                if _SUFFIX_LIKE.search(text, max(match.start() - 1, 0), match.end())
            ]
    if "ماه می" in text or _MAYBE_MAY.search(text):
        found += [(*match.span(), _LETTERS) for match in _MAY.finditer(text)]
    if "من بعد" in text:
        found += [(*match.span(), _LETTERS) for match in _AFTERWARDS.finditer(text)]
    return found


def _around_names(text: str) -> list[tuple[int, int]]:
    """Stretches of text, whole words each and none over another, in which a name may stand."""
    stretches: list[tuple[int, int]] = []
    places = [(0, 0)] if text.startswith("ا") else []
    places += [match.span() for match in _MAYBE_NAME.finditer(text)]
    for first, last in places:
        start = max(text.rfind(" ", 0, max(first - _REACH, 0)), 0)
        end = text.find(" ", last + _REACH)
        end = len(text) if end < 0 else end
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return stretches
