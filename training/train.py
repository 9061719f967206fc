"""One training run: what is needed is looked up, prepared, trained, and the adapter written."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from peft import LoraConfig
from transformers import PrinterCallback
from trl.trainer.sft_config import SFTConfig

from gaokerena_data.workspace import Workspace, atomic_folder
from training.checks import check_recipe
from training.dataset import locate_dataset, read_rows
from training.devices import is_sharded, refuse_idle_devices
from training.held_out import HeldOutLoss, HeldOutTrainer
from training.held_out import prepare_held_out as prepare_held_out_loss
from training.libraries.quiet import quieten_libraries
from training.memory.check import refuse_too_large
from training.models import base_model
from training.models.located import ADAPTER_FILES, LocatedModel, locate_model
from training.models.pretrained import attention, dtype
from training.notices import notices
from training.preference.held_out import prepare_held_out
from training.preference.margins import MARGINS, HeldOutMargins, draw_margins
from training.preference.preparation import prepare_pairs
from training.preference.trainer import PreferenceTrainer, preference_settings
from training.preparation import fill_sequences, prepare_sequences
from training.runs.checkpoints import (
    best_checkpoint,
    is_last,
    newest_checkpoint,
    step_of,
    writing_folder,
)
from training.runs.footprint import grid_factor, measure_footprint, read_footprint
from training.runs.held_out import eval_losses
from training.runs.loss_curve import draw_loss
from training.runs.optimizer import noise_alpha, require_optimizer
from training.runs.recipe import Recipe
from training.runs.run_folder import RunFolder, git_commit, hardware, package_versions
from training.runs.run_lock import run_lock
from training.runs.steps import FiniteSteps, RateOfRecipe
from training.runs.tracking import (
    MetricsFile,
    SealedCheckpoints,
    place_trackers,
    read_metrics,
    require_trackers,
    shown_progress,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run trains: sequences, tokenizer, and the first half of its metadata.

    Attributes:
        held_out: sequences or preference pairs that are measured and not trained on.
        notices: what is said before training starts.
    """

    sequences: Any
    tokenizer: Any
    located: LocatedModel
    metadata: dict[str, Any]
    held_out: Any = None
    notices: tuple[str, ...] = ()


def train(
    recipe: Recipe,
    workspace: Workspace,
    say: Callable[[str], None] = lambda _line: None,
    from_step: int | None = None,
) -> RunFolder:
    """Run a recipe, or go on with a run that was stopped; returns the finished folder.

    Under `accelerate launch` every process calls it; the first one writes.

    Args:
        recipe: what to train.
        workspace: where its run folder lies.
        say: told, before training starts, what of the rows is not learnt as it stands; one line
            each.
        from_step: go on from the checkpoint of this step, with another learning rate if the
            recipe names one.

    Raises:
        GaokerenaError: the model, the dataset or an adapter is not there or does not fit.
    """
    quieten_libraries()
    folder = RunFolder(workspace.run(recipe.name))
    processes = this_process()
    prepared = prepare(recipe, workspace)
    with ExitStack() as held:
        if processes.is_main_process:
            if not folder.finished:
                held.enter_context(run_lock(folder.path))
            folder.begin(recipe, prepared.metadata, from_step)
            shutil.rmtree(writing_folder(folder.checkpoints), ignore_errors=True)
        processes.wait_for_everyone()
        if not folder.finished:
            if processes.is_main_process:
                for line in prepared.notices:
                    say(line)
            _train(recipe, prepared, folder, processes)
    return folder


