"""The loss curve of a run, the same bytes for the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gaokerena_data.workspace import atomic_file

BLUE, GREY = "#0072B2", "#8C8C8C"  # Okabe and Ito's, told apart by colour-blind readers


def draw_loss(metrics: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Draw loss.svg and loss.png: loss over steps, and the learning rate behind it.

    Args:
        metrics: lines of metrics.jsonl, in the order of their steps.
        folder: of the run.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    steps = [line["step"] for line in metrics]
    with mpl.rc_context({"svg.hashsalt": "gaokerena", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(7, 3.5), layout="constrained")
        FigureCanvasAgg(figure)
        loss = figure.subplots()
        rate = loss.twinx()
        rate.plot(steps, [line["learning_rate"] for line in metrics], color=GREY, linestyle=":")
        rate.set_ylabel("learning rate (dotted)", color=GREY)
        loss.plot(steps, [line["loss"] for line in metrics], color=BLUE)
        loss.set_xlabel("step")
        loss.set_ylabel("loss (nats a token)")
        loss.set_zorder(1)
        loss.patch.set_visible(False)
        loss.spines["top"].set_visible(False)
        rate.spines["top"].set_visible(False)
        for kind, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
            with atomic_file(folder / f"loss.{kind}") as part:
                figure.savefig(part, format=kind, metadata=metadata, dpi=150)
