"""Trained adapters as they lie on disk: which run made them, on which base, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.models.base_model import ADAPTER_FILES, folder_digest
from training.runs.json_files import read_json

ADAPTER_CONFIG = ADAPTER_FILES[0]
RUN = "run.json"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA adapter and the run it comes from.

    Args:
        folder: holds `adapter_config.json` and `adapter_model.safetensors`.
        config: the former, as plain data.
        digest: over both files; a run names its parent adapter by it.
        run: what `run.json` says, None for an adapter that was not trained here.
        run_folder: where that lies.
    """

    folder: Path
    config: dict[str, Any]
    digest: str
    run: dict[str, Any] | None
    run_folder: Path | None

    @property
    def name(self) -> str:
        """What people are told it is called."""
        return str(self.run_folder or self.folder)

    @property
    def base_model(self) -> str:
        """The model it was trained on, as a Hub id or a folder."""
        stated = self.run["base_model"]["name"] if self.run else None
        return str(stated or self.config.get("base_model_name_or_path") or "")

    @property
    def parent_digest(self) -> str | None:
        """The adapter that was merged into the base before this one was trained."""
        parent = self.run.get("parent_adapter") if self.run else None
        return str(parent["sha256"]) if parent else None


def open_adapter(path: Path) -> Adapter:
    """Find the adapter that a run folder, or an adapter folder, means.

    Raises:
        GaokerenaError: it holds none, or one that is not LoRA.
    """
    folder = next((f for f in (path / "adapter", path) if (f / ADAPTER_CONFIG).is_file()), None)
    if folder is None:
        raise GaokerenaError(
            f"{path} holds no adapter: give the folder of a finished run, or one with an "
            f"{ADAPTER_CONFIG}"
        )
    for name in ADAPTER_FILES:
        if not (folder / name).is_file():
            raise GaokerenaError(f"{folder} has no {name}: the adapter is not whole")
    config = read_json(folder / ADAPTER_CONFIG)
    if config.get("peft_type") != "LORA":
        raise GaokerenaError(
            f"{folder} is a {config.get('peft_type')} adapter: only LoRA is merged"
        )
    run_folder = next((f for f in (path, folder.parent) if (f / RUN).is_file()), None)
    run = None if run_folder is None else read_json(run_folder / RUN)
    return Adapter(folder, config, folder_digest(folder, ADAPTER_FILES), run, run_folder)


def check_order(adapters: Sequence[Adapter]) -> None:
    """Make sure that each adapter is put onto what it was trained on.

    Raises:
        GaokerenaError: they come from different bases, one's parent is missing or another one, or
            the same is given twice.
    """
    if len({adapter.digest for adapter in adapters}) < len(adapters):
        raise GaokerenaError("an adapter is given twice: name each once, in the order of training")
    before: Adapter | None = None
    for adapter in adapters:
        if before is not None and adapter.base_model != before.base_model:
            raise GaokerenaError(
                f"{before.name} was trained on {before.base_model}, {adapter.name} on "
                f"{adapter.base_model}: only adapters of one base are merged"
            )
        parent, given = adapter.parent_digest, before.digest if before else None
        if parent is not None and parent != given:
            trained_on = (adapter.run or {})["parent_adapter"].get("path", parent[:12])
            raise GaokerenaError(
                f"{adapter.name} was trained on the base with {trained_on} merged into it, "
                f"{'which is not ' + before.name if before else 'which is not given'}: name that "
                "adapter before it"
            )
        if adapter.run is not None and parent is None and before is not None:
            raise GaokerenaError(
                f"{adapter.name} was trained on the base alone: it cannot follow {before.name}"
            )
        before = adapter
