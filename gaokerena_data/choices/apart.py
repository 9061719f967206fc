"""An answer taken apart: its sentences, and what each of them says of the options."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.mentions import (
    DIGITS,
    LETTERS,
    PERSIAN_LETTERS,
    Mention,
    find_mentions,
)
from gaokerena_data.choices.phrases import NOT_THE_ANSWER, QUOTED, sentences

_OPEN, _CLOSE = r"[\[({«【]", r"[\])}»】]"
# The full stop of the option's text, not that of the sentence.
_OWN_STOP = r"(?:\s*\.(?=\s*(?:نادرست|غلط|اشتباه|درست|صحیح|نیست|است|و|یا)(?!\w)))?"
_LONE_LETTER = re.compile(r"(?<![A-Za-z0-9])[A-Z](?![A-Za-z0-9])")
_DIGIT = re.compile(r"[0-9]")
# A shorter question («کدام؟») may stand in an answer without being a quotation of it.
_LONG_ENOUGH = 15


@dataclass(frozen=True, slots=True)
class SpokenAnswer:
    """An answer taken apart.

    Args:
        text: the answer as it is.
        folded: the whole, folded; the options' own texts beside their labels are left out.
        sentences: its folded sentences.
        mentions: what every sentence says of the options it names.
        options: the texts of the options.
        exception: the question asks for the option that is not so.
    """

    text: str
    folded: str
    sentences: list[str]
    mentions: list[list[Mention]]
    options: tuple[str, ...]
    exception: bool

    @property
    def last(self) -> int:
        """The last sentence that names an option, -1 where none does."""
        return max((place for place, found in enumerate(self.mentions) if found), default=-1)


def take_apart(
    answer: str, options: tuple[str, ...], question: str, exception: bool
) -> SpokenAnswer:
    """Fold an answer, and find what each sentence says; the question put again says nothing."""
    printed = [fold(option) for option in options]
    folded = fold(answer)
    if len(asked := fold(question)) >= _LONG_ENOUGH:
        folded = folded.replace(asked, " ")
    folded = _without_quotes(folded, printed)
    spoken = sentences(folded)
    held = "\n".join(printed)
    bare = ("" if _LONE_LETTER.search(held) else LETTERS) + ("" if _DIGIT.search(held) else DIGITS)
    mentions = [
        []
        if exception and NOT_THE_ANSWER.search(sentence)
        else find_mentions(sentence, len(options), bare)
        for sentence in spoken
    ]
    return SpokenAnswer(answer, folded, spoken, mentions, options, exception)


def _without_quotes(folded: str, options: Sequence[str]) -> str:
    """The answer with a bare «[A]» for every label that its option's own text follows.

    A letter or digit before its option's text is a label for certain, and what stands in an
    option's own words says nothing about the option. So does a text before its label: «کبد (A)».
    """
    for place, option in enumerate(options):
        text = option.rstrip(" .،؛:")
        if text:
            letter = LETTERS[place]
            persian = f"|{PERSIAN_LETTERS[place]}" if place < len(PERSIAN_LETTERS) else ""
            named = f"{letter}|{letter.casefold()}{persian}|{place + 1}"
            words = rf"(?<!\w){re.escape(text)}"
            label = rf"{_OPEN}? ?(?:{named})(?!\w)[\s\])}}»】:：.\-–]*{_OPEN}?"
            quote = rf"(?<!\w){label}{words}(?!\w){_CLOSE}?{_OWN_STOP}"
            folded = re.sub(quote, f" [{letter}] {QUOTED} ", folded)
            ahead = rf"{_OPEN}+ ?(?:گزینه|[Oo]ption)? ?{_OPEN}?(?:{named}) ?{_CLOSE}"
            folded = re.sub(rf"{words} ?(?={ahead})", f" {QUOTED} ", folded)
    return folded
