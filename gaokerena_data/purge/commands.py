"""The commands of this room: `purge`, and `takedown purge`."""

from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.options import (
    DEFAULT_WORKSPACE,
    DryRunOption,
    WorkspaceOption,
    existing_workspace,
)
from gaokerena_data.outside_text import tell
from gaokerena_data.takedowns.commands import YesOption

if TYPE_CHECKING:
    from gaokerena_data.purge.run import Holding

_MOST_LINES = 200


def purge(
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Erase what was taken down from every file of the workspace, and write a receipt.

    A purge that was interrupted is run again: it finishes.
    """
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.purge.run import Purge, alone_in

    room = existing_workspace(workspace)
    with alone_in(room):
        work = Purge(room, tell)
        if not work.look_up():
            tell("nothing was asked to be taken down: there is nothing to erase")
            return
        if dry_run or not yes:
            holdings = work.holdings()
            _print_holdings(holdings, work.left)
            if dry_run:
                tell("dry run: nothing was changed")
                return
            if not (holdings or work.left) and not work.is_under_way:
                tell("nothing is left to erase")
                return
            typer.confirm("Erase this? It cannot be brought back.", abort=True)
        purged = work.run()
    for line in purged.unreachable:
        tell(f"not reached: {line}")
    if purged.receipt is None:
        tell("nothing was left to erase")
    else:
        tell(f"{len(purged.erasures):,} files purged -> {purged.receipt}")
    if purged.left:
        raise GaokerenaError(
            f"{room.root}: not everything could be erased: {'; '.join(purged.left[:5])}"
        )
    if any(each.path.startswith("curated/") for each in purged.erasures):
        tell("Curate again before the next release: the counts of the last curation are older.")


def _print_holdings(holdings: "list[Holding]", left: list[str]) -> None:
    for each in holdings[:_MOST_LINES]:
        tell(f"{each.path}: {each.pieces:,} to be {each.how}")
    if len(holdings) > _MOST_LINES:
        tell(f"and {len(holdings) - _MOST_LINES:,} files more")
    for line in left:
        tell(line)


def purge_hub(
    hub: Annotated[
        str,
        typer.Option(help="A dataset on the Hub, ORGANIZATION/NAME.", show_default=False),
    ],
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Erase what was taken down from every revision of a dataset on the Hub.

    Every version is published again without it, histories become one commit, and the files that
    held it are deleted for ever. A purge that was interrupted is run again: it finishes.
    """
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.hub.commands import prepare_client
    from gaokerena_data.purge.published import run
    from gaokerena_data.purge.published.printing import print_survey
    from gaokerena_data.purge.published.survey import Asked
    from gaokerena_data.purge.run import alone_in
    from gaokerena_data.takedowns.found import complete
    from gaokerena_data.takedowns.key import fresh_key, read_key
    from gaokerena_data.takedowns.matching import read_matcher

    room = existing_workspace(workspace)
    prepare_client()
    with alone_in(room):
        complete(room)
        requests = read_matcher(room).requests
        asked = Asked(requests, read_key(room) or fresh_key())
        if not requests:
            tell("nothing was asked to be taken down: there is nothing to erase")
            return
        if dry_run:
            print_survey(hub, run.look_into_hub(room, hub, asked, tell))
            tell("dry run: nothing was changed")
            return
        done = run.purge_hub(
            room, hub, asked, confirm=lambda lines: _confirm(lines, yes=yes), say=tell
        )
    if done is None:
        raise typer.Abort
    for line in done.models:
        tell(f"model: {line}")
    for line in done.left:
        tell(f"only the Hub's staff can remove: {line}")
    if done.receipt is None and not done.unread:
        tell(f"no revision of {hub} holds any of it: there is nothing to erase")
    elif done.receipt is not None:
        tell(f"{hub} is purged -> {done.receipt}")
    if done.unread or done.left:
        raise GaokerenaError(
            f"{hub}: not everything could be erased or read: "
            f"{'; '.join([*done.unread, *done.left][:3])}"
        )


def _confirm(lines: list[str], *, yes: bool) -> bool:
    for line in lines:
        tell(line)
    return yes or typer.confirm("Erase this on the Hub? It cannot be brought back.")
