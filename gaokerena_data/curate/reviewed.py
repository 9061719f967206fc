"""What the rule `review@1` leaves for the rest of a curation to write."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the rule leaves for the run to write.

    Args:
        candidates: the rows as reviewers are to see them, before any decision, in id order.
        stale: ids of records that were judged, but never in their present words.
        card: what the dataset card says of the review.
    """

    candidates: pa.Table
    stale: list[str]
    card: str | None
