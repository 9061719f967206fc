"""The published rows that a run trains on, and which version of them it is."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from gaokerena_data.datasets.kind import ARTICLE, QUESTION_ANSWER
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.hub.failures import explained
from gaokerena_data.hub.repository import REPOSITORY_ID
from gaokerena_data.workspace import sha256_file
from training.runs.json_files import read_json
from training.runs.recipe import DatasetSettings, Stage

COLUMNS: dict[Stage, tuple[str, ...]] = {
    "pretrain": ARTICLE.columns_of(ARTICLE.body),
    "instruct": QUESTION_ANSWER.columns_of(*QUESTION_ANSWER.texts),
}


def locate_dataset(
    settings: DatasetSettings, begun: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Which version of the dataset the name stands for now; no row is read.

    Args:
        settings: of the recipe.
        begun: run.json of the run that goes on: the commit of a repository that it was begun
            with is read again, whatever came since.

    Returns:
        `name`; `revision`, the version or tag; `sha`, the commit on the Hub, or the sha256 of a
        release folder's manifest.

    Raises:
        GaokerenaError: there is no such folder or repository.
    """
    folder = Path(settings.name)
    if folder.is_dir():
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            raise GaokerenaError(f"dataset.name: {folder} is no release: it has no manifest.json")
        stated = read_json(manifest)
        return {
            "name": stated.get("dataset", folder.name),
            "revision": stated.get("version"),
            "sha": sha256_file(manifest),
        }
    if settings.name.startswith(".") or not REPOSITORY_ID.fullmatch(settings.name):
        raise GaokerenaError(f"dataset.name: there is no folder {settings.name}")
    was = (begun or {}).get("recipe", {}).get("dataset", {})
    if begun and (was.get("name"), was.get("revision")) == (settings.name, settings.revision):
        return {key: begun["dataset"][key] for key in ("name", "revision", "sha")}
    from huggingface_hub import HfApi

    with explained(settings.name):
        found = HfApi().dataset_info(settings.name, revision=settings.revision)
    return {"name": settings.name, "revision": settings.revision, "sha": found.sha}


def read_rows(
    stage: Stage, settings: DatasetSettings, located: Mapping[str, Any], seed: int
) -> Any:
    """The rows of the recipe's share, in their published order.

    Args:
        stage: whose columns are needed.
        settings: of the recipe.
        located: of `locate_dataset`: exactly that version is read.
        seed: of the sample.

    Returns:
        A `datasets.Dataset`, and a dict of `config`, `split`, `rows`, `rows_used`, `fingerprint`.

    Raises:
        GaokerenaError: no such config or split, a column that is missing, or no row.
    """
    from datasets import load_dataset

    folder = Path(settings.name).is_dir()
    try:
        rows = load_dataset(
            settings.name,
            settings.config,
            split=settings.split,
            revision=None if folder else located["sha"],
        )
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"dataset {settings.name} cannot be loaded: {reason}") from error
    for column in COLUMNS[stage]:
        if column not in rows.column_names:
            raise GaokerenaError(
                f"dataset {settings.name} has no column {column!r}, which `train {stage}` reads: "
                f"it has {', '.join(rows.column_names)}"
            )
    used = pick_rows(rows.num_rows, settings, seed)
    if not used:
        raise GaokerenaError(f"dataset {settings.name}: no row is left of split {settings.split}")
    chosen = rows.select(used)
    facts = {
        "config": settings.config or "default",
        "split": settings.split,
        "rows": rows.num_rows,
        "rows_used": len(used),
        "fingerprint": rows_fingerprint(chosen.select_columns(list(COLUMNS[stage]))),
    }
    return chosen, facts


def pick_rows(rows: int, settings: DatasetSettings, seed: int) -> list[int]:
    """Numbers of the rows of a share, in rising order."""
    count = round(settings.share * rows)
    if settings.pick == "first":
        return list(range(count))
    return sorted(Random(seed).sample(range(rows), count))  # noqa: S311 (a sample, not a secret)


def rows_fingerprint(rows: Any) -> str:
    """Hash of the texts in their order: the same for a folder and for its copy on the Hub."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(list(row.values()), ensure_ascii=False).encode("utf-8"))
    return digest.hexdigest()
