"""Reward margins: how much likelier the better answer has become, next to the worse one.

The reward of an answer is beta times how many nats likelier it is to the model than to the one that
the stage began from, its reference. Of a pair the margin is the better answer's reward less the
worse one's: 0 before the first step. The accuracy is the share of pairs with a margin above 0.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, override

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from gaokerena_data.drawing import BLUE, GREY, drawing_style, new_figure, save_figure
from training.runs.tracking import keep_metrics_until, metrics_line

MARGINS = "margins.jsonl"
# What trl calls them, by our names.
_TOLD = {
    "loss": "eval_loss",
    "margin": "eval_rewards/margins",
    "accuracy": "eval_rewards/accuracies",
    "chosen": "eval_rewards/chosen",
    "rejected": "eval_rewards/rejected",
}


class HeldOutMargins(TrainerCallback):
    """Appends the means over the held-out pairs to margins.jsonl, at the last step too."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        """Take the file; only the first process `writes` it, all of them measure."""
        self.path = path
        self.writes = writes

    @override
    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Drop what was written after the checkpoint that the run goes on from."""
        if self.writes:
            keep_metrics_until(self.path, state.global_step)

    @override
    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Have the last step measured, whichever it is."""
        if state.global_step >= state.max_steps:
            control.should_evaluate = True

    @override
    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: Any = None,
        **kwargs: Any,
    ) -> None:
        """Write what was measured."""
        told = state.log_history[-1] | (metrics or {})
        if self.writes and _TOLD["margin"] in told:
            line = {name: round(float(told[key]), 6) for name, key in _TOLD.items()}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(metrics_line({"step": state.global_step, **line}))


def draw_margins(
    metrics: Sequence[Mapping[str, Any]], held_out: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Draw margins.svg and margins.png: margins over steps, and the share of pairs put right.

    Args:
        metrics: lines of metrics.jsonl, of the pairs that are trained on.
        held_out: lines of margins.jsonl; none where nothing was held out.
        folder: of the run.
    """
    trained = [line for line in metrics if "rewards/margins" in line]
    with drawing_style():
        figure, (margin,) = new_figure(3.5, width=7)
        share = margin.twinx()
        for lines, names, color, label in (
            (trained, ("rewards/margins", "rewards/accuracies"), GREY, "trained on"),
            (held_out, ("margin", "accuracy"), BLUE, "held out"),
        ):
            steps = [line["step"] for line in lines]
            margin.plot(steps, [line[names[0]] for line in lines], color=color, label=label)
            share.plot(steps, [line[names[1]] for line in lines], color=color, linestyle=":")
        margin.set_xlabel("step")
        margin.set_ylabel("reward margin")
        margin.legend(loc="best", frameon=False)
        share.set_ylabel("pairs put right (dotted)")
        share.set_ylim(-0.03, 1.03)
        margin.set_zorder(1)
        margin.patch.set_visible(False)
        share.spines["right"].set_visible(True)
        save_figure(figure, folder, "margins")
