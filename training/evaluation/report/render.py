"""A report as Markdown, LaTeX and HTML; every format escapes what comes from files."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from gaokerena_data.workspace import atomic_file
from training.evaluation.questions.paper import MMLU, label_named, paper_tables, system_named
from training.evaluation.report.accuracy_figure import (
    DrawnBenchmark,
    best_letter,
    draw_accuracies,
)
from training.evaluation.report.figures import draw_figures
from training.evaluation.report.summaries import plain_tables
from training.evaluation.report.tables import MMLU_AVERAGE, Report
from training.evaluation.scoring.statistics import Interval

FORMATS = ("md", "tex", "html")
NOT_COMPUTED = "not computed"
# What stands in a section of its own; a summary of any other kind is shown as plain tables.
_OWN_SECTION = {"win_rate", "kqa", "timing", "contamination"}
_READING_NAMES = {"human": "labels", "ours": "rules alone", "checked": "rules and reader"}
_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#])")


def write_report(report: Report, folder: Path) -> list[Path]:
    """Write `report.json`, `report.md`, `report.tex`, `report.html` and the figures."""
    texts = {"json": json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n"}
    texts |= {form: render(report, form) for form in FORMATS}
    written = []
    for form, text in texts.items():
        path = folder / f"report.{form}"
        with atomic_file(path) as part:
            part.write_text(text, encoding="utf-8")
        written.append(path)
    return [
        *written,
        *draw_accuracies(_drawn(report), folder),
        *draw_figures(report.also, folder),
    ]


def _by_kind(summaries: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The summaries that have no section of their own, by their kinds."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for summary in summaries:
        if summary["kind"] not in _OWN_SECTION:
            found.setdefault(summary["kind"], []).append(summary)
    return found


def _drawn(report: Report) -> list[DrawnBenchmark]:
    titles = paper_tables()["subjects"] | report.others
    return [
        DrawnBenchmark(
            titles[subject],
            [
                (label_named(cell.system), cell.best.accuracy)
                for cell in report.answering(subject)
                if cell.best
            ],
            best_letter(letters),
        )
        for subject, letters in report.baselines.items()
    ]


def templates(**delimiters: Any) -> Environment:
    """The templates of this room: what they do not escape by themselves, `md` does."""
    environment = Environment(
        loader=PackageLoader("training.evaluation.report"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **delimiters,
    )
    environment.filters["md"] = markdown
    return environment


def render(report: Report, form: str) -> str:
    """One format of a report: "md", "tex" or "html"."""
    environment = templates(**_delimiters(form))
    environment.filters.update(
        percent=percent,
        interval=interval,
        label=label_named,
        latex=latex,
        named=system_named,
        p_value=p_value,
        plain=plain_tables,
    )
    tables = paper_tables()
    return environment.get_template(f"report.{form}.j2").render(
        report=report,
        paper=tables,
        labels={name: system["label"] for name, system in tables["systems"].items()},
        subjects=tables["subjects"] | report.others | {MMLU_AVERAGE: "MMLU (micro average)"},
        rows=(*MMLU, MMLU_AVERAGE, "ibmsee"),
        tables=[table for table in ("III", "IV", None) if report.systems(table)],
        plain_summaries=_by_kind(report.also),
        missing=NOT_COMPUTED,
        reading_names=_READING_NAMES,
    )


def percent(share: float | None, digits: int = 2) -> str:
    """A share of 0..1 in percent, without its sign."""
    return NOT_COMPUTED if share is None else f"{share * 100:.{digits}f}"


def interval(found: Interval | dict[str, float]) -> str:
    """An interval of shares in percent: 31.7–46.2."""
    low, high = (
        (found.low, found.high) if isinstance(found, Interval) else (found["low"], found["high"])
    )
    return f"{low * 100:.1f}–{high * 100:.1f}"


def p_value(p: float) -> str:
    """A p value as papers print it."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def latex(text: object) -> str:
    """Text with LaTeX's special characters escaped."""
    return "".join(_LATEX.get(character, character) for character in str(text))


def markdown(text: object) -> str:
    """Text with Markdown's and HTML's special characters escaped, on one line."""
    escaped = _MARKDOWN.sub(r"\\\1", str(text))
    return str(Markup.escape(" ".join(escaped.split())))


def _delimiters(form: str) -> dict[str, Any]:
    if form != "tex":
        return {}
    return {
        "block_start_string": "<%",
        "block_end_string": "%>",
        "variable_start_string": "<<",
        "variable_end_string": ">>",
        "comment_start_string": "<#",
        "comment_end_string": "#>",
    }
