"""The changelog of a dataset: one entry a version, made from the diff to the one before.

It holds counts and reasons only. What a removed row said is not told again: it may have been
removed because it must not be told.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from gaokerena_data.release.differences.diff import ConfigDiff, Diff
from gaokerena_data.release.folder import ReleaseFolder

CHANGELOG = "changelog.json"


def read_changelog(release: Path | None) -> list[dict[str, Any]]:
    """The entries of a release, the newest first; none where it has no changelog."""
    if release is None or not (release / CHANGELOG).is_file():
        return []
    entries: list[dict[str, Any]] = json.loads((release / CHANGELOG).read_text("utf-8"))
    return entries


def make_entry(
    version: str, release: ReleaseFolder, diff: Diff | None, taken_down: int
) -> dict[str, Any]:
    """The entry of one version.

    Args:
        version: of the release.
        release: its folder.
        diff: to the version before; None for the first.
        taken_down: records left out of this version because somebody asked for it.
    """
    entry: dict[str, Any] = {
        "version": version,
        "previous": diff.old.version if diff else None,
        "level": diff.level if diff else None,
        "rows": release.counts(),
        "taken_down": taken_down,
        "schema": diff.schema if diff else [],
        "changes": {},
    }
    if diff is not None:
        entry["changes"] = {config: summarize(rows) for config, rows in diff.configs.items()}
    return entry


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


def _counted(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
