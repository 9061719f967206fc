"""The loss curve of a run, the same bytes for the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gaokerena_data.drawing import BLUE, GREY, ORANGE, drawing_style, new_figure, save_figure
from training.runs.held_out import eval_losses


def draw_loss(metrics: Sequence[Mapping[str, Any]], folder: Path, used: int | None = None) -> None:
    """Draw loss.svg and loss.png: loss over steps, and the learning rate behind it.

    The held-out loss stands beside it, where it was measured, with a ring at the step whose adapter
    is used.

    Args:
        metrics: lines of metrics.jsonl, in the order of their steps.
        folder: of the run.
        used: that step.
    """
    trained = [line for line in metrics if "loss" in line]
    held_out = eval_losses(metrics)
    steps = [line["step"] for line in trained]
    with drawing_style():
        figure, (loss,) = new_figure(3.5, width=7)
        rate = loss.twinx()
        rate.plot(steps, [line["learning_rate"] for line in trained], color=GREY, linestyle=":")
        rate.set_ylabel("learning rate (dotted)", color=GREY)
        loss.plot(steps, [line["loss"] for line in trained], color=BLUE, label="training")
        if held_out:
            places, losses = list(held_out), list(held_out.values())
            loss.plot(places, losses, color=ORANGE, marker=".", label="held out")
            if used in held_out:
                loss.plot(
                    [used], [held_out[used]], color=ORANGE, marker="o", markersize=9,
                    fillstyle="none", linestyle="none", label="adapter",
                )  # fmt: skip
            loss.legend(loc="upper right")
        loss.set_xlabel("step")
        loss.set_ylabel("loss (nats a token)")
        loss.set_zorder(1)
        loss.patch.set_visible(False)
        rate.spines["right"].set_visible(True)
        save_figure(figure, folder, "loss")
