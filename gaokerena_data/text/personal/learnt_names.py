"""A second net for names: how much speaks for one, weighed as labelled texts taught.

The rules of `names` and `introductions` need a sign and a word that they know. Here everything
that stands at such a place is weighed together (a logistic regression over `name_evidence`), so a
surname that no list has is found where its place says enough, and a listed one is not where the
place says no. The weights hold sorts of words and usual words, and nobody's name.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from gaokerena_data.text.personal import name_lists as lists
from gaokerena_data.text.personal.name_evidence import Slot, evidence, is_usual, own_evidence
from gaokerena_data.text.personal.name_shape import WORD
from gaokerena_data.text.personal.name_slots import find_slots
from gaokerena_data.text.personal.names import OF_ANYBODY
from gaokerena_data.text.personal.span import Span

_WORD = re.compile(rf" ({WORD})")
_INTRODUCES = re.compile(
    r"(?:^|[.،,!؟?:؛/\n\0]|(?<![آ-ی])(?:سلام|باسلام|من|بنده|اینجانب|نباشید|بخیر|دکتر|خدمت|شما|ادب|احترام))"
    rf"[ ؛،.!\n]{{0,3}}(?:{WORD} )?\Z"
)
_CALL = re.compile("یا(?:علی|حسین|زهرا|الله|حق)|دختر|پسر|خانو?م")  # «یاعلی», «دخترری»
_GREETING = frozenset(("سلام", "باسلام", "خدمت", "درود"))
_OF_OTHERS = (*lists.OF_PLACES, "آرزوی", "امید")
# A word that weighs less is no name whatever stands around it; it need not be looked at.
_LEAST = -3.0
_PLACEHOLDER = re.compile(r"\[[^\[\]\n]{2,20}\]")


def find_learnt_names(text: str) -> Iterator[Span]:
    """Spans of names in a folded text from which those that rules find are blanked."""
    if "[" in text:  # what was replaced before reads as what is blanked now
        text = _PLACEHOLDER.sub(lambda match: "\0" * len(match.group()), text)
    found: dict[int, int] = {}
    ends: set[int] = set()
    for slot in find_slots(text):
        start = slot.start
        # What follows a sign is no name where the word between them is none.
        if slot.offset > 0 and start - 1 not in ends and text[start - 2] != "\0":
            start = _start_of_given(text, slot)
        if start < 0 or slot.start in found or _means_another(text, slot):
            continue
        if is_name(text, slot):
            found[start] = slot.start + len(slot.word)
            ends.add(found[start])
    return _joined(text, found)


def _start_of_given(text: str, slot: Slot) -> int:
    """Where a given name that is a word too stands between a title and a surname, or -1."""
    before = text[max(slot.start - 20, 0) : slot.start].split(" ")[:-1]
    given = slot.offset == 1 and slot.kind.startswith("title") and len(before) > 1
    given = given and lists.is_first(before[-1]) and not is_usual(before[-1])
    return slot.start - 1 - len(before[-1]) if given else -1


def _means_another(text: str, slot: Slot) -> bool:
    """Whether a place, a town, a sort of person or a word of medicine is meant."""
    if _is_another(slot):
        return True
    # «راننده‌ی تریلی هستم»
    if slot.kind == "am" and not _INTRODUCES.search(text, max(slot.start - 30, 0), slot.start):
        return True
    before = text[max(slot.start - 30, 0) : slot.start].split()
    if before and lists.is_given(before[-1]):
        if slot.kind == "given":  # «علی اصغر», where the rules take neither
            return True
        before.pop()
    if before and before[-1].endswith(_OF_OTHERS):  # «بیمارستان علی اصغر», «آرزوی تندرستی»
        return True
    end = slot.start + len(slot.word)
    following = _WORD.match(text, end)
    if following and following[1] == "مدل":  # «ساینا مدل ۱۳۹۵»
        return True
    if following and lists.is_medical(slot.word + following[1]):  # «تاکی کاردی»
        return True
    stem = slot.word.removesuffix("ی")
    if stem == slot.word or not (lists.is_sort_of_person(stem) or lists.is_ordinary(stem)):
        return False
    if slot.kind.startswith("title y"):  # «آقای میانسالی», not «سلام آقای خوشحالی»
        return _GREETING.isdisjoint(before[-3:])
    # «دکتر ماهری باشد»
    of_anybody = slot.kind.startswith("title") and OF_ANYBODY.match(text, end)
    return bool(of_anybody) and not text.startswith(" هستم", end)


def _is_another(slot: Slot) -> bool:
    """Whether a word says of itself that it is a town, a time or a call, and no name."""
    word = slot.word
    listed = lists.is_first(word) or lists.is_last(word)
    if not listed and (len(word) < 4 or "سال" in word or "ماه" in word):  # «یکسالشه»
        return True
    titled = slot.kind.startswith("title")
    called = lists.is_city(word) or _CALL.match(word) is not None
    return word in _OF_OTHERS or (called and not titled)


def is_name(text: str, slot: Slot) -> bool:
    """Whether what stands at a place weighs more for a name than against it."""
    if slot.offset == 0 and slot.kind.startswith("title l") and lists.is_glued_name(slot.word):
        return True
    if _weight(own_evidence(slot.kind, slot.offset, slot.word)) < _LEAST:
        return False
    return _weights()["always"] + sum(map(_weight, evidence(text, slot))) > 0


@lru_cache(1 << 14)
def _weight(evidence: tuple[str, ...]) -> float:
    weights = _weights()
    return sum(weights.get(each, 0.0) for each in evidence)


def _joined(text: str, found: dict[int, int]) -> Iterator[Span]:
    """The words as spans, those with one space between them as one."""
    start = end = -1
    for next_start, next_end in sorted(found.items()):
        if next_start == end + 1 and text[end] == " ":
            end = next_end
            continue
        if end > 0:
            yield Span(start, end, "name")
        start, end = next_start, next_end
    if end > 0:
        yield Span(start, end, "name")


@cache
def _weights() -> dict[str, float]:
    """The weights of name_weights.json; what has none weighs nothing."""
    file = resources.files("gaokerena_data.text").joinpath("personal/name_weights.json")
    weights: dict[str, float] = json.loads(file.read_text("utf-8"))
    return weights
