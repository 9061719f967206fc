"""Accuracies drawn: every benchmark with its systems, intervals, and what one letter would get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaokerena_data.drawing import BLUE, GREY, drawing_style, new_figure, save_figure
from training.evaluation.scoring.statistics import Proportion

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class DrawnBenchmark:
    """A benchmark as the figure shows it.

    Args:
        title: its heading.
        systems: label and accuracy of each, from above.
        one_letter: the accuracy of always answering the letter that is right most often.
    """

    title: str
    systems: Sequence[tuple[str, Proportion]]
    one_letter: float


def draw_accuracies(benchmarks: Sequence[DrawnBenchmark], folder: Path) -> list[Path]:
    """Draw `accuracies.png` and `accuracies.svg`; without benchmarks there is no figure."""
    if not benchmarks:
        return []
    with drawing_style():
        return save_figure(_draw(benchmarks), folder, "accuracies")


def best_letter(baselines: Mapping[str, Proportion]) -> float:
    """The accuracy of the letter that is right most often."""
    return max((found.share for found in baselines.values()), default=0.0)


def _draw(benchmarks: Sequence[DrawnBenchmark]) -> "Figure":
    rows = sum(len(benchmark.systems) + 1.4 for benchmark in benchmarks)
    figure, (axes,) = new_figure(1.2 + 0.27 * rows)
    places: list[float] = []
    labels: list[str] = []
    place = 0.0
    for benchmark in benchmarks:
        axes.text(0, place, _plain(benchmark.title), weight="bold", va="center")
        place += 1
        first = place
        for label, accuracy in benchmark.systems:
            share, low, high = (
                100 * value
                for value in (accuracy.share, accuracy.interval.low, accuracy.interval.high)
            )
            axes.plot([low, high], [place, place], color=BLUE, lw=2, alpha=0.6)
            axes.plot(share, place, "o", color=BLUE, ms=5)
            axes.text(103, place, f"{share:.1f}  [{low:.1f}, {high:.1f}]", va="center", size=9)
            places.append(place)
            labels.append(_plain(label))
            place += 1
        axes.plot([100 * benchmark.one_letter] * 2, [first - 0.4, place - 0.6], color=GREY, ls="--")
        place += 0.4
    axes.set_yticks(places, labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(place - 0.6, -0.8)
    axes.set_xlim(0, 128)
    axes.set_xticks(range(0, 101, 20))
    axes.grid(visible=True, axis="x", alpha=0.25)
    axes.spines["bottom"].set_bounds(0, 100)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("accuracy in %, 95 % Wilson interval; dashed: always the best single letter")
    return figure


def _plain(text: str) -> str:
    """Text with no sign that would set a formula, cut where it is too long for a label."""
    short = text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
    return short.replace("$", r"\$")
