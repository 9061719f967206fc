"""Systems compared in pairs on the items both answered, corrected for how often that is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.paper import IBMSEE, MMLU
from training.evaluation.scoring.multiple_choice import READINGS, AnswerSet, Reading, compare
from training.evaluation.scoring.statistics import McNemar, holm


@dataclass(frozen=True, slots=True)
class Comparison:
    """McNemar's test of two systems by one reading.

    Args:
        first: a system.
        second: another.
        on: the benchmark; the subjects of MMLU are in one pot.
        reading: by which answers were read.
        test: what it gives.
        corrected: the exact p, corrected by Holm for all `tests`.
        tests: how many comparisons this reading has, on all benchmarks together.
    """

    first: str
    second: str
    on: str
    reading: Reading
    test: McNemar
    corrected: float
    tests: int


def compare_systems(
    by_place: Mapping[tuple[str, str], AnswerSet],
    systems: Sequence[str],
    others: Mapping[str, str],
    threshold: float,
    *,
    first: str | None = None,
    every_pair: bool = False,
) -> list[Comparison]:
    """One system with answers against every other, or every pair, by every reading that both have.

    Args:
        by_place: the answer files, by subject and system.
        systems: in the order in which they are compared.
        others: subjects that the paper does not have, each with its title.
        threshold: rules that agreed with people less often are in doubt.
        first: the system that is compared with the others; the first with answers.
        every_pair: compare all of them.

    Raises:
        GaokerenaError: no answers are of a system called `first`.
    """
    answered = {system for _, system in by_place}
    if first is not None and first not in answered:
        raise GaokerenaError(
            f"no answers of a system called {first!r}: give one of {', '.join(sorted(answered))}"
        )
    pots = {"MMLU": MMLU, "IBMSEE": (IBMSEE,)} | {title: (s,) for s, title in others.items()}
    found: list[Comparison] = []
    for name, subjects in pots.items():
        there = [s for s in systems if any((subject, s) in by_place for subject in subjects)]
        if first in there:
            there = [first, *(system for system in there if system != first)]
        elif first is not None and not every_pair:
            continue
        pairs = combinations(there, 2) if every_pair else ((there[0], s) for s in there[1:])
        for pair in pairs:
            shared = [s for s in subjects if all((s, system) in by_place for system in pair)]
            if shared:
                mine, theirs = ([by_place[s, system] for s in shared] for system in pair)
                found += _by_readings(pair, name, mine, theirs, threshold)
    return _corrected(found)


def _by_readings(
    pair: tuple[str, str],
    on: str,
    mine: Sequence[AnswerSet],
    theirs: Sequence[AnswerSet],
    threshold: float,
) -> list[Comparison]:
    people = all(answers.read_by_people() for answers in (*mine, *theirs))
    found = []
    for reading in READINGS if people else READINGS[1:]:
        test = compare(mine, theirs, reading, threshold=threshold)
        found.append(Comparison(*pair, on, reading, test, test.exact, 1))
    return found


def _corrected(found: Sequence[Comparison]) -> list[Comparison]:
    by_reading = {
        reading: [place for place, each in enumerate(found) if each.reading == reading]
        for reading in READINGS
    }
    corrected = list(found)
    for places in by_reading.values():
        values = holm([found[place].test.exact for place in places])
        for place, value in zip(places, values, strict=True):
            corrected[place] = replace(found[place], corrected=value, tests=len(places))
    return corrected
