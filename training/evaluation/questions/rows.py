"""Rows of a file, a released folder or a Hub repository, whichever a location names."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.errors import GaokerenaError, reason_of
from training.evaluation.reading.spreadsheets import read_sheet

_FORMS = {".json": "json", ".parquet": "parquet", ".csv": "csv"}
_OF_A_FOLDER = (".xlsx", ".csv", ".tsv", ".jsonl", ".parquet")
_SPLITS = {"train", "training", "dev", "valid", "validation", "eval", "test"}
_LARGEST_CELL = 10_000_000


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


def test_files(folder: Path) -> list[Path]:
    """The data files that lie in a folder itself, but for those of other splits than the test.

    A released folder has none: `read_rows` reads it by its card.
    """
    if (folder / "manifest.json").is_file():
        return []
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.casefold() in _OF_A_FOLDER and not path.name.startswith((".", "~$"))
    ]
    splits = {path: _SPLITS & set(re.split(r"[\W_]+", path.stem.casefold())) for path in found}
    if any("test" in names for names in splits.values()) and any(
        names - {"test"} for names in splits.values()
    ):
        return [path for path in found if splits[path] <= {"test"}]
    return found


def read_file(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of one file with their numbers, their columns in lower case.

    Cells of a csv or tsv file are texts as they stand there: "None" and "007" stay.

    Args:
        path: `.xlsx`, `.csv`, `.tsv`, `.jsonl`, `.json` (a list of objects) or `.parquet`.

    Raises:
        GaokerenaError: it is none of these, or cannot be read.
    """
    suffix = path.suffix.casefold()
    if suffix == ".xlsx":
        yield from ((number, dict(row)) for number, row in read_sheet(path))
        return
    readers = {
        ".csv": _delimited, ".tsv": _delimited, ".jsonl": _lines, ".json": _list,
        ".parquet": _table,
    }  # fmt: skip
    if suffix not in readers:
        raise GaokerenaError(f"{path} is none of .xlsx, {', '.join(readers)}: save it as one")
    for number, row in enumerate(readers[suffix](path), start=1):
        yield number, {str(column).strip().casefold(): value for column, value in row.items()}


def _delimited(path: Path) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(_LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            tab = path.suffix.casefold() == ".tsv"
            semicolons = header.count(";") > header.count(",")
            yield from csv.DictReader(file, delimiter="\t" if tab else ";" if semicolons else ",")
    except (OSError, ValueError, csv.Error) as error:
        raise GaokerenaError(f"{path} cannot be read: {reason_of(error)}") from error


def _list(path: Path) -> Iterator[dict[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise GaokerenaError(f"{path} cannot be read: {reason_of(error)}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise GaokerenaError(f"{path} is no list of objects: save it as .jsonl, one a line")
    yield from rows


def _table(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise GaokerenaError(f"{path} cannot be read: {reason_of(error)}") from error


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


def config_names(location: str) -> list[str]:
    """The configs of a released folder or a Hub repository.

    Raises:
        GaokerenaError: there is no such thing.
    """
    from datasets import get_dataset_config_names

    try:
        return list(get_dataset_config_names(location))
    except (OSError, ValueError) as error:
        raise GaokerenaError(f"{location} cannot be loaded: {reason_of(error)}") from error


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
