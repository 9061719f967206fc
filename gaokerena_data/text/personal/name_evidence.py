"""What speaks for and against a name at a place: the sort of word, and what stands around it.

Which word it is says nothing here, but for the usual words of the language beside it: what was
learnt from some people's names must hold for others'.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from gaokerena_data.text.files import listed_lines
from gaokerena_data.text.normalization.hazm_path import is_known_word
from gaokerena_data.text.normalization.hazm_tables import hazm_vocabulary
from gaokerena_data.text.personal import name_lists as lists
from gaokerena_data.text.personal import no_names

_COUNTS = (1, 3_000, 30_000, 300_000, 3_000_000)  # of hazm's corpus
_STEM_COUNTS = (1, 30_000, 300_000)
_LONGEST = 9  # letters that are told apart
_TOLD_ENDINGS = "یانمهتشدرو"
_MARK = re.compile(r"[ \u200c]*([.،,:؛!؟?()\n\-/»«\0]|\d|[A-Za-z]|\Z)")
_NEXT = re.compile(r"[ \u200c]{0,2}([آ-ی\u200c]{1,30})")
_BEFORE = re.compile(r"([آ-ی\u200c]{1,30})[ \u200c]{0,2}\Z")
_FARTHEST = 34  # characters before a word in which the two before it stand
USUAL = 5  # the level of the most usual words of forums: those that are known by themselves
_NAMES = frozenset(("sure", "given", "first", "last", "count 0", "forum 0"))
_PAIRED = frozenset(
    (
        *("sure", "given", "first", "last", "surname ending", "ordinary", "no name", "medical"),
        *("count 0", "forum 0", "ends ی", "usual stem", "misspelt", "known"),
    )
)


class Slot(NamedTuple):
    """A word that may be a name, or a part of one.

    Attributes:
        kind: of the sign beside it.
        offset: which word after the sign it is (0 is the first), or before it (-1 is the last).
        start: its offset in the text.
        word: as it stands there.
    """

    kind: str
    offset: int
    start: int
    word: str


def evidence(text: str, slot: Slot) -> tuple[tuple[str, ...], ...]:
    """What is to be weighed at a place of a folded text: of the word, of what follows, of before.

    Each part is kept for when it comes again.
    """
    end = slot.start + len(slot.word)
    following = _MARK.match(text, end) or _NEXT.match(text, end)
    before = text[max(slot.start - _FARTHEST, 0) : slot.start]
    previous = _BEFORE.search(before)
    earlier = _BEFORE.search(before[: previous.start()]) if previous else None
    return (
        own_evidence(slot.kind, slot.offset, slot.word),
        _following(
            _sign(slot.kind, slot.offset), following[1] if following else " ", slot.word[-1]
        ),
        _previous(previous[1], earlier[1] if earlier else "")
        if previous
        else (f"after {before.rstrip(' ')[-1:] or 'nothing'}",),
    )


@lru_cache(1 << 14)
def own_evidence(kind: str, offset: int, word: str) -> tuple[str, ...]:
    """What a word says of itself after or before a sign."""
    own = word_evidence(word)
    sign = _sign(kind, offset)
    paired = sorted(_PAIRED.intersection(own))
    pairs = (f"{one} + {other}" for one in paired for other in paired if one < other)
    return (f"at {kind}{offset}", *own, *(f"{sign}: {each}" for each in own), *pairs)


@lru_cache(1 << 14)
def _following(sign: str, following: str, last: str) -> tuple[str, ...]:
    """What follows: a mark, a digit, the end («») or a word."""
    if len(following) < 2 and not "آ" <= following <= "ی":
        if following.isascii() and following.isalnum():
            following = "digit" if following.isdigit() else "letter"
        mark = following or "end"
        own = (f"ی then {mark}",) if last == "ی" else ()
        return (f"then {mark}", f"{sign} then {mark}", *own)
    found: tuple[str, ...] = tuple(
        f"then {each}" for each in word_evidence(following) if each[:3] != "len"
    )
    if following.startswith("ال"):  # «علی الخصوص»
        found += (f"{sign[:5]} then ال…",)
    if is_usual(following):
        found += (f"then {following}", f"{sign[:5]} then {following}")
    return found


@lru_cache(1 << 14)
def _previous(previous: str, earlier: str) -> tuple[str, ...]:
    found: tuple[str, ...] = tuple(
        f"after {each}" for each in word_evidence(previous) if each in _NAMES
    )
    if is_usual(previous):
        found += (f"after {previous}",)
    if earlier and is_usual(earlier):
        found += (f"after {earlier} …",)
    return found


def _sign(kind: str, offset: int) -> str:
    return f"{kind.partition(' ')[0]}{offset}"


@lru_cache(1 << 14)
def word_evidence(word: str) -> tuple[str, ...]:
    """What is known of a word wherever it stands."""
    folded, known = lists.plain(word), lists.names()
    stem, counts = folded.removesuffix("ی"), lists.counted_words()
    told = {
        "sure": lists.is_sure_given(word),
        "given": lists.is_given(word) and not lists.is_sure_given(word),
        "first": folded in known.first,
        "last": folded in known.last,
        "surname ending": folded not in known.last and lists.ends_as_surname(word),
        "surname beginning": lists.begins_as_surname(word),
        "of city": lists.is_of_city(word),
        "later half": folded in lists.LATER_HALVES,
        "first half": folded in lists.FIRST_HALVES,
        f"count {_level(counts.get(folded, 0), _COUNTS)}": True,
        f"stem {_level(counts.get(stem, 0), _STEM_COUNTS)}": stem != folded,
        "known": is_known_word(folded),
        "ordinary": lists.is_ordinary(word),
        "stopword": folded in known.stopwords,
        "verb": folded in hazm_vocabulary().verbs,
        "verb ending": folded.endswith(("یم", "ید", "ند", "دم", "تم", "شم", "ین")),
        "medical": lists.is_medical(word),
        "sort": folded in known.people,
        "no name": no_names.is_no_name(word),
        "listed no name": folded in no_names.listed_no_names(),
        "usual stem": no_names.is_of_usual_word(word),
        "misspelt": len(folded) > 3 and no_names.may_be_misspelt(word),
        "glued": lists.is_glued(word),
        "می": folded.startswith(("می", "نمی")),
        f"length {min(len(folded), _LONGEST)}": True,
        f"ends {folded[-1:]}": folded[-1:] in _TOLD_ENDINGS and folded != "",
        f"forum {_forum_words().get(folded, 0)}": True,
    }
    return tuple(each for each, holds in told.items() if holds)


def is_usual(word: str) -> bool:
    """Whether a word is one of the most usual ones of forums, and no name."""
    return _forum_words().get(lists.plain(word), 0) == USUAL and not lists.is_given(word)


@lru_cache(1 << 14)
def is_never_name(word: str) -> bool:
    """Whether a word need not be weighed: usual in forums, and in no list of names."""
    folded, known = lists.plain(word), lists.names()
    usual = _forum_words().get(folded, 0) >= USUAL - 1
    return usual and folded not in known.given and folded not in known.last


def _level(count: int, levels: tuple[int, ...]) -> int:
    return sum(count >= level for level in levels)


@cache
def _forum_words() -> dict[str, int]:
    """The words of forum_words.txt, each with its level, 1 to 5."""
    lines = (line.split(": ") for line in listed_lines("personal/forum_words.txt"))
    return {word: int(level) for level, words in lines for word in words.split()}
