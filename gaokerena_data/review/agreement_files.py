"""Agreement as files: figures for the dataset card, and a plot."""

import json
from dataclasses import asdict
from itertools import combinations
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.agreement import Agreement, AgreementReport, measure_agreement
from gaokerena_data.review.batch import read_batches
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.workspace import Workspace, atomic_file


def report_agreement(workspace: Workspace, dataset: str, seed: int = 1) -> AgreementReport:
    """Measure the log's agreement, write `reviews/DATASET.agreement.json` and `.png`.

    Raises:
        GaokerenaError: no row was judged by two reviewers.
    """
    log = log_path(workspace, dataset)
    sources = {
        row.id: row.source for batch in read_batches(workspace, dataset) for row in batch.rows
    }
    report = measure_agreement(load_decisions(log), sources, seed)
    if report.overall.rows == 0:
        raise GaokerenaError(
            f"{log}: no row was judged by two reviewers; export with two or more --reviewer and "
            "--overlap, and import what they send back"
        )
    # Both or neither: a figure belongs to its numbers.
    with (
        atomic_file(log.with_suffix(".agreement.json")) as part,
        atomic_file(log.with_suffix(".agreement.png")) as drawn,
    ):
        part.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n", "utf-8")
        plot_agreement(report, drawn)
    return report


def plot_agreement(report: AgreementReport, path: Path) -> None:
    """Draw raw agreement and alpha with their intervals, by source and by pair, as a PNG.

    Reviewers go by their numbers, in the alphabet's order of names: the plot may be published.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines: list[tuple[str, Agreement]] = [("all", report.overall)]
    lines += [(name, one) for name, one in report.by_source.items() if one.rows]
    numbers = [
        f"reviewers {a} and {b}" for a, b in combinations(range(1, 1 + len(report.choices)), 2)
    ]
    pairs = zip(numbers, report.by_pair.values(), strict=True)
    lines += [(name, one) for name, one in pairs if one.rows]
    figure = Figure(figsize=(8, 1.6 + 0.5 * len(lines)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for offset, name, colour in ((-0.12, "raw", "#7a8b99"), (0.12, "alpha", "#1f6a63")):
        for place, (_, agreement) in enumerate(lines):
            measure = getattr(agreement, name)
            if measure.value is None:
                continue
            axes.plot([measure.low, measure.high], [place + offset] * 2, color=colour, linewidth=2)
            label = "raw agreement" if name == "raw" else "Krippendorff's alpha"
            axes.plot(measure.value, place + offset, "o", color=colour, label=label)
    axes.set_yticks(range(len(lines)), [f"{name}  (n={one.rows})" for name, one in lines])
    axes.invert_yaxis()
    axes.axvline(0, color="#999999", linewidth=0.8)
    axes.set_xlim(min(-0.05, axes.get_xlim()[0]), 1.02)
    axes.set_xlabel("agreement (95 % bootstrap interval)")
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    axes.legend(handles.values(), handles.keys(), loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    axes.spines[["top", "right"]].set_visible(False)
    # No version and no time in the file: the same figures, the same bytes.
    figure.savefig(path, format="png", dpi=120, metadata={"Software": None})
