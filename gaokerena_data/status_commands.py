"""`gaokerena status`, and what it prints."""

from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, open_workspace

if TYPE_CHECKING:
    from gaokerena_data.status import Status
    from gaokerena_data.workspace import Workspace


def status(
    site: Annotated[
        str | None,
        typer.Argument(metavar="[SITE]", help="Show the runs of this one, and its lost pages."),
    ] = None,
    gone: Annotated[
        bool, typer.Option("--gone", help="With a site: list all its pages that are gone.")
    ] = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Show where every source and dataset stands, and what is next."""
    room = open_workspace(workspace)
    if site is not None:
        _show_site(room, site, shown=None if gone else 20)
        return
    from gaokerena_data.status import read_status

    _print_status(read_status(room))


def _show_site(room: "Workspace", site: str, shown: int | None) -> None:
    from gaokerena_data.crawl.site_history import site_history
    from gaokerena_data.crawl.told.history_printing import print_history
    from gaokerena_data.datasets.registry import use_workspace
    from gaokerena_data.status import published_urls
    from gaokerena_data.tables import make_console

    use_workspace(room)
    history = site_history(room, site)
    published = published_urls(room, history.site) if history.lost else set()
    print_history(history, published, make_console(), shown)


def _print_status(status: "Status") -> None:
    """Sources and datasets: how many, how fresh, what is next."""
    from gaokerena_data.tables import count_table, make_console

    console = make_console()
    rows = [
        (
            source.name,
            "" if source.pages is None else f"{source.pages:,}",
            source.records,
            source.crawled_at or "",
            source.next,
        )
        for source in status.sources
    ]
    console.print(count_table("Sources", ("source", "pages", "records", "crawled", "next"), rows))
    console.print(
        count_table(
            "Datasets",
            ("dataset", "records in", "kept", "released", "next"),
            [
                (
                    dataset.name,
                    dataset.records,
                    "" if dataset.kept is None else f"{dataset.kept:,}",
                    dataset.released or "",
                    dataset.next,
                )
                for dataset in status.datasets
            ],
        )
    )
    for line in [*status.in_no_dataset, *status.lost, *status.damaged]:
        console.print(line)
