"""Models and adapters, found: which folder or repository a name means, and which version of it.

No weight is read, and none of the libraries that take seconds to load.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained
from gaokerena_data.hub.repository import REPOSITORY_ID
from gaokerena_data.workspace import Workspace, sha256_file
from training.runs.json_files import read_json
from training.runs.recipe import ModelSettings

CHAT_TEMPLATES = files("training") / "chat_templates"
MERGE = "merge.json"
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")


@dataclass(frozen=True, slots=True)
class LocatedModel:
    """A model and its parent adapter as they are now.

    Attributes:
        name: folder or repository.
        revision: the Hub's commit; None for a folder.
        digest: the Hub's commit, or the sha256 over a folder's files.
        adapter: folder of the parent adapter, if the recipe names one.
        adapter_revision: the Hub's commit of that; None for a folder.
    """

    name: str
    revision: str | None
    digest: str
    adapter: Path | None
    adapter_revision: str | None = None

    def as_json(self, run: Path, settings: ModelSettings) -> dict[str, Any]:
        """What run.json says of both: `base_model` and `parent_adapter`.

        Folders are named once more as they lie from the run's folder, so that runs which are
        copied together with their models find them.
        """
        base: dict[str, Any] = {"name": self.name, "revision_or_digest": self.digest}
        if self.revision is None:
            base["relative"] = _from_run(Path(self.name), run)
            merge = Path(self.name) / MERGE
            if merge.is_file():  # no adapter on it belongs on what it was merged from
                stated = read_json(merge)
                base["merged_from"] = {
                    "base_model": stated["base_model"]["name"],
                    "adapters": [each["sha256"] for each in stated["adapters"]],
                }
        if self.adapter is None:
            return {"base_model": base, "parent_adapter": None}
        parent = {
            "name": settings.adapter,
            "path": str(self.adapter),
            "relative": _from_run(self.adapter, run),
            "revision": self.adapter_revision,
            "sha256": folder_digest(self.adapter, ADAPTER_FILES),
        }
        return {"base_model": base, "parent_adapter": parent}


def find_model(settings: ModelSettings) -> Path | None:
    """The model's folder; None where the name is that of a repository.

    Raises:
        GaokerenaError: there is no such folder, or no model in it.
    """
    folder = Path(settings.name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise GaokerenaError(f"model.name: {folder} holds no model: it has no config.json")
        return folder
    if settings.name.startswith(".") or not REPOSITORY_ID.fullmatch(settings.name):
        raise GaokerenaError(f"model.name: there is no folder {settings.name}")
    return None


def _from_run(folder: Path, run: Path) -> str:
    return Path(os.path.relpath(folder.resolve(), run.resolve())).as_posix()


def locate_model(
    settings: ModelSettings, workspace: Workspace, begun: Mapping[str, Any] | None = None
) -> LocatedModel:
    """Find the model and its parent adapter; no weight is loaded.

    Args:
        settings: of the recipe.
        workspace: whose runs an adapter may name.
        begun: run.json of the run that goes on: what it read from the Hub is read again at the
            same commits, whatever came since.

    Raises:
        GaokerenaError: one of them is not there, or the quantization cannot be had.
    """
    if settings.quantization is not None:
        _require_quantization(settings)
    was = (begun or {}).get("recipe", {}).get("model", {})
    adapter, commit = None, None
    if settings.adapter is not None:
        parent = (begun or {}).get("parent_adapter") or {}
        same = was.get("adapter") == settings.adapter
        adapter, commit = locate_adapter(
            settings.adapter, workspace, parent.get("revision") if same else None
        )
    folder = find_model(settings)
    if folder is not None:
        return LocatedModel(str(folder), None, folder_digest(folder), adapter, commit)
    if begun and (was.get("name"), was.get("revision")) == (settings.name, settings.revision):
        revision = str(begun["base_model"]["revision_or_digest"])
        return LocatedModel(settings.name, revision, revision, adapter, commit)
    from huggingface_hub import HfApi

    with explained(settings.name):
        revision = str(HfApi().model_info(settings.name, revision=settings.revision).sha)
    return LocatedModel(settings.name, revision, revision, adapter, commit)


def locate_adapter(
    name: str, workspace: Workspace, revision: str | None = None
) -> tuple[Path, str | None]:
    """The folder of an adapter: of a run of the workspace, of any folder, or of a repository.

    Args:
        name: any of them.
        workspace: whose runs are meant.
        revision: commit of a repository; None for the newest.

    Returns:
        The folder, and the commit where it comes from the Hub.

    Raises:
        GaokerenaError: there is none of that name.
    """
    for folder in (workspace.run(name) / "adapter", Path(name), Path(name) / "adapter"):
        if (folder / ADAPTER_FILES[0]).is_file():
            return folder, None
    if REPOSITORY_ID.fullmatch(name) and not name.startswith("."):
        from huggingface_hub import snapshot_download

        with explained(name):
            snapshot = Path(snapshot_download(name, revision=revision))
        return snapshot, snapshot.name
    raise GaokerenaError(
        f"model.adapter: {workspace.run(name)} is no finished run, and {name} no adapter: train it "
        "first, or begin from the model itself with --set model.adapter=null"
    )


def folder_digest(folder: Path, names: tuple[str, ...] | None = None) -> str:
    """sha256 over the names and contents of a folder's files (not of its subfolders)."""
    chosen = sorted(p for p in folder.iterdir() if p.is_file() and (not names or p.name in names))
    stated = [[path.name, sha256_file(path)] for path in chosen]
    return hashlib.sha256(json.dumps(stated).encode()).hexdigest()


def read_template(name: str) -> str:
    """A chat template by the recipe's name of it.

    Raises:
        GaokerenaError: there is no such file.
    """
    path = Path(name) if Path(name).suffix else Path(str(CHAT_TEMPLATES / f"{name}.jinja"))
    if not path.is_file():
        raise GaokerenaError(f"model.chat_template: there is no file {name}")
    return path.read_text("utf-8")


def _require_quantization(settings: ModelSettings) -> None:
    import torch

    if not torch.cuda.is_available():
        raise GaokerenaError("model.quantization: 4bit needs a CUDA device, and there is none")
    if find_spec("bitsandbytes") is None:
        raise GaokerenaError(
            "model.quantization: 4bit needs bitsandbytes: pip install bitsandbytes"
        )
    if settings.adapter is not None:
        raise GaokerenaError(
            "model.quantization: an adapter cannot be merged into 4-bit weights without loss: "
            "merge it first (`gaokerena train merge`) and give the result as model.name"
        )
