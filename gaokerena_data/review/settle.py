"""From what reviewers said to what becomes of a row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from gaokerena_data.review.decisions import Decision, latest_of_each
from gaokerena_data.settled import REASONS, Reason

type ConflictRule = Literal["majority", "senior", "ask_again"]
type Resolution = Literal["keep", "reject", "edit", "ask_again"]

_OUTCOMES: dict[str, Resolution] = {"accept": "keep", "reject": "reject", "edit": "edit"}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What becomes of one content of one row.

    Args:
        outcome: "ask_again" where nobody could say, or reviewers differ and the rule has no answer.
        votes: the decisions it rests on, by reviewer; abstentions are not among them.
        reason: why it is rejected; the most frequent of the reasons given.
        question: the corrected question, None where it stays.
        answer: the corrected answer, None where it stays.
    """

    outcome: Resolution
    votes: tuple[Decision, ...]
    reason: Reason | None = None
    question: str | None = None
    answer: str | None = None

    @property
    def is_conflict(self) -> bool:
        """Whether the reviewers wanted different things."""
        return len({_wish(vote) for vote in self.votes}) > 1

    @property
    def is_disputed(self) -> bool:
        """Whether somebody rejects a row that is to be asked again."""
        return self.outcome == "ask_again" and any(v.choice == "reject" for v in self.votes)


@dataclass(frozen=True, slots=True)
class Settled:
    """Verdicts by (record id, content hash)."""

    verdicts: dict[tuple[str, str], Resolved]

    @property
    def record_ids(self) -> frozenset[str]:
        """Every record that anybody has judged in any form."""
        return frozenset(record_id for record_id, _ in self.verdicts)


def settle(
    decisions: Iterable[Decision], rule: ConflictRule, senior: Sequence[str] = ()
) -> Settled:
    """Settle a log, row by row.

    The last word of each reviewer counts; "out of field" and "unclear" are no votes. Votes of a
    later round (a batch that asked a conflict again) replace those of the rounds before. Where all
    votes want the same, that is done; where they differ, the rule decides:

    - "majority": what more than half of the votes want; two edits want the same only where they
      correct to the same words. Otherwise ask again.
    - "senior": what the first of `senior` who voted wants. Otherwise ask again.
    - "ask_again": ask again.

    Args:
        decisions: in the order of the log.
        rule: for conflicts.
        senior: reviewers, the most senior first.
    """
    said: dict[tuple[str, str], list[Decision]] = {}
    for (record_id, content, _, _), decision in latest_of_each(decisions).items():
        said.setdefault((record_id, content), []).append(decision)
    return Settled(
        {place: _verdict(said[place], rule, senior) for place in sorted(said)},
    )


def _verdict(said: Iterable[Decision], rule: ConflictRule, senior: Sequence[str]) -> Resolved:
    voted = [decision for decision in said if decision.choice in _OUTCOMES]
    last = max((vote.round for vote in voted), default=1)
    votes = tuple(
        sorted((vote for vote in voted if vote.round == last), key=lambda vote: vote.reviewer)
    )
    wishes = Counter(_wish(vote) for vote in votes)
    if len(wishes) == 1:
        return _carried_out(votes, votes[0])
    if rule == "majority" and wishes:
        wish, count = wishes.most_common(1)[0]
        if 2 * count > len(votes):
            return _carried_out(votes, next(vote for vote in votes if _wish(vote) == wish))
    if rule == "senior":
        for name in senior:
            for vote in votes:
                if vote.reviewer == name:
                    return _carried_out(votes, vote)
    return Resolved("ask_again", votes)


def _wish(vote: Decision) -> tuple[str, str | None, str | None]:
    return vote.choice, vote.question, vote.answer


def _carried_out(votes: tuple[Decision, ...], vote: Decision) -> Resolved:
    given = Counter(other.reason for other in votes)
    reason = max(REASONS, key=lambda name: given[name]) if vote.choice == "reject" else None
    return Resolved(_OUTCOMES[vote.choice], votes, reason, vote.question, vote.answer)
