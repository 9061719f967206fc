"""Which rows deserve a clinician's eyes first, and why.

A doubt drops nothing: it only puts a row in front of somebody who can judge it.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gaokerena_data.review.candidates import Candidate, Thresholds
from gaokerena_data.review.gain import Score, likely_bad
from gaokerena_data.text.near_duplicates.search import find_near_duplicates
from gaokerena_data.text.privacy import find_personal_data

# The gravest first: a row with two doubts is counted under the first of them.
DOUBTS = (
    "text_changed",
    "asked_again",
    "personal_data",
    "little_worth",
    "possible_duplicate",
    "machine_written",
    "template_answer",
    "near_threshold",
)

# Rows that a slightly higher floor or share would have dropped.
_WORDS_MARGIN = 0.05
_SHARE_MARGIN = 0.1
# Jaccard similarity of whole pairs from which two rows are looked at together.
_SIMILAR = 0.6
_REPORT_EVERY = 200
_TEMPLATE_COUNT = 3
# Forum doctors greet and type few ZWNJ; texts of a language model are the other way round.
_MACHINE_ZWNJ = 5
_GREETING = re.compile(r"سلام|درود|وقت بخیر|عزیز|گرامی")
_MACHINE = re.compile(r"\*\*|^#{1,4} |به عنوان یک (?:مدل|هوش)|هوش مصنوعی هستم", re.MULTILINE)


@dataclass(slots=True)
class Doubts:
    """Why one row is doubtful, the gravest first, and the row that it may be a duplicate of."""

    names: list[str] = field(default_factory=list)
    partner: str | None = None
    similarity: float | None = None


def find_doubts(
    candidates: Sequence[Candidate],
    raw_answers: dict[str, str],
    thresholds: Thresholds,
    progress: Callable[[str, int, int], None],
    scores: Mapping[str, Score] | None = None,
) -> dict[str, Doubts]:
    """Every doubtful row and its doubts.

    Args:
        candidates: all of them: duplicates and templates show only in the whole.
        raw_answers: record id -> the answer as crawled, before the normalizer put its ZWNJ in.
        thresholds: the thresholds that rows are near to.
        progress: told ("doubts", done, total) as it goes.
        scores: of the last curation, by record id, where there are any.

    Returns:
        record id -> doubts, for rows that have any, in the order of `candidates`.
    """
    repeated = Counter(row.answer for row in candidates)
    partners = _similar_rows(candidates, thresholds)
    bad = likely_bad(candidates, scores or {})
    found = {}
    for done, row in enumerate(candidates):
        if done % _REPORT_EVERY == 0:
            progress("doubts", done, len(candidates))
        doubts = Doubts()
        if row.id in partners:
            doubts.partner, doubts.similarity = partners[row.id]
        marks = {
            "personal_data": bool(find_personal_data(f"{row.question}\n{row.answer}")),
            "little_worth": row.id in bad,
            "possible_duplicate": doubts.partner is not None,
            "machine_written": _is_machine_like(raw_answers.get(row.id, row.answer)),
            "template_answer": repeated[row.answer] >= _TEMPLATE_COUNT,
            "near_threshold": _is_near_threshold(row, thresholds),
        }
        doubts.names = [name for name in DOUBTS if marks.get(name)]
        if doubts.names:
            found[row.id] = doubts
    progress("doubts", len(candidates), len(candidates))
    return found


def _is_near_threshold(row: Candidate, thresholds: Thresholds) -> bool:
    floor = thresholds.floor_of(row.source)
    near_floor = floor > 0 and row.answer_words < floor * (1 + _WORDS_MARGIN)
    return near_floor or row.persian_share < thresholds.min_persian_share + _SHARE_MARGIN


def _is_machine_like(raw: str) -> bool:
    unlike_a_forum = raw.count("\u200c") >= _MACHINE_ZWNJ and not _GREETING.search(raw[:80])
    return unlike_a_forum or _MACHINE.search(raw) is not None


def _similar_rows(
    candidates: Sequence[Candidate], thresholds: Thresholds
) -> dict[str, tuple[str, float]]:
    # The one search for near-duplicates that there is, a little below the dataset's threshold.
    texts = [f"{row.question}\n{row.answer}" for row in candidates]
    matches = find_near_duplicates(
        texts,
        n=thresholds.shingle_words,
        threshold=_SIMILAR,
        bands=28,
        rows=4,
        seed=thresholds.seed,
    )
    best: dict[str, tuple[str, float]] = {}
    pairs = zip(
        matches.first.tolist(), matches.second.tolist(), matches.jaccard.tolist(), strict=True
    )
    for first, second, similarity in pairs:
        one, other = candidates[first].id, candidates[second].id
        for row, partner in ((one, other), (other, one)):
            if row not in best or (similarity, best[row][0]) > (best[row][1], partner):
                best[row] = (partner, similarity)
    return best
