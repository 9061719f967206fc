"""Several answers in one text, parted by the lines that name who gives them.

Forums print the answers to a question one below the other, each under a line such as
«پاسخ دکتر مریم …، متخصص زنان:». A page is read by that, and so are rows of older crawls, whose
answers came out glued together with those lines between them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_GAP = r"[\s\u200c]*"
# «سوال مخاطب نی‌نی‌بان», with half-spaces or spaces; letters are settled before it is looked for.
_MARKER = re.compile(rf"س[ؤو]ال{_GAP}مخاطب{_GAP}نی{_GAP}نی{_GAP}بان{_GAP}[:：،\-–]?{_GAP}")
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "：": ":", "\u00a0": " "})  # one for one

_HINT = re.compile("پاسخ|جواب|د[کك]تر|پروفسور")  # most texts hold none: they cost nothing more
_MOST = 160  # letters of the longest line that names somebody
_MOST_WORDS = 7  # of a name
_END = r"(?![\w\u200c])"
_LEAD = re.compile(
    rf"[\s*•\-–«\"]{{0,8}}(پاسخ|جواب){_END}(?:\s+(?:از|توسط)(?:\s+(?:سوی|طرف))?(?!\S))?"
)
_DOCTOR = re.compile(rf"(?:سرکار\s+)?(?:جناب\s+)?(?:خانم\s+|آقای\s+)?(?:دکتر|پروفسور){_END}\s*")
_ROLE = re.compile(
    rf"(?:پزشک|کارشناس|خانم|آقای|سرکار|جناب|نی[\s\u200c]?نی[\s\u200c]?بان|دکتر|پروفسور){_END}\s*"
)
_SPECIALTY = re.compile(
    r"(?:دکترای )?(?:جراح(?:ی)? و )?(?:فوق[\s\u200c]?)?(?<!\w)"
    r"(?:تخصص|متخصص|کارشناس|ماما|مشاور|روان[\s\u200c]?شناس|روان[\s\u200c]?پزشک|داروساز|فلوشیپ|جراح)"
    r"[^،():]*"
)
# A sentence about an answer is none: «جواب دکتر این بود:».
_SENTENCE = re.compile(
    r"(?<!\w)(?:گفت|گفته|گفتن|گفتند|میگه|داد|داده|دادن|دادند|است|بود|بوده|شد|شده|شود|نوشت|نوشته|کرد"
    r"|کرده|کردند|کنید|هست|هستم|نیست|ندارد|را|رو|این|که|به|چیست|چیه|من|ما|شما|آزمایش\w*|سونو\w*)(?!\w)"
    r"|[\d.!؟?]"
)
# Line breaks are lost on the way into some spreadsheets: only a whole by-line counts there.
_INSIDE_A_LINE = re.compile(
    r"(?<=[.!؟?»)])[ \t]{1,4}(?=(?:پاسخ|جواب) (?:از )?(?:خانم |آقای )?دکتر [^،:\n.!؟?]{3,60}،"
    r"[^:\n.!؟?]{3,100}:)"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a text: who gave it and as what, as far as its line says."""

    answered_by: str | None
    specialty: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _Byline:
    start: int
    end: int
    answered_by: str | None
    specialty: str | None
    weight: int  # 2: names a person or a profession; 1: «پاسخ:» on a line of its own; 0: in a line


def split_questions(text: str) -> list[str]:
    """The text before the first «سوال مخاطب نی‌نی‌بان», and the text after each of them."""
    marks = list(_MARKER.finditer(text.translate(_LETTERS))) if "مخاطب" in text else []
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def split_answers(text: str, *, nameless: bool = False) -> tuple[str, list[Answered]]:
    """The text above the first line that names somebody who answers, and the answers below.

    A line counts when it names a person or a profession and says no more: neither «جواب آزمایشم»
    nor «پاسخ دکتر این بود:» does. An answer without words is left out.

    Args:
        text: a question with its answers, or answers that were glued together.
        nameless: whether «پاسخ:», which names nobody, counts where nobody is named at all.
    """
    bylines = list(_bylines(text.translate(_LETTERS))) if _HINT.search(text) else []
    weight = max((each.weight for each in bylines), default=0)
    bylines = [each for each in bylines if each.weight == weight and (weight == 2 or nameless)]
    if not bylines:
        return text, []
    ends = [*(byline.start for byline in bylines[1:]), len(text)]
    answers = [
        Answered(byline.answered_by, byline.specialty, text[byline.end : end].strip())
        for byline, end in zip(bylines, ends, strict=True)
    ]
    return text[: bylines[0].start].strip(), [each for each in answers if each.text]


def _bylines(text: str) -> Iterator[_Byline]:
    """Every line that may name who answers. `text` has its letters settled, one for one."""
    starts = {0, *(match.end() for match in re.finditer("\n", text))}
    starts |= {match.end() for match in _INSIDE_A_LINE.finditer(text)}
    for start in sorted(starts):
        line = text[start : start + _MOST].partition("\n")[0]
        if byline := _byline(line, start):
            yield byline


def _byline(line: str, start: int) -> _Byline | None:
    head, colon, rest = line.partition(":")
    lead = _LEAD.match(head)
    whom = head[lead.end() if lead else 0 :].replace("(", "،").replace(")", " ")
    whom = whom.strip(' \t«»"*•-–.،')
    if _SENTENCE.search(whom):
        return None
    end = start + len(head) + len(colon)
    is_alone = not rest.strip()
    specialty = _SPECIALTY.search(whom)
    before = whom[: specialty.start()] if specialty else whom
    has_comma = before.rstrip().endswith(("،", ",", "-", "–"))
    name = _one_line(re.split("[،,–-]", before)[0])
    doctor = _DOCTOR.match(name)
    is_named = len(name) > (doctor.end() if doctor else 0) and not _ROLE.fullmatch(name)
    if len(name.split()) > _MOST_WORDS:
        return None
    if not lead:
        # «دکتر …، متخصص …:» alone: patients begin lines with their doctors' names too.
        if not (doctor and is_named and specialty and has_comma and colon):
            return None
    elif not colon and not (doctor and is_named and (specialty or lead[1] == "پاسخ")):
        return None
    if specialty or is_named:
        if not (doctor or specialty or _ROLE.match(name)):
            return None  # «پاسخ کوتاه:», «جواب آخر:»
        who = name if is_named and name else None
        return _Byline(start, end, who, _one_line(specialty[0]) if specialty else None, 2)
    # «پاسخ:», «پاسخ پزشک:»; «جواب: منفی» and «جواب دکتر: …» are what patients write.
    if not is_alone and (name or lead is None or lead[1] != "پاسخ"):
        return None
    weight = 2 if name and lead and lead[1] == "پاسخ" else int(is_alone)
    return _Byline(start, end, None, None, weight)


def _one_line(text: str) -> str:
    return " ".join(text.split())
