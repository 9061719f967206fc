"""Replies that give no reading, counted by why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


def count_reasons(entries: Sequence[Mapping[str, Any]], key: str) -> dict[str, int]:
    """How many entries have nothing under a key, by why.

    A model refused, an endpoint filtered, a limit cut the reply off; or its words say nothing
    plain.
    """
    counts = Counter(
        str(entry.get("missing") or "not plain").replace("_", " ")
        for entry in entries
        if entry.get(key) is None
    )
    return dict(sorted(counts.items()))


def told_reasons(counts: Mapping[str, int]) -> str:
    """The counts in brackets, or nothing where there are none."""
    if not counts:
        return ""
    return f" ({', '.join(f'{count} {why}' for why, count in counts.items())})"
