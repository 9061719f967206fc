"""What is plainly wrong with a question and its answer, and weak signs of it.

Readers called nineteen of twenty rows with a fault bad, all faults together (docs/curation.md); a
sign is right less often, and good for a model that weighs many of them.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from gaokerena_data.text.pairs.folding import fold, word_list, words_of
from gaokerena_data.text.pairs.leaning import Leaning, leanings
from gaokerena_data.text.pairs.patient_facts import knows_the_age, knows_the_weight, reasons_by_age
from gaokerena_data.text.pairs.substance import gives_contact, says_nothing

_RUN = 4  # words in a row that an answer takes over from its question
_FEWEST_RUNS = 5
_REPEATED = 0.9
_LONGEST_EMPTY = 400  # characters: a longer answer always says something
_INSULT = re.compile(
    r"(?<!\w)(?:شما|تو|خودت|خودتان|خودتون)(?: \w+){0,3} "
    r"(?:احمق|نفهم|بیشعور|بی شعور|خنگ|کودن|الاغ|کثافت|هرزه|فاحشه|بی شرف|حرامزاده|بی غیرت)"
    r"(?: ?(?:ی|اید|ید|هستی|هستید|هستین|ای))?(?!\w)"
)
_RUDE = (
    "احمق",
    "نفهم",
    "شعور",
    "ابله",
    "خنگ",
    "کودن",
    "الاغ",
    "کثافت",
    "هرزه",
    "فاحشه",
    "بی شرف",
    "حرام",
    "غیرت",
)
_NAMED_DOCTOR = re.compile(r"دکتر \[نام\]")


class Fault(StrEnum):
    """What is wrong with a pair; the ledger's reason where a rule drops it."""

    ATTACHMENT = "speaks_of_an_attachment"
    EARLIER_TALK = "speaks_of_an_earlier_talk"
    ATTACHED = "asks_about_an_attachment"
    AGE = "knows_an_age_not_told"
    WEIGHT = "knows_a_weight_not_told"
    GREETS = "only_greets"
    ASKS = "only_asks_back"
    REFUSES = "only_refuses"
    REFERS = "only_refers"
    CONTACTS = "only_gives_a_contact"
    REPEATS = "repeats_the_question"
    BROKEN = "breaks_off"
    INSULTS = "insults"


class PairFaults(NamedTuple):
    """The faults of a pair, and the weak signs of one, each in alphabetical order."""

    faults: tuple[Fault, ...]
    signs: tuple[str, ...]


_OF_LEANINGS = {
    Leaning.IMAGE: Fault.ATTACHMENT,
    Leaning.TALK: Fault.EARLIER_TALK,
    Leaning.ATTACHED: Fault.ATTACHED,
}


def pair_faults(question: str, answer: str) -> PairFaults:
    """What can be seen to be wrong with a question and its answer in Persian.

    Args:
        question: normalized or as it was written.
        answer: likewise; personal data may be replaced. The time is linear in both lengths.
    """
    asked, told = fold(question), fold(answer)
    leans = set(leanings(asked, told))
    faults = {_OF_LEANINGS[each] for each in leans if each in _OF_LEANINGS}
    faults |= set(_faults(question, answer, asked, told))
    signs = {str(each) for each in leans if each not in _OF_LEANINGS}
    signs |= set(_signs(asked, told))
    return PairFaults(tuple(sorted(faults)), tuple(sorted(signs)))


def _faults(question: str, answer: str, asked: str, told: str) -> Iterator[Fault]:
    if len(told) <= _LONGEST_EMPTY and (empty := says_nothing(question, answer)):
        yield Fault(empty)
    if knows_the_age(asked, told):
        yield Fault.AGE
    if knows_the_weight(asked, told):
        yield Fault.WEIGHT
    if repeated_share(asked, told) >= _REPEATED:
        yield Fault.REPEATS
    if breaks_off(told):
        yield Fault.BROKEN
    if any(part in told for part in _RUDE) and _INSULT.search(told):
        yield Fault.INSULTS


def _signs(asked: str, told: str) -> Iterator[str]:
    if reasons_by_age(asked, told):
        yield "reasons_by_an_age_not_told"
    if gives_contact(told):
        yield "gives_a_contact"
    if _NAMED_DOCTOR.search(told):
        yield "names_a_doctor"
    if told and told[-1] not in ".!؟…:)»":
        yield "ends_without_a_mark"


def repeated_share(question: str, answer: str) -> float:
    """The share of a folded answer's runs of four words that its folded question has, 0..1."""
    first = answer[:24]
    if first not in question and answer[12:36] not in question:
        return 0.0  # most answers begin with words of their own: they cost nothing more
    runs = _runs(answer)
    if len(runs) < _FEWEST_RUNS:
        return 0.0
    return len(runs & _runs(question)) / len(runs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def breaks_off(folded: str) -> bool:
    """Whether a folded text ends with a word that ends no Persian sentence, and without a mark."""
    if not folded or not folded[-1].isalpha():
        return False
    return folded.rpartition(" ")[2] in word_list("never_last")
