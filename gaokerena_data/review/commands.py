"""`gaokerena review`: ask clinicians, take their decisions, measure how far they agree."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, existing_workspace

app = typer.Typer(
    name="review",
    help="Ask clinicians, take their decisions, measure how far they agree.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DatasetArgument = Annotated[
    str, typer.Argument(help="Name of a dataset with review@1 among its steps, such as mf3qa.")
]


class FormatName(StrEnum):
    """What reviewers work in."""

    xlsx = "xlsx"
    html = "html"
    label_studio = "label-studio"
    argilla = "argilla"


@app.command()
def export(
    dataset: DatasetArgument,
    file_format: Annotated[FormatName, typer.Option("--format", help="What reviewers work in.")],
    reviewer: Annotated[
        list[str] | None, typer.Option("--reviewer", help="A reviewer's name; may be repeated.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Rows to draw; every doubtful row without it.")
    ] = None,
    first: Annotated[
        int | None, typer.Option(min=1, help="Of the doubtful rows those of most gain.")
    ] = None,
    strata: Annotated[str, typer.Option(help="What the sample is spread over.")] = "source,reason",
    overlap: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the rows that every reviewer gets.")
    ] = 0.2,
    ask_again: Annotated[
        bool, typer.Option("--ask-again", help="Only what reviewers left open, and changed texts.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw.")] = 1,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Write a batch of rows for reviewers, one file each."""
    from rich.console import Console

    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.progress import show_progress
    from gaokerena_data.review.export import Selection, Stratum, export_batch
    from gaokerena_data.review.printing import print_export

    known: dict[str, Stratum] = {"source": "source", "reason": "reason"}
    names = [name.strip() for name in strata.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise GaokerenaError(f"--strata: no stratum {name!r}; give source, reason or both")
    if ask_again and sample is not None:
        raise GaokerenaError("--ask-again takes every open row: leave out --sample")
    if sample is not None and first is not None:
        raise GaokerenaError("--sample draws rows, --first takes those of most gain: give one")
    room = existing_workspace(workspace)
    strata_named = tuple(known[name] for name in names)
    chosen = Selection(sample, first, strata_named, ask_again, overlap, seed)
    with show_progress(Console(stderr=True)) as progress:
        exported = export_batch(
            room, dataset, file_format.value, reviewer or ["reviewer"], chosen, progress
        )
    print_export(exported)


@app.command("import")
def import_(
    dataset: DatasetArgument,
    files: Annotated[list[Path], typer.Argument(help="What reviewers sent back.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Take reviewers' decisions into the log; refused rows are named on stderr."""
    from gaokerena_data.review.incoming import import_replies
    from gaokerena_data.review.printing import print_import

    room = existing_workspace(workspace)
    for file in files:
        print_import(file, import_replies(room, dataset, file))


@app.command()
def agreement(
    dataset: DatasetArgument,
    seed: Annotated[int, typer.Option(min=0, help="Of the bootstrap.")] = 1,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Measure how far reviewers agree, and list their conflicts."""
    from gaokerena_data.datasets.registry import find_dataset
    from gaokerena_data.datasets.settings import review_settings
    from gaokerena_data.review.agreement_files import report_agreement
    from gaokerena_data.review.decisions import load_decisions, log_path
    from gaokerena_data.review.printing import print_agreement
    from gaokerena_data.review.settle import settle

    room = existing_workspace(workspace)
    review = review_settings(find_dataset(room, dataset), room)
    report = report_agreement(room, dataset, seed)
    log = log_path(room, dataset)
    print_agreement(report, settle(load_decisions(log), review.rule, review.senior), log)
