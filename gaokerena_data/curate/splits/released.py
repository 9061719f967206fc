"""In which split each record was released: there it stays."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.datasets.declaration import SPLITS
from gaokerena_data.errors import read_table
from gaokerena_data.workspace import Workspace

# A record that was left out for another one says the same: whoever has the one has seen it.
_DUPLICATES = ("near_duplicate@", "exact_duplicate@")


def read_released_splits(workspace: Workspace, dataset: str) -> dict[str, str]:
    """Record id -> split, of all rows of every version in the workspace.

    A duplicate that was left out for a released row has that row's split: were the row taken out
    one day, its twin must not come to stand on the other side.

    Args:
        workspace: with the releases of the dataset; where there are none, nothing is fixed.
        dataset: its name.

    Returns:
        The split of the newest version that has the record.

    Raises:
        GaokerenaError: a released file that cannot be read.
    """
    found: dict[str, str] = {}
    for folder in workspace.releases(dataset):
        rows = dict(_rows(folder))
        twins = dict(_twins(workspace.release_ledger(dataset, folder.name), rows))
        found |= twins | rows
    return found


def _rows(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((folder / "data").glob("*.parquet")):
        split = file.name.partition("-")[0]
        if split in SPLITS:
            for each in _read(file, ["id"])["id"].to_pylist():
                yield each, split


def _twins(ledger: Path, rows: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not ledger.is_file():
        return
    table = _read(ledger, ["id", "step", "keeper"])
    for step in _DUPLICATES:
        left_out = table.filter(pc.starts_with(table["step"], step))
        for each, keeper in zip(*(left_out[c].to_pylist() for c in ("id", "keeper")), strict=True):
            if keeper in rows:
                yield each, rows[keeper]


def _read(file: Path, columns: list[str]) -> pa.Table:
    remedy = (
        "nobody can tell in which split its rows were released: bring the version back: "
        "`gaokerena pull` reads it from the Hub"
    )
    return read_table(file, remedy, columns=columns)
