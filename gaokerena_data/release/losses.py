"""Sources that are gone from a dataset's records, or have shrunk, since the last version."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import read_ledger


def count_inputs(ledger: Path) -> Counter[str]:
    """The records that went into a curation, by source; none where there is no ledger."""
    if not ledger.is_file():
        return Counter()
    counts = read_ledger(ledger, ["source"])["source"].value_counts()
    return Counter({each["values"]: each["counts"] for each in counts.to_pylist()})


def find_losses(before: Mapping[str, int], now: Mapping[str, int], most: float) -> list[str]:
    """A line on each source that lost more than a share of its records.

    >>> find_losses({"drhast": 100, "niniban": 100}, {"niniban": 90}, most=0.2)
    ['drhast had 100 records, and has none now']

    Args:
        before: records by source that went into the last version.
        now: the same of today.
        most: share of them that may be gone, 0..1.
    """
    lines = []
    for source, had in sorted(before.items()):
        has = now.get(source, 0)
        if has < had * (1 - most):
            left = f"{has:,}" if has else "none"
            lines.append(f"{source} had {had:,} records, and has {left} now")
    return lines


def check_losses(lines: list[str], dataset: str, version: str) -> None:
    """Refuse a version that has lost more than its maintainer knows of.

    Raises:
        GaokerenaError: there is such a line.
    """
    if lines:
        raise GaokerenaError(
            f"{dataset}: since {version} {'; '.join(lines)}: a file is missing, or a crawl went "
            "wrong (`gaokerena status` shows the sources); if that is meant, give --accept-loss"
        )
