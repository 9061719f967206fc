"""Answer files of several runs, found in a folder and held against each other.

Laid out as our own runs and the authors' are: `SUBJECT/SYSTEM/RUN`, one `.jsonl` or `.xlsx` a run.
Beside them may lie the authors' sheets of votes and of a verifier's choices (`sheets`).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import sha256_file
from training.evaluation.chains.sheets import (
    VerifierSheet,
    VoteSheet,
    is_verifier_sheet,
    is_vote_sheet,
    read_verifier_sheet,
    read_vote_sheet,
)
from training.evaluation.questions.benchmarks import subject_of
from training.evaluation.reading.answers import ChoiceAnswer, read_answer_file
from training.evaluation.reading.spreadsheets import read_sheet

_NUMBER = re.compile(r"\d+")
type Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunSet:
    """All runs of one system on one subject.

    Args:
        subject: a subject of a declared benchmark.
        system: its folder's name.
        paths: the files, one a run.
        questions: for every question its answers, one a run, in the order of `paths`.
        sheet: the authors' own votes and decisions, where they lie beside the runs.
    """

    subject: str
    system: str
    paths: tuple[Path, ...]
    questions: tuple[tuple[ChoiceAnswer, ...], ...]
    sheet: VoteSheet | None = None

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.paths)

    @property
    def labelled(self) -> bool:
        """Whether people read every answer of every run."""
        return all(each.human is not None for answers in self.questions for each in answers)


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds: runs, a verifier's choices by subject, and files that are neither."""

    sets: list[RunSet]
    verified: dict[str, VerifierSheet]
    passed_over: list[Path]


def collect_runs(root: Path, without: Path) -> Found:
    """The runs under a folder.

    Args:
        root: holds `SUBJECT/SYSTEM/RUN`, or is itself the folder of a subject.
        without: what lies here is not read: a report that was written before.

    Raises:
        GaokerenaError: there are none; a file cannot be read or is no answer file; or the runs of
            one system are not of the same questions, or are one file twice.
    """
    if not root.is_dir():
        raise GaokerenaError(f"no folder {root}: give the folder of the answer files")
    runs: dict[tuple[str, str], list[Path]] = {}
    votes: dict[tuple[str, str], VoteSheet] = {}
    verified: dict[str, VerifierSheet] = {}
    passed_over: list[Path] = []
    for path in sorted((*root.rglob("*.xlsx"), *root.rglob("*.jsonl")), key=_in_order):
        if path.name.startswith((".", "~$")) or path.resolve().is_relative_to(without.resolve()):
            continue
        rows = read_sheet(path) if path.suffix == ".xlsx" else []
        verifies = is_verifier_sheet(rows)
        subject = _subject(root, path if verifies else path.parent)
        if subject is None:
            passed_over.append(path)
            continue
        place = subject, path.parent.name or root.resolve().name
        if is_vote_sheet(rows):
            if place in votes:
                raise GaokerenaError(f"{path} and {votes[place].path} are both sheets of votes")
            votes[place] = read_vote_sheet(path, rows)
        elif verifies:
            if subject in verified:
                raise GaokerenaError(
                    f"{path} and {verified[subject].path} both hold a verifier's choices"
                )
            verified[subject] = read_verifier_sheet(path, rows)
        else:
            runs.setdefault(place, []).append(path)
    if not runs:
        raise GaokerenaError(
            f"no runs of a known subject under {root}: they lie in SUBJECT/SYSTEM/, one file a run"
        )
    sets = [_joined(*place, paths, votes.get(place)) for place, paths in runs.items()]
    return Found(sets, verified, passed_over)


def _in_order(path: Path) -> tuple[str, list[int], str]:
    """By folder, then by the numbers in the name: the tenth run does not come before the second."""
    return str(path.parent), [int(number) for number in _NUMBER.findall(path.stem)], path.name


def _subject(root: Path, path: Path) -> str | None:
    """What the nearest folder above a file or folder says that has the name of a subject.

    A run lies in the folder of its system: the name that counts stands above that one, so that
    `SUBJECT/ONE.jsonl` and `SUBJECT/OTHER.jsonl` are no two runs.
    """
    within = path.relative_to(root).parts
    above = [*reversed(within[:-1])]
    if len(within) < 2:  # the folder given is the subject's, or the system's
        above.append(root.resolve().name if within else root.resolve().parent.name)
    return next(filter(None, map(subject_of, above)), None)


def _joined(subject: str, system: str, paths: Sequence[Path], sheet: VoteSheet | None) -> RunSet:
    """The runs of a system, question by question."""
    by_digest: dict[str, Path] = {}
    for path in paths:
        same = by_digest.setdefault(sha256_file(path), path)
        if same != path:
            raise GaokerenaError(f"{path} is the same file as {same}: one run counted twice")
    read = [_by_key(read_answer_file(path)) for path in paths]
    for path, answers in zip(paths[1:], read[1:], strict=True):
        _held_against(paths[0], read[0], path, answers)
    questions = tuple(tuple(answers[key] for answers in read) for key in read[0])
    if sheet is not None:
        sheet.held_against(paths[0], len(paths), [answers[0].correct for answers in questions])
    return RunSet(subject, system, tuple(paths), questions, sheet)


def _by_key(answers: Sequence[ChoiceAnswer]) -> dict[Key, ChoiceAnswer]:
    """Answers by their ids; without ids by question and options, the nth of the same as the nth."""
    found: dict[Key, ChoiceAnswer] = {}
    times: Counter[Key] = Counter()
    for answer in answers:
        key: Key = (str(answer.id),) if answer.id else (answer.question, *answer.options)
        times[key] += 1
        found[*key, str(times[key])] = answer
    return found


def _held_against(
    first: Path, ours: dict[Key, ChoiceAnswer], path: Path, theirs: dict[Key, ChoiceAnswer]
) -> None:
    if len(ours) != len(theirs):
        raise GaokerenaError(
            f"{path} has {len(theirs)} answers, {first.name} beside it {len(ours)}: finish the "
            "run, or take it out"
        )
    if other := [theirs[key].row for key in theirs if key not in ours]:
        raise GaokerenaError(
            f"{path} has {len(other)} questions that {first.name} beside it has not (the first in "
            f"row {other[0]}): runs of one system are asked the same"
        )
    keys = [key for key in ours if ours[key].correct != theirs[key].correct]
    if keys:
        raise GaokerenaError(
            f"{path}, row {theirs[keys[0]].row}: another correct option than in {first.name}: "
            "which key is right?"
        )
