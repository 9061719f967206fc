"""How much a clinician's minute on a row is worth: what is likely bad, harmful, or stands often."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaokerena_data.datasets.configs import SCORES_FILE
from gaokerena_data.errors import read_table
from gaokerena_data.review.candidates import Candidate
from gaokerena_data.workspace import Workspace

_DOUBLINGS = 4  # so many doublings of the rows that have an answer count as much as the row itself
_LIKELY_PART = 10
_COLUMNS = ("id", "worth", "harmful")


@dataclass(frozen=True, slots=True)
class Score:
    """What the last curation's scorer says of a row, both from 0 to 1."""

    worth: float
    harmful: float


def read_scores(workspace: Workspace, dataset: str) -> dict[str, Score]:
    """The scores of the last curation by record id; none where the dataset has no scorer.

    Raises:
        GaokerenaError: their file is damaged.
    """
    file = workspace.curated(dataset) / SCORES_FILE
    if not file.is_file():
        return {}
    again = f"run `gaokerena curate {dataset}` again"
    table = read_table(file, again, columns=list(_COLUMNS))
    ids, worth, harmful = (table[name].to_pylist() for name in _COLUMNS)
    return {each: Score(good, harm) for each, good, harm in zip(ids, worth, harmful, strict=True)}


def expected_gain(candidates: Sequence[Candidate], scores: Mapping[str, Score]) -> dict[str, float]:
    """What asking about each row may bring; 0 where it was not scored.

    The chance that the row is bad, and once more the chance that it is harmful, times one for the
    row and a quarter for each doubling of the rows that have its answer word for word: whoever
    rejects one of them has judged the others too.

    Args:
        candidates: all of them.
        scores: by record id.
    """
    rows = Counter(row.answer for row in candidates)
    found = {}
    for row in candidates:
        score = scores.get(row.id)
        chance = 1 - score.worth + score.harmful if score is not None else 0.0
        found[row.id] = chance * (1 + math.log2(rows[row.answer]) / _DOUBLINGS)
    return found


def likely_bad(candidates: Sequence[Candidate], scores: Mapping[str, Score]) -> set[str]:
    """The tenth of the scored rows that are the likeliest to be bad, by id.

    Rows that somebody read are certain, one way or the other: they are in no tenth.
    """
    chances = {row.id: 1 - scores[row.id].worth for row in candidates if row.id in scores}
    unsure = {each: chance for each, chance in chances.items() if 0 < chance < 1}
    order = sorted(unsure, key=lambda each: (-unsure[each], each))
    return set(order[: len(unsure) // _LIKELY_PART])
