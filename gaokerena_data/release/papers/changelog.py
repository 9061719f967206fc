"""The changelog of a dataset: one entry a version, made from the diff to the one before.

It holds counts and reasons only. What a removed row said is not told again: it may have been
removed because it must not be told.
"""

import json
from pathlib import Path
from typing import Any

from gaokerena_data.errors import damage_told
from gaokerena_data.release.differences.diff import Diff
from gaokerena_data.release.differences.summary import summarize
from gaokerena_data.release.folder import RESTORE, ReleaseFolder

CHANGELOG = "changelog.json"


def read_changelog(release: Path | None) -> list[dict[str, Any]]:
    """The entries of a release, the newest first; none where it has no changelog."""
    file = None if release is None else release / CHANGELOG
    if file is None or not file.exists():
        return []
    with damage_told(file, RESTORE):
        entries: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
        for entry in entries:  # a later version counts from the number of each
            _ = entry["version"].split("."), dict(entry)
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
