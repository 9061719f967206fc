"""The folder of one training run: what is in it, and which run it belongs to."""

import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.nested import differences
from gaokerena_data.workspace import atomic_file
from training.runs.checkpoints import go_back
from training.runs.json_files import write_json
from training.runs.recipe import Recipe

PACKAGES = (
    "gaokerena-data", "torch", "transformers", "peft", "trl", "accelerate", "datasets",
    "tokenizers",
)  # fmt: skip
# What must be the same for a run to go on where it was stopped.
BEGUN_WITH = (
    "stage",
    "base_model",
    "parent_adapter",
    "dataset",
    "tokens",
    "eval",
    "attention",
    "dtype",
)
# Where things lie may change; what they are stands in their digests.
_PLACES = ("name", "path", "relative", "revision")
_RATE = "optimizer.learning_rate"
_PLACES_IN_RECIPE = (
    "model.name", "model.revision", "model.adapter", "dataset.name", "dataset.revision",
    "dataset.mix",
)  # fmt: skip


class RunFolder:
    """Where everything of a run lies.

    ```
    recipe.yaml                     the resolved recipe
    run.json                        what was trained on what, with what; complete at the end
    metrics.jsonl                   one object every `tracking.every` steps
    checkpoints/checkpoint-N/       see `training.runs.checkpoints`
    adapter/                        the LoRA adapter with tokenizer and chat template
    loss.svg, loss.png              the loss curve
    margins.jsonl, .svg, .png       of preference pairs: see `training.preference.margins`
    emissions.json                  energy and carbon: see `training.runs.footprint`
    ```
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.recipe = path / "recipe.yaml"
        self.metadata = path / "run.json"
        self.metrics = path / "metrics.jsonl"
        self.checkpoints = path / "checkpoints"
        self.adapter = path / "adapter"

    @property
    def begun(self) -> dict[str, Any] | None:
        """What run.json says where the run was begun already."""
        return self.read_metadata() if self.metadata.is_file() else None

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.metadata.is_file() and self.read_metadata().get("steps") is not None

    def read_metadata(self) -> dict[str, Any]:
        """run.json.

        Raises:
            GaokerenaError: it cannot be read.
        """
        try:
            content: dict[str, Any] = json.loads(self.metadata.read_text("utf-8"))
        except (OSError, ValueError):
            raise GaokerenaError(f"{self.metadata}: not the metadata of a run") from None
        return content

    def write_metadata(self, content: Mapping[str, Any]) -> None:
        """Write run.json."""
        write_json(content, self.metadata)

    def begin(
        self, recipe: Recipe, content: Mapping[str, Any], from_step: int | None = None
    ) -> None:
        """Write recipe and metadata of a new run, or make sure that it is this one that goes on.

        Args:
            recipe: of the run.
            content: the first half of its metadata.
            from_step: go on from the checkpoint of this step, and forget what came after it; the
                learning rate may be another one then, and `run.json` states it as `rates`.

        Raises:
            GaokerenaError: the folder belongs to a run with another recipe, data or model.
        """
        if from_step is not None and (self.finished or not self.metadata.is_file()):
            was = "is finished" if self.finished else "was not begun yet"
            raise GaokerenaError(f"--from-checkpoint {from_step}: {self.path} {was}")
        if not self.metadata.is_file():
            with atomic_file(self.recipe) as part:
                part.write_text(recipe.as_yaml(), encoding="utf-8")
            self.write_metadata(content)
            return
        begun = self.read_metadata()
        # Keys that came since the run was begun are at what they did without.
        begun["recipe"] = _with_newer_keys(begun["recipe"])
        # Of a version that measured nothing.
        if begun["recipe"].get("eval") is None and "eval" not in begun:
            left_out = {"recipe": {**content["recipe"], "eval": None}, "eval": None}
            content = {**content, **left_out}
        changed = differences(begun["recipe"], content["recipe"])
        differing = sorted(key for key, *_ in changed if key not in _PLACES_IN_RECIPE)
        differing += [key for key in BEGUN_WITH if not _same(begun.get(key), content[key])]
        if begun["hardware"]["processes"] != content["hardware"]["processes"]:
            differing.append("processes")
        if from_step is not None and _RATE in differing:
            differing.remove(_RATE)
        if differing:
            other = ", or go on with it by --from-checkpoint" if differing == [_RATE] else ""
            raise GaokerenaError(
                f"{self.path} holds a run that was begun with other settings "
                f"({', '.join(differing)}): give this one another --name, or remove the folder"
                f"{other}"
            )
        if from_step is not None:
            go_back(self.checkpoints, from_step)
            rate = {"from_step": from_step, "learning_rate": recipe.optimizer.learning_rate}
            rates = [*begun.get("rates", []), rate]
            self.write_metadata({**begun, "recipe": content["recipe"], "rates": rates})
            with atomic_file(self.recipe) as part:
                part.write_text(recipe.as_yaml(), encoding="utf-8")


def _with_newer_keys(begun: dict[str, Any]) -> dict[str, Any]:
    """A recipe with the keys that came since it was written, at what they were before."""
    try:
        return Recipe.model_validate(begun).model_dump()
    except ValidationError:  # of a still newer version
        return begun


def _same(begun: Any, now: Any) -> bool:
    """Whether all that was stated then is so now; what is counted since is no difference."""
    if isinstance(begun, dict) and isinstance(now, dict):
        known = "sha" in begun or "sha256" in begun or "revision_or_digest" in begun
        left_out = _PLACES if known else ()
        return all(
            _same(value, now.get(key)) for key, value in begun.items() if key not in left_out
        )
    return bool(begun == now)


def package_versions() -> dict[str, str]:
    """Versions of what a run depends on."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def hardware(processes: int) -> dict[str, Any]:
    """What the run runs on."""
    import torch

    cuda = torch.cuda.is_available()
    return {
        "device": "cuda" if cuda else "cpu",
        "cpu": platform.processor() or platform.machine(),
        "cuda": torch.version.cuda if cuda else None,
        "gpu_name": torch.cuda.get_device_name() if cuda else None,
        "processes": processes,
    }


def git_commit() -> str | None:
    """The commit of the source tree that runs, `-dirty` where it was changed since.

    None where there is no source tree: the package was installed from a wheel.
    """
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        found = subprocess.run(  # noqa: S603
            [*command, "--exclude=*"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return found.stdout.strip() or None
