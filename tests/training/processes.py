"""Runs in processes of their own, which kill themselves (SIGKILL) at a moment a test names."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import datasets
import torch
from accelerate import debug_launcher
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.sft_trainer import SFTTrainer

from gaokerena_data.workspace import Workspace
from training import train
from training.runs import tracking
from training.runs.recipe import Recipe

TRAINERS: tuple[Any, ...] = (SFTTrainer, DPOTrainer)
# One process imports everything once and forks: a start takes no time.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [__name__, "pandas", "codecarbon.emissions_tracker", "codecarbon.external.geography"]
)


class Moment(NamedTuple):
    """When a run dies.

    `batch`: before a micro-batch of the step after `step`; `writing`: with a part of the
    checkpoint of `step` on disk; `seal`: with all of it, unsealed; `sealed`: right after;
    `adapter`: when training is done and the adapter is not written.
    """

    name: Literal["batch", "writing", "seal", "sealed", "adapter"]
    step: int


def run_until(recipe: Recipe, workspace: Workspace, moment: Moment | None = None) -> int | None:
    """Run a recipe in a process of its own; returns its exit code, -9 when it was killed."""
    cache = str(datasets.config.HF_DATASETS_CACHE)
    process = _PROCESSES.Process(target=_run, args=(recipe, workspace.root, cache, moment))
    process.start()
    process.join()
    return process.exitcode


def run_together(recipe: Recipe, workspace: Workspace, processes: int) -> int | None:
    """Run a recipe in several processes that share the work over gloo, by accelerate's launcher."""
    cache = str(datasets.config.HF_DATASETS_CACHE)
    given = (recipe, workspace.root, cache, processes)
    launcher = _PROCESSES.Process(target=_launch, args=given)
    launcher.start()
    launcher.join()
    return launcher.exitcode


def _launch(recipe: Recipe, root: Path, cache: str, processes: int) -> None:
    debug_launcher(_run, (recipe, root, cache, None), num_processes=processes)


def _run(recipe: Recipe, root: Path, cache: str, moment: Moment | None) -> None:
    torch.set_num_threads(1)
    datasets.config.HF_DATASETS_CACHE = Path(cache)
    if moment is not None:
        _arm(moment)
    train.train(recipe, Workspace(root))


def _arm(moment: Moment) -> None:
    name, step = moment
    if name == "batch":
        for trainers in TRAINERS:
            _die_before(
                trainers, "training_step", lambda trainer, *_: trainer.state.global_step == step
            )
    elif name == "writing":
        for trainers in TRAINERS:
            _die_before(
                trainers,
                "_save_optimizer_and_scheduler",
                lambda trainer, *_: trainer.state.global_step == step,
            )
    elif name == "seal":
        _die_before(tracking, "seal_checkpoint", lambda _, sealed: sealed == step)
    elif name == "sealed":
        _die_before(
            tracking, "remove_old", lambda folder, *_: (folder / f"checkpoint-{step}").is_dir()
        )
    else:
        _die_before(train, "write_adapter", lambda *_: True)


def _die_before(owner: Any, name: str, now: Callable[..., bool]) -> None:
    original = getattr(owner, name)

    def wrapped(*given: Any, **named: Any) -> Any:
        if now(*given):
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*given, **named)

    setattr(owner, name, wrapped)
