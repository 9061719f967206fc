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
from gaokerena_data.text.personal.name_evidence import Slot, evidence, own_evidence
from gaokerena_data.text.personal.name_slots import find_slots
from gaokerena_data.text.personal.span import Span

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
        # What follows a sign is no name where the word between them is none.
        follows = slot.offset < 1 or slot.start - 1 in ends or text[slot.start - 2] == "\0"
        if slot.start in found or not follows:
            continue
        if is_name(text, slot) and not _means_another(text, slot):
            found[slot.start] = slot.start + len(slot.word)
            ends.add(found[slot.start])
    return _joined(text, found)


def _means_another(text: str, slot: Slot) -> bool:
    """«بیمارستان علی اصغر», «آقای میانسالی», «آرزوی تندرستی»."""
    before = text[max(slot.start - 30, 0) : slot.start].split()
    if before and lists.is_given(before[-1]):
        before.pop()
    of_other = bool(before) and before[-1].endswith(_OF_OTHERS)
    stem = slot.word.removesuffix("ی")
    sort = lists.is_sort_of_person(stem) or lists.is_ordinary(stem)
    return of_other or (slot.kind.startswith("title y") and stem != slot.word and sort)


def is_name(text: str, slot: Slot) -> bool:
    """Whether what stands at a place weighs more for a name than against it."""
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
