"""What several runs come to, as tables of a page."""

from collections.abc import Sequence

from training.evaluation.chains.figures import Compared, Figures, Mean
from training.evaluation.chains.otherwise import Attributed, Otherwise
from training.evaluation.chains.published import PublishedAverage, PublishedCell, reasoning_tables
from training.evaluation.chains.summary import Consistency, Rule, votes_told
from training.evaluation.report.page import Section
from training.evaluation.report.render import interval, p_value, percent
from training.evaluation.scoring.statistics import Proportion

TITLE = "Chains of thought"
_NONE = "–"
_FIGURES = {"plain": "accuracy", "negative": "mark", "verifier": "accuracy with the verifier"}


def sections(found: Consistency) -> list[Section]:
    """The tables, in their order; those without rows are left out by the page."""
    return [
        _figures(found.figures, found.rule),
        _published(found.cells, found.rule),
        _averages(found.averages),
        _otherwise(found.otherwise),
        _sheets(found.attributed),
        _comparisons(found.compared, found.rule),
        Section(
            "Files passed over",
            "They lie in no folder of a system in that of a subject, or hold a verifier's choices "
            "whose guides are not the decisions of one system here.",
            ["file"],
            [[name] for name in found.passed_over],
        ),
    ]


def _figures(found: Sequence[Figures], rule: Rule) -> Section:
    ks = sorted({k for each in found for k in each.pass_at})
    note = (
        "In percent. An option that has the votes needed is the answer, else the question is "
        f"unanswered. Mark: 100 for a right answer, {100 * rule.penalty:.4g} off for a wrong one, "
        "0 for none. pass@k: 1 - C(M-c, k) / C(M, k), the mean over questions; with fewer than k "
        "runs there is none. Intervals are 95 %: Wilson's of shares, percentile bootstrap over "
        f"questions of means (seed {rule.seed}). By: labels that people gave each run, a sheet of "
        "their votes, or our rules, which read the runs' texts."
    )
    columns = ["system", "on", "by", "runs", "votes needed", "questions", "accuracy", "unanswered"]
    columns += ["mark", *(f"pass@{k}" for k in ks)]
    columns += ["verifier", "accuracy with it", "unanswered with it", "mark with it"]
    rows = []
    for each in found:
        of = each.of
        row = [of.system, of.subject, of.by, str(of.runs), str(of.least), str(len(of.correct))]
        row += [_share(each.accuracy), _share(each.unanswered), _mean(each.mark)]
        row += [_mean(each.pass_at.get(k)) for k in ks]
        row += [of.verifier or _NONE, _share(each.verified_accuracy)]
        row += [_share(each.verified_unanswered), _mean(each.verified_mark)]
        rows.append(row)
    return Section("Figures", note, columns, rows)


def _published(cells: Sequence[PublishedCell], rule: Rule) -> Section:
    note = (
        f"{reasoning_tables()['paper']}. Of {len(cells)} published figures with files here, "
        f"{sum(cell.follows for cell in cells)} follow from the runs within 0.01. Sheet of votes "
        "and column of decisions are the authors' own, beside their runs. The mark is that of "
        f"{100 * rule.penalty:.4g} off."
    )
    columns = ["system", "on", "by", "figure", "published", "from the runs", "difference"]
    columns += ["follows", "sheet of votes", "column of decisions", "remark"]
    rows = [
        [
            *(cell.of.system, cell.of.subject, cell.of.by, _FIGURES[cell.figure]),
            *(_two(cell.published), _two(cell.files), f"{cell.difference:+.2f}"),
            *("yes" if cell.follows else "no", _two(cell.votes), _two(cell.decisions)),
            cell.remark or _NONE,
        ]
        for cell in cells
    ]
    return Section("Beside the published figures", note, columns, rows)


def _averages(averages: Sequence[PublishedAverage]) -> Section:
    note = (
        "The printed averages over MMLU beside the average of the printed cells, each weighing "
        "its questions. No file is needed for it."
    )
    names = reasoning_tables()["systems"]
    rows = [
        [
            *(names[each.system], _FIGURES[each.figure]),
            *(_two(each.published), _two(each.from_cells), "yes" if each.follows else "no"),
        ]
        for each in averages
    ]
    columns = ["system", "figure", "published", "from the published cells", "follows"]
    return Section("Published averages", note, columns, rows)


def _otherwise(found: Sequence[Otherwise]) -> Section:
    note = (
        "Questions whose votes or decision differ between the files of the runs and the authors' "
        "sheet of votes. Rows are those of the first run's file."
    )
    columns = ["system", "on", "row", "correct", "votes in the runs", "votes in the sheet"]
    columns += ["decided by the runs", "by the sheet's votes", "its column of decisions"]
    rows = [
        [
            *(each.system, each.subject, str(each.row), each.correct),
            *(votes_told(each.runs) or "same", votes_told(each.sheet) or "same"),
            *(each.by_runs or "none", each.by_votes or "none", each.column or "none"),
        ]
        for each in found
    ]
    return Section("Decided otherwise", note, columns, rows)


def _sheets(found: Sequence[Attributed]) -> Section:
    note = (
        "A verifier's sheet does not say whose runs it is of: it is taken for that of the system "
        "whose decisions its guides are."
    )
    columns = ["taken for", "on", "guides that are a letter", "of them its decisions"]
    columns += ["letters that the verifier changed"]
    rows = [
        [each.system, each.subject, str(each.guided), str(each.alike), str(each.changed)]
        for each in found
    ]
    return Section("Verifier's sheets", note, columns, rows)


def _comparisons(found: Sequence[Compared], rule: Rule) -> Section:
    ks = sorted({k for each in found for k in each.pass_at})
    note = (
        "On the questions both were asked. Accuracy: McNemar's test; the corrected p is the exact "
        "one, corrected by Holm for all comparisons by the same reading. Differences are first "
        "less second, in percent, with the percentile bootstrap interval over questions (seed "
        f"{rule.seed})."
    )
    columns = ["first", "second", "on", "by", "questions", "only first right", "only second right"]
    columns += ["p, exact", "p, corrected", "p, chi-squared", "mark", *(f"pass@{k}" for k in ks)]
    rows = [
        [each.first.system, each.second.system, each.first.subject, each.first.by]
        + [str(each.shared), str(each.test.only_first), str(each.test.only_second)]
        + [p_value(p) for p in (each.test.exact, each.corrected, each.test.chi_squared)]
        + [_mean(each.mark), *(_mean(each.pass_at.get(k)) for k in ks)]
        for each in found
    ]
    return Section("Two systems on the same questions", note, columns, rows)


def _share(found: Proportion | None) -> str:
    return _NONE if found is None else f"{percent(found.share)} ({interval(found.interval)})"


def _mean(found: Mean | None) -> str:
    """A mean in percent with its interval; ends may be negative, so words part them."""
    if found is None:
        return _NONE
    low, high = (100 * end for end in (found.interval.low, found.interval.high))
    return f"{percent(found.value)} ({low:.1f} to {high:.1f})"


def _two(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2f}"
