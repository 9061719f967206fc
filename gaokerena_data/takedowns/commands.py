"""The commands of takedowns: `takedown add`, `remove`, `list` and `find`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, existing_workspace
from gaokerena_data.outside_text import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaokerena_data.takedowns.found import Found
    from gaokerena_data.workspace import Workspace

Target = Annotated[str, typer.Argument(help="A record's id, a page's url, or a host.")]
YesOption = Annotated[
    bool, typer.Option("--yes", "-y", help="Do not ask: for scripts, which have no terminal.")
]

_MOST_IDS = 20  # named on one line

takedown = typer.Typer(
    name="takedown",
    help="What may not be published again: ids, pages or whole sites, and why.",
    no_args_is_help=True,
)


@takedown.command("add")
def add(
    target: Target,
    reason: Annotated[str, typer.Option(help="Why; the ledger states it.")],
    twins: Annotated[
        bool,
        typer.Option(
            "--twins",
            help="Of a host: also what says the same elsewhere. Of an id or a page it always is.",
        ),
    ] = False,
    yes: YesOption = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Leave something and all that says the same out of every version to come."""
    from gaokerena_data.takedowns.found import find_meant, keep_found
    from gaokerena_data.takedowns.requests import make_takedown

    room = existing_workspace(workspace)
    found = find_meant(room, make_takedown(target, reason, twins=twins))
    request = found.request
    tell(f"{request.kind} {request.target}: {request.reason}")
    _print_found(found)
    _confirm(f"Take {request.target} down?", yes=yes)
    is_new = keep_found(room, found)
    tell(f"-> {room.takedowns_file}" + ("" if is_new else " (it was there already)"))
    if is_new:
        tell("Curate and release the next version: it leaves this out.")


@takedown.command("remove")
def remove(
    target: Target, yes: YesOption = False, workspace: WorkspaceOption = DEFAULT_WORKSPACE
) -> None:
    """Take a request back: versions to come may hold what it named, if it is still there."""
    from gaokerena_data.takedowns.requests import find_request, remove_takedown

    room = existing_workspace(workspace)
    request = find_request(room, target)
    tell(f"{request.kind} {request.target}: {request.reason}")
    _confirm(f"Let {request.target} be published again?", yes=yes)
    remove_takedown(room, target)
    tell(f"-> {room.takedowns_file}")
    tell("Curate and release the next version: it may hold this again.")


@takedown.command("list")
def list_(workspace: WorkspaceOption = DEFAULT_WORKSPACE) -> None:
    """Show all requests, and of how many texts each has fingerprints."""
    from gaokerena_data.takedowns.requests import load_takedowns

    requests = load_takedowns(existing_workspace(workspace)).requests
    for request in requests:
        texts = f"  ({len(request.texts):,} texts)" if request.texts else ""
        tell(f"{request.kind:<4}  {request.target}  {request.reason}{texts}")
    if not requests:
        tell("nothing was asked to be taken down")


@takedown.command("find")
def find(
    target: Target,
    hub: Annotated[
        str | None,
        typer.Option(help="A dataset on the Hub, ORG/NAME: every revision of it is read."),
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """List what a takedown takes, and the released versions that hold it, here or on the Hub."""
    from gaokerena_data.takedowns.found import find_meant
    from gaokerena_data.takedowns.requests import make_takedown

    room = existing_workspace(workspace)
    found = find_meant(room, make_takedown(target, "find"))
    _print_found(found)
    if hub is not None:
        _find_on_hub(hub, found, room)


def _find_on_hub(hub: str, found: "Found", room: "Workspace") -> None:
    from gaokerena_data.hub.commands import prepare_client
    from gaokerena_data.purge.published.printing import print_survey
    from gaokerena_data.purge.published.run import look_into_hub
    from gaokerena_data.purge.published.survey import Asked

    prepare_client()
    print_survey(hub, look_into_hub(room, hub, Asked([found.request], found.key)))


def _print_found(found: "Found") -> None:
    """What a request takes, by ids; never a word of it."""
    by_place = found.ids()
    for place, ids in by_place.items():
        tell(f"{place}: {len(ids):,} record{'' if len(ids) == 1 else 's'}: {_named(ids)}")
    for table, ids in found.rows:
        if table.stage in ("curated", "releases"):
            tell(f"{table.place}: {_rows(len(ids), ids)}")
    if not by_place:
        tell("no record here is meant by it; one that comes later is left out")
    if not any(table.stage == "releases" for table, _ in found.rows):
        tell(f"no released version here holds {found.request.target}")


def _rows(count: int, ids: "Sequence[str]") -> str:
    return f"{count:,} row{'' if count == 1 else 's'}" + (f" ({_named(ids)})" if ids else "")


def _named(ids: "Sequence[str]") -> str:
    more = f" and {len(ids) - _MOST_IDS:,} more" if len(ids) > _MOST_IDS else ""
    return ", ".join(ids[:_MOST_IDS]) + more


def _confirm(question: str, *, yes: bool) -> None:
    """Ask whoever sits at the terminal.

    Raises:
        GaokerenaError: nobody sits there, and `--yes` was not given; or the answer is no.
    """
    from gaokerena_data.errors import GaokerenaError

    if yes:
        return
    if not sys.stdin.isatty():
        raise GaokerenaError(f"{question} There is no terminal to ask on: say so by --yes")
    if not typer.confirm(question):
        raise GaokerenaError("nothing was changed")
