"""Reading the decisions file that the review page saves."""

from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.formats.replies import Replies, Reply, text_of, utc_time

FORMAT = "gaokerena-decisions@1"


def read_decisions(path: Path, value: dict[str, Any]) -> Replies:
    """Read `BATCH.REVIEWER.decisions.json`.

    Args:
        path: for messages.
        value: the JSON object it holds.

    Raises:
        GaokerenaError: it is no such file.
    """
    rows = value.get("decisions")
    if value.get("format") != FORMAT or not isinstance(rows, list):
        raise GaokerenaError(f"{path}: not a decisions file of the review page ({FORMAT})")
    replies = Replies(text_of(value.get("batch")), text_of(value.get("reviewer")), None)
    for number, row in enumerate(rows, start=1):
        cells = row if isinstance(row, dict) else {}
        replies.rows.append(
            Reply(
                place=f"decision {number}",
                id=text_of(cells.get("record_id")),
                content=text_of(cells.get("content")),
                question=None,
                answer=None,
                choice=text_of(cells.get("choice")),
                reason=text_of(cells.get("reason")),
                new_question=text_of(cells.get("question")),
                new_answer=text_of(cells.get("answer")),
                note=text_of(cells.get("note")),
                decided_at=utc_time(text_of(cells.get("decided_at"))),
            )
        )
    return replies