def _train(recipe: Recipe, prepared: Prepared, folder: RunFolder, processes: PartialState) -> None:
    last = newest_checkpoint(folder.checkpoints)
    patience = recipe.eval.patience if recipe.eval and prepared.held_out is not None else None
    if last is None or not is_last(last, patience):
        place_trackers(folder.path)
        trainer = build_trainer(recipe, prepared, folder)
        trainer.add_callback(
            SealedCheckpoints(
                folder.checkpoints,
                recipe.checkpoints.keep,
                processes,
                best=recipe.eval is not None and recipe.eval.best,
            )
        )
        if recipe.eval is not None and prepared.held_out is not None:
            trainer.add_callback(HeldOutLoss(recipe.eval))
        elif prepared.held_out is not None:
            trainer.add_callback(
                HeldOutMargins(folder.path / MARGINS, writes=processes.is_main_process)
            )
        trainer.add_callback(RateOfRecipe())
        trainer.add_callback(FiniteSteps(folder.checkpoints))
        with ExitStack() as watching:
            if processes.is_main_process:
                trainer.add_callback(MetricsFile(folder.metrics))
                trainer.add_callback(watching.enter_context(shown_progress()))
                watching.enter_context(
                    measure_footprint(
                        folder.path,
                        region=recipe.footprint.region,
                        watts=recipe.footprint.watts,
                        devices=processes.num_processes,
                        kg_per_kwh=recipe.footprint.kg_per_kwh,
                    )
                )
            trainer.train(resume_from_checkpoint=None if last is None else str(last))
    if processes.is_main_process:
        finish(recipe, folder, prepared)
    processes.wait_for_everyone()


def this_process() -> PartialState:
    """This process among those that `accelerate launch` started; alone, the first and only one."""
    return PartialState(cpu=not torch.cuda.is_available())


def prepare(recipe: Recipe, workspace: Workspace) -> Prepared:
    """Look up model and dataset, then read and tokenize the rows; no weight is loaded."""
    require_trackers(recipe.tracking)
    grid_factor(recipe.footprint.region)
    check_recipe(recipe, workspace)
    require_optimizer(recipe.optimizer, cuda=torch.cuda.is_available())
    refuse_idle_devices(torch.cuda.device_count(), this_process().num_processes)
    run = RunFolder(workspace.run(recipe.name))
    dataset = locate_dataset(recipe.dataset, run.begun)
    located = locate_model(recipe.model, workspace, run.begun)
    tokenizer = base_model.load_tokenizer(located, recipe.model)
    if torch.cuda.is_available() and not is_sharded():
        available = torch.cuda.get_device_properties(0).total_memory
        refuse_too_large(recipe, base_model.load_config(located), available)
    template = None
    if recipe.stage == "instruct":
        template = base_model.answer_template(tokenizer, located.name)
    processes = this_process()
    together = processes.num_processes * recipe.batch.size
    # The first process fills the cache that the others read.
    with processes.main_process_first():
        texts, facts = read_rows(recipe.stage, recipe.dataset, dataset, recipe.seed)
        held_out, measured = None, None
        said: list[str] = []
        if recipe.preference is not None:
            sequences, tokens = prepare_pairs(texts, tokenizer, recipe.preparation.context)
            held_out, held_out_facts, said = prepare_held_out(recipe, dataset, tokenizer)
            facts |= held_out_facts
        else:
            sequences, tokens = prepare_sequences(
                recipe.stage, texts, tokenizer, recipe.preparation, template, recipe.batch.size
            )
            if recipe.eval is not None:
                held_out, measured, said = prepare_held_out_loss(
                    recipe, dataset, tokenizer, template, together
                )
    if recipe.preference is None:
        step = together * recipe.batch.accumulation
        sequences = fill_sequences(sequences, step, tokenizer.eos_token_id)
    metadata = {
        "stage": recipe.stage,
        **located.as_json(run.path, recipe.model),
        "dataset": {**dataset, **facts},
        "tokens": tokens,
        "eval": measured,
        "recipe": recipe.model_dump(),
        "versions": package_versions(),
        "hardware": hardware(processes.num_processes),
        "attention": attention(),
        "dtype": str(dtype()).removeprefix("torch."),
        "git_commit": git_commit(),
        "steps": None,
        "seconds": None,
        "final_loss": None,
        "footprint": None,
    }
    lines = (*notices(tokens, recipe.preparation.context), *said)
    return Prepared(sequences, tokenizer, located, metadata, held_out, lines)


