"""Rows that are not trained on, and the loss on them while a run goes on."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, override

import torch
from datasets import get_dataset_split_names
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl.trainer.sft_trainer import SFTTrainer

from gaokerena_data.errors import GaokerenaError
from training.data_files import data_file
from training.dataset import locate_dataset, read_rows, rows_fingerprint
from training.mixing import drawn_rows
from training.notices import notices
from training.preparation import IGNORED, fill_sequences, prepare_sequences
from training.runs.held_out import EVAL_LOSS, best_step, ends_early, eval_losses
from training.runs.recipe import DatasetSettings, EvalSettings, Recipe


def prepare_held_out(
    recipe: Recipe, located: Mapping[str, Any], tokenizer: Any, template: str | None, multiple: int
) -> tuple[Any, dict[str, Any] | None, list[str]]:
    """The held-out rows as sequences, prepared as those that are trained on.

    Args:
        recipe: of the run.
        located: of `locate_dataset`, the dataset that is trained on.
        tokenizer: of the model.
        template: the chat template that marks answers.
        multiple: the sequences that all processes read at once.

    Returns:
        A `datasets.Dataset`, what run.json says of it, and lines to be said before training. Of a
        mix, the rows of each set that has the split. None, None and a line where there is none.

    Raises:
        GaokerenaError: no row of the split can be learnt from, or `eval.patience` has no split.
    """
    assert recipe.eval is not None  # noqa: S101 (asked for only then)
    found, said = [], []
    for dataset, version in held_out_sets(recipe.dataset, recipe.eval, located):
        rows, _facts = read_rows(recipe.stage, dataset, version, recipe.seed)
        rows = sample(rows, recipe.eval.rows, recipe.seed)
        prepared, counts = prepare_sequences(
            recipe.stage, rows, tokenizer, recipe.preparation, template, recipe.batch.size
        )
        said += [f"held out: {line}" for line in notices(counts, recipe.preparation.context)]
        stated = {"name": version["name"], "sha": version["sha"], "split": dataset.split}
        found.append((prepared, stated | {"fingerprint": rows_fingerprint(rows), "tokens": counts}))
    if not found:
        name = recipe.eval.name or located["name"]
        line = f"eval.split: {name} has no split {recipe.eval.split}"
        if recipe.eval.patience is not None:
            raise GaokerenaError(f"{line}, by whose loss eval.patience would end the run")
        return None, None, [f"{line}: no held-out loss is measured, the last step is kept"]
    from datasets import concatenate_datasets

    sequences = concatenate_datasets([prepared for prepared, _ in found])
    sequences = fill_sequences(sequences, multiple, tokenizer.eos_token_id)
    return sequences, {"sets": [stated for _, stated in found]}, said


def held_out_sets(
    trained: DatasetSettings, settings: EvalSettings, located: Mapping[str, Any]
) -> Iterator[tuple[DatasetSettings, dict[str, Any]]]:
    """Every dataset that has the split, as settings and version.

    Args:
        trained: the dataset of the recipe.
        settings: what is held out.
        located: of `locate_dataset`, of the one that is trained on.
    """
    whole = {"split": settings.split, "share": 1.0, "pick": "first"}
    if settings.name is not None:
        other = {"name": settings.name, "revision": None, "config": None, "mix": None}
        if data_file(settings.name) is not None:
            whole["split"] = "train"  # as the rows of every file are called
        dataset = trained.model_copy(update=other | whole)
        yield dataset, locate_dataset(dataset)
        return
    versions = located.get("sets") or [located]
    for dataset, version in zip(trained.sets(), versions, strict=True):
        if settings.split in _split_names(dataset, version):
            yield dataset.model_copy(update=whole), dict(version)


def _split_names(dataset: DatasetSettings, located: Mapping[str, Any]) -> list[str]:
    name = str(dataset.name)
    if data_file(name) is not None:
        return []
    revision = None if Path(name).is_dir() else located.get("sha")
    try:
        return list(get_dataset_split_names(name, dataset.config, revision=revision))
    except (OSError, ValueError):  # what is wrong was told when the rows were read
        return []


def sample(rows: Any, most: int, seed: int) -> Any:
    """At most so many rows, drawn with the seed, in their order: sources lie one after another."""
    if rows.num_rows <= most:
        return rows
    return rows.select(drawn_rows(rows.num_rows, most, seed=seed))


class HeldOutTrainer(SFTTrainer):
    """Measures the loss on held-out sequences in nats a token, every token counting the same.

    The trainer's own is a mean over batches, so that it depends on how rows fall into batches, and
    on the number of processes. What is drawn at random in between does not change what is trained.
    """

    @override
    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        """The loss on all held-out sequences, logged as `eval_loss`.

        Raises:
            GaokerenaError: it is no number.
        """
        model: Any = self.model
        random = torch.random.get_rng_state()
        total = torch.zeros(2, dtype=torch.float64)
        model.eval()
        for batch in self.get_eval_dataloader(eval_dataset):
            total += self._summed(model, self._prepare_inputs(batch))
        torch.random.set_rng_state(random)
        loss, tokens = self.accelerator.reduce(total.to(self.args.device), "sum").tolist()
        metrics = {EVAL_LOSS: loss / max(tokens, 1), "eval_tokens": tokens}
        if not math.isfinite(metrics[EVAL_LOSS]):
            raise GaokerenaError(
                f"the held-out loss is {metrics[EVAL_LOSS]} at step {self.state.global_step}: go "
                "on with --from-checkpoint STEP and a lower --set optimizer.learning_rate"
            )
        self._metrics["eval"].clear()
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def _summed(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """`(2,)`: the negative log-likelihood of all labels in nats, and how many they are."""
        tokens = int((inputs["labels"][:, 1:] != IGNORED).sum())
        with torch.no_grad(), self.compute_loss_context_manager():
            trainer: Any = self  # trl states no types
            mean = trainer.compute_loss(model, dict(inputs), num_items_in_batch=None)
        return torch.tensor([float(mean) * tokens, tokens], dtype=torch.float64)


class HeldOutLoss(TrainerCallback):
    """Has the best step kept, and ends the run when the loss rises."""

    def __init__(self, settings: EvalSettings) -> None:
        self.settings = settings

    @override
    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Look at all losses so far, this one included."""
        losses = eval_losses(state.log_history)
        if self.settings.best and best_step(losses) == state.global_step:
            control.should_save = True
        if ends_early(losses, self.settings.patience):
            control.should_save = True
            control.should_training_stop = True
