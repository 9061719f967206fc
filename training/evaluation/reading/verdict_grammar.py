"""The shapes of a plain verdict, over the symbols of a sentence.

The comparison must be said of the answer itself: a copula whose subject is the place, or a verb of
choosing whose object it is. What an answer says, contains or advises has none of these shapes.
"""

import re
from typing import Literal, NamedTuple

from training.evaluation.reading.verdict_words import symbols_of

type Place = Literal["first", "second", "tie"]

_LONGEST = 150  # symbols of a sentence; a longer one is nothing plain

_START = r"(?:^|(?<=[,&]))"
_END = r"(?=[,&:]|j|$)"
_STANDARD = r"A*T(?:l?[FSNe]|[FS]&[FS])[,]?"
_LISTED = r"l(?:N|[FS]&[FS]|ao),?"
_REASON = r",?[Jj][^FSRUKDBWQGHV,]{1,20},?"
_RELATIVE = r",?k[^FSRUKBWQV,]{1,14},?"
_INSERTED = r",[^FSUKBWQV,]{1,16},"
_ASIDE = rf"(?:{_REASON}|{_RELATIVE}|{_INSERTED}|,?{_STANDARD})"
_LEAD = rf"(?:A|,|[Ln]:|L(?=A)|a(?=n)|{_STANDARD}|{_LISTED})*"
_PLACE = r"(?P<place>[FS])"
_ASPECT = r"(?P<aspect>Y[oanA]{1,3})"
_GRADE = r"(?P<grade>[BQWw](?:(?:T[oe])?[A,&]{0,3}[BQWw])*)"
_MIDDLE = rf"(?:{_ASIDE}|{_ASPECT}|A|,)*?"

_PERSIAN = rf"(?:{_STANDARD}|A)*(?:C|(?P<no>X))(?:{_STANDARD})*{_END}"
_ENGLISH_TAIL = rf"(?:n|A|{_STANDARD}|l(?:N|ao|aN|[FS]&[FS])|Y[oan]{{1,3}})*"
_ENGLISH_ASIDE = rf"(?:A|{_REASON}|{_INSERTED}|{_RELATIVE})*"
_ENGLISH_GRADE = rf"(?:{_GRADE}(?P<tail>{_ENGLISH_TAIL})|(?P<named>L)A*(?:lN|laN)?)"
SHAPES = [
    # «پاسخ دوم [...] بهتر [از اولی] است»
    rf"{_PLACE}{_MIDDLE}{_GRADE}{_PERSIAN}",
    # «پاسخ دوم [...] بر اولی برتری دارد»
    rf"{_PLACE}{_MIDDLE}(?P<have>H)(?:{_STANDARD}|A)*(?:h|(?P<lacks>D)){_END}",
    # «پاسخ دوم را [به اولی] ترجیح می‌دهم»
    rf"{_PLACE}(?:O|A|{_ASIDE})*(?P<choose>V)(?:{_STANDARD})?{_END}",
    # «پاسخ دوم برنده است»
    rf"{_PLACE}(?:A|,)*(?P<named>L)C{_END}",
    # "answer B is [much] better [than A]", "... is not better"
    rf"{_PLACE}{_ENGLISH_ASIDE}c(?P<not>D)?[Aa]*{_ENGLISH_GRADE}{_END}",
    # "answer B wins", "answer B beats A"
    rf"{_PLACE}A*(?:(?P<wins>v)A*(?:{_STANDARD})?|(?P<beats>b)[FSe]|(?P<loses>z)[FSe])A*{_END}",
    # "I prefer answer B [to A]"
    rf"(?:{_STANDARD},?)?(?P<chosen>p)A*{_PLACE}(?:A|{_STANDARD})*{_END}",
    # «برنده: پاسخ دوم», «بهترین پاسخ، پاسخ دوم است», "the better answer is B"
    rf"L(?:[:,T][:,Aa]*|[Aa]*c[:Aa]*){_PLACE}A*C?{_END}",
    rf"L[Aa]*{_PLACE}A*C{_END}",
    # «بهتر: پاسخ دوم»
    rf"(?P<short>B):{_PLACE}{_END}",
    # "A > B"
    r"(?P<sign>(?P<place>[FS])(?P<more>[<>])[FS])$",
]
_SHAPES = [re.compile(rf"{_START}{_LEAD}{shape}") for shape in SHAPES]
# «... چیزی کم ندارد و بهتر است»: the place of the first half is the subject of the second.
_CARRIED = re.compile(
    rf"^{_LEAD}{_PLACE}(?:{_STANDARD}|[^FSRUKMNkBW:ZY]){{1,14}}[,&](?=[^,&]*[Cc])"
    rf"[Aca]*(?:L|{_GRADE})(?:n|C|A|{_STANDARD})*$"
)
_TIED = [
    re.compile(rf"{_START}{_LEAD}(?:N|[FS]&[FS]|n)[AcaO]{{0,4}}E[ACcan]{{0,4}}{_END}"),
    re.compile(r"^(?:A|L[:,cA]*|,)*(?:o?c)?a?E[AC]*$"),
    re.compile(rf"{_START}{_LEAD}Z(?:[Tl]?a?N|[Tl][FS]&[FS]|n|a)*[Ac]*(?:{_STANDARD})?[BQGH]"),
]
_CONDITION = re.compile(r"[UM]")
_FOREIGN = re.compile(r"[RUKM]")
_CONCLUDED = re.compile(r"[UK]")  # what takes even a conclusion back


