"""All that several runs come to, computed once, as plain data and as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.evaluation.chains.decided import Decided, ReadBy, decide, mmlu_average
from training.evaluation.chains.figures import Compared, Figures, Mean, compare_all, compute
from training.evaluation.chains.otherwise import Attributed, Otherwise, attribute, decided_otherwise
from training.evaluation.chains.published import (
    PublishedAverage,
    PublishedCell,
    published_averages,
    published_cells,
)
from training.evaluation.chains.run_files import Found, RunSet
from training.evaluation.scoring.statistics import Proportion

KIND = "chain_of_thought"


@dataclass(frozen=True, slots=True)
class Rule:
    """How votes are counted.

    Args:
        majority: votes that an option needs; None is more than half of the runs.
        penalty: what a wrong answer takes off.
        up_to: the largest k of pass@k.
        seed: of the bootstrap.
    """

    majority: int | None
    penalty: float
    up_to: int
    seed: int


@dataclass(frozen=True, slots=True)
class Consistency:
    """What a report of several runs shows."""

    rule: Rule
    figures: list[Figures]
    compared: list[Compared]
    cells: list[PublishedCell]
    averages: list[PublishedAverage]
    otherwise: list[Otherwise]
    attributed: list[Attributed]
    passed_over: list[str]

    def as_json(self) -> dict[str, Any]:
        """The summary of kind "chain_of_thought": a list of rows for each table."""
        return {
            "kind": KIND,
            "penalty": self.rule.penalty,
            "figures": [_figures_row(each) for each in self.figures],
            "comparisons": [_compared_row(each) for each in self.compared],
            "published": [_cell_row(each) for each in self.cells],
            "published_averages": [
                {
                    "system": each.system,
                    "figure": each.figure,
                    "published_percent": each.published,
                    "from_cells_percent": each.from_cells,
                    "follows": each.follows,
                }
                for each in self.averages
            ],
            "decided_otherwise": [_otherwise_row(each) for each in self.otherwise],
            "verifier_sheets": [_attributed_row(each) for each in self.attributed],
            "passed_over": self.passed_over,
        }


def readers_of(found: RunSet) -> list[ReadBy]:
    """By whom runs are read; a verifier is asked where the first of them finds no agreement."""
    there = {"labels": found.labelled, "sheet": found.sheet is not None, "rules": True}
    ordered: tuple[ReadBy, ...] = ("labels", "rules", "sheet")
    return [by for by in ordered if there[by]]


def sum_up(found: Found, decided: Sequence[tuple[RunSet, Decided]], rule: Rule) -> Consistency:
    """Compute all figures.

    Args:
        found: what the folder of runs holds.
        decided: for each set of runs what it comes to by its first reading, with a verifier's
            choices where one was asked; without, those of the authors' sheet are taken.
        rule: how votes are counted.
    """
    attributed = [
        fit
        for subject, sheet in found.verified.items()
        if (sets := [pair for pair in decided if pair[0].subject == subject])
        and (fit := attribute(sheet, sets))
    ]
    taken = {(fit.subject, fit.system): fit for fit in attributed}
    first = [
        each.with_verifier(taken[runs.subject, runs.system].choices, "the authors' sheet")
        if each.verified is None and (runs.subject, runs.system) in taken
        else each
        for runs, each in decided
    ]
    others = [decide(runs, by, rule.majority) for runs, _ in decided for by in readers_of(runs)[1:]]
    every = [*first, *others]
    every += _averages(every)
    settings = {"penalty": rule.penalty, "up_to": rule.up_to, "seed": rule.seed}
    sheets = {(runs.subject, runs.system): runs.sheet for runs in found.sets}
    return Consistency(
        rule,
        [compute(each, **settings) for each in every],  # type: ignore[arg-type]
        compare_all(every, **settings),  # type: ignore[arg-type]
        [
            cell
            for each in (*first, *_averages(first))
            for cell in published_cells(each, sheets.get((each.subject, each.system)), rule.penalty)
        ],
        published_averages([runs.system for runs in found.sets]),
        [
            row
            for runs, each in decided
            if each.by == "labels"
            for row in decided_otherwise(runs, each)
        ],
        attributed,
        [*map(str, found.passed_over), *_unattributed(found, attributed)],
    )


def tell(figures: Figures, penalty: float) -> str:
    """The figures in a line."""
    of = figures.of
    passes = ", ".join(f"pass@{k} {100 * mean.value:.2f}" for k, mean in figures.pass_at.items())
    told = (
        f"{of.system}, {of.subject}, by {of.by}: {of.runs} runs of "
        f"{len(of.correct)} questions, {of.least} votes: {100 * figures.accuracy.share:.2f} % "
        f"right, {100 * figures.unanswered.share:.2f} % unanswered, "
        f"{100 * figures.mark.value:.2f} at {penalty:.3g} off; {passes}"
    )
    if figures.verified_accuracy:
        told += f"; with the verifier {100 * figures.verified_accuracy.share:.2f} %"
    return told


def votes_told(votes: Mapping[int, str | None]) -> str:
    """The votes of some runs in words; nothing of none."""
    return ", ".join(f"run {number}: {vote or 'none'}" for number, vote in votes.items())


def _unattributed(found: Found, attributed: Sequence[Attributed]) -> list[str]:
    """The verifier's sheets that are no one system's."""
    taken = {fit.subject for fit in attributed}
    return [str(sheet.path) for subject, sheet in found.verified.items() if subject not in taken]


def _averages(every: Sequence[Decided]) -> list[Decided]:
    groups: dict[tuple[str, ReadBy], list[Decided]] = {}
    for each in every:
        groups.setdefault((each.system, each.by), []).append(each)
    return [pot for parts in groups.values() if (pot := mmlu_average(parts))]


def _whose(of: Decided) -> dict[str, Any]:
    return {"system": of.system, "benchmark": of.subject, "by": of.by}


def _figures_row(figures: Figures) -> dict[str, Any]:
    of = figures.of
    row = _whose(of) | {"runs": of.runs, "votes_needed": of.least, "questions": len(of.correct)}
    row |= _share("accuracy", figures.accuracy) | _share("unanswered", figures.unanswered)
    row |= _value("mark", figures.mark)
    for k, mean in figures.pass_at.items():
        row |= _value(f"pass@{k}", mean)
    if figures.verified_accuracy and figures.verified_unanswered and figures.verified_mark:
        row |= {"verifier": of.verifier}
        row |= _share("verified_accuracy", figures.verified_accuracy)
        row |= _share("verified_unanswered", figures.verified_unanswered)
        row |= _value("verified_mark", figures.verified_mark)
    return row


def _compared_row(each: Compared) -> dict[str, Any]:
    row: dict[str, Any] = {
        "first": each.first.system,
        "second": each.second.system,
        "benchmark": each.first.subject,
        "by": each.first.by,
        "questions": each.shared,
        "only_first": each.test.only_first,
        "only_second": each.test.only_second,
        "p_exact": each.test.exact,
        "p_corrected": each.corrected,
        "p_chi_squared": each.test.chi_squared,
    }
    row |= _value("mark_difference", each.mark)
    for k, mean in each.pass_at.items():
        row |= _value(f"pass@{k}_difference", mean)
    return row


def _cell_row(cell: PublishedCell) -> dict[str, Any]:
    return _whose(cell.of) | {
        "figure": cell.figure,
        "published_percent": cell.published,
        "files_percent": cell.files,
        "difference_percent": cell.difference,
        "follows": cell.follows,
        "sheet_of_votes_percent": cell.votes,
        "column_of_decisions_percent": cell.decisions,
        "remark": cell.remark,
    }


def _otherwise_row(each: Otherwise) -> dict[str, Any]:
    return {
        "system": each.system,
        "benchmark": each.subject,
        "row": each.row,
        "correct": each.correct,
        "votes_of_runs": votes_told(each.runs),
        "votes_of_sheet": votes_told(each.sheet),
        "by_runs": each.by_runs,
        "by_sheet_of_votes": each.by_votes,
        "column_of_decisions": each.column,
    }


def _attributed_row(each: Attributed) -> dict[str, Any]:
    return {
        "system": each.system,
        "benchmark": each.subject,
        "guides": each.guided,
        "guides_that_are_its_decisions": each.alike,
        "changed_by_the_verifier": each.changed,
    }


def _share(name: str, found: Proportion) -> dict[str, float]:
    return {
        name: found.share,
        f"{name}_low": found.interval.low,
        f"{name}_high": found.interval.high,
    }


def _value(name: str, mean: Mean) -> dict[str, float]:
    return {name: mean.value, f"{name}_low": mean.interval.low, f"{name}_high": mean.interval.high}
