"""Verdicts on the rows of a curation."""

from typing import Any

from gaokerena_data.curate.rules.review import Applied
from gaokerena_data.curate.rules.review import apply_review as apply_rulings
from gaokerena_data.review.decisions import Choice, Decision
from gaokerena_data.review.settle import settle
from gaokerena_data.review.settle_log import rulings_of
from gaokerena_data.settled import content_hash
from gaokerena_data.text.normalizer import normalize

IDS = ["drhast-1", "drhast-2", "drhast-3", "drhast-4"]
QUESTIONS = [f"سلام، {n} ماه است که شب‌ها سرفه می‌کنم. چه کنم؟" for n in "۱۲۳۴"]
ANSWERS = [f"روزی {n} بار شربت دیفن‌هیدرامین بخورید." for n in "۱۲۳۴"]
TIME = "2026-03-21T08:30:00Z"


def decision(row: int, choice: Choice, reviewer: str = "maryam", **more: Any) -> Decision:
    content = content_hash(QUESTIONS[row], ANSWERS[row])
    return Decision(IDS[row], content, choice, reviewer, TIME, **more)


def apply_review(answers: list[str], log: list[Decision]) -> Applied:
    rulings = rulings_of(settle(log, "majority"))
    return apply_rulings(IDS, QUESTIONS, answers, rulings, normalize)


def test_rejects_leave_edits_replace_the_rest_stays() -> None:
    log = [
        decision(0, "reject", reason="wrong_or_harmful", note="دوز خطرناک است"),
        decision(1, "edit", answer="روزي 2 بار بخوريد."),
        decision(2, "accept"),
    ]
    applied = apply_review(ANSWERS, log)
    assert applied.rejected == [True, False, False, False]
    assert applied.reasons == ["wrong_or_harmful", None, None, None]
    assert applied.edited == [False, True, False, False]
    # What goes on is normalized like every other text.
    assert applied.answers == [ANSWERS[0], "روزی ۲ بار بخورید.", *ANSWERS[2:]]
    assert applied.questions == QUESTIONS
    first, second, *rest = applied.details
    assert first is not None
    assert "دوز خطرناک است" in first
    assert second is not None
    assert content_hash(QUESTIONS[1], ANSWERS[1]) in second
    assert rest == [None, None]
    assert applied.stale == []


def test_words_that_nobody_judged_go_on_and_are_named() -> None:
    log = [decision(0, "reject", reason="outdated")]
    changed = ["روزی ۱۰ بار شربت دیفن‌هیدرامین بخورید.", *ANSWERS[1:]]
    applied = apply_review(changed, log)
    assert applied.rejected == [False] * 4
    assert applied.stale == ["drhast-1"]


def test_a_row_under_dispute_waits_outside_and_two_edits_wait_inside() -> None:
    log = [
        decision(0, "accept"),
        decision(0, "reject", "reza", reason="outdated"),
        decision(1, "edit", answer="یک بار"),
        decision(1, "edit", "reza", answer="دو بار"),
    ]
    applied = apply_review(ANSWERS, log)
    assert applied.reasons == ["disputed", None, None, None]
    assert applied.answers == ANSWERS


def test_a_correction_that_normalizes_to_the_same_is_no_edit() -> None:
    log = [decision(0, "edit", answer=ANSWERS[0].replace("ی", "ي"))]
    applied = apply_review(ANSWERS, log)
    assert applied.edited == [False] * 4
    assert applied.details == [None] * 4