def build_trainer(recipe: Recipe, prepared: Prepared, folder: RunFolder) -> Any:
    """The trainer on the prepared sequences: it neither tokenizes nor cuts nor packs them again."""
    settings = common_settings(recipe, folder)
    kind: Any = HeldOutTrainer
    arguments: Any
    if recipe.preference is None:
        packed = recipe.preparation.method == "packed"
        if recipe.eval is not None and prepared.held_out is not None:
            settings |= {"eval_strategy": "steps", "eval_steps": recipe.eval.every}
        arguments = SFTConfig(
            **settings,
            packing=False,
            padding_free=packed,
            max_length=None,
            neftune_noise_alpha=noise_alpha(recipe, prepared.metadata["tokens"]),
        )
    else:
        kind = PreferenceTrainer
        arguments = preference_settings(
            recipe.preference, settings, measures=prepared.held_out is not None
        )
    trainer = kind(
        model=base_model.load_model(prepared.located, recipe.model),
        args=arguments,
        train_dataset=prepared.sequences,
        eval_dataset=prepared.held_out,
        processing_class=prepared.tokenizer,
        peft_config=LoraConfig(
            r=recipe.lora.rank,
            lora_alpha=recipe.lora.alpha,
            lora_dropout=recipe.lora.dropout,
            use_rslora=recipe.lora.rslora,
            use_dora=recipe.lora.dora,
            target_modules=recipe.lora.targets,
            bias="none",
            task_type="CAUSAL_LM",
        ),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def common_settings(recipe: Recipe, folder: RunFolder) -> dict[str, Any]:
    """The recipe in the words of every trainer."""
    cuda = torch.cuda.is_available()
    return {
        "output_dir": str(writing_folder(folder.checkpoints)),
        "run_name": recipe.name,
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "per_device_train_batch_size": recipe.batch.size,
        "per_device_eval_batch_size": recipe.batch.size,
        "gradient_accumulation_steps": recipe.batch.accumulation,
        "num_train_epochs": recipe.epochs,
        "max_steps": recipe.max_steps or -1,
        "optim": recipe.optimizer.name,
        "learning_rate": recipe.optimizer.learning_rate,
        "lr_scheduler_type": recipe.optimizer.schedule,
        "warmup_steps": recipe.optimizer.warmup_share,  # below 1 it is a share of the steps
        "weight_decay": recipe.optimizer.weight_decay,
        "max_grad_norm": recipe.optimizer.max_grad_norm,
        "bf16": cuda,
        "use_cpu": not cuda,
        "dataloader_pin_memory": cuda,
        "activation_checkpointing": recipe.gradient_checkpointing,
        "activation_checkpointing_kwargs": {"use_reentrant": False},
        "ddp_find_unused_parameters": False,
        "save_strategy": "steps",
        "save_steps": recipe.checkpoints.every,
        "logging_steps": recipe.tracking.every,
        "logging_first_step": True,
        "logging_nan_inf_filter": False,
        "include_num_input_tokens_seen": "all",
        "disable_tqdm": True,
        "report_to": list(recipe.tracking.to) or "none",
    }


def finish(recipe: Recipe, folder: RunFolder, prepared: Prepared) -> None:
    """Write the adapter of the best or last checkpoint, the curves, and the rest of run.json."""
    last = newest_checkpoint(folder.checkpoints)
    assert last is not None  # noqa: S101 (the trainer saves at its last step)
    lines = read_metrics(folder.metrics)
    keeps_best = recipe.eval is not None and recipe.eval.best
    best = best_checkpoint(folder.checkpoints, eval_losses(lines)) if keeps_best else None
    used = step_of(best or last)
    write_adapter(folder.adapter, best or last, prepared.tokenizer)
    draw_loss(lines, folder.path, used)
    trained = [line for line in lines if "loss" in line]
    margins = read_metrics(folder.path / MARGINS)
    if prepared.metadata["stage"] == "prefer":
        draw_margins(lines, margins, folder.path)
    folder.write_metadata(
        {
            **folder.read_metadata(),
            **prepared.metadata,
            "steps": step_of(last),
            "adapter_step": used,
            "seconds": trained[-1]["seconds"],
            "final_loss": trained[-1]["loss"],
            "eval_loss": eval_losses(lines).get(used),
            "footprint": read_footprint(folder.path),
            **({"held_out": margins[-1]} if margins else {}),
        }
    )
    shutil.rmtree(writing_folder(folder.checkpoints), ignore_errors=True)


def write_adapter(target: Path, checkpoint: Path, tokenizer: Any) -> None:
    """The adapter of a checkpoint with tokenizer and chat template."""
    with atomic_folder(target) as part:
        for name in ADAPTER_FILES:
            shutil.copyfile(checkpoint / name, part / name)
        tokenizer.save_pretrained(part)
