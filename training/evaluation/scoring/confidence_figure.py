"""The figure of a model's confidence: reliability on the left, risk and coverage on the right."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gaokerena_data.drawing import BLUE, GREY, ORANGE, drawing_style, new_figure, save_figure
from training.evaluation.scoring.confidence import (
    Scored,
    bins_of,
    expected_calibration_error,
    risk_coverage,
)


def draw_confidence(
    scored: Sequence[Scored], folder: Path, name: str, *, system: str, bins: int
) -> list[Path]:
    """Draw `NAME.png` and `NAME.svg` into a folder."""
    shown = system.replace("$", r"\$")
    every = bins_of(scored, bins)
    filled = [
        (each, each.confidence, each.accuracy)
        for each in every
        if each.confidence is not None and each.accuracy is not None
    ]
    with drawing_style():
        figure, (reliability, selective) = new_figure(4.2, panels=2, width=9.0)
        most = max(each.questions for each in every)
        reliability.plot([0, 1], [0, 1], color=GREY, ls="--", lw=1)
        for each, said, true in filled:
            reliability.bar(
                (each.low + each.high) / 2,
                true,
                width=(each.high - each.low) * 0.9,
                color=BLUE,
                alpha=0.25 + 0.55 * each.questions / most,
            )
            reliability.annotate(
                str(each.questions),
                ((each.low + each.high) / 2, true),
                textcoords="offset points",
                xytext=(0, 6),
                ha="center",
                fontsize=7,
            )
            reliability.plot(said, true, "D", color=ORANGE, mec="black", ms=5)
        error = expected_calibration_error(every)
        reliability.set(xlim=(0, 1), ylim=(0, 1.1), xlabel="confidence", ylabel="accuracy")
        reliability.set_title(f"{shown}: calibration error {error:.3f}")
        risks = risk_coverage(scored)
        coverage = np.arange(1, len(risks) + 1) / len(risks)
        selective.plot(coverage, 1 - risks, color=BLUE, lw=1.5)
        selective.axhline(1 - risks[-1], color=GREY, ls="--", lw=1)
        selective.set(
            xlim=(0, 1),
            ylim=(0, 1.1),
            xlabel="share answered, the most confident first",
            ylabel="accuracy of what is answered",
        )
        selective.set_title(f"all answered: {1 - risks[-1]:.3f}")
        return save_figure(figure, folder, name)
