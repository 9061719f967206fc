"""Tables III and IV computed again from answer files, cell by cell beside the paper's numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from training.evaluation.questions.duplicates import Place, count_by_subjects, find_duplicates
from training.evaluation.questions.paper import IBMSEE, MMLU, SUBJECTS, paper_tables
from training.evaluation.report.comparisons import Comparison, compare_systems
from training.evaluation.report.topics import TopicScore, other_subjects, score_topics
from training.evaluation.scoring.multiple_choice import (
    READINGS,
    THRESHOLD,
    AnswerSet,
    Reading,
    Score,
    agreement,
    letter_baselines,
    score,
)
from training.evaluation.scoring.reading_error import read_accuracy_interval
from training.evaluation.scoring.statistics import (
    Interval,
    Proportion,
    against_mark,
    macro,
    micro,
)

MMLU_AVERAGE = "mmlu_average"
# The paper cuts figures off after two digits, it does not round them.
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Cell:
    """One system on one subject. Accuracies of the paper are in percent, all others in 0..1.

    Args:
        subject: a subject, or "mmlu_average" for the micro average over the six of MMLU.
        system: a system of the paper, or the name of any other.
        paper: the printed accuracy, None where the paper has none.
        human: the score by hand-made labels, None without such labels or answers.
        ours: the score by the rules alone, None without answers.
        checked: the score by the rules where they are to be believed and else by a reader; what
            neither read is unread, and counts as wrong.
        read_interval: the 95 % interval of `ours` that carries the rules' own errors.
        agreement: the share of answers that the two readings read alike.
        items: how many items the benchmark has; fewer answers leave the rest out.
    """

    subject: str
    system: str
    paper: float | None
    human: Score | None
    ours: Score | None
    checked: Score | None
    read_interval: Interval | None
    agreement: Proportion | None
    items: int

    @property
    def answered(self) -> int:
        """How many answers the cell is computed from."""
        return self.ours.accuracy.total if self.ours else 0

    @property
    def best(self) -> Score | None:
        """The score by hand-made labels where there are any, else by our reading."""
        return self.human or self.ours

    @property
    def reproduced(self) -> bool | None:
        """Whether the hand-made labels give the paper's number; None where one is missing."""
        if self.paper is None or self.human is None:
            return None
        return abs(self.human.accuracy.share * 100 - self.paper) < _TOLERANCE


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report shows.

    `others` are the subjects that are not the paper's, each with its title; `usage` is what answers
    took, a mapping for each system and subject; `also` holds the summaries of other evaluations.
    """

    cells: list[Cell]
    macro: dict[str, float]
    macro_by: dict[Reading, dict[str, float]]
    comparisons: list[Comparison]
    baselines: dict[str, dict[str, Proportion]]
    pass_mark: float
    passing: dict[str, tuple[Proportion, str]]
    passing_by: dict[Reading, dict[str, tuple[Proportion, str]]]
    threshold: float
    reader: str | None
    duplicates: list[list[Place]]
    passed_over: list[str]
    no_answer: list[dict[str, Any]]
    others: dict[str, str] = field(default_factory=dict)
    topics: list[TopicScore] = field(default_factory=list)
    usage: list[Mapping[str, Any]] = field(default_factory=list)
    also: list[Mapping[str, Any]] = field(default_factory=list)

    def systems(self, table: str | None) -> list[str]:
        """The systems of a table of the paper, or those the paper does not have.

        Of a table none of whose cells has answers there are none.
        """
        known = paper_tables()["systems"]
        papers = [cell for cell in self.cells if cell.subject not in self.others]
        if table is not None:
            if self.others and not self.paper_has_answers():
                return []
            return [name for name, system in known.items() if table in system["tables"]]
        return sorted({cell.system for cell in papers if cell.ours} - known.keys())

    def paper_has_answers(self) -> bool:
        """Whether any subject of the paper has an answer file, by whatever system."""
        return any(cell.ours for cell in self.cells if cell.subject not in self.others)

    def tests(self) -> dict[Reading, int]:
        """How many comparisons each reading has."""
        return {pair.reading: pair.tests for pair in self.comparisons}

    def letters(self) -> list[str]:
        """The letters that options have, over all subjects with answers."""
        return sorted({letter for found in self.baselines.values() for letter in found})

    def topic_tables(self) -> dict[str, dict[str, dict[str, Score]]]:
        """Scores by subject, topic and system, in the order in which they are shown."""
        tables: dict[str, dict[str, dict[str, Score]]] = {}
        for each in self.topics:
            topics = tables.setdefault(each.subject, {})
            topics.setdefault(each.topic, {})[each.system] = each.score
        return tables

    def answering(self, subject: str) -> list[Cell]:
        """The cells of a subject that have answers, one a system."""
        return [cell for cell in self.cells if cell.subject == subject and cell.ours]

    def cell(self, subject: str, system: str) -> Cell:
        """The one cell of a subject and system; every pair of the report has one."""
        return next(c for c in self.cells if (c.subject, c.system) == (subject, system))

    def average(self, system: str, reading: Reading) -> Score:
        """The micro average of a system whose six subjects have answers, by a reading."""
        found = _score_of(self.cell(MMLU_AVERAGE, system), reading)
        if found is None:
            raise KeyError((system, reading))
        return found

    def duplicate_counts(self) -> dict[tuple[str, ...], int]:
        """How many items stand more than once, by the subjects they stand in."""
        return count_by_subjects(self.duplicates)

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        data = asdict(self)
        data["cells"] = [
            asdict(cell) | {"answered": cell.answered, "reproduced": cell.reproduced}
            for cell in self.cells
        ]
        return data


def _no_answer(sets: Sequence[AnswerSet]) -> list[dict[str, Any]]:
    """For each file with questions that no answer came to: how many for which reason."""
    found = []
    for each in sets:
        reasons = Counter(answer.missing for answer in each.answers if answer.missing)
        if reasons:
            place = {"subject": each.subject, "system": each.system, "of": len(each.answers)}
            found.append(place | {"reasons": dict(sorted(reasons.items()))})
    return found


def build_report(
    sets: Sequence[AnswerSet],
    *,
    items: Sequence[tuple[Place, str, tuple[str, ...]]] = (),
    passed_over: Sequence[str] = (),
    also: Sequence[Mapping[str, Any]] = (),
    threshold: float = THRESHOLD,
    reader: str | None = None,
    usage: Sequence[Mapping[str, Any]] = (),
    first: str | None = None,
    every_pair: bool = False,
) -> Report:
    """Compute the report of the answer files that are there; what is not there stays empty.

    Args:
        sets: the answer files, one a subject and system.
        items: the benchmarks' items, for duplicates; without them the answers' own questions.
        passed_over: names of files that were not read, told in the report.
        also: summaries of other evaluations (win rates, K-QA, timing, contamination).
        threshold: rules that agreed with people less often than this are in doubt.
        reader: the judge model that read the answers in doubt, if one did.
        usage: seconds, tokens and dollars a question, a mapping for each system and subject.
        first: the system that is compared with the others; the first of the paper's order.
        every_pair: compare every system with every other.

    Raises:
        GaokerenaError: no answers are of a system called `first`.
    """
    paper = paper_tables()
    by_place = {(found.subject, found.system): found for found in sets}
    systems = [*paper["systems"], *sorted({f.system for f in sets} - paper["systems"].keys())]
    cells = [
        _cell(by_place.get((s, system)), s, system, threshold)
        for system in systems
        for s in SUBJECTS
    ]
    others = other_subjects(sets)
    cells += [
        _cell(by_place.get((s, system)), s, system, threshold, _most(sets, s))
        for s in others
        for system in systems
    ]
    averages = {system: _average(cells, system, by_place) for system in systems}
    return Report(
        cells=[*cells, *averages.values()],
        macro=_macros(cells, systems, None),
        macro_by={reading: _macros(cells, systems, reading) for reading in READINGS},
        comparisons=compare_systems(
            by_place, systems, others, threshold, first=first, every_pair=every_pair
        ),
        baselines=_baselines(sets),
        pass_mark=paper["pass_mark"],
        passing=_passing(cells, None),
        passing_by={reading: _passing(cells, reading) for reading in READINGS},
        threshold=threshold,
        reader=reader,
        duplicates=find_duplicates(items or _questions(sets)),
        passed_over=list(passed_over),
        no_answer=_no_answer(sets),
        others=others,
        topics=score_topics(sets, threshold),
        usage=list(usage),
        also=list(also),
    )


def _score_of(cell: Cell, reading: Reading | None) -> Score | None:
    """A cell's score by one reading, or by the best one there is."""
    scores = {"human": cell.human, "ours": cell.ours, "checked": cell.checked, None: cell.best}
    return scores[reading]


