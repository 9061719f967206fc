"""Summaries: the one small JSON file in which every evaluation leaves its result."""

import json
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file

KINDS = ("win_rate", "kqa", "timing", "contamination")


def write_summary(path: Path, summary: dict[str, Any]) -> None:
    """Write a summary; its `kind` says which evaluation it is of."""
    with atomic_file(path) as part:
        text = json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True)
        part.write_text(text + "\n", encoding="utf-8")


def summary_beside(path: Path) -> Path:
    """Where the summary of a file of verdicts or labels goes."""
    return path.with_suffix(".summary.json")


def read_summary(path: Path) -> dict[str, Any]:
    """Read a summary.

    Raises:
        GaokerenaError: the file is missing or is no summary.
    """
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GaokerenaError(f"{path} cannot be read as a summary: {error}") from error
    if not isinstance(summary, dict) or summary.get("kind") not in KINDS:
        raise GaokerenaError(f"{path} is no summary: its kind must be one of {', '.join(KINDS)}")
    return summary
