"""Curations that were made before: what a new one is compared with."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.ledger import read_ledger
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Run:
    """A curation that was made.

    Args:
        name: where it is.
        ledger: one row a record.
        settings: its thresholds, as nested tables.
        inputs: SHA-256 of each extracted file.
        measure: the version of the measures it was made with; None where it is not known.
    """

    name: str
    ledger: pa.Table
    settings: dict[str, Any]
    inputs: dict[str, str]
    measure: str | None


def find_run(workspace: Workspace, dataset: str, name: str, folder: Path) -> Run:
    """The curation that goes by a name.

    Args:
        workspace: where to look.
        dataset: whose it must be.
        name: "last", a curated folder, or a released version.
        folder: what "last" means.

    Raises:
        GaokerenaError: there is none, it is of another dataset, or it cannot be read.
    """
    release = workspace.release(dataset, name) / "manifest.json"
    if name != "last" and Path(name).is_dir():
        folder = Path(name)
    elif name != "last" and release.is_file():
        return _read_run(name, release, workspace.release_ledger(dataset, name), dataset)
    elif name != "last":
        raise GaokerenaError(
            f"--compare {name}: no folder and no release of {dataset}; "
            'give a curated folder, a released version, or "last"'
        )
    if not (folder / "run.json").is_file():
        raise GaokerenaError(
            f"{folder}: nothing is curated there to compare with; "
            f"run `gaokerena curate {dataset}` first"
        )
    return _read_run(str(folder), folder / "run.json", folder / "ledger.parquet", dataset)


def _read_run(name: str, facts: Path, ledger: Path, dataset: str) -> Run:
    try:
        run = json.loads(facts.read_text("utf-8"))
        if run["dataset"] != dataset:
            raise GaokerenaError(f"{name}: a curation of {run['dataset']}, not of {dataset}")
        settings, inputs = dict(run["settings"]), dict(run["inputs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{facts.parent}: cannot be read as a curation ({reason}); compare with another one"
        ) from None
    return Run(name, read_ledger(ledger), settings, inputs, run.get("measures"))
