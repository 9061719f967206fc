"""The figures of a release: the same numbers, the same bytes, as PNG and SVG."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaokerena_data.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    drawing_style,
    new_figure,
    save_figure,
    share,
    source_label,
)
from gaokerena_data.funnel import draw_funnel, read_funnel
from gaokerena_data.release.statistics import ALL, PERCENTILES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOLDER = "figures"
# Line styles beside the colours: three splits are told apart in black and white too.
SPLIT_LINES = {"train": (BLUE, "-"), "dev": (ORANGE, "--"), "test": (GREEN, ":")}


def draw_figures(
    folder: Path,
    statistics: dict[str, Any],
    run: dict[str, Any],
    changelog: list[dict[str, Any]],
) -> list[str]:
    """Draw all figures that a release has numbers for.

    Args:
        folder: of the release; the files go to `figures/`.
        statistics: of the release.
        run: of the curation.
        changelog: of the dataset, the newest first.

    Returns:
        Their names: `sources`, `splits`, `lengths`, `funnel`, `growth`; `figures/NAME.png` and
        `figures/NAME.svg` are there.
    """
    configs = statistics["configs"]
    splits = configs.get("default") or {name: each["test"] for name, each in configs.items()}
    named = [name for facts in splits.values() for name in facts if name != ALL]
    drawn: list[str] = []

    def draw(name: str, plot: Callable[..., "Figure"], *given: Any) -> None:
        with drawing_style():
            save_figure(plot(*given), folder / FOLDER, name)
        drawn.append(name)

    if named:
        draw("sources", _draw_sources, splits)
    if "default" in configs and len(splits) > 1:
        draw("splits", _draw_splits, splits)
    draw("lengths", _draw_lengths if len(splits) <= len(SPLIT_LINES) else _draw_ranges, splits)
    if any(row["decision"] == "dropped" for row in run["funnel"]):
        draw("funnel", draw_funnel, read_funnel(run))
    if len(changelog) > 1:
        draw("growth", _draw_growth, changelog)
    return drawn


def _bars(axes: "Axes", counts: dict[str, int], colour: str = BLUE) -> None:
    """Horizontal bars, the greatest on top, each with its count and share written beside it."""
    ordered = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    total = sum(counts.values()) or 1
    places = range(len(ordered))
    axes.barh(places, [count for _, count in ordered], color=colour, height=0.62)
    axes.set_yticks(places, [source_label(name) for name, _ in ordered])
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, max(count for _, count in ordered) * 1.45 or 1)
    for place, (_, count) in enumerate(ordered):
        axes.annotate(
            f"{count:,}  ({share(count, total)})",
            (count, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
        )


def _draw_sources(splits: dict[str, Any]) -> "Figure":
    rows: dict[str, int] = {}
    tokens: dict[str, int] = {}
    for facts in splits.values():
        for name, each in facts.items():
            if name != ALL:
                rows[name] = rows.get(name, 0) + each["rows"]
                texts = each["texts"].values()
                tokens[name] = tokens.get(name, 0) + sum(text["tokens"]["sum"] for text in texts)
    figure, (left, right) = new_figure(1.1 + 0.5 * len(rows), panels=2, width=10)
    _bars(left, rows)
    left.set_title("Rows")
    _bars(right, tokens, GREEN)
    right.set_title("Tokens")
    return figure


def _draw_splits(splits: dict[str, Any]) -> "Figure":
    most = max(len(facts) - 1 for facts in splits.values())
    figure, panels = new_figure(1.1 + 0.55 * most, panels=len(splits), width=4.0 * len(splits))
    for axes, (split, facts) in zip(panels, splits.items(), strict=True):
        colour, _ = SPLIT_LINES.get(split, (GREY, "-"))
        _bars(axes, {name: each["rows"] for name, each in facts.items() if name != ALL}, colour)
        axes.set_title(f"{split}: {facts[ALL]['rows']:,} rows")
        # Every panel starts at the top, however many bars it has.
        axes.set_ylim(len(facts) - 1 - most - 0.6, len(facts) - 1 - 0.4)
    return figure


def _draw_lengths(splits: dict[str, Any]) -> "Figure":
    columns = list(next(iter(splits.values()))[ALL]["texts"])
    figure, panels = new_figure(3.6, panels=len(columns), width=max(6.0, 4.6 * len(columns)))
    for axes, column in zip(panels, columns, strict=True):
        highest = 0
        for number, (split, facts) in enumerate(splits.items()):
            words = facts[ALL]["texts"][column]["words"]
            if not words["sum"]:
                continue
            counts = words["histogram"]
            shares = [100 * count / sum(counts) for count in counts]
            colour, line = SPLIT_LINES.get(split, (f"C{number}", "-"))
            median = words["percentiles"][PERCENTILES.index(50)]
            label = f"{split.replace('_', ' ')} (median {median:,})"
            axes.stairs(shares, range(len(counts) + 1), color=colour, ls=line, lw=1.8, label=label)
            highest = max(highest, len(counts))
        axes.set_xticks(range(highest + 1), [f"{2**n:,}" for n in range(highest + 1)], rotation=45)
        axes.set_xlabel("words (each step is twice the one before)")
        axes.set_ylabel("% of rows")
        axes.set_title(column)
        axes.legend(frameon=False, fontsize=8, loc="upper left")
        axes.set_ylim(0, axes.get_ylim()[1] * 1.35)
    return figure


def _draw_ranges(splits: dict[str, Any]) -> "Figure":
    """More splits than lines can be told apart: a bar each, from short texts to long ones."""
    columns = list(next(iter(splits.values()))[ALL]["texts"])
    figure, panels = new_figure(
        1.4 + 0.42 * len(splits), len(columns), max(7.0, 5.0 * len(columns))
    )
    for axes, column in zip(panels, columns, strict=True):
        for place, facts in enumerate(splits.values()):
            words = facts[ALL]["texts"][column]["words"]
            if not words["sum"]:
                continue
            at = dict(zip(PERCENTILES, words["percentiles"], strict=True))
            axes.plot([at[5], at[95]], [place, place], color=BLUE, lw=1.5)
            axes.plot([at[25], at[75]], [place, place], color=BLUE, lw=7, solid_capstyle="butt")
            axes.plot(at[50], place, "o", color="white", mec="black", ms=7)
            axes.annotate(
                f"{at[50]:,}", (at[50], place), (0, 8), textcoords="offset points", ha="center"
            )
        axes.set_yticks(range(len(splits)), [source_label(name) for name in splits])
        axes.invert_yaxis()
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlabel("words: median, middle half, 5 % to 95 %")
        axes.set_title(column)
    return figure


def _draw_growth(changelog: list[dict[str, Any]]) -> "Figure":
    entries = changelog[::-1]
    figure, (axes,) = new_figure(3.6)
    versions = [entry["version"] for entry in entries]
    rows = [entry["rows"].get("default") or _flat(entry["rows"]) for entry in entries]
    names = dict.fromkeys(name for each in rows for name in each)
    for number, name in enumerate(names):
        colour, line = SPLIT_LINES.get(name, (f"C{number}", "-"))
        counts = [each.get(name, 0) for each in rows]
        axes.plot(range(len(versions)), counts, color=colour, ls=line, marker="o", label=name)
    last = {name: rows[-1].get(name, 0) for name in names}
    for name, height in _apart(last, gap=0.07 * max(last.values())).items():
        axes.annotate(
            f"{name} {last[name]:,}",
            (len(versions) - 1, height),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_xticks(range(len(versions)), versions)
    axes.set_xlim(-0.3, (len(versions) - 1) * 1.25 + 0.3)
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_title("Rows of each split by version")
    return figure


def _apart(heights: dict[str, int], gap: float) -> dict[str, float]:
    """Heights for labels, from the lowest up, none nearer to the one below than `gap`."""
    placed: dict[str, float] = {}
    floor = 0.0
    for name in sorted(heights, key=lambda name: heights[name]):
        placed[name] = max(float(heights[name]), floor)
        floor = placed[name] + gap
    return placed


def _flat(configs: dict[str, dict[str, int]]) -> dict[str, int]:
    return {config: sum(splits.values()) for config, splits in configs.items()}
