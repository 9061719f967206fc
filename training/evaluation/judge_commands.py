"""The commands that score free-form answers: `judge` and `kqa`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from training.evaluation.options import (
    DEFAULT_KEY_VARIABLE,
    BatchSize,
    EndpointUrl,
    KeyVariable,
    ModelName,
)


class JudgeProtocol(StrEnum):
    """How a judge is asked."""

    BOTH = "both"
    PAPER = "paper"


def judge(
    first: Annotated[Path, typer.Argument(help="Answer file of the first system (ours).")],
    second: Annotated[Path, typer.Argument(help="Answer file of the system to compare with.")],
    model: ModelName,
    to: Annotated[Path, typer.Option(help="Verdicts (.jsonl); the summary goes beside them.")],
    protocol: Annotated[
        JudgeProtocol, typer.Option(help="both orders with ties, or the paper's one order without.")
    ] = JudgeProtocol.BOTH,
    endpoint: EndpointUrl = None,
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE,
    price_in: Annotated[float | None, typer.Option(help="Dollars a million tokens read.")] = None,
    price_out: Annotated[
        float | None, typer.Option(help="Dollars a million tokens written.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it starts.")] = False,
    batch_size: BatchSize = 8,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
) -> None:
    """Let a model compare two systems' free-form answers; run it again to go on after a stop."""
    from training.evaluation.asking.judge import (
        estimate_cost,
        missing_verdicts,
        pair_answers,
        run_judge,
    )
    from training.evaluation.asking.progress import shown
    from training.evaluation.report.summaries import summary_beside, write_summary
    from training.evaluation.scoring.win_rate import summarize, tell
    from training.evaluation.systems.opening import open_model

    paired = pair_answers(first, second)
    missing = missing_verdicts(paired.pairs, to, protocol, structured=endpoint is not None)
    cost = estimate_cost(missing, protocol, price_in=price_in, price_out=price_out)
    typer.echo(f"{paired}; {cost}")
    if cost.requests and not yes:
        typer.confirm("Start?", abort=True)
    names = (first.stem, second.stem)
    with shown(f"{names[0]} against {names[1]}") as progress:
        verdicts = run_judge(
            open_model(model, endpoint=endpoint, key_variable=key_variable),
            paired.pairs,
            to,
            protocol=protocol,
            names=names,
            batch_size=batch_size,
            progress=progress,
        )
    found = summarize(
        verdicts, paired.pairs, names=names, judge=model, protocol=protocol, seed=seed
    )
    write_summary(summary_beside(to), found)
    typer.echo(tell(found))
    for warning in found["warnings"]:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(summary_beside(to))


def kqa(
    answers: Annotated[Path, typer.Argument(help="Answer file of free-form on K-QA.")],
    statements: Annotated[
        str, typer.Option(help="K-QA with its statements: a file, folder or Hub repository.")
    ],
    to: Annotated[Path, typer.Option(help="Labels (.jsonl); the summary goes beside them.")],
    model: Annotated[
        str | None, typer.Option(help="Chat model that labels, here or at --endpoint.")
    ] = None,
    nli: Annotated[str | None, typer.Option(help="NLI classifier that labels instead.")] = None,
    endpoint: EndpointUrl = None,
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE,
    batch_size: BatchSize = 16,
    check: Annotated[
        Path | None,
        typer.Option(
            help="K-QA's NLI_medical_annotator.csv: how often the labels are the physicians'."
        ),
    ] = None,
) -> None:
    """Score answers to K-QA by their statements: comprehensiveness and hallucination rate."""
    from training.evaluation.asking.progress import shown
    from training.evaluation.report.summaries import summary_beside, write_summary
    from training.evaluation.scoring.entailment_check import check_entailment, read_labelled
    from training.evaluation.scoring.kqa import open_entailment, read_statements, run_kqa, summarize
    from training.evaluation.scoring.unread import told_reasons

    asked = read_statements(statements)
    labelled = read_labelled(check) if check is not None else []
    entailment = open_entailment(model, nli, endpoint=endpoint, key_variable=key_variable)
    if labelled:
        with shown("physicians' labels") as progress:
            agreement = check_entailment(
                entailment, labelled, batch_size=batch_size, progress=progress
            )
        typer.echo(f"{entailment.name} {agreement}")
    with shown(f"K-QA, {answers.stem}") as progress:
        labels = run_kqa(
            entailment,
            asked,
            answers,
            to,
            batch_size=batch_size,
            progress=progress,
        )
    found = summarize(labels, system=answers.stem, entailment=entailment.name, asked=len(asked))
    write_summary(summary_beside(to), found)
    typer.echo(
        f"comprehensiveness {found['comprehensiveness']:.1%}, "
        f"hallucination rate {found['hallucination']:.1%} over {found['questions']} of "
        f"{len(asked)} questions; {found['unlabelled']} of {found['statements']} statements have "
        "no label"
        f"{told_reasons(found['unlabelled_by'])}"
    )
    published = found["as_published"]
    typer.echo(
        f"by the authors' formulas: comprehensiveness {published['comprehensiveness']:.3f}, "
        f"hallucination {published['hallucination']:.3f} (over all {len(asked)} questions)"
    )
    typer.echo(summary_beside(to))
