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
from trl.trainer.sft_trainer import SFTTrainer

from gaokerena_data.workspace import Workspace, atomic_folder
from training.checks import check_recipe
from training.dataset import locate_dataset, read_rows
from training.libraries.quiet import quieten_libraries
from training.models import base_model
from training.models.located import ADAPTER_FILES, LocatedModel, locate_model
from training.models.pretrained import attention, dtype
from training.notices import notices
from training.preparation import fill_sequences, prepare_sequences
from training.runs.checkpoints import is_last, newest_checkpoint, step_of, writing_folder
from training.runs.footprint import grid_factor, measure_footprint, read_footprint
from training.runs.loss_curve import draw_loss
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
    """What a run trains: sequences, tokenizer, and the first half of its metadata."""

    sequences: Any
    tokenizer: Any
    located: LocatedModel
    metadata: dict[str, Any]


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
                for line in notices(prepared.metadata["tokens"], recipe.preparation.context):
                    say(line)
            _train(recipe, prepared, folder, processes)
    return folder


def _train(recipe: Recipe, prepared: Prepared, folder: RunFolder, processes: PartialState) -> None:
    last = newest_checkpoint(folder.checkpoints)
    if last is None or not is_last(last):
        place_trackers(folder.path)
        trainer = build_trainer(recipe, prepared, folder)
        trainer.add_callback(
            SealedCheckpoints(folder.checkpoints, recipe.checkpoints.keep, processes)
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
                    )
                )
            trainer.train(resume_from_checkpoint=None if last is None else str(last))
    if processes.is_main_process:
        finish(folder, prepared)
    processes.wait_for_everyone()


def this_process() -> PartialState:
    """This process among those that `accelerate launch` started; alone, the first and only one."""
    return PartialState(cpu=not torch.cuda.is_available())


def prepare(recipe: Recipe, workspace: Workspace) -> Prepared:
    """Look up model and dataset, then read and tokenize the rows; no weight is loaded."""
    require_trackers(recipe.tracking)
    grid_factor(recipe.footprint.region)
    check_recipe(recipe, workspace)
    run = RunFolder(workspace.run(recipe.name))
    dataset = locate_dataset(recipe.dataset, run.begun)
    located = locate_model(recipe.model, workspace, run.begun)
    tokenizer = base_model.load_tokenizer(located, recipe.model)
    template = None
    if recipe.stage == "instruct":
        template = base_model.answer_template(tokenizer, located.name)
    processes = this_process()
    # The first process fills the cache that the others read.
    with processes.main_process_first():
        texts, facts = read_rows(recipe.stage, recipe.dataset, dataset, recipe.seed)
        sequences, tokens = prepare_sequences(
            recipe.stage, texts, tokenizer, recipe.preparation, template, recipe.batch.size
        )
    step = processes.num_processes * recipe.batch.size * recipe.batch.accumulation
    sequences = fill_sequences(sequences, step, tokenizer.eos_token_id)
    metadata = {
        "stage": recipe.stage,
        **located.as_json(run.path, recipe.model),
        "dataset": {**dataset, **facts},
        "tokens": tokens,
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
    return Prepared(sequences, tokenizer, located, metadata)


def build_trainer(recipe: Recipe, prepared: Prepared, folder: RunFolder) -> SFTTrainer:
    """The trainer on the prepared sequences: it neither tokenizes nor cuts nor packs them again."""
    trainer = SFTTrainer(
        model=base_model.load_model(prepared.located, recipe.model),
        args=trainer_settings(recipe, folder),
        train_dataset=prepared.sequences,
        processing_class=prepared.tokenizer,
        peft_config=LoraConfig(
            r=recipe.lora.rank,
            lora_alpha=recipe.lora.alpha,
            lora_dropout=recipe.lora.dropout,
            target_modules=recipe.lora.targets,
            bias="none",
            task_type="CAUSAL_LM",
        ),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def trainer_settings(recipe: Recipe, folder: RunFolder) -> SFTConfig:
    """The recipe in the trainer's words."""
    cuda = torch.cuda.is_available()
    packed = recipe.preparation.method == "packed"
    return SFTConfig(
        output_dir=str(writing_folder(folder.checkpoints)),
        run_name=recipe.name,
        seed=recipe.seed,
        data_seed=recipe.seed,
        per_device_train_batch_size=recipe.batch.size,
        gradient_accumulation_steps=recipe.batch.accumulation,
        num_train_epochs=recipe.epochs,
        max_steps=recipe.max_steps or -1,
        optim="adamw_torch",
        learning_rate=recipe.optimizer.learning_rate,
        lr_scheduler_type=recipe.optimizer.schedule,
        warmup_steps=recipe.optimizer.warmup_share,  # below 1 it is a share of the steps
        weight_decay=recipe.optimizer.weight_decay,
        max_grad_norm=recipe.optimizer.max_grad_norm,
        bf16=cuda,
        use_cpu=not cuda,
        dataloader_pin_memory=cuda,
        activation_checkpointing=recipe.gradient_checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False},
        ddp_find_unused_parameters=False,
        packing=False,
        padding_free=packed,
        max_length=None,
        save_strategy="steps",
        save_steps=recipe.checkpoints.every,
        logging_steps=recipe.tracking.every,
        logging_first_step=True,
        logging_nan_inf_filter=False,
        include_num_input_tokens_seen="all",
        disable_tqdm=True,
        report_to=list(recipe.tracking.to) or "none",
    )


def finish(folder: RunFolder, prepared: Prepared) -> None:
    """Write the adapter of the last checkpoint, the loss curve, and the rest of run.json."""
    last = newest_checkpoint(folder.checkpoints)
    assert last is not None  # noqa: S101 (the trainer saves at its last step)
    write_adapter(folder.adapter, last, prepared.tokenizer)
    lines = read_metrics(folder.metrics)
    draw_loss(lines, folder.path)
    folder.write_metadata(
        {
            **folder.read_metadata(),
            **prepared.metadata,
            "steps": step_of(last),
            "seconds": lines[-1]["seconds"],
            "final_loss": lines[-1]["loss"],
            "footprint": read_footprint(folder.path),
        }
    )
    shutil.rmtree(writing_folder(folder.checkpoints), ignore_errors=True)


def write_adapter(target: Path, checkpoint: Path, tokenizer: Any) -> None:
    """The adapter of a checkpoint with tokenizer and chat template."""
    with atomic_folder(target) as part:
        for name in ADAPTER_FILES:
            shutil.copyfile(checkpoint / name, part / name)
        tokenizer.save_pretrained(part)
