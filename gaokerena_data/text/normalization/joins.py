"""Which of hazm's joins are kept: those that cannot change a medical word.

hazm joins words by a dictionary and by suffixes, whatever they mean where they stand: «دارای ید»
(iodine) becomes «دارای‌ید», «هم خون» (blood too) becomes «هم‌خون». What it joins in real texts was
read; docs/normalization.md states the rules and their counts.
"""

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from gaokerena_data.text.files import listed_lines
from gaokerena_data.text.normalization.hazm_tables import ZWNJ, hazm_vocabulary


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The letters' names with which Persian spells foreign abbreviations (ام آر آی is MRI).
LETTER_NAMES = _set("ایکس کیو ام ایی ای آی پی تی سی اف اس ال دی یو وی آر ار اچ جی بی ان او کا")
# Those of them that are no words beside: «شده ام او» is no abbreviation, «شده ام آر» is.
_ONLY_NAMES = LETTER_NAMES - {"ام", "ای", "ان", "او", "بی"}
# What is called by a letter: «ویتامین ای», «گروه آ».
_LETTERED = _set("ویتامین هپاتیت ایمونوگلوبولین تیپ گروه نوع کلاس")

_PLURALS = _set("ها هایی هایتان هایشان هایمان ترین")
_PRONOUNS = _set("تان شان مان")
# These begin with a vowel: they stand apart only after a heh that is not spoken, or a yeh.
_AFTER_HEH = _set("ام ات اش ای اند اید ایم ی")
_AFTER_YEH = _set("ام ات اش")
# «بارداری های ریسک» is a pregnancy of high risk.
_HIGH = _set("ریسک ریسکی گرید دوز فلو پاور رزولوشن لول ولتاژ تک کلاس آنیون")
# «تری گلیسیرید», «تری یدوتیرونین»: what begins with three of a kind.
_THREEFOLD = re.compile(
    "گلی|گلس|یدو|متو|مت|آمس|امس|سیک|کوم|کون|فلو|هگز|پتاس|سدی|فسف|مست|پپت|مپر|هید|کلر|آزو|ازو|اسید|اتان"
)
_FUNCTION_WORDS = _set(
    "از به با در بر تا که و یا را رو هم من تو او ما اگر چون ولی اما هر نه چه چند سه ده ته مه شه "
    "گروه"
)
# Words of one piece that were typed in two.
_IN_PIECES = _set("درمان زایمان پستان سازمان آرمان پیمان استان ایمان فرمان بستان دستان")
_NOT_WITH_ALEF = _set(
    "برای روی توی طی ولی یعنی خیلی حتی وقتی کسی بعضی سوی بی سی دی پی تی وی جی آی ایی"
)
# «۲ ماه پیش بینی ام را عمل کردم» tells of a nose.
_TIMES = _set("سال ماه روز هفته ساعت شب دقیقه مدت مدتی سالها سال‌ها قرن چندی")

# Verbs as they are spoken, which hazm's conjugation does not have: می خوام, می کنه, می تونین.
_PRESENT = (
    "خوا|خا|تون|دون|ش|کن|خور|گیر|گ|زن|بر|د|ر|رس|رسون|مون|گذر|گذرون|کش|کشون|افت|ترس|پیچ|ریز|پر|کوب|سوز|خواب"
    "|خوابون|بین|لرز|ایست|شناس|گرد|نویس|دار|آر|ار|یار|بند|خار|خارون|چسب|شین|خند|ذار|زار|انداز|نداز|چرخ|شنو"
    "|خون|پوش|مال|مک|پرس|فهم|میر|پز|پاش|ترک|ساز|توان|گذار|نوش|جوش|گو|لنگ|تپ|جنب|سنج|شور|دوز|باش|خر"
    "|پوشون|ترسون|پرداز|پذیر|لرزون|فرست|بخش|بار|خندون|نشون|شکن"
)
_PAST = (
    "تونست|دونست|گفت|خواست|خاست|کرد|اومد|خوند|موند|رفت|خورد|زد|گرفت|شد|داد|دید|ذاشت|گذاشت|افتاد"
    "|اورد|رسید|کشید"
)
_OBJECT = "(?:ش|شون|تون|مون)?"
_SPOKEN = re.compile(
    f"(?:(?:{_PRESENT})(?:م|ی|ه|د|یم|ید|ین|ن|ند){_OBJECT}"
    f"|(?:{_PAST})(?:م|ی|ه|یم|ید|ین|ن|ند)?{_OBJECT}"
    "|(?:خوا|خا|یا|ا|آ|گ|دا)(?:م|د|ی|یم|ید|ین|ن|ند|یند)"
    "|توان|شاید|فرمائید|فرمایین|بایست|بایستی|باید|یاره|یارم|یارن)"
)


