"""What the runs of a system come to, question by question, and how two systems share questions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gaokerena_data.errors import GaokerenaError
from training.evaluation.chains.run_files import RunSet
from training.evaluation.chains.votes import agreed, most_of
from training.evaluation.questions.paper import MMLU
from training.evaluation.reading.answers import ChoiceAnswer
from training.evaluation.scoring.multiple_choice import Reading, chosen, item_key

MMLU_AVERAGE = "mmlu_average"
# Who read the runs' answers: people in the runs' files, people in a sheet of votes, the rules.
type ReadBy = Literal["labels", "sheet", "rules"]
READ_BY: tuple[ReadBy, ...] = ("labels", "sheet", "rules")
_READINGS: dict[ReadBy, Reading] = {"labels": "human", "rules": "ours"}


@dataclass(frozen=True, slots=True)
class Decided:
    """One system on one subject, or on all six of MMLU, by one reading.

    Lists have an entry a question.

    Args:
        subject: a subject, or "mmlu_average".
        system: its folder's name.
        by: who read the answers.
        least: the votes that an option needs.
        items: subject, right letter and options of each question, and which of the same it is.
        correct: the right letters.
        votes: the letters of the runs.
        decisions: the options agreed on, None for an unanswered question.
        verified: the same with a verifier's choice where the runs did not agree; None without one.
        verifier: who that was.
    """

    subject: str
    system: str
    by: ReadBy
    least: int
    items: list[tuple[str, ...]]
    correct: list[str]
    votes: list[tuple[str | None, ...]]
    decisions: list[str | None]
    verified: list[str | None] | None = None
    verifier: str | None = None

    @property
    def runs(self) -> int:
        """How many runs every question has."""
        return len(self.votes[0])

    def with_verifier(self, choices: Sequence[str | None], verifier: str) -> "Decided":
        """The same with a verifier's choices, one a question; it decides where the runs do not."""
        verified = [
            theirs if ours is None else ours
            for ours, theirs in zip(self.decisions, choices, strict=True)
        ]
        return replace(self, verified=verified, verifier=verifier)


def read_votes(found: RunSet, by: ReadBy) -> list[tuple[str | None, ...]]:
    """The letter that each run chose, question by question; None for one that chose none."""
    if by == "sheet":
        return list(found.sheet.votes) if found.sheet else []
    reading = _READINGS[by]
    return [tuple(chosen(each, reading) for each in answers) for answers in found.questions]


def decide(found: RunSet, by: ReadBy, majority: int | None = None) -> Decided:
    """What the runs agree on, by a reading.

    Args:
        found: the runs.
        by: who read them.
        majority: votes that an option needs; more than half of the runs by default.

    Raises:
        GaokerenaError: no option can have so many votes.
    """
    least = most_of(found.runs) if majority is None else majority
    if least > found.runs:
        raise GaokerenaError(
            f"{found.system} on {found.subject} has {found.runs} runs: no option can have {least} "
            "votes (--majority)"
        )
    votes = read_votes(found, by)
    asked = [answers[0] for answers in found.questions]
    return Decided(
        found.subject,
        found.system,
        by,
        least,
        _items(found.subject, asked),
        [answer.correct for answer in asked],
        votes,
        [agreed(each, least) for each in votes],
    )


def mmlu_average(parts: Sequence[Decided]) -> Decided | None:
    """The six subjects of MMLU of one system in one pot; None unless all are there, alike."""
    found = {part.subject: part for part in parts if part.subject in MMLU}
    alike = {(part.system, part.by, part.least, part.runs) for part in found.values()}
    if len(found) < len(MMLU) or len(alike) != 1:
        return None
    pot = [found[subject] for subject in MMLU]
    verified = [letter for part in pot for letter in part.verified or []]
    whole = all(part.verified is not None for part in pot)
    return Decided(
        MMLU_AVERAGE,
        pot[0].system,
        pot[0].by,
        pot[0].least,
        [item for part in pot for item in part.items],
        [letter for part in pot for letter in part.correct],
        [votes for part in pot for votes in part.votes],
        [letter for part in pot for letter in part.decisions],
        verified if whole else None,
        pot[0].verifier if whole else None,
    )


def shared_places(first: Decided, second: Decided) -> list[tuple[int, int]]:
    """Where the questions that both were asked stand in each of the two.

    Questions are known by right letter and options, the nth of the same meets the nth.
    """
    places = {item: place for place, item in enumerate(second.items)}
    return [(mine, places[item]) for mine, item in enumerate(first.items) if item in places]


def _items(subject: str, answers: Sequence[ChoiceAnswer]) -> list[tuple[str, ...]]:
    times: Counter[tuple[str, ...]] = Counter()
    found = []
    for answer in answers:
        item = item_key(subject, answer.correct, answer.options)
        times[item] += 1
        found.append((*item, str(times[item])))
    return found
