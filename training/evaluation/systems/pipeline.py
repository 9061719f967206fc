"""Translator, English medical model, translator: the paper's pipelines as one more system.

Every leg is checked by the script of what came out. In the paper one pipeline's questions were
never translated, and its figure stands in print.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import CHOICES_ENGLISH, choices_prompt
from training.evaluation.systems.model import Generation, Model
from training.evaluation.systems.translator import Language, Translator, is_in
from training.models.decoding import Decoding

_NAMES: dict[Language, str] = {"en": "Persian", "fa": "English"}


class Pipeline:
    """Persian question -> English -> medical model -> Persian answer, all loaded at once."""

    def __init__(
        self,
        model: Model,
        into_english: Translator,
        into_persian: Translator | None = None,
        *,
        stop_when_untranslated: bool = True,
    ) -> None:
        """Put a pipeline together.

        Args:
            model: the English medical model.
            into_english: what translates the question and its options.
            into_persian: what translates the answer back; the same translator by default.
            stop_when_untranslated: stop when half of a batch or more did not get translated on
                one leg; otherwise it is only written down with every answer.
        """
        self.model = model
        self.into_english = into_english
        self.into_persian = into_persian or into_english
        self.name = f"{model.name}+{into_english.name}"
        self._stop = stop_when_untranslated

    def answer_choices(self, items: Sequence[Item], decoding: Decoding) -> list[Generation]:
        """A free answer to every multiple-choice question, as one batch.

        Questions and options are translated one by one, so that the options stay apart.
        """
        began = time.perf_counter()
        parts = [text for item in items for text in (item.question, *item.options)]
        translated, flags = self._leg(parts, self.into_english, "en")
        prompts, marks, place = [], [], 0
        for item in items:
            end = place + 1 + len(item.options)
            question, *options = translated[place:end]
            prompts.append(choices_prompt(question, options, CHOICES_ENGLISH))
            marks.append(tuple(dict.fromkeys(flag for flag in flags[place:end] if flag)))
            place = end
        return self._answered(prompts, marks, decoding, began)

    def answer_questions(self, questions: Sequence[str], decoding: Decoding) -> list[Generation]:
        """A free answer to every patient's question, as one batch."""
        began = time.perf_counter()
        translated, flags = self._leg(questions, self.into_english, "en")
        marks = [(flag,) if flag else () for flag in flags]
        return self._answered(translated, marks, decoding, began)

    def _answered(
        self,
        prompts: Sequence[str],
        marks: Sequence[tuple[str, ...]],
        decoding: Decoding,
        began: float,
    ) -> list[Generation]:
        answers = self.model.generate(prompts, decoding)
        texts, flags = self._leg([answer.text for answer in answers], self.into_persian, "fa")
        seconds = (time.perf_counter() - began) / max(len(answers), 1)
        return [
            replace(answer, text=text, seconds=seconds, flags=(*mark, *((flag,) if flag else ())))
            for answer, text, mark, flag in zip(answers, texts, marks, flags, strict=True)
        ]

    def _leg(
        self, texts: Sequence[str], translator: Translator, into: Language
    ) -> tuple[list[str], list[str]]:
        """Translate one leg; every text gets a flag, empty where it is in the right script."""
        translated = translator.translate(texts, into)
        if len(translated) != len(texts):
            raise GaokerenaError(
                f"{translator.name} gave {len(translated)} translations of {len(texts)} texts"
            )
        flag = f"left in {_NAMES[into]}"
        flags = [
            "" if is_in(text, into) and (text.strip() or not given.strip()) else flag
            for given, text in zip(texts, translated, strict=True)
        ]
        failed = sum(map(bool, flags))
        if self._stop and failed * 2 >= len(flags) > 0 and failed:
            raise GaokerenaError(
                f"{translator.name} left {failed} of {len(flags)} texts in {_NAMES[into]}: "
                "check its direction (or allow it with --keep-untranslated)"
            )
        return translated, flags
