"""Trained adapters as they lie on disk: which run made them, on which base, and in which order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained
from training.models.located import ADAPTER_FILES, folder_digest
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
        """The model it was trained on, as a Hub id or a folder.

        A folder is looked for as it lay from the run, then by the name that the run was given.
        """
        stated = self.run["base_model"] if self.run else {}
        if self.run_folder and "relative" in stated:
            beside = (self.run_folder / stated["relative"]).resolve()
            if (beside / "config.json").is_file():
                return str(beside)
        return str(stated.get("name") or self.config.get("base_model_name_or_path") or "")

    @property
    def base_digest(self) -> str | None:
        """The commit or sha256 of that model, where a run states it."""
        return self.run["base_model"].get("revision_or_digest") if self.run else None

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


def adapter_chain(path: Path) -> list[Adapter]:
    """An adapter with those below it, the first one first.

    A parent is known by its digest. It is looked for among the runs that lie beside this one, then
    where the run says that it lay.

    Raises:
        GaokerenaError: the one that it was trained on is in none of these places.
    """
    chain = [open_adapter(path)]
    while chain[0].parent_digest is not None:
        chain.insert(0, _parent_of(chain[0]))
    return chain


def is_adapter(path: Path) -> bool:
    """Whether a folder is a run's, or an adapter's."""
    if (path / "config.json").is_file():  # a merged model, whose `adapter` lies inside of it
        return False
    return (
        any((path / name).is_file() for name in (ADAPTER_CONFIG, RUN))
        or (path / "adapter" / ADAPTER_CONFIG).is_file()
    )


def _parent_of(adapter: Adapter) -> Adapter:
    stated = (adapter.run or {})["parent_adapter"]
    for folder in _places_of_parent(adapter, stated):
        if is_adapter(folder) and _is_whole(folder):
            found = open_adapter(folder)
            if found.digest == adapter.parent_digest:
                return found
    raise GaokerenaError(
        f"{adapter.name} was trained over {stated.get('path')}, which is not there any more: merge "
        "them with `gaokerena train merge`, or put it back beside this run"
    )


def _places_of_parent(adapter: Adapter, stated: Mapping[str, Any]) -> Iterator[Path]:
    if adapter.run_folder is not None:
        runs = adapter.run_folder.resolve().parent
        if stated.get("name"):
            yield runs / Path(stated["name"]).name
        if stated.get("relative"):
            yield adapter.run_folder.resolve() / stated["relative"]
        yield from sorted(path for path in runs.iterdir() if (path / "adapter").is_dir())
    yield Path(stated["path"])
    if stated.get("revision"):  # of the Hub
        from huggingface_hub import snapshot_download

        with explained(stated["name"]):
            yield Path(snapshot_download(stated["name"], revision=stated["revision"]))


def _is_whole(folder: Path) -> bool:
    return any(
        all((place / name).is_file() for name in ADAPTER_FILES)
        for place in (folder / "adapter", folder)
    )


def _one_base(one: Adapter, other: Adapter) -> bool:
    """The same name, or the same bytes by another name."""
    digests = {one.base_digest, other.base_digest}
    return one.base_model == other.base_model or (len(digests) == 1 and None not in digests)


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
        if before is not None and not _one_base(before, adapter):
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
