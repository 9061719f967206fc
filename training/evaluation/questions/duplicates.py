"""Items that stand more than once in the benchmarks: counted twice, they weigh twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from gaokerena_data.choices.folding import words


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: its subject and the row or line of its file."""

    subject: str
    row: int


def find_duplicates(
    items: Iterable[tuple[Place, str, tuple[str, ...]]],
) -> list[list[Place]]:
    """Groups of two or more places whose question and options are the same words.

    Args:
        items: place, question and options of every item. The options' order does not matter, nor
            do spelling variants of letters, digits, spaces and punctuation.
    """
    places: dict[tuple[str, ...], list[Place]] = {}
    for place, question, options in items:
        key = (" ".join(words(question)), *sorted(" ".join(words(option)) for option in options))
        places.setdefault(key, []).append(place)
    return [group for group in places.values() if len(group) > 1]


def count_by_subjects(groups: Iterable[list[Place]]) -> dict[tuple[str, ...], int]:
    """How many groups there are for every set of subjects they touch; one subject means inside."""
    counts: dict[tuple[str, ...], int] = {}
    for group in groups:
        subjects = tuple(sorted({place.subject for place in group}))
        counts[subjects] = counts.get(subjects, 0) + 1
    return dict(sorted(counts.items()))
