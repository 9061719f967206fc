"""A release folder read back: its configs, splits, columns and rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.errors import GaokerenaError, damage_told, read_table

RESTORE = "restore it from a copy, or from the Hub"
# Splits in the order people name them, not in the alphabet's.
SPLIT_ORDER = ("train", "dev", "validation", "test", "unassigned", "removed")
# What the datasets call the column that says where a row comes from, by preference.
SOURCE_COLUMNS = ("subject", "Topic", "Source", "source")
# The texts of each dataset, the announcing one first; by the columns that are there.
TEXT_COLUMNS = (
    "title",
    "content",
    "Question",
    "question",
    "Answer",
    "Free_form_answer",
    "prompt",
    "chosen",
    "rejected",
    "chain",
)


def parquet_path(config: str, split: str, number: int = 0, files: int = 1) -> str:
    """Where a file of a split lies in a release: the Hub's own convention."""
    return f"{config_folder(config)}/{split}-{number:05d}-of-{files:05d}.parquet"


def config_folder(config: str) -> str:
    """The folder of a config's files."""
    return "data" if config == "default" else config


def source_column(names: Sequence[str]) -> str | None:
    """The column that tells where a row comes from, if there is one."""
    return next((name for name in SOURCE_COLUMNS if name in names), None)


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """The parquet files of a release, by config and split, in reading order."""

    path: Path
    files: dict[str, dict[str, list[Path]]]

    @property
    def version(self) -> str:
        """The version its manifest states, or its folder's name where there is no manifest."""
        return self._stated("version", self.path.name)

    @property
    def dataset(self) -> str:
        """The dataset its manifest states, or the name of the folder above it."""
        return self._stated("dataset", self.path.resolve().parent.name)

    def _stated(self, key: str, otherwise: str) -> str:
        manifest = self.path / "manifest.json"
        if not manifest.exists():
            return otherwise
        with damage_told(manifest, f"it is not the manifest of a release: {RESTORE}"):
            return str(json.loads(manifest.read_text("utf-8"))[key])

    def schema(self, config: str) -> pa.Schema:
        """Columns of a config."""
        files = next(iter(self.files[config].values()))
        return _schema(files[0])

    def column(self, config: str, name: str) -> pa.ChunkedArray:
        """One column over all splits of a config; texts as large strings."""
        columns = [
            _table(file, columns=[name])[name]
            for files in self.files[config].values()
            for file in files
        ]
        if pa.types.is_string(columns[0].type):
            columns = [column.cast(pa.large_string()) for column in columns]
        chunks = [chunk for column in columns for chunk in column.chunks]
        return pa.chunked_array(chunks, type=columns[0].type)

    def splits(self, config: str) -> pa.Array:
        """The split of each row, in the order of `column`."""
        names = [
            pa.repeat(pa.scalar(split), _count(file))
            for split, files in self.files[config].items()
            for file in files
        ]
        return pa.concat_arrays(names)

    def ids(self, config: str, split: str) -> list[list[str]]:
        """Ids of a split, file by file; none where the release has no such split or no ids."""
        files = self.files.get(config, {}).get(split, [])
        return [
            _table(file, columns=["id"])["id"].to_pylist()
            for file in files
            if "id" in _schema(file).names
        ]

    def counts(self) -> dict[str, dict[str, int]]:
        """Rows of each config and split."""
        return {
            config: {split: sum(map(_count, files)) for split, files in splits.items()}
            for config, splits in self.files.items()
        }

    def rows(self, config: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Whole rows by their ids; an id that is not there is left out."""
        wanted = pa.array(ids, pa.string())
        found: dict[str, dict[str, Any]] = {}
        for files in self.files[config].values():
            for file in files:
                table = _table(file, filters=pc.field("id").isin(wanted))
                found |= {row["id"]: row for row in table.to_pylist()}
        return found


def open_release(path: Path) -> ReleaseFolder:
    """The release in a folder.

    Raises:
        GaokerenaError: when it holds no parquet file, or one that cannot be read.
    """
    files: dict[str, dict[str, list[Path]]] = {}
    for file in sorted(path.glob("*/*.parquet")):
        config = "default" if file.parent.name == "data" else file.parent.name
        files.setdefault(config, {}).setdefault(file.name.split("-", 1)[0], []).append(file)
        _schema(file)
    if not files:
        raise GaokerenaError(f"{path}: no release is there; `gaokerena release` makes one")
    ordered = {
        config: {split: splits[split] for split in sorted(splits, key=_split_place)}
        for config, splits in sorted(files.items(), key=lambda item: item[0] != "default")
    }
    return ReleaseFolder(path, ordered)


def _split_place(split: str) -> tuple[int, str]:
    place = SPLIT_ORDER.index(split) if split in SPLIT_ORDER else len(SPLIT_ORDER)
    return place, split


def _schema(file: Path) -> pa.Schema:
    with damage_told(file, RESTORE):
        return pq.read_schema(file)


def _table(file: Path, **how: Any) -> pa.Table:
    return read_table(file, RESTORE, **how)


def _count(file: Path) -> int:
    with damage_told(file, RESTORE):
        return int(pq.read_metadata(file).num_rows)
