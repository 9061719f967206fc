"""What was extracted and imported: how much there is, and which of it no dataset takes."""

import pyarrow.parquet as pq

from gaokerena_data.datasets.registry import DATASETS, use_workspace
from gaokerena_data.workspace import Workspace


def count_records(workspace: Workspace, kind: str, source: str) -> int:
    """Records of one kind that a source has in a workspace, whatever will become of them."""
    return sum(
        pq.read_metadata(file).num_rows
        for file in workspace.extracted(kind, source).glob("*.parquet")
        if not file.name.endswith(".ledger.parquet")
    )


def records_in_no_dataset(workspace: Workspace) -> list[tuple[str, str]]:
    """The (kind, source) of records that no dataset takes: nothing will ever become of them."""
    use_workspace(workspace)
    taken = {(each.kind.name, source) for each in DATASETS.values() for source in each.sources}
    there = {
        (folder.parent.name, folder.name)
        for folder in workspace.root.glob("extracted/*/*")
        if count_records(workspace, folder.parent.name, folder.name)
    }
    return sorted(there - taken)


def tell_in_no_dataset(workspace: Workspace) -> list[str]:
    """One line for people on each (kind, source) of records that no dataset takes."""
    return [
        f"records of {source} ({kind}) lie in no dataset: add {source} to `sources` of one"
        for kind, source in records_in_no_dataset(workspace)
    ]
