"""What is seen to at every step: numbers that are numbers, and the rate that the recipe names."""

from pathlib import Path
from typing import Any, override

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from gaokerena_data.errors import GaokerenaError
from training.runs.checkpoints import whole_steps


class FiniteSteps(TrainerCallback):
    """Ends a run at the first gradient that is no number, before it meets the weights."""

    def __init__(self, checkpoints: Path) -> None:
        self.checkpoints = checkpoints

    @override
    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Look at every gradient; a loss that is no number makes all of them so.

        Raises:
            GaokerenaError: one is infinite, or not a number.
        """
        found = [each.grad for each in kwargs["model"].parameters() if each.grad is not None]
        finite = [gradient.isfinite().all() for gradient in found]
        if finite and not bool(torch.stack(finite).all()):
            steps = ", ".join(map(str, whole_steps(self.checkpoints)))
            told = (
                f"--from-checkpoint STEP (there are {steps})" if steps else "under another --name"
            )
            raise GaokerenaError(
                f"the loss or its gradient is no number at step {state.global_step + 1}: go on "
                f"with a lower --set optimizer.learning_rate={args.learning_rate / 2:g} {told}"
            )


class RateOfRecipe(TrainerCallback):
    """Lets a run go on with the recipe's learning rate, where its checkpoint holds another."""

    @override
    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Scale the schedule; its shape and its place stay."""
        schedule = getattr(kwargs["lr_scheduler"], "scheduler", kwargs["lr_scheduler"])
        if all(rate == args.learning_rate for rate in schedule.base_lrs):
            return
        schedule.base_lrs = [args.learning_rate] * len(schedule.base_lrs)
        shares = [share(schedule.last_epoch) for share in schedule.lr_lambdas]
        for group, share in zip(kwargs["optimizer"].param_groups, shares, strict=True):
            group["initial_lr"] = args.learning_rate
            group["lr"] = args.learning_rate * share
        schedule._last_lr = [group["lr"] for group in kwargs["optimizer"].param_groups]
