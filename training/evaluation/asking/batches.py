"""Every question is asked once, batch by batch; a file that was begun is gone on with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.choices.reading import extract_choice
from gaokerena_data.endpoints.reply import UNANSWERED
from training.evaluation.asking.answer_log import open_log
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.free_form import Question
from training.evaluation.questions.prompts import PAPER_FORM, ChoiceForm
from training.evaluation.systems.model import Generation, Model
from training.evaluation.systems.system import System
from training.models.decoding import Decoding

NOTHING: Mapping[str, Any] = MappingProxyType({})


def run_choices(
    system: System,
    items: Sequence[Item],
    folder: Path,
    *,
    file_name: str,
    batch_size: int,
    decoding: Decoding,
    made_with: Mapping[str, Any] = NOTHING,
    progress: Progress = unseen,
) -> list[Path]:
    """Ask a system every item that its answer files do not hold yet, batch by batch.

    Args:
        system: what is asked.
        items: the benchmark's items.
        folder: answers go to `folder/SUBJECT/file_name.jsonl`.
        file_name: the system's name in file names.
        batch_size: prompts in one batch; a kill loses one batch at most.
        decoding: how to generate.
        made_with: what else the answers depend on, kept beside them and compared by later runs.
        progress: told how many of how many items are answered.

    Returns:
        The answer files, in the order of the subjects.
    """
    settings = {"method": "generate", "decoding": asdict(decoding)}
    settings |= {"system": system.name, **made_with}

    def answered(batch: Sequence[Item]) -> Iterator[dict[str, Any]]:
        generations = system.answer_choices(batch, decoding)
        for item, generation in zip(batch, generations, strict=True):
            said = _said(generation)
            if not generation.missing:
                chosen = extract_choice(generation.text, item.options, item.question)
                said |= {"chosen": chosen}
            yield _entry(item) | said

    return _run_items(items, folder, file_name, settings, batch_size, answered, progress)


def run_scored_choices(
    model: Model,
    items: Sequence[Item],
    folder: Path,
    *,
    file_name: str,
    batch_size: int,
    form: ChoiceForm = PAPER_FORM,
    made_with: Mapping[str, Any] = NOTHING,
    progress: Progress = unseen,
) -> list[Path]:
    """Choose by log-likelihood: the label that the model finds likeliest after the question."""
    settings = {"method": "log-likelihood", "system": model.name, **made_with}

    def scored(batch: Sequence[Item]) -> Iterator[dict[str, Any]]:
        for count, same in groupby(batch, key=lambda item: len(item.options)):
            group = list(same)
            prompts = [form.scored_prompt(item.question, item.options) for item in group]
            labels = [f"[{label}]" for label in form.labels[:count]]
            for item, scores in zip(group, model.score_choices(prompts, labels), strict=True):
                best = LETTERS[max(range(count), key=scores.__getitem__)]
                yield _entry(item) | {"answer": "", "scores": scores, "scored": best}

    return _run_items(items, folder, file_name, settings, batch_size, scored, progress)


def run_free_form(
    system: System,
    questions: Sequence[Question],
    path: Path,
    *,
    batch_size: int,
    decoding: Decoding,
    made_with: Mapping[str, Any] = NOTHING,
    progress: Progress = unseen,
) -> None:
    """Ask a system every patient's question that the answer file does not hold yet."""
    settings = {"method": "free-form", "decoding": asdict(decoding)}
    settings |= {"system": system.name, **made_with}
    with open_log(path, settings) as log:
        log.refuse_others(map(asdict, questions))
        waiting = [question for question in questions if question.id not in log.done]
        waiting.sort(key=lambda question: question.id in log.tried)
        progress(len(questions) - len(waiting), len(questions))
        for start in range(0, len(waiting), batch_size):
            batch = waiting[start : start + batch_size]
            generations = system.answer_questions([q.question for q in batch], decoding)
            log.append(
                asdict(question) | _said(generation)
                for question, generation in zip(batch, generations, strict=True)
            )
            progress(len(questions) - len(waiting) + start + len(batch), len(questions))


def _run_items(
    items: Sequence[Item],
    folder: Path,
    file_name: str,
    settings: Mapping[str, Any],
    batch_size: int,
    answer: Callable[[Sequence[Item]], Iterator[dict[str, Any]]],
    progress: Progress,
) -> list[Path]:
    paths, done = [], 0
    for subject, group in groupby(items, key=lambda item: item.subject):
        of_subject = list(group)
        path = folder / subject / f"{file_name}.jsonl"
        with open_log(path, settings) as log:
            log.refuse_others(map(_entry, of_subject))
            waiting = [item for item in of_subject if item.id not in log.done]
            waiting.sort(key=lambda item: item.id in log.tried)
            done += len(of_subject) - len(waiting)
            progress(done, len(items))
            for start in range(0, len(waiting), batch_size):
                batch = waiting[start : start + batch_size]
                log.append(answer(batch))
                done += len(batch)
                progress(done, len(items))
        paths.append(path)
    return paths


def _entry(item: Item) -> dict[str, Any]:
    return {name: value for name, value in asdict(item).items() if value is not None}


def _said(generation: Generation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "answer": generation.text,
        "tokens": generation.tokens,
        "seconds": round(generation.seconds, 4),
    }
    if generation.missing:
        said |= {"answer": None, "missing": generation.missing, "because": generation.because}
        said |= {"unanswered": True} if generation.missing in UNANSWERED else {}
    if generation.cut_off:
        said |= {"cut_off": True}
    return said | ({"flags": list(generation.flags)} if generation.flags else {})
