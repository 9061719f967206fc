"""Figures 3 and 4 of the paper drawn again: win rates as bars, each with its interval."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaokerena_data.drawing import BLUE, GREY, ORANGE, drawing_style, new_figure, save_figure
from training.evaluation.questions.paper import label_named, paper_tables, system_named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The table of the paper that a system stands in tells its figure.
_FIGURES = (
    ("III", "figure_3", "against general models (Figure 3)"),
    ("IV", "figure_4", "against pipelines (Figure 4)"),
    (None, "win_rates", "against systems the paper does not have"),
)


def draw_figures(summaries: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw the win rates among the summaries; no verdicts, no figure.

    Args:
        summaries: of any kind; those of kind "win_rate" are drawn.
        folder: the files go there: `figure_3`, `figure_4` and `win_rates`, as PNG and SVG.

    Returns:
        What was written.
    """
    wins = [summary for summary in summaries if summary["kind"] == "win_rate"]
    written: list[Path] = []
    for table, name, title in _FIGURES:
        shown = [summary for summary in wins if table_of(summary["second"]) == table]
        if shown:
            with drawing_style():
                written += save_figure(_draw_win_rates(shown, title), folder, name)
    return written


def table_of(name: str) -> str | None:
    """The table of the paper in which the system of an answer file is compared with Gaokerena."""
    system = system_named(name)
    if system is None:
        return None
    return paper_tables()["systems"][system]["tables"][-1]


def label_of(name: str) -> str:
    """What a figure calls a system, with no sign that would set a formula."""
    return label_named(name).replace("$", r"\$")


def _draw_win_rates(wins: Sequence[Mapping[str, Any]], title: str) -> "Figure":
    figure, (axes,) = new_figure(1.6 + 0.6 * len(wins))
    ours = [system_named(win["first"]) == "gaokerena" for win in wins]
    for place, (win, is_ours) in enumerate(zip(wins, ours, strict=True)):
        rate, low, high = (
            100 * share
            for share in (win["win_rate"], win["interval"]["low"], win["interval"]["high"])
        )
        axes.barh(place, rate, color=BLUE, alpha=0.6, height=0.55)
        axes.errorbar(
            rate, place, xerr=[[rate - low], [high - rate]], color="black", capsize=4, lw=1.5
        )
        noted = " *" if win["warnings"] else ""
        axes.text(103, place, f"{rate:.1f}  [{low:.1f}, {high:.1f}]{noted}", va="center")
        printed = paper_tables()["win_rates"].get(system_named(win["second"]) or "")
        if printed is not None and is_ours:
            axes.plot(printed, place, "D", color=ORANGE, mec="black", ms=7, label="in the paper")
    axes.axvline(50, color=GREY, ls="--", lw=1)
    axes.set_yticks(
        range(len(wins)), [f"{label_of(w['second'])}\n{label_of(w['judge'])}" for w in wins]
    )
    axes.set_ylim(len(wins) - 0.4, -0.6)
    axes.set_xlim(0, 132)
    axes.set_xticks(range(0, 101, 25))
    axes.spines["bottom"].set_bounds(0, 100)
    axes.tick_params(axis="y", length=0)
    note = "\n* the judge is called into question: see the report" * any(
        w["warnings"] for w in wins
    )
    axes.set_xlabel(f"win rate in %, 95 % bootstrap interval; even at the dashed line{note}")
    axes.set_title(f"{label_of(wins[0]['first'])} {title}")
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles[:1], labels[:1], frameon=False, loc="lower right", bbox_to_anchor=(1, 1)
        )
    return figure
