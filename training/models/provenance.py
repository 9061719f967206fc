"""What travels with a merged model: the runs it comes from, and how it was merged."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.models.adapters import Adapter
from training.models.located import MERGE
from training.models.merge_target import Base
from training.runs.json_files import read_json

RUNS = "training"
RUN_FILES = (
    "run.json", "recipe.yaml", "metrics.jsonl", "emissions.json", "loss.png", "loss.svg",
    "margins.jsonl", "margins.png", "margins.svg",
)  # fmt: skip
_LIBRARIES = ("peft", "torch", "transformers")


def earlier_merge(model: str) -> dict[str, Any] | None:
    """What `merge.json` of a model's folder says: of which adapters it is a merge already."""
    file = Path(model) / MERGE
    return read_json(file) if file.is_file() else None


def describe_merge(
    adapters: Sequence[Adapter],
    base: Base,
    into: str | None,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """What `merge.json` says; `facts` are the merge's own figures.

    Over a model that is a merge itself the chain goes on: `base_model` is the first one's base,
    `adapters` are all of them, and `over` is the model that the last ones were merged into.
    """
    earlier = earlier_merge(base.name)
    return {
        "base_model": asdict(base) if earlier is None else earlier["base_model"],
        "over": None if earlier is None else asdict(base),
        "into": into,
        "adapters": [
            *(earlier["adapters"] if earlier else []),
            *_described(adapters, _first_number(earlier)),
        ],
        **facts,
        "versions": {name: version(name) for name in _LIBRARIES},
    }


def _first_number(earlier: dict[str, Any] | None) -> int:
    return 1 + len(earlier["adapters"] if earlier else [])


def _described(adapters: Sequence[Adapter], first: int) -> list[dict[str, Any]]:
    return [
        {
            "stage": adapter.run["stage"] if adapter.run else None,
            "sha256": adapter.digest,
            "rank": adapter.config["r"],
            "alpha": adapter.config["lora_alpha"],
            "run": f"{RUNS}/{run_name(number, adapter)}" if adapter.run else None,
        }
        for number, adapter in enumerate(adapters, start=first)
    ]


def run_name(number: int, adapter: Adapter) -> str:
    """The folder of a run inside a merged model."""
    return f"{number}-{(adapter.run or {}).get('stage', 'adapter')}"


def copy_runs(adapters: Sequence[Adapter], base: Base, folder: Path) -> None:
    """Copy what the runs say of themselves, without weights, to `folder/training`.

    Those of an earlier merge that was the base of this one come first.
    """
    earlier = earlier_merge(base.name)
    if earlier is not None and (Path(base.name) / RUNS).is_dir():
        shutil.copytree(Path(base.name) / RUNS, folder / RUNS)
    for number, adapter in enumerate(adapters, start=_first_number(earlier)):
        if adapter.run_folder is None:
            continue
        to = folder / RUNS / run_name(number, adapter)
        to.mkdir(parents=True)
        for name in RUN_FILES:
            if (adapter.run_folder / name).is_file():
                shutil.copyfile(adapter.run_folder / name, to / name)
