"""Where an answer names an option by its label, and whether it speaks for or against it."""

import re
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from gaokerena_data.choices.phrases import (
    AGAINST,
    AGAINST_BEFORE,
    ANSWER,
    CALLED,
    CHOSEN,
    CONCLUSION,
    DENIED,
    EXCEPT_BEFORE,
    FOR,
    GIVEN,
    INSTEAD,
    IS_NOT,
    JOINS,
    RULED_OUT,
    asks,
    leads_to_label,
    only_fillers,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "123456789"
PERSIAN_LETTERS = ("الف", *"بجدهوزحطی")

_LABELS = {
    **{letter: index for index, letter in enumerate(LETTERS.casefold())},
    **{str(index + 1): index for index in range(len(LETTERS))},
    **{letter: index for index, letter in enumerate(PERSIAN_LETTERS)},
    "ا": 0, "بی": 1, "پ": 2, "سی": 2, "ت": 3, "دی": 3,
    "اول": 0, "نخست": 0, "یک": 0, "دوم": 1, "دو": 1, "سوم": 2, "سه": 2,
    "چهارم": 3, "چهار": 3, "پنجم": 4, "پنج": 4, "اخر": -1, "اخرین": -1, "last": -1, "الفه": 0,
    "ششم": 5, "شش": 5, "هفتم": 6, "هفت": 6, "هشتم": 7, "هشت": 7, "نهم": 8, "نه": 8, "دهم": 9,
    "اولی": 0, "دومی": 1, "سومی": 2, "چهارمی": 3, "پنجمی": 4, "اخری": -1,
    "اولین": 0, "نخستین": 0, "دومین": 1, "سومین": 2, "چهارمین": 3, "پنجمین": 4,
    "ششمین": 5, "هفتمین": 6, "هشتمین": 7, "نهمین": 8, "دهمین": 9,
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6,
    "one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "six": 5, "seven": 6,
}  # fmt: skip


def _any(*forms: str) -> str:
    return "(?:" + "|".join(forms) + ")"


_PERSIAN_LETTER = _any("الفه?", *"بجدپته")
# Letters of the sixth option and later ones name it only after the word for option, or in brackets.
_LATER_LETTER = "[وزحطی]"
_LATIN = "[A-Za-z]"
_NUMBER = "(?:1[0-9]|2[0-6]|[1-9])"
_ORDINAL = _any(
    "اول", "نخست", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "اخر"
)
# «گزینه یک» names the first; «این گزینه یک بیماری است» does not: the word must end the phrase.
_SPOKEN = (
    _any(
        "یک",
        "دو",
        "سه",
        "چهار",
        "پنج",
        "شش",
        "هفت",
        "هشت",
        "بی",
        "سی",
        "دی",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
    )
    + r"(?=\s*(?:[\]).،:,]|$|(?:است|می ?باشد|درست|صحیح|نادرست|غلط|را|is)(?!\w)))"
)
_OPTION_WORD = _any(
    "گزینه", "گزینش", "(?<!در )مورد", "انتخاب", "شماره", "حرف", "خیار", "الخیار",
    "[Oo]ptions?", "OPTION", "[Cc]hoices?", "[Aa]lternative", "[Ll]etter", "选项", "選択肢", "选择",
)  # fmt: skip
_OPEN, _CLOSE = r"[\[({«【\"'“]", r"[\])}»】\"'”]"

_MENTION = re.compile(
    "|".join(
        (
            # گزینه ب، گزینه‌ی شماره 2، گزینه صحیح [D]، option (c)
            (
                rf"(?<!\w){_OPTION_WORD}\s?(?:های|ها(?!\s*[:：])|ی|ای)?\s*"
                rf"(?:(?:شماره|صحیح|درست|نهایی|نادرست|غلط|اشتباه|number|no\.?)\s*)*[:：]?\s*{_OPEN}*\s*"
                rf"(?P<named>{_LATIN}|{_PERSIAN_LETTER}|{_LATER_LETTER}|{_NUMBER}|{_ORDINAL}|{_SPOKEN})"
                rf"(?![\w٫/]|[.][0-9]|\s*[%])\s*{_CLOSE}*"
            ),
            # اولین گزینه، the second option
            (
                r"(?<!\w)(?P<ordinal>اولین|نخستین|دومین|سومین|چهارمین|پنجمین|ششمین|هفتمین|هشتمین|نهمین|دهمین"
                rf"|اخرین|first|second|third|fourth|fifth|sixth|seventh|last)\s+{_OPTION_WORD}(?!\w)"
            ),
            # دومی درست است
            (
                r"(?<!\w)(?P<one>اولی|دومی|سومی|چهارمی|پنجمی|اخری)"
                r"(?=\s*(?:درست|صحیح|نادرست|غلط|اشتباه)(?!\w))"
            ),
            # a digit in a box: fold() gives it brackets that nothing else has
            rf"【\s*(?P<boxed>{_NUMBER})\s*】",
            # [D]، (ب)، «ج»، C)، A]
            rf"[\[({{【]\s*(?P<bracket>{_LATIN}|{_PERSIAN_LETTER}|{_LATER_LETTER}|ا)\s*[\])}}】]",
            rf"«\s*(?P<quoted>[A-Z]|{_PERSIAN_LETTER})\s*»",
            rf"(?<![\w\-])(?P<half>[A-Z]|{_PERSIAN_LETTER})\s?[\])]",
            # a letter by itself
            (
                r"(?<![A-Za-z0-9_\u0600-\u06ff'’\-/+])(?P<bare>[A-Z]"
                r"(?![A-Za-z0-9_'’\-/+]|\s+(?!(?:is|are|was|and|or|seems|because)\b)[a-z])"
                rf"|(?<!\w){_PERSIAN_LETTER}(?!\w)|(?<![\w.])[1-9](?![\w%/]|[.][0-9]))"
            ),
        )
    )
)
# «ویتامین D» names a vitamin, not an option.
_NAME_BEFORE = re.compile(
    r"(?:ویتامین|هپاتیت|نوع|تیپ|گروه|گروه خونی|کلاس|دسته|فاکتور|عامل|رده|سلول|لنفوسیت|ژن|زنجیره"
    r"|انفلوانزا|انفولانزا|انفلونزا|ایمونوگلوبولین|پروتئین|مرحله|فیبر|فیبرهای|شاخه"
    r"|[Vv]itamins?|[Hh]epatitis|[Tt]ype|[Gg]roup|[Cc]lass|[Ff]actor|[Ss]tage|[Ii]nfluenza"
    r"|[Pp]rotein|[Ff]ibers?|[Cc]ells?)\s*$"
)

_CALLED_RIGHT = re.compile(r"(?<!\w)(?:صحیح|درست|نهایی)(?!\w)")
_CALLED_WRONG = re.compile(r"(?<!\w)(?:نادرست|غلط|اشتباه)(?!\w)")
# How far a phrase may stand from the label it speaks of, in characters.
_REACH = 200


def label_place(label: str) -> int | None:
    """The 0-based place of the option that a label names («ب», "B", "2" are 1), else None."""
    place = _LABELS.get(label.strip(" ()[].:").casefold())
    return None if place is None or place < 0 else place


class Stance(IntEnum):
    """How an answer speaks of an option it names."""

    AGAINST = -1
    NAMED = 0
    FOR = 1
    ANSWER = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """One naming of an option.

    Args:
        option: its 0-based index.
        stance: how it is spoken of.
        concludes: its sentence draws a conclusion.
        bare: a letter or digit by itself.
        shared: it is named together with others, and what is said holds for all of them.
        explicit: it is said to be the answer: «پاسخ صحیح گزینه B است».
        starts: it is the first thing in its sentence, or after a colon.
    """

    option: int
    stance: Stance
    concludes: bool
    bare: bool
    shared: bool
    explicit: bool = False
    starts: bool = False


def find_mentions(sentence: str, options: int, bare: str = LETTERS + DIGITS) -> list[Mention]:
    """Every naming of one of `options` options in a folded sentence, in order.

    Args:
        sentence: a folded sentence.
        options: how many options there are.
        bare: the Latin letters and digits that may name an option by standing alone; not those
            that the options themselves hold («گروه A», «4 میلی‌گرم»).
    """
    found = [match for match in _MENTION.finditer(sentence) if _names(match, options, bare)]
    runs = _runs(_without_strays(found, sentence, bare), sentence, options)
    if not runs:
        return []
    edges = [(0, 0), *((run[0].start(), run[-1].end()) for run in runs)]
    edges.append((len(sentence), len(sentence)))
    befores, afters = _shares([sentence[left[1] : right[0]] for left, right in pairwise(edges)])
    concludes = CONCLUSION.search(sentence) is not None
    question = asks(sentence)
    mentions: list[Mention] = []
    for run, before, after in zip(runs, befores, afters, strict=True):
        alone = all(match.lastgroup == "bare" for match in run)
        called = any(map(_is_called_right, run))
        wrong = any(_CALLED_WRONG.search(match.group()) for match in run)
        stance = _stance(before, after, bare=alone, called=called)
        if wrong:
            stance = Stance.AGAINST
        if question and stance > Stance.NAMED:
            stance = Stance.NAMED
        chosen = stance >= Stance.FOR and CHOSEN.search(after) is not None
        explicit = chosen or (stance is Stance.ANSWER and (called or leads_to_label(before)))
        ahead = sentence[: run[0].start()]
        starts = not any(map(str.isalnum, ahead[max(map(ahead.rfind, ":：")) + 1 :]))
        named = [_option(match, options) for match in run]
        shared = len(set(named)) > 1
        mentions.extend(
            Mention(option, stance, concludes, alone, shared, explicit, starts) for option in named
        )
    return mentions


def _names(match: re.Match[str], options: int, bare: str) -> bool:
    """Whether a match names an option there is, and nothing else that goes by a letter."""
    if match.lastgroup == "boxed" and match.group("boxed") not in bare:
        return False
    before = _before(match)
    loose = match.lastgroup in {"bare", "half"}
    return _option(match, options) < options and not (loose and _NAME_BEFORE.search(before))


def _is_called_right(match: re.Match[str]) -> bool:
    """Whether a label is called right where it is named: «گزینه صحیح [D]»."""
    return match.lastgroup == "named" and _CALLED_RIGHT.search(match.group()) is not None


def _without_strays(found: list[re.Match[str]], sentence: str, bare: str) -> list[re.Match[str]]:
    """Leave out letters that only happen to stand by themselves.

    A Persian letter or a digit must follow the word for answer; a Latin letter beside a label must
    be joined to it, or be what is called right or wrong.
    """
    labelled = any(match.lastgroup != "bare" for match in found)
    kept: list[re.Match[str]] = []
    for match in found:
        if match.lastgroup == "bare":
            before, after = _before(match), sentence[match.end() : match.end() + _REACH]
            joined = bool(kept) and bool(JOINS.match(sentence[kept[-1].end() : match.start()]))
            latin = match.group() in LETTERS
            if not latin and not (leads_to_label(before) or joined):
                continue
            if match.group().isascii() and match.group() not in bare:
                continue
            if labelled and not (
                joined or CALLED.match(after) or (latin and leads_to_label(before))
            ):
                continue
        kept.append(match)
    return kept


def _runs(found: list[re.Match[str]], sentence: str, options: int) -> list[list[re.Match[str]]]:
    """Mentions joined by a comma or «و» alone: whatever is said holds for all of them.

    An option named again starts anew: «از B و D، D درست است».
    """
    runs: list[list[re.Match[str]]] = []
    for match in found:
        again = runs and _option(match, options) in {_option(m, options) for m in runs[-1]}
        if runs and not again and JOINS.match(sentence[runs[-1][-1].end() : match.start()]):
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs


def _before(match: re.Match[str]) -> str:
    return match.string[max(match.start() - _REACH, 0) : match.start()]


def _option(match: re.Match[str], options: int) -> int:
    label = next(group for group in match.groups() if group is not None)
    place = _LABELS[label.casefold()]
    return place if place >= 0 else options - 1


def _shares(gaps: list[str]) -> tuple[list[str], list[str]]:
    """Share each stretch between two mentions out to the one before it and the one after it."""
    befores, afters = [gaps[0]], []
    for gap in gaps[1:-1]:
        cut = len(gap)
        for match in ANSWER.finditer(gap):
            if only_fillers(gap[match.end() :]):
                cut = match.start()
        if cut == len(gap):
            breaks = [gap.rfind(mark) + 1 for mark in "،,؛;:"]
            turns = [gap.rfind(turn) for turn in (" و ", " نه ", " بلکه ", " but ", " and ")]
            cut = max(breaks) or max(*turns, 0) or cut
        afters.append(gap[:cut])
        befores.append(gap[cut:] if cut < len(gap) else "")
    afters.append(gaps[-1])
    return befores, afters


def _stance(before: str, after: str, *, bare: bool, called: bool) -> Stance:
    if called or leads_to_label(before):
        # «پاسخ صحیح گزینه [C] است که نادرست است» answers a question for the wrong statement.
        denied = IS_NOT.match(after) or RULED_OUT.match(after)
        return Stance.AGAINST if denied else Stance.ANSWER
    if AGAINST_BEFORE.search(before) or DENIED.match(after):
        return Stance.AGAINST
    against, speaks_for = AGAINST.search(after), FOR.search(after)
    if EXCEPT_BEFORE.search(before) and (against or speaks_for or not INSTEAD.search(before)):
        return Stance.FOR if against else Stance.AGAINST
    if INSTEAD.search(before):
        return Stance.FOR
    if against and not (speaks_for and speaks_for.start() < against.start()):
        return Stance.AGAINST
    if not bare and GIVEN.search(before):
        return Stance.ANSWER
    if GIVEN.search(after):
        return Stance.ANSWER
    if speaks_for or FOR.search(before):
        return Stance.FOR
    return Stance.NAMED
