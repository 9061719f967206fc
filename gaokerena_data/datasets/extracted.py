"""What was extracted and imported: how much there is, and which of it no dataset takes."""

from pathlib import Path

from gaokerena_data.datasets.record_files import count_rows
from gaokerena_data.datasets.registry import DATASETS, use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace


def record_files(workspace: Workspace, kind: str, source: str) -> list[Path]:
    """The files with a source's records of one kind, in order, without their ledgers."""
    return [
        file
        for file in sorted(workspace.extracted(kind, source).glob("*.parquet"))
        if not file.name.endswith(".ledger.parquet")
    ]


def count_records(workspace: Workspace, kind: str, source: str) -> int:
    """Records of one kind that a source has in a workspace, whatever will become of them.

    Raises:
        GaokerenaError: a file of them is damaged.
    """
    return sum(map(count_rows, record_files(workspace, kind, source)))


def _has_records(workspace: Workspace, kind: str, source: str) -> bool:
    try:
        return count_records(workspace, kind, source) > 0
    except GaokerenaError:
        return True  # damaged, as those who read them are told


def records_in_no_dataset(workspace: Workspace) -> list[tuple[str, str]]:
    """The (kind, source) of records that no dataset takes: nothing will ever become of them."""
    use_workspace(workspace)
    taken = {(each.kind.name, source) for each in DATASETS.values() for source in each.sources}
    there = {
        (folder.parent.name, folder.name)
        for folder in workspace.root.glob("extracted/*/*")
        if _has_records(workspace, folder.parent.name, folder.name)
    }
    return sorted(there - taken)


def tell_in_no_dataset(workspace: Workspace) -> list[str]:
    """One line for people on each (kind, source) of records that no dataset takes."""
    return [
        f"records of {source} ({kind}) lie in no dataset: add {source} to `sources` of one"
        for kind, source in records_in_no_dataset(workspace)
    ]
