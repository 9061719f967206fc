"""`gaokerena evaluate rubric`: answers graded by criteria, and the grader held against people."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.evaluation.options import (
    DEFAULT_KEY_VARIABLE,
    BatchSize,
    EndpointUrl,
    GenerationOptions,
    KeyVariable,
    Limit,
    ModelName,
    Penalty,
    SystemOptions,
    grouped,
)

if TYPE_CHECKING:
    from training.evaluation.asking.grading import Units

app = typer.Typer(no_args_is_help=True, help="Grade answers by a rubric's criteria and scales.")

Rubric = Annotated[str, typer.Option(help="Rubric file, or the word example.")]
Scales = Annotated[
    str | None, typer.Option(help="Scales that every answer is rated on: a file, or example.")
]
Answers = Annotated[Path, typer.Argument(help="Answer file of `rubric answer` or `free-form`.")]
Grades = Annotated[Path, typer.Option(help="Grades (.jsonl); the summary goes beside them.")]
Seed = Annotated[int, typer.Option(help="Of the bootstrap and of the sample.")]


def answer(
    asked: SystemOptions,
    rubric: Rubric,
    to: Annotated[Path, typer.Option(help="The answer file (.jsonl).")],
    generation: GenerationOptions,
    repetition_penalty: Penalty = 1.0,
    limit: Limit = None,
) -> None:
    """Answer a rubric's questions; run it again to go on after a stop."""
    from gaokerena_data.outside_text import tell
    from training.evaluation.asking.batches import run_free_form
    from training.evaluation.asking.missing import tell_missing
    from training.evaluation.asking.progress import shown
    from training.evaluation.questions.rubrics import questions_of, read_rubric

    questions = questions_of(read_rubric(rubric))[:limit]
    with shown(f"rubric, {to.stem}") as progress:
        run_free_form(
            asked.open_system(),
            questions,
            to,
            batch_size=generation.batch_size,
            decoding=generation.decoding(repetition_penalty),
            made_with=asked.settings,
            progress=progress,
        )
    typer.echo(to)
    if line := tell_missing([to]):
        tell(line, err=True)


def grade(
    answers: Answers,
    rubric: Rubric,
    model: ModelName,
    to: Grades,
    scales: Scales = None,
    endpoint: EndpointUrl = None,
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE,
    price_in: Annotated[float | None, typer.Option(help="Dollars a million tokens read.")] = None,
    price_out: Annotated[
        float | None, typer.Option(help="Dollars a million tokens written.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it starts.")] = False,
    batch_size: BatchSize = 8,
    seed: Seed = 0,
) -> None:
    """Let a model decide every criterion; run it again to go on after a stop."""
    from training.evaluation.asking.grading import estimate_cost, missing_grades, run_grader
    from training.evaluation.asking.progress import shown
    from training.evaluation.questions.rubrics import read_rubric
    from training.evaluation.report.summaries import read_summary, summary_beside, write_summary
    from training.evaluation.scoring.rubric_scores import (
        HELD_BEFORE,
        digest_of,
        summarize,
        tell,
    )
    from training.evaluation.systems.opening import open_model

    found = _units(answers, rubric, scales)
    waiting = missing_grades(found.units, to)
    cost = estimate_cost(waiting, price_in=price_in, price_out=price_out)
    typer.echo(f"{found}; {cost}")
    if cost.requests and not yes:
        typer.confirm("Start?", abort=True)
    with shown(f"grades, {answers.stem}") as progress:
        grades = run_grader(
            open_model(model, endpoint=endpoint, key_variable=key_variable),
            found.units,
            to,
            batch_size=batch_size,
            progress=progress,
        )
    summary = summarize(
        found, grades, read_rubric(rubric), system=answers.stem, grader=model, seed=seed
    )
    held = _agreement_beside(to)
    if held.is_file():
        agreed = read_summary(held)
        same = agreed["grades"] == digest_of(found.units, grades) and agreed["grader"] == model
        summary["agreement"] = agreed["told"] if same else HELD_BEFORE
    write_summary(summary_beside(to), summary)
    typer.echo(tell(summary))
    typer.echo(summary_beside(to))


def review(
    answers: Answers,
    rubric: Rubric,
    to: Annotated[Path, typer.Option(help="Folder of the spreadsheets, one a clinician.")],
    clinician: Annotated[list[str], typer.Option(help="Who decides; repeatable.")],
    scales: Scales = None,
    questions: Annotated[int, typer.Option(min=1, help="How many are drawn.")] = 30,
    seed: Seed = 0,
) -> None:
    """Write what clinicians are to decide: the same for each, without the grader's word."""
    from gaokerena_data.errors import GaokerenaError
    from training.evaluation.asking.clinician_sheets import sample_units, write_sheet

    drawn = sample_units(_units(answers, rubric, scales).units, questions, seed=seed)
    for name in clinician:
        if not name.strip() or Path(name).name != name:
            raise GaokerenaError(f"{name!r} cannot be part of a file's name: give another name")
    for name in clinician:
        path = to / f"{answers.stem}.{name}.xlsx"
        write_sheet(drawn, name, path)
        typer.echo(path)
    chosen = len({unit.item for unit in drawn})
    typer.echo(f"{len(drawn)} decisions about {chosen} questions for each")


def agree(
    answers: Answers,
    sheets: Annotated[list[Path], typer.Argument(help="Spreadsheets as they came back.")],
    rubric: Rubric,
    to: Annotated[Path, typer.Option(help="The grades that they are held against (.jsonl).")],
    scales: Scales = None,
    seed: Seed = 0,
) -> None:
    """Hold the grader against clinicians' decisions, and write it beside its scores."""
    from gaokerena_data.errors import GaokerenaError
    from training.evaluation.asking.clinician_sheets import read_sheet_of
    from training.evaluation.asking.grading import read_grades
    from training.evaluation.report.summaries import read_summary, summary_beside, write_summary
    from training.evaluation.scoring.grader_agreement import compare

    if not summary_beside(to).is_file():
        raise GaokerenaError(f"{to} has no summary beside it: grade the answers first")
    summary = read_summary(summary_beside(to))
    units = _units(answers, rubric, scales).units
    found = compare(
        units,
        read_grades(to),
        [read_sheet_of(path, units) for path in sheets],
        system=answers.stem,
        grader=summary["grader"],
        seed=seed,
    )
    write_summary(_agreement_beside(to), found)
    write_summary(summary_beside(to), summary | {"agreement": found["told"]})
    left_out = ", ".join(
        f"{found[why]} {why}" for why in ("undecided", "unsure", "unknown") if found[why]
    )
    typer.echo(f"{summary['grader']}: {found['told']}" + (f"; {left_out}" if left_out else ""))
    typer.echo(_agreement_beside(to))


def _units(answers: Path, rubric: str, scales: str | None) -> "Units":
    from training.evaluation.asking.grading import units_of
    from training.evaluation.questions.rubrics import read_rubric, read_scales

    return units_of(read_rubric(rubric), read_scales(scales) if scales else [], answers)


def _agreement_beside(grades: Path) -> Path:
    return grades.with_suffix(".agreement.json")


app.command()(grouped(answer))
app.command()(grade)
app.command()(review)
app.command()(agree)
