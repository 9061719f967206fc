"""Inference time as a user meets it: warm, one question at a time."""

import platform
from collections.abc import Sequence
from typing import Any

import numpy as np

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.systems.system import System
from training.models.decoding import Decoding


def time_questions(
    system: System,
    questions: Sequence[str],
    *,
    name: str,
    decoding: Decoding,
    warm_up: int = 3,
    progress: Progress = unseen,
) -> dict[str, Any]:
    """Ask questions one by one and summarize the seconds; the first `warm_up` do not count.

    Args:
        system: what is asked.
        questions: at least one more than `warm_up`.
        name: what the report calls the system.
        decoding: how to generate.
        warm_up: questions that do not count.
        progress: told how many of how many are answered.

    Returns:
        A summary of kind "timing": median and 95th percentile of seconds a question, tokens a
        second over all, median answer length in tokens and characters, and the hardware.

    Raises:
        GaokerenaError: nothing is left after the warm-up.
    """
    if len(questions) <= warm_up:
        raise GaokerenaError(
            f"{len(questions)} questions are too few with {warm_up} for warming up: give more"
        )
    answers = []
    for number, question in enumerate(questions, start=1):
        answers.extend(system.answer_questions([question], decoding))
        progress(number, len(questions))
    counted = answers[warm_up:]
    seconds = np.array([answer.seconds for answer in counted])
    tokens = np.array([answer.tokens for answer in counted])
    return {
        "kind": "timing",
        "system": name,
        "hardware": hardware(),
        "questions": len(counted),
        "warm_up": warm_up,
        "median_seconds": float(np.median(seconds)),
        "p95_seconds": float(np.quantile(seconds, 0.95)),
        "tokens_per_second": float(tokens.sum() / seconds.sum()) if seconds.sum() else 0.0,
        "median_tokens": float(np.median(tokens)),
        "median_characters": float(np.median([len(answer.text) for answer in counted])),
    }


def hardware() -> str:
    """The graphics card, or the processor and how many threads torch uses of it."""
    try:
        import torch
    except ModuleNotFoundError:
        return f"{_processor()} (the model runs elsewhere)"
    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    return f"{_processor()}, {torch.get_num_threads()} threads"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - no real file
            names = [line.partition(":")[2].strip() for line in file if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
