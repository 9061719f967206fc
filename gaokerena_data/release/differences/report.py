"""A diff told to people (text, HTML) and to machines (JSON)."""

import difflib
import json
import re
from dataclasses import asdict
from typing import Any

from markupsafe import Markup, escape

from cards.templates import template_environment
from gaokerena_data.release.differences.diff import Diff
from gaokerena_data.release.differences.samples import Sample, pick_samples
from gaokerena_data.release.differences.summary import summarize
from gaokerena_data.release.versions import MEANING

MAX_LINE = 160  # characters of a value in the text report
_PIECE = re.compile(r"\s+|[\w\u200c]+|[^\w\s]")


def report_json(diff: Diff, samples: int) -> str:
    """Everything: ids of all rows that differ, counts, samples with whole texts."""
    document = {
        "dataset": diff.new.dataset,
        "old": diff.old.version,
        "new": diff.new.version,
        "level": diff.level,
        "schema": diff.schema,
        "configs": {
            config: {
                "rows": {
                    "old": diff.old.counts()[config],
                    "new": diff.new.counts()[config],
                },
                "summary": summarize(rows),
                **asdict(rows),
                "samples": {
                    kind: [asdict(sample) for sample in picked]
                    for kind, picked in pick_samples(diff, config, samples).items()
                },
            }
            for config, rows in diff.configs.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def report_text(diff: Diff, samples: int) -> str:
    """Tables and samples for a terminal."""
    lines = [_headline(diff), *(f"  {sentence}" for sentence in diff.schema)]
    for config, rows in diff.configs.items():
        lines += ["", f"config {config}: {_totals(diff, config)}"]
        if not (rows.added or rows.removed or rows.changed):
            lines.append("  no row differs")
            continue
        lines += ["", *_columns(by_source(diff, config))]
        summary = summarize(rows)
        if summary["reasons"]:
            lines += ["", "  removed because"]
            lines += [
                f"  {each['rows']:>9,}  {' '.join((each['step'], each['reason'])).strip()}"
                for each in summary["reasons"]
            ]
        if summary["columns"] or summary["moved"]:
            lines += ["", "  changed values"]
            lines += [f"  {count:>9,}  {name}" for name, count in summary["columns"].items()]
            if summary["moved"]:
                lines.append(f"  {summary['moved']:>9,}  (moved to another split)")
        for kind, picked in pick_samples(diff, config, samples).items():
            for sample in picked:
                lines += ["", *_sample_lines(kind, sample)]
    return "\n".join(lines) + "\n"


def report_html(diff: Diff, samples: int) -> str:
    """One offline page, right to left where the texts are; every text escaped."""
    environment = template_environment(html=True)
    environment.filters["marked"] = mark_changes
    return environment.get_template("diff.html.j2").render(
        title=f"{diff.new.dataset} {diff.old.version} to {diff.new.version}",
        headline=_headline(diff),
        diff=diff,
        configs=[
            {
                "name": config,
                "totals": _totals(diff, config),
                "table": by_source(diff, config),
                "summary": summarize(rows),
                "samples": pick_samples(diff, config, samples),
            }
            for config, rows in diff.configs.items()
        ],
    )


def by_source(diff: Diff, config: str) -> list[tuple[str, int, int, int]]:
    """(source, added, removed, changed) of a config, and their sum as the last row."""
    summary = summarize(diff.configs[config])
    kinds = ("added", "removed", "changed")
    names = sorted({name for kind in kinds for name in summary[kind]})
    table = [(name, *(summary[kind].get(name, 0) for kind in kinds)) for name in names]
    return [*table, ("all", *(sum(summary[kind].values()) for kind in kinds))]


def mark_changes(pair: tuple[Any, Any]) -> Markup:
    """Before and after as one text with <del> and <ins>, words whole, everything escaped."""
    before, after = (_shown(value) for value in pair)
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    out = Markup()
    for tag, left, left_end, right, right_end in matcher.get_opcodes():
        if tag == "equal":
            out += escape("".join(old[left:left_end]))
            continue
        if left < left_end:
            out += Markup("<del>{}</del>").format("".join(old[left:left_end]))
        if right < right_end:
            out += Markup("<ins>{}</ins>").format("".join(new[right:right_end]))
    return out


def _headline(diff: Diff) -> str:
    name = diff.new.dataset
    if diff.is_empty:
        return f"{name} {diff.old.version} -> {diff.new.version}: the same rows"
    return (
        f"{name} {diff.old.version} -> {diff.new.version}: a {diff.level} change, "
        f"{MEANING[diff.level]}"
    )


def _totals(diff: Diff, config: str) -> str:
    old, new = diff.old.counts()[config], diff.new.counts()[config]
    splits = [
        f"{split} {old.get(split, 0):,} -> {new.get(split, 0):,}"
        for split in dict.fromkeys([*old, *new])
    ]
    return ", ".join(splits)


def _columns(table: list[tuple[str, int, int, int]]) -> list[str]:
    width = max(len("source"), *(len(row[0]) for row in table))
    head = f"  {'source':<{width}}  {'added':>9}  {'removed':>9}  {'changed':>9}"
    return [
        head,
        *(
            f"  {name:<{width}}  {added:>9,}  {removed:>9,}  {changed:>9,}"
            for name, added, removed, changed in table
        ),
    ]


def _sample_lines(kind: str, sample: Sample) -> list[str]:
    sign = {"added": "+", "removed": "-", "changed": "~"}[kind]
    note = f"  ({sample.note})" if sample.note else ""
    lines = [f"  {sign} {sample.id}  {sample.split}{note}"]
    for name, (before, after) in sample.values.items():
        if kind == "changed":
            lines += [f"      {name}", f"      - {_short(before)}", f"      + {_short(after)}"]
        else:
            lines.append(f"      {name}: {_short(before if after is None else after)}")
    return lines


def _short(value: Any) -> str:
    text = " ".join(_shown(value).split())
    return text if len(text) <= MAX_LINE else f"{text[: MAX_LINE - 1]}…"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return " | ".join(map(str, value)) if isinstance(value, list) else str(value)