def _macros(
    cells: Sequence[Cell], systems: Sequence[str], reading: Reading | None
) -> dict[str, float]:
    """The macro averages of the systems that have all six subjects by a reading."""
    found = {}
    for system in systems:
        parts = [_score_of(cell, reading) for cell in _answered(cells, system)]
        if parts and all(parts):
            found[system] = macro([part.accuracy for part in parts if part])
    return found


def _passing(cells: Sequence[Cell], reading: Reading | None) -> dict[str, tuple[Proportion, str]]:
    """IBMSEE against its pass mark, by a reading; labelled cells alone have one by people."""
    mark = paper_tables()["pass_mark"] / 100
    return {
        cell.system: (found.accuracy, against_mark(found.accuracy, mark))
        for cell in cells
        if cell.subject == IBMSEE and (found := _score_of(cell, reading))
    }


def _most(sets: Sequence[AnswerSet], subject: str) -> int:
    return max(len(found.answers) for found in sets if found.subject == subject)


def _cell(
    found: AnswerSet | None, subject: str, system: str, threshold: float, most: int = 0
) -> Cell:
    """A cell; `most` are the items of a subject that the paper does not have."""
    tables = paper_tables()
    printed = tables["cells"].get(subject, {}).get(system)
    total = tables["items"].get(subject, most)
    if found is None:
        return Cell(subject, system, printed, None, None, None, None, None, total)
    people = found.read_by_people()
    return Cell(
        subject,
        system,
        printed,
        score(found.answers, "human") if people else None,
        score(found.answers, "ours"),
        score(found.answers, "checked", threshold=threshold),
        read_accuracy_interval(found.answers),
        agreement(found.answers) if people else None,
        total,
    )


