"""A diff in numbers: what the changelog and the reports tell of it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from gaokerena_data.release.differences.diff import ConfigDiff


def summarize(rows: ConfigDiff) -> dict[str, Any]:
    """Counts of a config's changes, by source, reason and column."""
    moved = [row for row in rows.changed if row.split != row.old_split]
    return {
        "added": _counted(row.source for row in rows.added),
        "removed": _counted(row.source for row in rows.removed),
        "changed": _counted(row.source for row in rows.changed),
        "reasons": [
            {"step": step, "reason": reason, "rows": count}
            for (step, reason), count in sorted(
                Counter((row.step, row.reason) for row in rows.removed).items(),
                key=lambda item: (-item[1], item[0]),
            )
        ],
        "columns": _counted(column for row in rows.changed for column in row.columns),
        "moved": len(moved),
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
