"""A system is asked every question in every way; each way has its answer files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.evaluation.asking.answer_log import read_log
from training.evaluation.asking.batches import NOTHING, run_choices, run_scored_choices
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import ChoiceForm, free_form_prompt
from training.evaluation.questions.variants import Variant
from training.evaluation.systems.model import Generation, Model
from training.evaluation.systems.system import System
from training.models.decoding import Decoding


class InForm:
    """A model that is asked multiple-choice questions in a form of one's own."""

    def __init__(self, model: Model, form: ChoiceForm) -> None:
        self.model = model
        self.form = form
        self.name = model.name

    def answer_choices(self, items: Sequence[Item], decoding: Decoding) -> list[Generation]:
        """A free answer to every multiple-choice question, as one batch."""
        prompts = [self.form.prompt(item.question, item.options) for item in items]
        return self.model.generate(prompts, decoding)

    def answer_questions(self, questions: Sequence[str], decoding: Decoding) -> list[Generation]:
        """A free answer to every patient's question, as one batch."""
        return self.model.generate([free_form_prompt(text) for text in questions], decoding)


def run_variants(
    asked: Model | System,
    items: Sequence[Item],
    variants: Sequence[Variant],
    folder: Path,
    *,
    file_name: str,
    batch_size: int,
    decoding: Decoding | None,
    made_with: Mapping[str, Any] = NOTHING,
    progress: Progress = unseen,
) -> dict[str, list[dict[str, Any]]]:
    """Ask every item in every way that its answer files do not hold yet.

    Args:
        asked: a model; or a system that puts questions in its own form, whose variants may then
            change the order alone.
        items: the benchmark's items.
        variants: the ways.
        folder: answers go to `folder/VARIANT/SUBJECT/file_name.jsonl`.
        file_name: the system's name in file names.
        batch_size: prompts in one batch.
        decoding: how to generate; None to choose by log-likelihood.
        made_with: what else the answers depend on.
        progress: told how many of how many answers there are, over all variants.

    Returns:
        variant -> entries of these items, in their order.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for number, variant in enumerate(variants):
        put = [variant.put(item) for item in items]

        def told(done: int, total: int, before: int = number * len(items)) -> None:
            del total
            progress(before + done, len(variants) * len(items))

        to, settings = folder / variant.name, {**made_with, **variant.settings}
        if decoding is None:
            paths = run_scored_choices(
                _model(asked),
                put,
                to,
                file_name=file_name,
                batch_size=batch_size,
                form=variant.form,
                made_with=settings,
                progress=told,
            )
        else:
            paths = run_choices(
                asked if isinstance(asked, System) else InForm(asked, variant.form),
                put,
                to,
                file_name=file_name,
                batch_size=batch_size,
                decoding=decoding,
                made_with=settings,
                progress=told,
            )
        entries = {(e["subject"], e["id"]): e for path in paths for e in read_log(path)}
        found[variant.name] = [entries[item.subject, item.id] for item in put]
    return found


def _model(asked: Model | System) -> Model:
    if isinstance(asked, System):
        raise TypeError("a system has no log-likelihoods")
    return asked