class _Compounds(NamedTuple):
    """What `compounds.txt` says.

    Attributes:
        rights: right halves that are joined to whatever hazm's dictionary joins them to.
        lefts: and left halves.
        pairs: left half and right half.
        compared: adjectives.
    """

    rights: frozenset[str]
    lefts: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    compared: frozenset[str]


def may_join(before: str, left: str, right: str, after: str) -> bool:
    """Whether a join that hazm makes is kept.

    Args:
        before: the word before the two, or nothing.
        left: the word that is joined to, perhaps itself joined.
        right: the word that is joined.
        after: the word after the two, or nothing.
    """
    last = left.rpartition(ZWNJ)[2]
    if left in {"می", "نمی"}:
        return _is_verb(left, right)
    is_name = last in LETTER_NAMES
    if (is_name or right in LETTER_NAMES) and (after in _ONLY_NAMES or last in _LETTERED):
        return False
    joined = f"{left}{ZWNJ}{right}"
    vocabulary = hazm_vocabulary()
    if joined in vocabulary.verbs:
        return True
    spelled = is_name and (before in LETTER_NAMES or before in _LETTERED)
    if joined in vocabulary.joined and not spelled and _is_compound(before, left, last, right):
        return True
    return _is_suffix(last, left, right, after)


def _is_verb(prefix: str, word: str) -> bool:
    return f"{prefix}{ZWNJ}{word}" in hazm_vocabulary().verbs or _SPOKEN.fullmatch(word) is not None


def _is_compound(before: str, left: str, last: str, right: str) -> bool:
    if (last, right) == ("پیش", "بینی"):
        return before not in _TIMES
    known = _compounds()
    return (
        right in known.rights
        or left in known.lefts
        or left == right
        or (left, right) in known.pairs
    )


def _is_suffix(last: str, left: str, right: str, after: str) -> bool:
    if right in _PLURALS:
        return True
    if right == "های":
        return after not in _HIGH
    if right == "تر":
        return _is_compared(last, left)
    if right == "تری":
        return _is_compared(last, left) and _THREEFOLD.match(after) is None
    if left in _FUNCTION_WORDS:
        return False
    if right in _PRONOUNS:
        return f"{left}{right}" not in _IN_PIECES
    if right in _AFTER_HEH and last.endswith("ه"):
        return not last.endswith("اه") and last not in _FUNCTION_WORDS
    return right in _AFTER_YEH and last.endswith("ی") and last not in _NOT_WITH_ALEF


def _is_compared(last: str, left: str) -> bool:
    compared = _compounds().compared
    if last in compared or left in compared:
        return True
    return ZWNJ in left and last not in {"ها", "های", "هایی"}


@cache
def _compounds() -> _Compounds:
    words: defaultdict[str, set[str]] = defaultdict(set)
    for line in listed_lines("normalization/compounds.txt"):
        left, rights = line.split(":")
        words[left].update(rights.split())
    compared, always = words.pop("تر"), words.pop("*")
    lefts = {left for left, of_it in words.items() if of_it == {"*"}}
    pairs = {(left, right) for left, of_it in words.items() for right in of_it}
    return _Compounds(frozenset(always), frozenset(lefts), frozenset(pairs), frozenset(compared))