class Statement(NamedTuple):
    """What a sentence says of one place."""

    place: Place
    is_denied: bool  # "answer A is not better"
    is_quality: bool  # "more complete", not "better"
    is_aspect: bool  # in one respect only


def statements_of(sentence: str) -> list[Statement]:
    """What one folded sentence plainly says; nothing where it reports, asks, wishes or doubts."""
    raw = symbols_of(sentence)
    symbols = raw.replace("g", "A")
    if len(symbols) > _LONGEST or sentence.rstrip().endswith(("؟", "?")):
        return []
    found: list[Statement] = []
    for shape in _SHAPES:
        for match in shape.finditer(symbols):
            concluded = "g" in raw[match.start() : match.end()]
            if _is_open(symbols, match, is_concluded=concluded):
                found += _stated(symbols, match)
    if not found and (carried := _CARRIED.search(symbols)):
        found = _stated(symbols, carried)
    if not found and not _FOREIGN.search(symbols) and any(t.search(symbols) for t in _TIED):
        return [Statement("tie", is_denied=False, is_quality=False, is_aspect=False)]
    return list(dict.fromkeys(found))


def _is_open(symbols: str, match: re.Match[str], *, is_concluded: bool) -> bool:
    """Whether nothing in the sentence takes the statement back: a condition, a report, a doubt."""
    before, after = symbols[: match.start("place")], symbols[match.end() :]
    shape = match.group()
    inside = re.sub(r",k[^FSBWQV]*,", "", shape)
    told = _CONCLUDED if is_concluded else _FOREIGN
    return not (
        told.search(before)
        or before.endswith(("D", "F&", "S&"))
        or _CONDITION.search(after)
        or "DT" in after
        or re.search("[UKM]", shape)
        or "R" in inside
    )


def _stated(symbols: str, match: re.Match[str]) -> list[Statement]:
    parts = match.groupdict()
    grades = set(re.findall("[BQWw]", parts.get("grade") or ""))
    if grades & set("BQ") and grades & set("Ww"):
        return []
    is_lower = bool(grades & set("Ww")) != (parts.get("more") == "<" or bool(parts.get("loses")))
    is_first = (parts["place"] == "F") != is_lower
    is_denied = bool(parts.get("no") or parts.get("not") or parts.get("lacks"))
    if is_denied and (is_lower or not (grades & set("BQ") or parts.get("have"))):
        return []
    before = symbols[: match.start("place")]
    is_aspect = (
        bool(parts.get("aspect"))
        or "Y" in (parts.get("tail") or "")
        or re.search(r"Y[oan]{0,4}[,A]*$", before) is not None
    )
    return [
        Statement(
            "first" if is_first else "second",
            is_denied=is_denied,
            is_quality=bool(grades) and not grades & set("BW"),
            is_aspect=is_aspect,
        )
    ]
