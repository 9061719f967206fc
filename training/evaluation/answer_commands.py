"""The commands that let a system answer: `choices`, `free-form`, and lm-eval's own tasks."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from training.evaluation.options import (
    BenchmarkName,
    BenchmarkSource,
    GenerationOptions,
    Limit,
    Penalty,
    SystemOptions,
)


class Method(StrEnum):
    """How an option is chosen."""

    GENERATE = "generate"
    LOG_LIKELIHOOD = "log-likelihood"


def choices(
    asked: SystemOptions,
    benchmark: BenchmarkName,
    source: BenchmarkSource,
    to: Annotated[Path, typer.Option(help="Answers go to TO/SUBJECT/NAME.jsonl.")],
    generation: GenerationOptions,
    name: Annotated[str | None, typer.Option(help="The system's name in file names.")] = None,
    method: Annotated[
        Method, typer.Option(help="Read a free answer, or take the likeliest letter.")
    ] = Method.GENERATE,
    repetition_penalty: Penalty = 1.0,
    limit: Limit = None,
) -> None:
    """Answer a multiple-choice benchmark; run it again to go on after a stop."""
    from gaokerena_data.errors import GaokerenaError
    from training.evaluation.asking.batches import run_choices, run_scored_choices
    from training.evaluation.asking.progress import shown
    from training.evaluation.questions.benchmarks import load_benchmark

    if method is Method.LOG_LIKELIHOOD and asked.into_english:
        raise GaokerenaError("a pipeline has no log-likelihoods: use --method generate")
    items = load_benchmark(benchmark, source)[:limit]
    file_name = name or asked.file_name
    with shown(f"{benchmark}, {file_name}") as progress:
        if method is Method.LOG_LIKELIHOOD:
            paths = run_scored_choices(
                asked.open_model(),
                items,
                to,
                file_name=file_name,
                batch_size=generation.batch_size,
                made_with=asked.settings,
                progress=progress,
            )
        else:
            paths = run_choices(
                asked.open_system(),
                items,
                to,
                file_name=file_name,
                batch_size=generation.batch_size,
                decoding=generation.decoding(repetition_penalty),
                made_with=asked.settings,
                progress=progress,
            )
    for path in paths:
        typer.echo(path)
    _tell_missing(paths)


def harness_tasks(
    benchmark: BenchmarkName,
    source: BenchmarkSource,
    to: Annotated[Path, typer.Option(help="Folder of the tasks; replaced as a whole.")],
) -> None:
    """Write a benchmark as lm-eval tasks, by generation and by log-likelihood."""
    from training.evaluation.asking.harness import write_tasks
    from training.evaluation.questions.benchmarks import load_benchmark

    for group in write_tasks(benchmark, load_benchmark(benchmark, source), to):
        typer.echo(f"lm_eval --include_path {to} --tasks {group} ...")


def free_form(
    asked: SystemOptions,
    questions: Annotated[str, typer.Option(help="MF3QA: a folder, Hub repository or file.")],
    to: Annotated[Path, typer.Option(help="The answer file (.jsonl).")],
    generation: GenerationOptions,
    split: Annotated[str, typer.Option(help="Which split of the questions.")] = "test",
    repetition_penalty: Penalty = 1.2,
    limit: Limit = None,
    time: Annotated[
        Path | None,
        typer.Option(help="Time the questions one by one instead; the summary goes here."),
    ] = None,
) -> None:
    """Answer patients' questions; run it again to go on after a stop."""
    from training.evaluation.asking.batches import run_free_form
    from training.evaluation.asking.progress import shown
    from training.evaluation.asking.timing import time_questions
    from training.evaluation.questions.free_form import load_questions
    from training.evaluation.report.summaries import write_summary

    wanted = load_questions(questions, split)[:limit]
    decoding = generation.decoding(repetition_penalty)
    system = asked.open_system()
    with shown(f"questions, {to.stem}") as progress:
        if time is not None:
            texts = [question.question for question in wanted]
            summary = time_questions(
                system, texts, name=to.stem, decoding=decoding, progress=progress
            )
            write_summary(time, summary)
        else:
            run_free_form(
                system,
                wanted,
                to,
                batch_size=generation.batch_size,
                decoding=decoding,
                made_with=asked.settings,
                progress=progress,
            )
    typer.echo(time or to)
    if time is None:
        _tell_missing([to])


def _tell_missing(paths: list[Path]) -> None:
    from gaokerena_data.outside_text import tell
    from training.evaluation.asking.missing import tell_missing

    if line := tell_missing(paths):
        tell(line, err=True)
