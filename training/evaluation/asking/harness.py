"""The benchmarks as lm-eval tasks: others' harness gives the same numbers.

Every benchmark is written twice: by log-likelihood as group NAME, by generation as group
NAME_generate. The prompts are those of `gaokerena evaluate choices`, and a free answer is read by
the same `extract_choice`, so that lm-eval needs this package beside it.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.choices.reading import extract_choice
from gaokerena_data.workspace import atomic_folder
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import CHOICES, CHOICES_SCORED, choices_prompt
from training.models.decoding import Decoding

_ACCURACY = {"metric": "acc", "aggregation": "mean", "higher_is_better": True}
_INVALID = {"metric": "invalid", "aggregation": "mean", "higher_is_better": False}


class _Function(str):
    """The name of a Python function, as YAML writes it: `!function module.name`."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """YAML as lm-eval reads it."""


_Dumper.add_representer(
    _Function, lambda dumper, name: dumper.represent_scalar("!function", str(name))
)
_SCORED: dict[str, Any] = {
    "output_type": "multiple_choice",
    "doc_to_text": "scored_prompt",
    "doc_to_choice": "letters",
    "doc_to_target": "target",
    "metric_list": [_ACCURACY],
}
_GENERATED: dict[str, Any] = {
    "output_type": "generate_until",
    "doc_to_text": "prompt",
    "doc_to_target": "target",
    "generation_kwargs": {
        "until": [],  # the end token alone ends an answer
        "max_gen_toks": Decoding().max_new_tokens,
        "do_sample": False,
        "temperature": 0.0,
    },
    "process_results": _Function("training.evaluation.asking.harness.score_answer"),
    "metric_list": [_ACCURACY, _INVALID],
}


def write_tasks(name: str, items: Sequence[Item], folder: Path) -> list[str]:
    """Write two tasks a subject, the subject's questions, and two groups over all subjects.

    `lm_eval --include_path FOLDER --tasks NAME` runs a group. Its accuracy weighs every question
    the same, as the paper's average does. The tasks name their questions by the folder's full
    path: write them anew rather than move them.

    Args:
        name: the benchmark's; a task is called NAME_SUBJECT or NAME_generate_SUBJECT.
        items: the benchmark's items.
        folder: where the YAML files and the questions go; replaced as a whole.

    Returns:
        The names of the two groups.
    """
    forms = {name: _SCORED, f"{name}_generate": _GENERATED}
    tasks: dict[str, list[str]] = {group: [] for group in forms}
    with atomic_folder(folder) as part:
        for subject, of_subject in groupby(items, key=lambda item: item.subject):
            questions = f"{name}_{subject}.jsonl"
            lines = [json.dumps(_question(item), ensure_ascii=False) for item in of_subject]
            (part / questions).write_text("\n".join(lines) + "\n", encoding="utf-8")
            for group, form in forms.items():
                task = f"{group}_{subject}"
                tasks[group].append(task)
                place = {"data_files": {"test": str(folder.resolve() / questions)}}
                source = {"dataset_path": "json", "dataset_kwargs": place, "test_split": "test"}
                _write(part / f"{task}.yaml", {"task": task} | source | form)
        for group, form in forms.items():
            metrics = [
                {"metric": kind["metric"], "aggregation": "mean", "weight_by_size": True}
                for kind in form["metric_list"]
            ]
            config = {"group": group, "task": tasks[group], "aggregate_metric_list": metrics}
            _write(part / f"{group}.yaml", config)
    return list(forms)


def score_answer(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, float]:
    """What lm-eval calls with a model's free answer: right or not, and whether it chose nothing."""
    choice = extract_choice(results[0], doc["options"], doc.get("question", ""))
    right = choice == LETTERS[doc["target"]]
    return {"acc": float(right), "invalid": float(choice is None)}


def _question(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "question": item.question,
        "prompt": choices_prompt(item.question, item.options, CHOICES),
        "scored_prompt": choices_prompt(item.question, item.options, CHOICES_SCORED),
        "options": item.options,
        "letters": [f"[{letter}]" for letter in LETTERS[: len(item.options)]],
        "target": LETTERS.index(item.correct),
    }


def _write(path: Path, config: Mapping[str, Any]) -> None:
    config = {**config, "metadata": {"version": 1.0}}
    text = yaml.dump(config, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
