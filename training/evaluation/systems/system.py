"""What is evaluated: a model asked in Persian, or a pipeline of translators around one."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import choices_prompt, free_form_prompt
from training.evaluation.systems.model import Generation, Model
from training.models.decoding import Decoding


@runtime_checkable
class System(Protocol):
    """Anything that answers the benchmarks' questions."""

    name: str

    def answer_choices(self, items: Sequence[Item], decoding: Decoding) -> list[Generation]:
        """A free answer to every multiple-choice question, as one batch."""

    def answer_questions(self, questions: Sequence[str], decoding: Decoding) -> list[Generation]:
        """A free answer to every patient's question, as one batch."""


class Direct:
    """A model asked in Persian with the paper's prompts."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.name = model.name

    def answer_choices(self, items: Sequence[Item], decoding: Decoding) -> list[Generation]:
        """A free answer to every multiple-choice question, as one batch."""
        prompts = [choices_prompt(item.question, item.options) for item in items]
        return self.model.generate(prompts, decoding)

    def answer_questions(self, questions: Sequence[str], decoding: Decoding) -> list[Generation]:
        """A free answer to every patient's question, as one batch."""
        return self.model.generate([free_form_prompt(text) for text in questions], decoding)
