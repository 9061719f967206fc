"""Whether an answer entails a statement or contradicts it, as a chat model says."""

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from training.evaluation.reading.folding import fold
from training.evaluation.systems.model import Model
from training.models.decoding import Decoding

type Label = Literal["entails", "contradicts", "neutral"]

PROMPT = (
    "متن زیر پاسخ یک پزشک است و پس از آن یک گزاره آمده است.\n\n## پاسخ\n{answer}\n\n"
    "## گزاره\n{statement}\n\nآیا پاسخ این گزاره را تأیید می‌کند، با آن تناقض دارد، یا چیزی درباره "
    "آن نمی‌گوید؟ تنها یکی از این سه را بنویس: «تأیید»، «تناقض»، «هیچ‌کدام»"
)
_LABELS: tuple[tuple[Label, re.Pattern[str]], ...] = (
    ("contradicts", re.compile(r"تناقض|متناقض|\bcontradict", re.IGNORECASE)),
    ("neutral", re.compile(r"هیچ ?کدام|خنثی|\bneutral|\bneither", re.IGNORECASE)),
    ("entails", re.compile(r"تایید|\bentail", re.IGNORECASE)),
)


class Entailment(Protocol):
    """Says whether answers entail or contradict statements."""

    name: str

    def label(self, pairs: Sequence[tuple[str, str]]) -> list[Label | None]:
        """One label for every (answer, statement), None where there is none to be read."""


class ModelEntailment:
    """A chat model asked about one statement at a time."""

    def __init__(self, model: Model) -> None:
        self.name = model.name
        self._model = model

    def label(self, pairs: Sequence[tuple[str, str]]) -> list[Label | None]:
        """One label for every (answer, statement), None where there is none to be read."""
        prompts = [PROMPT.format(answer=answer, statement=text) for answer, text in pairs]
        answers = self._model.generate(prompts, Decoding(max_new_tokens=32))
        return [read_label(answer.text) for answer in answers]


def read_label(text: str) -> Label | None:
    """The one label that a model's words name; None for none or for several."""
    folded = fold(text)
    named = [label for label, form in _LABELS if form.search(folded)]
    return named[0] if len(named) == 1 else None
