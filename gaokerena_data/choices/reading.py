"""Which option a free answer chose: the reading that the authors did by hand, as rules.

No model is asked. The rules are tried in the order of `RULES`; the first that has something to
say is believed, and the reading tells which one it was and how often it is right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gaokerena_data.choices.apart import SpokenAnswer, take_apart
from gaokerena_data.choices.calibration import confidence_of
from gaokerena_data.choices.exceptions import asks_exception
from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.mentions import LETTERS, label_place
from gaokerena_data.choices.opening import opening_label
from gaokerena_data.choices.statements import (
    SEVERAL,
    called_answer,
    concluded,
    conclusion_names,
    final_statement,
    first_line,
    last_word,
    not_rejected,
    praised,
    the_exception,
)
from gaokerena_data.choices.taken_back import after_correction, without_others_views
from gaokerena_data.choices.thinking import without_thinking
from gaokerena_data.choices.wording import exact_option, option_by_words
from gaokerena_data.errors import GaokerenaError

SEVERAL_OPTIONS, UNREAD = "several_options", "unread"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which an answer names its option.

    Args:
        name: as readings and calibrations call it.
        says: when it speaks, in a sentence.
        reads: gives the option's index, `SEVERAL`, or None where it has nothing to say.
    """

    name: str
    says: str
    reads: Callable[[SpokenAnswer], int | None]


RULES = (
    Rule("option_text", "the answer is the text of an option and nothing else", exact_option),
    Rule(
        "last_word",
        "the last sentence with a label gives the answer, or concludes and names one option",
        last_word,
    ),
    Rule(
        "final_statement",
        "an earlier sentence says in so many words which option is the answer",
        final_statement,
    ),
    Rule(
        "the_exception",
        "one option alone is called wrong: it was asked for, or all others are called right",
        the_exception,
    ),
    Rule("opening_label", "the answer opens with a label, and no list of options", opening_label),
    Rule("first_line", "the first line names one option, and opens no list", first_line),
    Rule("concluded", "a conclusion calls one option right", concluded),
    Rule("called_answer", "one option is called the answer, in whatever words", called_answer),
    Rule("conclusion_names", "a concluding sentence names one option", conclusion_names),
    Rule("praised", "one option is called right", praised),
    Rule("not_rejected", "one option is named, or left over, that is not rejected", not_rejected),
    Rule("option_words", "the words of one option are given as the answer", option_by_words),
)


@dataclass(frozen=True, slots=True)
class ChoiceReading:
    """What was read in an answer.

    Args:
        letter: the option chosen, "A" for the first; None where the answer chose none, or several.
        rule: a name of `RULES`, "several_options" or "unread".
        confidence: how often a person agreed with this rule on the answers it was tried on, 0..1.
    """

    letter: str | None
    rule: str
    confidence: float


def extract_choice(
    answer: str, options: Sequence[str] | Mapping[str, str], question: str = ""
) -> str | None:
    """The letter of the option that a free Persian, English or mixed answer chose.

    Args:
        answer: what the model wrote, markup and all. What it thought is not its answer.
        options: the texts of the options in order, or by their labels («الف», "A", "1").
        question: as it was asked; it tells whether the exception was asked for.

    Returns:
        "A" for the first option; None where the answer chooses none, or more than one.

    Raises:
        GaokerenaError: there are more options than letters, or labels that name no options.

    Example:
        >>> extract_choice("پاسخ صحیح گزینه ب است.", ["کبد", "کلیه"])
        'B'
        >>> extract_choice("گزینه A نادرست است.", ["کبد", "کلیه"], "کدام یک نادرست است؟")
        'A'
    """
    return read_choice(answer, options, question).letter


def read_choice(
    answer: str, options: Sequence[str] | Mapping[str, str], question: str = ""
) -> ChoiceReading:
    """The same with the rule that read it, and how far that rule is to be believed."""
    return _read(answer, option_texts(options), question)


def option_texts(options: Sequence[str] | Mapping[str, str]) -> tuple[str, ...]:
    """The texts of the options in the order of their labels.

    Raises:
        GaokerenaError: labels are not those of the first so many options, or there are more
            options than letters.
    """
    if len(options) > len(LETTERS):
        raise GaokerenaError(
            f"{len(options)} options: an answer is read for {len(LETTERS)} at most"
        )
    if not isinstance(options, Mapping):
        return tuple(options)
    by_place = {label_place(fold(str(label))): text for label, text in options.items()}
    if set(by_place) != set(range(len(options))):
        raise GaokerenaError(
            f"{', '.join(map(str, options))} are no labels of options: give their texts as a list, "
            "or by the labels A, B, C, ..."
        )
    return tuple(by_place[place] for place in range(len(options)))


@lru_cache(maxsize=20_000)
def _read(answer: str, options: tuple[str, ...], question: str) -> ChoiceReading:
    own = without_others_views(without_thinking(answer))
    corrected = after_correction(own)
    if corrected is not None:
        reading = _read_own(corrected.lstrip(" .،,:;!\n"), options, question)
        if reading.letter is not None:
            return reading
    return _read_own(own, options, question)


def _read_own(answer: str, options: tuple[str, ...], question: str) -> ChoiceReading:
    spoken = take_apart(answer, options, question, asks_exception(question))
    for rule in RULES:
        choice = rule.reads(spoken)
        if choice == SEVERAL:
            return ChoiceReading(None, SEVERAL_OPTIONS, confidence_of(SEVERAL_OPTIONS))
        if choice is not None:
            return ChoiceReading(LETTERS[choice], rule.name, confidence_of(rule.name))
    return ChoiceReading(None, UNREAD, confidence_of(UNREAD))
