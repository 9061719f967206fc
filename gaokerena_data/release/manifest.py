"""manifest.json: what a release holds, in hashes that anybody can compute again."""

from collections import Counter
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaokerena_data.canonical import hash_rows, row_marks
from gaokerena_data.release.folder import source_column
from gaokerena_data.release.inputs import ReleaseInput, Tables, count_taken_down
from gaokerena_data.workspace import sha256_file

MANIFEST = "manifest.json"
LIBRARIES = ("datasets", "pyarrow")


def make_manifest(
    folder: Path, given: ReleaseInput, version: str, tables: Tables, previous: Path | None
) -> dict[str, Any]:
    """Describe a release folder.

    Args:
        folder: the release, its manifest not yet among its files.
        given: what it was made of.
        version: its version.
        tables: config -> split -> published table, in the order they were written.
        previous: the release it follows.

    Returns:
        `files`: bytes and SHA-256 of each file; `rows`: per config and split the number of rows,
        the SHA-256 of the canonical rows and a mark of each (see `canonical`), and the rows
        of each source;
        `inputs`: SHA-256 of each extracted file; `previous`: version and SHA-256 of the manifest
        of the version before; `taken_down`: records left out on request; `libraries`: versions
        that shaped the bytes.
    """
    return {
        "format": 1,
        "dataset": given.dataset,
        "kind": given.kind,
        "version": version,
        "previous": None
        if previous is None
        else {"version": previous.name, "sha256": sha256_file(previous / MANIFEST)},
        "files": file_stamps(folder),
        "rows": row_stamps(tables, given.dataset),
        "taken_down": count_taken_down(given.run),
        "inputs": given.run["inputs"],
        "settings": given.run["settings"],
        "libraries": given.run["libraries"] | {name: library_version(name) for name in LIBRARIES},
    }


def file_stamps(folder: Path) -> dict[str, Any]:
    """Bytes and SHA-256 of each file of a release folder but its manifest."""
    return {
        file.relative_to(folder).as_posix(): {
            "bytes": file.stat().st_size,
            "sha256": sha256_file(file),
        }
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }


def row_stamps(tables: Tables, dataset: str) -> dict[str, Any]:
    """What a manifest states of the rows of each split.

    Args:
        tables: config -> split -> published table.
        dataset: where rows come from that do not say it.
    """
    return {
        config: {
            split: {
                "rows": table.num_rows,
                "sha256": hash_rows(table),
                "marks": row_marks(table),
                "sources": dict(sorted(Counter(_sources(table, dataset)).items())),
            }
            for split, table in splits.items()
        }
        for config, splits in tables.items()
    }


def _sources(table: pa.Table, dataset: str) -> list[str]:
    column = source_column(table.column_names)
    if column is None:
        return [dataset] * table.num_rows
    names: list[str] = table[column].to_pylist()
    return names
