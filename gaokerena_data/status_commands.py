"""`gaokerena status`, and what it prints."""

from typing import TYPE_CHECKING

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, open_workspace

if TYPE_CHECKING:
    from gaokerena_data.status import Status


def status(workspace: WorkspaceOption = DEFAULT_WORKSPACE) -> None:
    """Show where every source and dataset stands, and what is next."""
    from gaokerena_data.status import read_status

    _print_status(read_status(open_workspace(workspace)))


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
    for line in status.in_no_dataset:
        console.print(line)
