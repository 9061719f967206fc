"""Scores of multiple-choice answers: by the authors' hand-made labels, and by our reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from gaokerena_data.choices.folding import words
from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.benchmarks import subject_of
from training.evaluation.questions.paper import system_named
from training.evaluation.reading.answers import INVALID, ChoiceAnswer, read_answer_file
from training.evaluation.scoring.statistics import McNemar, Proportion, mcnemar, proportion

# By people, by the rules alone, or by the rules where they are to be believed and else a reader.
type Reading = Literal["human", "ours", "checked"]
READINGS: tuple[Reading, ...] = ("human", "ours", "checked")
# Rules that agreed with people less often than this are in doubt.
THRESHOLD = 0.6


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """One system's answers to one subject, and the file they stand in."""

    subject: str
    system: str
    path: Path
    answers: list[ChoiceAnswer]

    def read_by_people(self) -> bool:
        """Whether every answer has a hand-made label."""
        return all(answer.human is not None for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy and the share of answers that chose no option, by one reading."""

    accuracy: Proportion
    invalid: Proportion


def collect(root: Path) -> tuple[list[AnswerSet], list[Path]]:
    """The answer files under a folder, and the files whose name tells no subject.

    Both layouts are read: `SUBJECT/SYSTEM.xlsx`, and the authors' `SUBJECT/SYSTEM/anything.xlsx`.
    A subject is that of a declared benchmark, or of the paper by any of its names. A system that is
    not the paper's keeps its own name.

    Raises:
        GaokerenaError: no answer file is there, or two are of one subject and system.
    """
    found: dict[tuple[str, str], AnswerSet] = {}
    passed_over: list[Path] = []
    for path in sorted((*root.rglob("*.xlsx"), *root.rglob("*.jsonl"))):
        if path.name.startswith((".", "~$")):
            continue
        parts = path.relative_to(root).with_suffix("").parts
        subject = next(filter(None, map(subject_of, parts)), None)
        if subject is None:
            passed_over.append(path)
            continue
        name = parts[-2] if len(parts) > 2 else parts[-1]
        system = system_named(name) or name
        if (subject, system) in found:
            raise GaokerenaError(
                f"{path} and {found[subject, system].path} both hold {system} on {subject}: "
                "keep one of them"
            )
        found[subject, system] = AnswerSet(subject, system, path, read_answer_file(path))
    if not found:
        raise GaokerenaError(
            f"no answer file of a known subject under {root}: see docs/evaluation.md"
        )
    return list(found.values()), passed_over


def with_answers(sets: Sequence[AnswerSet], answers: Iterable[ChoiceAnswer]) -> list[AnswerSet]:
    """The answer files with these answers, in order, in place of their own."""
    rest = iter(answers)
    return [replace(found, answers=list(islice(rest, len(found.answers)))) for found in sets]


def chosen(answer: ChoiceAnswer, reading: Reading, *, threshold: float = THRESHOLD) -> str | None:
    """The letter that an answer chose by a reading, None for an invalid or unread answer."""
    if reading == "ours":
        return answer.chosen
    if reading == "checked":
        return answer.checked(threshold)
    return None if answer.human in {None, INVALID} else answer.human


def score(
    answers: Sequence[ChoiceAnswer], reading: Reading, *, threshold: float = THRESHOLD
) -> Score:
    """Accuracy over all rows (an invalid answer is a wrong one) and the invalid share."""
    letters = [chosen(answer, reading, threshold=threshold) for answer in answers]
    right = sum(letter == answer.correct for letter, answer in zip(letters, answers, strict=True))
    return Score(proportion(right, len(answers)), proportion(letters.count(None), len(answers)))


def agreement(answers: Sequence[ChoiceAnswer]) -> Proportion:
    """The share of answers that people and rules read alike, "invalid" included."""
    alike = sum((answer.chosen or INVALID) == answer.human for answer in answers)
    return proportion(alike, len(answers))


def letter_baselines(answers: Sequence[ChoiceAnswer]) -> dict[str, Proportion]:
    """The accuracy of always answering one letter, for every letter there is."""
    most = max((len(answer.options) for answer in answers), default=0)
    correct = [answer.correct for answer in answers]
    return {letter: proportion(correct.count(letter), len(correct)) for letter in LETTERS[:most]}


def compare(
    first: Iterable[AnswerSet],
    second: Iterable[AnswerSet],
    reading: Reading,
    *,
    threshold: float = THRESHOLD,
) -> McNemar:
    """McNemar's test over the items that both systems answered, subject by subject.

    Items are matched by their ids where all have one. Else by their options and right letter, since
    a pipeline's question is translated; the nth of the same options meets the nth.
    """
    first, second = list(first), list(second)
    by_id = all(answer.id for found in (*first, *second) for answer in found.answers)
    theirs = {}
    for answers in second:
        theirs.update(_outcomes(answers, reading, threshold, by_id=by_id))
    ours = {}
    for answers in first:
        ours.update(_outcomes(answers, reading, threshold, by_id=by_id))
    shared = sorted(ours.keys() & theirs.keys())
    return mcnemar([ours[key] for key in shared], [theirs[key] for key in shared])


def item_key(subject: str, correct: str, options: Iterable[str]) -> tuple[str, ...]:
    """What an item is known by where it has no id: its subject, right letter and options."""
    return (subject, correct, *(" ".join(words(option)) for option in options))


def _outcomes(
    answers: AnswerSet, reading: Reading, threshold: float, *, by_id: bool
) -> dict[tuple[str, ...], bool]:
    outcomes: dict[tuple[str, ...], bool] = {}
    times: dict[tuple[str, ...], int] = {}
    for answer in answers.answers:
        item = item_key(answers.subject, answer.correct, answer.options)
        if by_id:
            item = (answers.subject, str(answer.id))
        times[item] = times.get(item, 0) + 1
        letter = chosen(answer, reading, threshold=threshold)
        outcomes[*item, str(times[item])] = letter == answer.correct
    return outcomes
