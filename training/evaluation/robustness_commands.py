"""The commands on what a score does not show: `robustness`, `safety` and `confidence`."""

from pathlib import Path
from typing import Annotated

import typer

from training.evaluation.answer_commands import Method
from training.evaluation.options import (
    BenchmarkName,
    BenchmarkSource,
    EndpointUrl,
    GenerationOptions,
    Limit,
    Penalty,
    SystemOptions,
)


def robustness(
    asked: SystemOptions,
    benchmark: BenchmarkName,
    source: BenchmarkSource,
    to: Annotated[Path, typer.Option(help="Answers go to TO/VARIANT/SUBJECT/NAME.jsonl.")],
    generation: GenerationOptions,
    name: Annotated[str | None, typer.Option(help="The system's name in file names.")] = None,
    method: Annotated[
        Method, typer.Option(help="Read a free answer, or take the likeliest letter.")
    ] = Method.GENERATE,
    orders: Annotated[int, typer.Option(min=0, help="How many orders of the options.")] = 3,
    order_seed: Annotated[int, typer.Option(help="Of these orders.")] = 0,
    repetition_penalty: Penalty = 1.0,
    limit: Limit = None,
) -> None:
    """Ask a benchmark in other orders, labels and words, and tell how far answers hang on it."""
    from gaokerena_data.errors import GaokerenaError
    from training.evaluation.asking.progress import shown
    from training.evaluation.asking.variants import run_variants
    from training.evaluation.questions.benchmarks import load_benchmark
    from training.evaluation.questions.variants import can_vary, variants
    from training.evaluation.report.summaries import write_summary
    from training.evaluation.scoring.robustness import summarize, tell

    if method is Method.LOG_LIKELIHOOD and asked.into_english:
        raise GaokerenaError("a pipeline has no log-likelihoods: use --method generate")
    items = load_benchmark(benchmark, source)[:limit]
    varied = [item for item in items if can_vary(item)]
    if not varied:
        raise GaokerenaError(f"{source} has no item that can be put in other ways")
    ways = variants(orders=orders, seed=order_seed)
    if asked.into_english:
        ways = [way for way in ways if way.change in {"none", "order"}]
        typer.echo("a pipeline translates each option: its orders alone are varied", err=True)
    file_name = name or asked.file_name
    with shown(f"{benchmark}, {file_name}, {len(ways)} ways") as progress:
        entries = run_variants(
            asked.open_system() if asked.into_english else asked.open_model(),
            varied,
            ways,
            to,
            file_name=file_name,
            batch_size=generation.batch_size,
            decoding=(
                None if method is Method.LOG_LIKELIHOOD else generation.decoding(repetition_penalty)
            ),
            made_with=asked.settings,
            progress=progress,
        )
    summary = summarize(
        ways, entries, system=file_name, benchmark=benchmark, left_out=len(items) - len(varied)
    )
    path = to / f"{file_name}.robustness.json"
    write_summary(path, summary)
    typer.echo(tell(summary))
    typer.echo(path)


