"""Where the authors' sheets say something else than their runs, question by question."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gaokerena_data.errors import GaokerenaError
from training.evaluation.chains.decided import Decided
from training.evaluation.chains.run_files import RunSet
from training.evaluation.chains.sheets import VerifierSheet
from training.evaluation.chains.votes import agreed


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A question on which runs and sheet of votes differ.

    Args:
        system: the folder's name.
        subject: the subject.
        row: of the run's file.
        correct: the right letter.
        runs: the votes that differ, as the runs' files have them: number of the run -> letter.
        sheet: the same as the sheet has them.
        by_runs: the decision by the rule, from the runs.
        by_votes: the decision by the rule, from the sheet's votes.
        column: the sheet's own decision.
    """

    system: str
    subject: str
    row: int
    correct: str
    runs: dict[int, str | None]
    sheet: dict[int, str | None]
    by_runs: str | None
    by_votes: str | None
    column: str | None


@dataclass(frozen=True, slots=True)
class Attributed:
    """A verifier's sheet and the system whose decisions its guides are.

    Args:
        subject: the subject.
        system: the folder's name.
        alike: guides that are that system's decisions (where there was one).
        guided: guides that are a letter.
        changed: rows whose letter in the end is not the guide's.
        choices: the verifier's letters in the order of the runs.
    """

    subject: str
    system: str
    alike: int
    guided: int
    changed: int
    choices: list[str | None]


def decided_otherwise(found: RunSet, decided: Decided) -> list[Otherwise]:
    """The questions whose votes or decision differ between runs and sheet of votes.

    Args:
        found: the runs, with the sheet beside them; without one nothing differs.
        decided: what people's labels of the runs come to.
    """
    sheet = found.sheet
    if sheet is None:
        return []
    differ = []
    for place, (runs, votes, column) in enumerate(
        zip(decided.votes, sheet.votes, sheet.decisions, strict=True)
    ):
        other = [n for n in range(found.runs) if runs[n] != votes[n]]
        by_votes = agreed(votes, decided.least)
        if other or not decided.decisions[place] == by_votes == column:
            differ.append(
                Otherwise(
                    found.system,
                    found.subject,
                    found.questions[place][0].row,
                    decided.correct[place],
                    {n + 1: runs[n] for n in other},
                    {n + 1: votes[n] for n in other},
                    decided.decisions[place],
                    by_votes,
                    column,
                )
            )
    return differ


def attribute(sheet: VerifierSheet, sets: Sequence[tuple[RunSet, Decided]]) -> Attributed | None:
    """The system whose decisions most of a verifier's guides are; None where it is not one alone.

    Args:
        sheet: the verifier's choices.
        sets: the systems with runs on that subject.

    Raises:
        GaokerenaError: the sheet is of other questions than the runs, or has another key.
    """
    fits = []
    for found, decided in sets:
        rows = _rows_of(sheet, found)
        column = found.sheet.decisions if found.sheet else decided.decisions
        guides = [sheet.guides[row] for row in rows]
        alike = sum(a == b and a is not None for a, b in zip(guides, column, strict=True))
        choices = [sheet.chosen[row] for row in rows]
        guided = len(guides) - guides.count(None)
        changed = sum(a is not None and a != b for a, b in zip(guides, choices, strict=True))
        fits.append(Attributed(found.subject, found.system, alike, guided, changed, choices))
    most = max(fits, key=lambda fit: fit.alike)
    alone = [fit.alike for fit in fits].count(most.alike) == 1
    return most if alone and 2 * most.alike > most.guided else None


def _rows_of(sheet: VerifierSheet, found: RunSet) -> list[int]:
    """For every question of the runs its place in the sheet; the nth of the same is the nth."""
    times: Counter[str] = Counter()
    places: dict[tuple[str, int], int] = {}
    for place, question in enumerate(sheet.questions):
        times[question] += 1
        places[question, times[question]] = place
    times = Counter()
    rows = []
    for answers in found.questions:
        question = answers[0].question
        times[question] += 1
        place = places.get((question, times[question]), -1)
        if place < 0 or sheet.correct[place] != answers[0].correct:
            raise GaokerenaError(
                f"{sheet.path} has no row, or another correct option, for row {answers[0].row} of "
                f"{found.paths[0]}: is it of these runs?"
            )
        rows.append(place)
    if len(rows) != len(sheet.questions):
        raise GaokerenaError(
            f"{sheet.path} has {len(sheet.questions)} rows, {found.paths[0]} {len(rows)}: is it of "
            "these runs?"
        )
    return rows
