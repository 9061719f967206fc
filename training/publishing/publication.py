"""A model as it goes to the Hub: which files, and nothing of the machine it was trained on."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.manifest import MANIFEST
from gaokerena_data.hub.repository import REPOSITORY_ID
from gaokerena_data.workspace import sha256_file
from training.models.adapters import ADAPTER_CONFIG, RUN, open_adapter
from training.models.located import ADAPTER_FILES, MERGE
from training.models.provenance import RUN_FILES, RUNS, earlier_merge
from training.runs.json_files import read_json, write_json

type ModelKind = Literal["adapter", "model", "vision"]

_TOKENIZER = ("tokenizer", "special_tokens", "chat_template", "added_tokens", "vocab", "merges")


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published.

    Args:
        folder: of its weights.
        kind: a LoRA adapter, a language model, or one with a vision encoder.
        merge: what `merge.json` says, None for the adapter of a single run.
        runs: name -> folder of each training run, in their order.
        base: the Hub id of the base model.
        vision: the Hub id of the vision model that was merged into.
    """

    folder: Path
    kind: ModelKind
    merge: dict[str, Any] | None
    runs: dict[str, Path]
    base: str
    vision: str | None = None

    def run_metadata(self) -> dict[str, dict[str, Any]]:
        """What the runs say, without local paths."""
        return {name: without_paths(read_json(path / RUN)) for name, path in self.runs.items()}


def open_publication(path: Path, base: str | None = None) -> Publication:
    """Find out what a folder holds: a run, a merged model, or the adapter of one.

    Args:
        path: a run folder, what `gaokerena train merge` wrote, or its `adapter`.
        base: the Hub id of the base model, where it was read from a folder.

    Raises:
        GaokerenaError: it holds none of them, its adapter needs another one below it, or the Hub
            id of a model is not known.
    """
    if (path / MERGE).is_file():
        merged = read_json(path / MERGE)
        vision = merged["into"] and _hub_id(merged["into"], None)
        kind: ModelKind = "vision" if vision else "model"
        runs = _runs_of(path)
        return Publication(
            path, kind, merged, runs, _hub_id(merged["base_model"]["name"], base), vision
        )
    if (path / ADAPTER_CONFIG).is_file() and (path.parent / MERGE).is_file():
        merged = read_json(path.parent / MERGE)
        name = _hub_id(merged["base_model"]["name"], base)
        return Publication(path, "adapter", merged, _runs_of(path.parent), name)
    adapter = open_adapter(path)
    if adapter.parent_digest is not None:
        raise GaokerenaError(
            f"the adapter of {adapter.name} works only on the base with another adapter merged: "
            "merge both with `gaokerena train merge`, then publish the model or its `adapter`"
        )
    trained_over = (adapter.run or {}).get("base_model", {}).get("merged_from")
    if trained_over or earlier_merge(adapter.base_model):
        raise GaokerenaError(
            f"the adapter of {adapter.name} works only on {Path(adapter.base_model).name}, which "
            "is a merge of other adapters: merge it too with `gaokerena train merge`, then publish "
            "the model"
        )
    stage = f"1-{adapter.run['stage']}" if adapter.run else ""
    runs = {stage: adapter.run_folder} if adapter.run_folder else {}
    return Publication(adapter.folder, "adapter", None, runs, _hub_id(adapter.base_model, base))


def stage(publication: Publication, card: str, name: str, version: str, folder: Path) -> None:
    """Lay out the files of a version, its card and its manifest in an empty folder.

    Args:
        publication: what it is.
        card: its README.md.
        name: of the repository, without its organization.
        version: such as `1.0.0`.
        folder: weights are linked into it where the file system can.
    """
    for file in _model_files(publication):
        _link(file, folder / file.name)
    if publication.kind == "adapter":
        config = read_json(publication.folder / ADAPTER_CONFIG)
        config |= {"base_model_name_or_path": publication.base, "revision": None}
        (folder / ADAPTER_CONFIG).unlink()
        write_json(config, folder / ADAPTER_CONFIG)
    if publication.merge is not None:
        write_json(without_paths(publication.merge), folder / MERGE)
    for run, source in publication.runs.items():
        _stage_run(source, folder / RUNS / run)
    (folder / "README.md").write_text(card, "utf-8")
    stamps = {
        file.relative_to(folder).as_posix(): {
            "bytes": file.stat().st_size,
            "sha256": sha256_file(file),
        }
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    manifest = {"format": 1, "dataset": name, "version": version, "files": stamps, "rows": {}}
    write_json(manifest, folder / MANIFEST)


def without_paths(value: Any) -> Any:
    """The same data with local paths cut down to their last part: they tell of people's disks."""
    if isinstance(value, dict):
        return {key: without_paths(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_paths(each) for each in value]
    if isinstance(value, str) and _is_path(value):
        return Path(value).name
    return value


def _is_path(text: str) -> bool:
    """Whether text is a path of this machine: `run/adapter` is one, `org/model` is not."""
    if "/" not in text or "://" in text or any(character.isspace() for character in text):
        return text.startswith("~") or (text.startswith("/") and "\n" not in text)
    if text.startswith(f"{RUNS}/"):  # inside of the repository
        return False
    return not REPOSITORY_ID.fullmatch(text) or text.startswith(".") or Path(text).exists()


def _hub_id(name: str, given: str | None) -> str:
    found = given or name
    if not REPOSITORY_ID.fullmatch(found) or (given is None and Path(name).exists()):
        raise GaokerenaError(
            f"{Path(name).name!r} was read from a folder: say which model of the Hub it is with "
            "--base ORGANIZATION/NAME"
        )
    return found


def _runs_of(merged: Path) -> dict[str, Path]:
    folder = merged / RUNS
    return {path.name: path for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def _model_files(publication: Publication) -> Iterator[Path]:
    """The files at the root of a repository: weights, configuration, tokenizer, template."""
    for file in sorted(publication.folder.iterdir()):
        if not file.is_file() or file.name.startswith("."):
            continue
        is_adapter = file.name in ADAPTER_FILES or file.name.startswith(_TOKENIZER)
        if is_adapter if publication.kind == "adapter" else file.name not in (MERGE, "README.md"):
            yield file


def _stage_run(source: Path, to: Path) -> None:
    to.mkdir(parents=True)
    for name in RUN_FILES:
        if not (source / name).is_file():
            continue
        if name == RUN:
            write_json(without_paths(read_json(source / name)), to / name)
        elif name == "recipe.yaml":
            recipe = without_paths(yaml.safe_load((source / name).read_text("utf-8")))
            text = yaml.safe_dump(recipe, sort_keys=False, allow_unicode=True)
            (to / name).write_text(text, "utf-8")
        else:
            shutil.copyfile(source / name, to / name)


def _link(source: Path, to: Path) -> None:
    try:
        os.link(source, to)
    except OSError:  # another file system
        shutil.copyfile(source, to)
