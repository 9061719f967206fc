"""What travels with a merged model: the runs it comes from, and how it was merged."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.models.adapters import Adapter
from training.models.merge_target import Base

MERGE = "merge.json"
RUNS = "training"
RUN_FILES = ("run.json", "recipe.yaml", "metrics.jsonl", "emissions.json", "loss.png", "loss.svg")
_LIBRARIES = ("peft", "torch", "transformers")


def describe_merge(
    adapters: Sequence[Adapter],
    base: Base,
    into: str | None,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """What `merge.json` says; `facts` are the merge's own figures."""
    return {
        "base_model": asdict(base),
        "into": into,
        "adapters": [
            {
                "stage": adapter.run["stage"] if adapter.run else None,
                "sha256": adapter.digest,
                "rank": adapter.config["r"],
                "alpha": adapter.config["lora_alpha"],
                "run": f"{RUNS}/{run_name(number, adapter)}" if adapter.run else None,
            }
            for number, adapter in enumerate(adapters, start=1)
        ],
        **facts,
        "versions": {name: version(name) for name in _LIBRARIES},
    }


def run_name(number: int, adapter: Adapter) -> str:
    """The folder of a run inside a merged model."""
    return f"{number}-{(adapter.run or {}).get('stage', 'adapter')}"


def copy_runs(adapters: Sequence[Adapter], folder: Path) -> None:
    """Copy what the runs say of themselves, without weights, to `folder/training`."""
    for number, adapter in enumerate(adapters, start=1):
        if adapter.run_folder is None:
            continue
        to = folder / RUNS / run_name(number, adapter)
        to.mkdir(parents=True)
        for name in RUN_FILES:
            if (adapter.run_folder / name).is_file():
                shutil.copyfile(adapter.run_folder / name, to / name)
