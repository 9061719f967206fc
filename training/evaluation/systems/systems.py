"""What is evaluated: a model asked in Persian, or a pipeline of translators around one."""

from collections.abc import Sequence
from typing import Protocol

from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import choices_prompt, free_form_prompt
from training.evaluation.systems.models import Decoding, Generation, Model


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


def open_system(
    model: Model,
    into_english: str | None = None,
    into_persian: str | None = None,
    *,
    chat_translators: bool = False,
    keep_untranslated: bool = False,
) -> System:
    """The model itself, or with a translator's name the pipeline around it.

    Args:
        model: the model, already open.
        into_english: folder or Hub repository of what translates the question.
        into_persian: of what translates the answer; the same translator by default.
        chat_translators: the translators are chat models, not encoder-decoders.
        keep_untranslated: go on when a translator does not translate.
    """
    if into_english is None:
        return Direct(model)
    from training.evaluation.systems.pipeline import Pipeline, open_translator

    first = open_translator(into_english, chat=chat_translators)
    second = open_translator(into_persian, chat=chat_translators) if into_persian else None
    return Pipeline(model, first, second, stop_when_untranslated=not keep_untranslated)
