"""The commands of releases: `release`, `diff` and `takedown`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, open_workspace
from gaokerena_data.outside_text import tell

if TYPE_CHECKING:
    from gaokerena_data.takedowns import Takedown
    from gaokerena_data.workspace import Workspace

Target = Annotated[str, typer.Argument(help="A record's id, a page's url, or a host.")]

_MOST_TWINS = 20  # named on one line

takedown = typer.Typer(
    name="takedown",
    help="What may not be published again: ids, pages or whole sites, and why.",
    no_args_is_help=True,
)


def release(
    dataset: Annotated[str, typer.Argument(help="A dataset, such as mf3qa, or a benchmark.")],
    version: Annotated[str, typer.Argument(help="MAJOR.MINOR.PATCH.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Write a version that load_dataset opens: card, parquet files, manifest."""
    from gaokerena_data.release.build import release as build
    from gaokerena_data.release.printing import print_release

    print_release(build(open_workspace(workspace), dataset, version))


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
    from gaokerena_data.workspace import atomic_file

    room = open_workspace(workspace)
    before, after = find_release(room, dataset, old), find_release(room, dataset, new)
    ledger = room.release_ledger(dataset, after.version)
    difference = compare(before, after, ledger)
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


@takedown.command("add")
def add(
    target: Target,
    reason: Annotated[str, typer.Option(help="Why; the ledger states it.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Leave something out of every version to come, and list the versions that hold it."""
    from gaokerena_data.takedowns import add_takedown

    room = open_workspace(workspace)
    request, is_new = add_takedown(room, target, reason)
    was = "" if is_new else " (it was there already)"
    tell(f"{request.kind} {request.target}: {request.reason}{was}")
    tell(f"-> {room.takedowns_file}")
    _print_holders(room, request, None)
    if request.kind == "id":
        _print_twins(room, request.target)
    if is_new:
        tell("Curate and release the next version: it leaves this out.")


@takedown.command("list")
def list_(workspace: WorkspaceOption = DEFAULT_WORKSPACE) -> None:
    """Show all requests."""
    from gaokerena_data.takedowns import load_takedowns

    requests = load_takedowns(open_workspace(workspace)).requests
    for request in requests:
        tell(f"{request.kind:<4}  {request.target}  {request.reason}")
    if not requests:
        tell("nothing was asked to be taken down")


@takedown.command("find")
def find(
    target: Target,
    hub: Annotated[
        str | None, typer.Option(help="A dataset on the Hub, ORG/NAME: all its tags are read.")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """List the released versions that hold something, on disk and on the Hub."""
    from gaokerena_data.takedowns import make_takedown

    _print_holders(open_workspace(workspace), make_takedown(target, "find"), hub)


def _print_holders(room: "Workspace", request: "Takedown", hub: str | None) -> None:
    from gaokerena_data.release.holders import find_local, find_on_hub

    holders = find_local(room, request) + (find_on_hub(hub, request) if hub else [])
    for holder in holders:
        ids = f" ({', '.join(holder.ids)}{', ...' if holder.rows > len(holder.ids) else ''})"
        rows = f"{holder.rows:,} row" + ("" if holder.rows == 1 else "s")
        tell(f"{holder.place}: {holder.file}: {rows}{ids if holder.ids else ''}")
    if not holders:
        where = f"of {room.root}" + (f" or of {hub}" if hub else "")
        tell(f"no released version {where} holds {request.target}")


def _print_twins(room: "Workspace", target: str) -> None:
    from gaokerena_data.curate.told.similar_twins import twins_of
    from gaokerena_data.errors import GaokerenaError

    try:
        twins = twins_of(room, target)
    except GaokerenaError as error:  # the takedown stands, whatever becomes of this
        tell(f"whether others are nearly the same is not known: {error}")
        return
    for dataset, ids in twins.items():
        more = f" and {len(ids) - _MOST_TWINS:,} more" if len(ids) > _MOST_TWINS else ""
        named = ", ".join(ids[:_MOST_TWINS])
        tell(f"{dataset}: nearly the same are {named}{more}: take them down too?")
