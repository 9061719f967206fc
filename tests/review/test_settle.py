"""Votes of several reviewers, and what becomes of the row."""

from itertools import permutations
from typing import Any

import pytest

from gaokerena_data.review.decisions import Choice, Decision
from gaokerena_data.review.settle import ConflictRule, Resolved, settle
from gaokerena_data.settled import content_hash

CONTENT = content_hash("سرم گیج می‌رود", "فشار خون خود را اندازه بگیرید")


def vote(reviewer: str, choice: Choice, minute: int = 0, **more: Any) -> Decision:
    if choice == "reject":
        more.setdefault("reason", "outdated")
    if choice == "edit":
        more.setdefault("answer", "فشار خون را هر صبح اندازه بگیرید")
    at = f"2026-03-21T08:{minute:02}:00Z"
    more = {"record_id": "drhast-1", "content": CONTENT, "decided_at": at} | more
    return Decision(choice=choice, reviewer=reviewer, **more)


def verdict(
    votes: list[Decision], rule: ConflictRule = "majority", senior: tuple[str, ...] = ()
) -> Resolved:
    [only] = settle(votes, rule, senior).verdicts.values()
    return only


@pytest.mark.parametrize("rule", ["majority", "senior", "ask_again"])
@pytest.mark.parametrize(
    ("choice", "outcome"), [("accept", "keep"), ("reject", "reject"), ("edit", "edit")]
)
def test_who_agrees_needs_no_rule(rule: ConflictRule, choice: Choice, outcome: str) -> None:
    settled = verdict([vote("maryam", choice), vote("reza", choice)], rule)
    assert settled.outcome == outcome
    assert not settled.is_conflict


@pytest.mark.parametrize(
    ("rule", "choices", "outcome"),
    [
        ("majority", ["accept", "reject", "reject"], "reject"),
        ("majority", ["accept", "accept", "edit"], "keep"),
        ("majority", ["accept", "reject"], "ask_again"),
        ("majority", ["accept", "reject", "edit"], "ask_again"),
        ("majority", ["accept", "out_of_field", "unclear"], "keep"),
        ("majority", ["out_of_field", "unclear"], "ask_again"),
        ("ask_again", ["accept", "accept", "reject"], "ask_again"),
        ("senior", ["accept", "accept", "reject"], "reject"),
        ("senior", ["reject", "reject", "out_of_field"], "reject"),
        ("senior", ["accept", "edit", "unclear"], "edit"),
    ],
)
def test_the_rule_decides_in_whatever_order_votes_come(
    rule: ConflictRule, choices: list[Choice], outcome: str
) -> None:
    votes = [vote(name, choice) for name, choice in zip("abc", choices, strict=False)]
    for order in permutations(votes):
        assert verdict(list(order), rule, ("c", "b")).outcome == outcome


def test_without_a_vote_of_a_senior_a_conflict_is_asked_again() -> None:
    votes = [vote("maryam", "accept"), vote("reza", "reject")]
    assert verdict(votes, "senior", ("sara",)).outcome == "ask_again"


def test_two_different_corrections_are_no_agreement() -> None:
    votes = [vote("maryam", "edit"), vote("reza", "edit", answer="به پزشک مراجعه کنید")]
    assert verdict(votes).outcome == "ask_again"
    assert verdict(votes).is_conflict
    assert not verdict(votes).is_disputed


def test_the_last_word_counts_even_when_its_file_comes_first() -> None:
    late, early = vote("maryam", "reject", 9), vote("maryam", "accept", 5)
    assert verdict([late, early]).outcome == "reject"
    assert verdict([early, late]).outcome == "reject"


def test_a_later_round_replaces_the_votes_before_it() -> None:
    first = [vote("maryam", "accept"), vote("reza", "reject")]
    assert verdict([*first, vote("sara", "accept", round=2)], "ask_again").outcome == "keep"
    # Nobody could say in the second round: the conflict of the first stays one.
    unsettled = verdict([*first, vote("sara", "unclear", round=2)], "ask_again")
    assert unsettled.outcome == "ask_again"
    assert unsettled.is_disputed


def test_the_ledger_names_the_most_frequent_reason_and_of_equals_the_gravest() -> None:
    reasons = ["outdated", "advertising", "advertising"]
    votes = [vote(n, "reject", reason=r) for n, r in zip("abc", reasons, strict=True)]
    assert verdict(votes).reason == "advertising"
    assert verdict(votes[:2]).reason == "outdated"


def test_each_content_of_a_row_is_settled_by_itself() -> None:
    other = content_hash("سرم گیج می‌رود", "نمک کمتر بخورید")
    settled = settle(
        [vote("maryam", "reject"), vote("maryam", "accept", content=other)], "majority"
    )
    assert {content: v.outcome for (_, content), v in settled.verdicts.items()} == {
        CONTENT: "reject",
        other: "keep",
    }
    assert settled.record_ids == {"drhast-1"}
