"""Sentences of Persian, and of the English that stands in it.

A full stop is not always one. `۲.۵`, `mg.`, «دکتر. رضایی», «ق.م.», `A. Rezaei`, «۱. تب» at the
start of a line and links are kept whole; `؟`, `!`, `…` and line ends always part. Persian writers
leave the space out («دارم.لطفا») or put it before the stop («دارم .لطفا»): both are seen.
"""

import re
from collections.abc import Iterator

from gaokerena_data.text.language_evidence import is_persian_word

_CLOSERS = "»\"'”’)\\]}"
_EMOJI = "\u2600-\u27bf\u2b50\ufe0f\U0001f000-\U0001faff"
_MARK = re.compile(
    # Whole, whatever stands in them: links, and short quotations and brackets.
    r"(?P<link>(?:https?://|www\.)[^\s«»]*[^\s«».!?؟…,،؛:)\"'])"
    r"|(?P<quoted>«[^«»\n]{1,300}»|\([^()\n]{1,300}\)|\[[^\[\]\n]{1,300}\])"
    rf"|(?P<stop>[.!?؟۔…]+)[{_CLOSERS}]*(?:[ \t]*[{_EMOJI}])*"
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LAST_WORDS = re.compile(r"(?:([^\W_]+)[\s\u200c]+)?([^\W_]+)$")
_LOOKED_BACK, _LOOKED_FORWARD = 60, 30  # characters around a dot that say what it is
_LONGEST_NUMBER_OF_A_LINE = 3  # digits: «۱. تب» is a line of a list
_ONE_LETTER = re.compile(r"[^\W\d_](?![^\W_])")
_WORD = re.compile(r"[^\W\d_]+")
_STOPS = frozenset(".!?؟۔…")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")

_TITLES = "دکتر مهندس پروفسور dr mr mrs ms prof vit"
_ABBREVIATIONS = (
    "صص رک نک ره قس eg ie etc vs al fig figs no nos vol pp ed approx ca cf inc ltd dept min max "
    "avg temp gtt tab tabs cap caps inj amp susp syr sol supp oint bid tid qid prn jan feb mar apr "
    "jun jul aug sep sept oct nov dec mg mgs mcg µg μg gr kg ml mls cc dl cm mm iu meq mmol ng pg "
    "hr hrs sec wk yr"
)
# What has one letter for a name: «ویتامین د.» ends a sentence, «م. رضایی» does not.
_NAMED_BY_A_LETTER = "ویتامین هپاتیت گروه نوع تیپ کلاس vitamin hepatitis type group"
_KINDS = {
    word: kind
    for kind, some in (("title", _TITLES), ("abbreviation", _ABBREVIATIONS), ("heading", "الف"))
    for word in some.split()
}
# What goes on after a quotation that ends like a sentence: «چرا؟» پرسید.
_GOES_ON = re.compile(
    r"[\s،,؛:]*(?:و|را|که|گفت|پرسید|نوشت|جواب|پاسخ|یعنی|بود|است|شد|می|نمی|به|در|از|تا)(?![^\W_])"
    r"|[\s]*(?:گفت|پرسید|نوشت)[^\W_]*|[\s]*[،,؛:]"
)


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, without the white space between them.

    >>> sentences("تب دارم؟ دکتر. رضایی روزی ۲.۵ mg. نوشت! قطع نکنید.لطفا")
    ['تب دارم؟', 'دکتر. رضایی روزی ۲.۵ mg. نوشت!', 'قطع نکنید.', 'لطفا']

    Args:
        text: raw or normalized; the time is linear in its length.
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends; what lies between two is white space and nothing else.

    >>> sentence_spans("خوب است. ممنون")
    [(0, 8), (9, 14)]

    Args:
        text: raw or normalized; the time is linear in its length.

    Returns:
        Offsets into the text, ascending, `text[start:end]` being one sentence. A sentence lies in
        one line. Marks without a letter or digit («🌹», `!!`) belong to the sentence beside them.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        spans += _of_line(text, *line.span())
    return spans


def _of_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    leading: int | None = None  # where marks begin that what follows belongs to
    begin = start
    for cut in (*_cuts(text, start, end), end):
        first, last = _stripped(text, begin, cut)
        begin = cut
        if first >= last:
            continue
        if _LETTER_OR_DIGIT.search(text, first, last):
            spans.append((first if leading is None else leading, last))
            leading = None
        elif spans:
            spans[-1] = spans[-1][0], last
        elif leading is None:
            leading = first
    if leading is not None:
        spans.append((leading, _stripped(text, leading, end)[1]))
    return spans


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """The borders of a part of a text without white space at either side."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Where a sentence of a line ends."""
    begin = looked = start
    first: int | None = None  # where the first word of the sentence begins
    for mark in _MARK.finditer(text, start, end):
        if first is None and (found := _LETTER_OR_DIGIT.search(text, looked, mark.start())):
            first = found.start()
        looked = mark.start()
        if mark["quoted"]:
            is_end = _ends_with_quotation(text, first is None, mark)
        else:
            is_end = mark["stop"] is not None and _is_end(text, begin, first, mark, end)
        if is_end:
            yield mark.end()
            begin = looked = mark.end()
            first = None


def _ends_with_quotation(text: str, is_whole: bool, mark: re.Match[str]) -> bool:
    """Whether a quotation or bracket is the end: it ends so itself, and nothing goes on."""
    quoted = mark["quoted"]
    if quoted[-2] not in _STOPS or not _LETTER_OR_DIGIT.search(quoted):
        return False
    if _GOES_ON.match(text, mark.end()):
        return False
    return quoted[0] == "«" or is_whole


def _is_end(text: str, begin: int, first: int | None, mark: re.Match[str], end: int) -> bool:
    """Whether a run of stops ends the sentence that began at `begin`, in a line up to `end`."""
    stop, stops = mark.start("stop"), mark["stop"]
    before = text[stop - 1] if stop > begin else " "
    following = text[mark.end() : min(mark.end() + _LOOKED_FORWARD, end)]
    if following and _hangs_together(before, following[0], stops):
        return False
    if stops == ".":
        found = _LAST_WORDS.search(text, max(begin, stop - _LOOKED_BACK), stop)
        return found is None or _is_full_stop(found, found.start(2) == first, following)
    # Dots at the start are of what was left out before it.
    return bool(stops.strip(".…")) or first is not None


def _hangs_together(before: str, following: str, stops: str) -> bool:
    """Whether stops stand inside a number or a name: 2.5, B.1, example.com, page?id=2, .5, .NET."""
    if before.isspace():
        return stops == "." and (following.isdigit() or _is_latin(following))
    if before.isdigit() or _is_latin(before):
        return following.isdigit() or _is_latin(following)
    return False


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_full_stop(words: re.Match[str], is_first: bool, following: str) -> bool:
    """Whether one dot is a full stop, by the two words before it and what follows it."""
    previous, word = (words[1] or "").lower(), words[2].lower()
    if word.isdigit():
        return not (is_first and len(word) <= _LONGEST_NUMBER_OF_A_LINE)
    if len(word) == 1:
        return previous in _NAMED_BY_A_LETTER.split()
    kind = _KINDS.get(word)
    if kind == "title":
        # «دکتر. رضایی», but «رفتم دکتر. گفت».
        next_word = _WORD.search(following)
        return next_word is not None and is_persian_word(next_word[0])
    if kind == "abbreviation":
        return following.lstrip()[:1].isupper()
    if kind == "heading" and is_first:
        return False
    # «دارم.لطفا» has lost its space; «ق.م» and «ه.ش» never had one.
    return not _ONE_LETTER.match(following)
