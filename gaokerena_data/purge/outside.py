"""Where a purge of a workspace does not reach: told, with what to do there."""

import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.purge.contents.tables import rows_sought
from gaokerena_data.purge.sought import Sought
from gaokerena_data.purge.walking import links_outside
from gaokerena_data.workspace import Workspace


def imported_from(workspace: Workspace, sought: Sought) -> tuple[str, ...]:
    """Names of the files and versions that rows which are sought were imported or pulled from."""
    found: set[str] = set()
    for file in sorted(workspace.root.glob("extracted/*/*/*.parquet")):
        try:
            table = pq.read_table(file, partitioning=None)
            table.validate(full=True)
        except (pa.ArrowException, OSError):
            continue  # it is told where all files are read
        if "provenance" not in table.column_names:
            continue
        rows = table.filter(pa.array(rows_sought(table, sought)))
        found |= {
            each["import_file"]
            for each in rows["provenance"].to_pylist()
            if each and each.get("import_file")
        }
    return tuple(sorted(found))


def unreachable(workspace: Workspace, imports: tuple[str, ...]) -> list[str]:
    """One line a place; files and repositories that are known are named."""
    root = workspace.root
    told = [f"{name}: rows came from it; erase them there too" for name in imports]
    told += [
        f"{repository} on the Hub: gaokerena takedown purge --hub {repository}"
        for repository in _repositories(root)
    ]
    told += [
        f"runs/{name}: trained on {dataset}; what a model learned is not erased: train it again"
        for name, dataset in _trained(root)
    ]
    told += [f"{link}: leads out of the workspace" for link in links_outside(root)]
    if found := _version_control(root):
        told.append(f"{found}: version control keeps what was committed: rewrite its history")
    cache = Path(os.environ.get("HF_HOME", "~/.cache/huggingface")).expanduser()
    if cache.is_dir() and not cache.resolve().is_relative_to(root.resolve()):
        told.append(f"{cache}: the cache of the Hub's clients: `hf cache rm`, or delete it")
    return [*told, "backups, and copies that others made: of them nothing is known here"]


def _repositories(root: Path) -> list[str]:
    runs = map(_read, root.glob("curated/*/run.json"))
    named = {run.get("settings", {}).get("repository") for run in runs}
    return sorted(each for each in named if isinstance(each, str) and each)


def _trained(root: Path) -> list[tuple[str, str]]:
    found = []
    for file in sorted(root.glob("runs/*/run.json")):
        dataset = _read(file).get("dataset")
        if isinstance(dataset, dict) and dataset.get("name"):
            version = f" {dataset['revision']}" if dataset.get("revision") else ""
            found.append((file.parent.name, f"{dataset['name']}{version}"))
    return found


def _version_control(root: Path) -> Path | None:
    return next(
        (
            each / ".git"
            for each in (root.resolve(), *root.resolve().parents)
            if (each / ".git").exists()
        ),
        None,
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