def _answered(cells: Sequence[Cell], system: str) -> list[Cell]:
    """The six subjects' cells of a system, or none of them if one has no answers."""
    parts = [cell for cell in cells if cell.system == system and cell.subject in MMLU]
    return parts if all(cell.ours for cell in parts) else []


def _average(
    cells: Sequence[Cell], system: str, by_place: Mapping[tuple[str, str], AnswerSet]
) -> Cell:
    tables = paper_tables()
    parts = _answered(cells, system)
    human = [cell.human for cell in parts if cell.human]
    ours = [cell.ours for cell in parts if cell.ours]
    checked = [cell.checked for cell in parts if cell.checked]
    answers = [answer for cell in parts for answer in by_place[cell.subject, system].answers]
    alike = [cell.agreement for cell in parts if cell.agreement]
    return Cell(
        MMLU_AVERAGE,
        system,
        tables["mmlu_average"].get(system),
        _pooled(human) if parts and len(human) == len(MMLU) else None,
        _pooled(ours) if parts else None,
        _pooled(checked) if parts else None,
        read_accuracy_interval(answers) if parts else None,
        micro(alike) if parts and len(alike) == len(MMLU) else None,
        sum(tables["items"][subject] for subject in MMLU),
    )


def _pooled(scores: Sequence[Score]) -> Score:
    return Score(micro([s.accuracy for s in scores]), micro([s.invalid for s in scores]))


def _baselines(sets: Sequence[AnswerSet]) -> dict[str, dict[str, Proportion]]:
    """Always the same letter, by the fullest answer file of every subject."""
    fullest: dict[str, AnswerSet] = {}
    for found in sets:
        if found.subject not in fullest or len(found.answers) > len(fullest[found.subject].answers):
            fullest[found.subject] = found
    subjects = [*SUBJECTS, *other_subjects(sets)]
    return {s: letter_baselines(fullest[s].answers) for s in subjects if s in fullest}


def _questions(sets: Sequence[AnswerSet]) -> list[tuple[Place, str, tuple[str, ...]]]:
    """The questions of one file a subject, of a system that was asked the benchmark's own words."""
    first: dict[str, AnswerSet] = {}
    for found in sets:
        if not found.system.startswith("medmobile"):
            first.setdefault(found.subject, found)
    return [
        (Place(subject, answer.row), answer.question, answer.options)
        for subject, found in sorted(first.items())
        for answer in found.answers
    ]
