"""What a dataset card says of its review: counts and agreement, and nobody's name."""

import json
from collections import Counter
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.review.settle import ConflictRule, settle
from gaokerena_data.workspace import Workspace

_FIGURES = (("raw", "raw"), ("alpha", "Krippendorff's alpha"), ("cohen", "Cohen's kappa"))


def describe_review(
    workspace: Workspace, dataset: str, rule: ConflictRule, senior: list[str]
) -> str | None:
    """Markdown for the card's section on review, or None where nobody has decided anything.

    The figures of agreement are those that `gaokerena review agreement` wrote last.

    Raises:
        GaokerenaError: a damaged log or file of figures.
    """
    log = load_decisions(log_path(workspace, dataset))
    if not log:
        return None
    verdicts = settle(log, rule, senior).verdicts.values()
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    reviewers = len({decision.reviewer for decision in log})
    guidelines = ", ".join(sorted({decision.guideline for decision in log}))
    text = (
        f"{len(log):,} decisions by {reviewers} reviewer{'s' if reviewers > 1 else ''} on "
        f"{len(verdicts):,} rows (guideline {guidelines}): {outcomes['keep']:,} accepted, "
        f"{outcomes['edit']:,} corrected, {outcomes['reject']:,} rejected, "
        f"{outcomes['ask_again']:,} still open. All other rows were not seen by a reviewer."
    )
    file = log_path(workspace, dataset).with_suffix(".agreement.json")
    if not file.is_file():
        return text
    try:
        return f"{text}\n\n{_agreement_table(json.loads(file.read_bytes()))}"
    except (ValueError, TypeError, KeyError) as error:
        raise GaokerenaError(
            f"{file}: damaged ({error}); run `gaokerena review agreement {dataset}` again"
        ) from None


def _agreement_table(report: dict[str, Any]) -> str:
    shown = [(key, title) for key, title in _FIGURES if report["overall"][key]["value"] is not None]
    lines = [
        "Agreement on rows that two or more judged, with 95 % bootstrap intervals:",
        "",
        "| rows of | rows | " + " | ".join(title for _, title in shown) + " |",
        "|---|---|" + "---|" * len(shown),
    ]
    for name, figures in {"all sources": report["overall"], **report["by_source"]}.items():
        if figures["rows"]:
            cells = " | ".join(_figure(figures[key]) for key, _ in shown)
            lines.append(f"| {name} | {figures['rows']:,} | {cells} |")
    return "\n".join(lines)


def _figure(measure: dict[str, float | None]) -> str:
    if measure["value"] is None:
        return "-"
    return f"{measure['value']:.2f} [{measure['low']:.2f}, {measure['high']:.2f}]"
