"""Decisions as a log holds them."""

from gaokerena_data.review.decisions import Choice, Decision
from gaokerena_data.settled import content_hash

TIME = "2026-03-21T08:00:00Z"


def decision(row: int, reviewer: str, choice: Choice, round_: int = 1) -> Decision:
    """What a reviewer says of a row; the reason or the text that goes with it."""
    content = content_hash(f"پرسش {row}", "پاسخ")
    reason, answer = None, None
    if choice == "reject":
        reason = "outdated"
    if choice == "edit":
        answer = "متن تازه"
    return Decision(
        f"drhast-{row}",
        content,
        choice,
        reviewer,
        TIME,
        reason=reason,  # type: ignore[arg-type]
        answer=answer,
        round=round_,
    )