def safety(
    asked: SystemOptions,
    to: Annotated[Path, typer.Option(help="The answer file (.jsonl); the summary goes beside it.")],
    generation: GenerationOptions,
    questions: Annotated[
        Path | None, typer.Option(help="Questions of your own, with their kind.")
    ] = None,
    grader: Annotated[
        str | None, typer.Option(help="Model that reads the answers beside the rules.")
    ] = None,
    grader_endpoint: EndpointUrl = None,
    repetition_penalty: Penalty = 1.0,
) -> None:
    """Ask emergencies, what must be declined and what must not be; count the safe answers."""
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.outside_text import tell as tell_outside
    from training.evaluation.asking.answer_log import read_log
    from training.evaluation.asking.batches import run_free_form
    from training.evaluation.asking.grading import run_grader
    from training.evaluation.asking.missing import tell_missing
    from training.evaluation.asking.progress import shown
    from training.evaluation.questions.free_form import Question
    from training.evaluation.questions.safety import read_safety_questions
    from training.evaluation.report.summaries import summary_beside, write_summary
    from training.evaluation.scoring.safety import answered_units, summarize, tell
    from training.evaluation.systems.opening import open_model

    if grader_endpoint and not grader:
        raise GaokerenaError("--grader-endpoint is where the grader is asked: give --grader too")
    wanted = read_safety_questions(questions)
    with shown(f"safety, {to.stem}") as progress:
        run_free_form(
            asked.open_system(),
            [Question(each.id, each.question, "") for each in wanted],
            to,
            batch_size=generation.batch_size,
            decoding=generation.decoding(repetition_penalty),
            made_with=asked.settings,
            progress=progress,
        )
    if line := tell_missing([to]):
        tell_outside(line, err=True)
    units = answered_units(wanted, read_log(to))
    grades = None
    if grader:
        with shown(f"{grader} reads") as progress:
            grades = run_grader(
                open_model(grader, endpoint=grader_endpoint, key_variable=asked.key_variable),
                units,
                to.with_suffix(".grades.jsonl"),
                batch_size=generation.batch_size,
                progress=progress,
            )
    summary = summarize(wanted, units, grades, system=to.stem, grader=grader)
    write_summary(summary_beside(to), summary)
    for row in summary["rows"]:
        typer.echo(tell(row))
    typer.echo(summary_beside(to))


def confidence(
    answers: Annotated[
        list[Path], typer.Argument(help="Answer files of one system, one a subject.")
    ],
    to: Annotated[Path, typer.Option(help="Folder of the summary and its figure.")],
    bins: Annotated[int, typer.Option(min=1, max=1000, help="Of confidence, of one width.")] = 10,
    penalty: Annotated[float, typer.Option(min=0.0, help="What a wrong answer takes off.")] = 1 / 3,
    seed: Annotated[int, typer.Option(help="Of the bootstrap and of the halves.")] = 0,
) -> None:
    """Calibration and selective accuracy from log-likelihoods, and negative marking."""
    from gaokerena_data.errors import GaokerenaError
    from training.evaluation.reading.answers import read_answer_file
    from training.evaluation.report.summaries import write_summary
    from training.evaluation.scoring.confidence import read_scored, summarize
    from training.evaluation.scoring.confidence_figure import draw_confidence
    from training.evaluation.scoring.negative_marking import mark_answers, mark_scored

    if len(names := {path.stem for path in answers}) > 1:
        raise GaokerenaError(f"the files are of several systems: {', '.join(sorted(names))}")
    system = answers[0].stem
    found = [answer for path in answers for answer in read_answer_file(path)]
    if not found:
        raise GaokerenaError(f"{answers[0]} holds no answer")
    path = to / f"{system}.confidence.json"
    if any(answer.scored for answer in found):
        scored = read_scored(answers)
        summary = summarize(scored, system=system, bins=bins)
        marking = mark_scored(scored, penalty=penalty, seed=seed)
        for figure in draw_confidence(scored, to, path.stem, system=system, bins=bins):
            typer.echo(figure)
        typer.echo(
            f"{system}: accuracy {summary['accuracy']:.3f}, mean confidence "
            f"{summary['mean_confidence']:.3f}, calibration error {summary['ece']:.3f} in {bins} "
            f"bins, Brier {summary['brier']:.3f} over {summary['questions']} questions"
        )
    else:
        summary = {"kind": "confidence", "system": system, "questions": len(found)}
        marking = mark_answers(found, penalty=penalty, seed=seed)
        typer.echo("free answers have no log-likelihoods: negative marking alone", err=True)
    write_summary(path, summary | {"penalty": penalty, "marking": marking})
    for row in marking:
        typer.echo(
            f"{row['policy']}: mark {row['mark']:.3f} ({row['low']:.3f} to {row['high']:.3f}), "
            f"{row['right']} right, {row['wrong']} wrong, {row['unanswered']} unanswered"
        )
    typer.echo(path)
