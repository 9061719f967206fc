"""Checkpoints that are whole or are not there, and the newest of them.

The trainer writes into `checkpoints/.writing`. A checkpoint is sealed there with the hash of each
of its files, flushed to the disk, and only then takes its name. One that was damaged later does
not match its seal and is passed over.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import flush, sha256_file
from training.runs.held_out import ends_early, eval_losses

SEAL = "complete.json"


def writing_folder(checkpoints: Path) -> Path:
    """Where the trainer writes: on the same file system, never read."""
    return checkpoints / ".writing"


def seal_checkpoint(checkpoints: Path, step: int) -> Path:
    """Seal the checkpoint of a step and give it its name; returns where it is."""
    written = writing_folder(checkpoints) / f"checkpoint-{step}"
    stamps = {}
    for file in sorted(path for path in written.rglob("*") if path.is_file()):
        stamps[file.relative_to(written).as_posix()] = sha256_file(file)
        flush(file)
    seal = written / SEAL
    seal.write_text(json.dumps(stamps, indent=2), encoding="utf-8")
    flush(seal)
    flush(written)
    named = checkpoints / written.name
    shutil.rmtree(named, ignore_errors=True)  # damaged, or it would not be written again
    written.rename(named)
    flush(checkpoints)
    return named


def is_whole(checkpoint: Path) -> bool:
    """Whether every file is as it was when the checkpoint was sealed."""
    try:
        stamps = json.loads((checkpoint / SEAL).read_text("utf-8"))
        return all(sha256_file(checkpoint / name) == digest for name, digest in stamps.items())
    except (OSError, ValueError, AttributeError):
        return False


def newest_checkpoint(checkpoints: Path) -> Path | None:
    """The last whole one; those after it that are damaged are passed over."""
    return next((path for path in _by_age(checkpoints) if is_whole(path)), None)


def whole_steps(checkpoints: Path) -> list[int]:
    """The steps of all whole ones, the first one first."""
    return sorted(step_of(path) for path in _by_age(checkpoints) if is_whole(path))


def go_back(checkpoints: Path, step: int) -> None:
    """Remove what was trained after the checkpoint of a step.

    Raises:
        GaokerenaError: there is no whole one of that step.
    """
    steps = whole_steps(checkpoints)
    if step not in steps:
        there = f"there are {', '.join(map(str, steps))}" if steps else "there is none yet"
        raise GaokerenaError(f"--from-checkpoint {step}: no whole checkpoint of it, {there}")
    for path in _by_age(checkpoints):
        if step_of(path) > step:
            shutil.rmtree(path)


def is_last(checkpoint: Path, patience: int | None = None) -> bool:
    """Whether its run has nothing left to train: the trainer would go one step too far from it.

    Args:
        checkpoint: the newest one.
        patience: of the recipe's `eval`.
    """
    state = _state(checkpoint)
    early = ends_early(eval_losses(state["log_history"]), patience)
    return early or bool(state["global_step"] >= state["max_steps"])


def best_checkpoint(checkpoints: Path, losses: Mapping[int, float]) -> Path | None:
    """The whole one with the lowest held-out loss, None where none was measured.

    Args:
        checkpoints: of a run.
        losses: by step, see `eval_losses`.
    """
    best_first = sorted(losses, key=lambda step: (losses[step], step))
    paths = (checkpoints / f"checkpoint-{step}" for step in best_first)
    return next((path for path in paths if is_whole(path)), None)


def remove_old(checkpoints: Path, keep: int, kept: Path | None = None) -> None:
    """Remove all but the newest, and one more that is kept whatever its age."""
    for path in _by_age(checkpoints)[keep:]:
        if path != kept:
            shutil.rmtree(path)


def step_of(checkpoint: Path) -> int:
    """The step after which it was written."""
    return int(checkpoint.name.rpartition("-")[2])


def _state(checkpoint: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((checkpoint / "trainer_state.json").read_text("utf-8"))
    return state


def _by_age(checkpoints: Path) -> list[Path]:
    return sorted(checkpoints.glob("checkpoint-*"), key=step_of, reverse=True)
