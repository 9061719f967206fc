"""Rows of a file, a released folder or a Hub repository, whichever a location names."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of
from training.evaluation.reading.spreadsheets import read_sheet

_FORMS = {".json": "json", ".parquet": "parquet", ".csv": "csv"}


def read_rows(location: str, split: str, *, config: str | None = None) -> Iterator[dict[str, Any]]:
    """The rows of one split, one by one, their columns in lower case.

    Args:
        location: an `.xlsx`, `.jsonl`, `.json`, `.csv` or `.parquet` file, a folder of
            spreadsheets, a released folder, or a Hub repository (`org/name`).
        split: which split of a dataset; a file has only one.
        config: which config of a dataset; where there is none of that name, the first.

    Raises:
        GaokerenaError: there is no such thing, or it cannot be read.
    """
    path = Path(location)
    if (path.is_absolute() or path.suffix or location.startswith(".")) and not path.exists():
        raise GaokerenaError(f"{location} cannot be loaded: there is no such file or folder")
    sheets = sorted(path.glob("*.xlsx")) if path.is_dir() else []
    if path.suffix == ".xlsx":
        sheets = [path]
    if sheets:
        for sheet in sheets:
            yield from (dict(row) for _, row in read_sheet(sheet))
        return
    for row in _lines(path) if path.suffix == ".jsonl" else _dataset(location, split, config):
        yield {str(column).casefold(): value for column, value in row.items()}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise GaokerenaError(f"{path}, line {number} is no JSON: {error}") from error
            if not isinstance(row, dict):
                raise GaokerenaError(f"{path}, line {number} is no JSON object")
            yield row


def _dataset(location: str, split: str, config: str | None) -> Any:
    from datasets import get_dataset_config_names, load_dataset

    suffix = Path(location).suffix
    try:
        if suffix in _FORMS:
            files = {split: location}
            return load_dataset(_FORMS[suffix], data_files=files, split=split, streaming=True)
        configs = get_dataset_config_names(location)
        chosen = config if config in configs else configs[0]
        return load_dataset(location, chosen, split=split, streaming=True)
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"{location} cannot be loaded: {reason}") from error
