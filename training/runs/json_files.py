"""What a training writes and reads as JSON: objects, whole or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        GaokerenaError: it is not one.
    """
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise GaokerenaError(f"{file} cannot be read as JSON: {error}") from error
    if not isinstance(content, dict):
        raise GaokerenaError(f"{file} is not what a training writes: it holds no object")
    return content


def write_json(content: Mapping[str, Any], file: Path) -> None:
    """Write an object."""
    with atomic_file(file) as part:
        part.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
