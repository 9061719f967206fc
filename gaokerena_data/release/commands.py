"""The commands of releases: `release` and `diff`."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, existing_workspace
from gaokerena_data.outside_text import tell


def release(
    dataset: Annotated[str, typer.Argument(help="A dataset, such as mf3qa, or a benchmark.")],
    version: Annotated[str, typer.Argument(help="MAJOR.MINOR.PATCH.")],
    accept_loss: Annotated[
        bool,
        typer.Option(
            "--accept-loss",
            help="Also where a source is gone or has shrunk since the last version.",
        ),
    ] = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Write a version that load_dataset opens: card, parquet files, manifest."""
    from gaokerena_data.release.build import release as build
    from gaokerena_data.release.printing import print_release

    room = existing_workspace(workspace)
    print_release(build(room, dataset, version, accept_loss=accept_loss))


def diff(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset.")],
    old: Annotated[str, typer.Argument(help="The older version, or the folder of a release.")],
    new: Annotated[str, typer.Argument(help="The newer version, or the folder of a release.")],
    form: Annotated[
        Literal["text", "json", "html"], typer.Option("--format", help="How to tell it.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file to write to.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="Rows to show of each kind of change.")] = 3,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Tell what changed between two versions: added, removed and why, changed, by source."""
    from gaokerena_data.release.build import find_release
    from gaokerena_data.release.differences import report as diff_report
    from gaokerena_data.release.differences.diff import compare
    from gaokerena_data.takedowns.matching import read_matcher
    from gaokerena_data.workspace import atomic_file

    room = existing_workspace(workspace)
    before, after = find_release(room, dataset, old), find_release(room, dataset, new)
    ledger = room.release_ledger(dataset, after.version)
    difference = compare(before, after, ledger, read_matcher(room))
    report = {
        "text": diff_report.report_text,
        "json": diff_report.report_json,
        "html": diff_report.report_html,
    }[form]
    told = report(difference, samples)
    if output is None:
        # A program that reads JSON or HTML gets every character; a terminal does not.
        (tell if form == "text" or sys.stdout.isatty() else typer.echo)(told, nl=False)
        return
    with atomic_file(output) as part:
        part.write_text(told, "utf-8")
    tell(f"-> {output}")
