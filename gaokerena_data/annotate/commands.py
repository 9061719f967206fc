"""`gaokerena annotate`: labels by a rubric, and the models that are trained from them."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.annotate.dataset_group import DatasetGroup
from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, existing_workspace

if TYPE_CHECKING:
    from gaokerena_data.annotate.teacher import Teacher

app = typer.Typer(
    name="annotate",
    cls=DatasetGroup,
    help="Label rows of a dataset by a written rubric: `annotate DATASET`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class RubricLanguage(StrEnum):
    """In which the teacher reads the rubric."""

    EN = "en"
    FA = "fa"


@app.command()
def label(
    dataset: Annotated[str, typer.Argument(help="Name of a curated dataset, such as mf3qa.")],
    model: Annotated[
        str, typer.Option("--model", help="Folder, Hub repository, or name at the endpoint.")
    ],
    sample: Annotated[int, typer.Option(min=1, help="Rows to label, spread over all strata.")],
    endpoint: Annotated[
        str | None, typer.Option(help="OpenAI-compatible server, its url up to /v1.")
    ] = None,
    key_variable: Annotated[
        str, typer.Option(help="Environment variable of the endpoint's key.")
    ] = "OPENAI_API_KEY",
    language: Annotated[
        RubricLanguage, typer.Option(help="In which the rubric is read.")
    ] = RubricLanguage.EN,
    price_in: Annotated[float | None, typer.Option(help="Dollars a million tokens read.")] = None,
    price_out: Annotated[
        float | None, typer.Option(help="Dollars a million tokens written.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it starts.")] = False,
    at_once: Annotated[
        int, typer.Option(min=1, max=64, help="Rows under way at one time, or in one batch.")
    ] = 8,
    max_new_tokens: Annotated[int, typer.Option(min=64, help="Of one answer.")] = 2048,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw.")] = 1,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Let a teacher label a sample; run it again to go on after a stop.

    `gaokerena annotate DATASET` is short for it.
    """
    from rich.console import Console

    from gaokerena_data.annotate.labelling import draw
    from gaokerena_data.annotate.labelling import label as ask_for_labels
    from gaokerena_data.annotate.printing import print_labelled
    from gaokerena_data.annotate.replies import labels_path
    from gaokerena_data.datasets.registry import find_dataset
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.progress import show_progress

    room = existing_workspace(workspace)
    drawn = draw(
        room,
        find_dataset(room, dataset),
        model,
        count=sample,
        seed=seed,
        language=language.value,
    )
    typer.echo(f"{len(drawn.questions):,} of {drawn.population:,} rows are drawn")
    cost = drawn.cost(price_in, price_out)
    if endpoint is not None:
        typer.echo(cost)
        if cost.requests and not yes:
            typer.confirm("Start?", abort=True)
    teacher = _open_teacher(model, endpoint, key_variable, at_once, max_new_tokens)
    with show_progress(Console(stderr=True)) as report:
        found = ask_for_labels(
            room, drawn, teacher, lambda done, total: report(f"labels, {dataset}", done, total)
        )
    print_labelled(found)
    typer.echo(labels_path(room, dataset))
    if failed := found.outcomes["failed"]:
        raise GaokerenaError(
            f"{failed:,} of {len(drawn.questions):,} rows were not answered (the first: "
            f"{found.first_failure}); run the same command again to ask those again"
        )


def _open_teacher(
    model: str, endpoint: str | None, key_variable: str, at_once: int, max_tokens: int
) -> "Teacher":
    """A model behind an endpoint, or one here, opened by the door of `gaokerena evaluate`."""
    from collections.abc import Sequence

    from gaokerena_data.annotate.judgement import Judgement
    from gaokerena_data.annotate.teacher import Teacher, endpoint_teacher
    from gaokerena_data.endpoints.endpoint import Endpoint
    from gaokerena_data.endpoints.reply import Reply
    from gaokerena_data.endpoints.structured import with_schema

    if endpoint is not None:
        return endpoint_teacher(
            Endpoint(model, endpoint, key_variable=key_variable), at_once, max_tokens
        )
    from training.evaluation.systems.opening import open_model
    from training.models.decoding import Decoding

    here = open_model(model)

    def ask(prompts: Sequence[str]) -> list[Reply]:
        asked = [with_schema(prompt, Judgement) for prompt in prompts]
        return [
            Reply(found.text, tokens_out=found.tokens, seconds=found.seconds)
            if found.text
            else Reply(None, "empty", "it said nothing", seconds=found.seconds)
            for found in here.generate(asked, Decoding(max_new_tokens=max_tokens))
        ]

    return Teacher(model, ask, batch=at_once)


@app.command()
def train(
    dataset: Annotated[str, typer.Argument(help="Name of a curated dataset, such as mf3qa.")],
    labels: Annotated[
        list[Path] | None,
        typer.Option("--labels", help="File of labels; those of package and workspace by default."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder; annotations/DATASET/scorer by default.")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Train a scorer from labels, and write it with its card."""
    from rich.console import Console

    from gaokerena_data.annotate.scorer_figures import summary
    from gaokerena_data.annotate.train import train as train_scorer
    from gaokerena_data.progress import show_progress

    with show_progress(Console(stderr=True)) as report:
        trained = train_scorer(existing_workspace(workspace), dataset, labels or (), to, report)
    typer.echo(summary(trained.figures))
    typer.echo(trained.folder)


@app.command()
def apply(
    dataset: Annotated[str, typer.Argument(help="Name of a curated dataset, such as mf3qa.")],
    model: Annotated[
        Path | None,
        typer.Option("--model", help="Folder of a scorer; the packaged one by default."),
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Score all records of a dataset into annotations/DATASET/scores.parquet."""
    from gaokerena_data.annotate.apply import apply as apply_scorer

    applied = apply_scorer(existing_workspace(workspace), dataset, model)
    typer.echo(f"{applied.records:,} records scored by {applied.scored_by}")
    typer.echo(applied.file)
