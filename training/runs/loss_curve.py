"""The loss curve of a run, the same bytes for the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gaokerena_data.drawing import BLUE, GREY, drawing_style, new_figure, save_figure


def draw_loss(metrics: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Draw loss.svg and loss.png: loss over steps, and the learning rate behind it.

    Args:
        metrics: lines of metrics.jsonl, in the order of their steps.
        folder: of the run.
    """
    steps = [line["step"] for line in metrics]
    with drawing_style():
        figure, (loss,) = new_figure(3.5, width=7)
        rate = loss.twinx()
        rate.plot(steps, [line["learning_rate"] for line in metrics], color=GREY, linestyle=":")
        rate.set_ylabel("learning rate (dotted)", color=GREY)
        loss.plot(steps, [line["loss"] for line in metrics], color=BLUE)
        loss.set_xlabel("step")
        loss.set_ylabel("loss (nats a token)")
        loss.set_zorder(1)
        loss.patch.set_visible(False)
        rate.spines["right"].set_visible(True)
        save_figure(figure, folder, "loss")
