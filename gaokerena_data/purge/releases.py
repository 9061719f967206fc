"""A released version without what was taken down: its rows, hashes and counts as they then are.

The version keeps its number. Its manifest, its card and its changelog say how many rows were
erased since it was released; all else that the card tells is of the version as it was released.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.purge.contents.files import purge_bytes
from gaokerena_data.purge.contents.tables import rows_sought
from gaokerena_data.purge.sought import Sought
from gaokerena_data.release.folder import open_release
from gaokerena_data.release.inputs import Tables
from gaokerena_data.release.manifest import MANIFEST, file_stamps, row_stamps
from gaokerena_data.release.papers.changelog import CHANGELOG
from gaokerena_data.release.papers.metadata import front_matter, size_category, split_sizes
from gaokerena_data.release.parquet import write_parquet
from gaokerena_data.release.statistics import STATISTICS, make_statistics
from gaokerena_data.release.tokens import DEFAULT_TOKENIZER, find_tokenizer
from gaokerena_data.workspace import atomic_file, sha256_file

ERASED = "erased"  # in a manifest and in a changelog: rows that were erased since the release
CARD = "README.md"

_NOTE = re.compile(r"\n> \*\*[\d,]+ rows? of this version (?:was|were) erased.*?\n\n", re.DOTALL)


def is_release(folder: Path) -> bool:
    """Whether a folder is a released version of a dataset."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and bool(manifest.get("rows")) and "files" in manifest


def count_sought(folder: Path, sought: Sought) -> dict[str, int]:
    """What of a release is sought: rows of each parquet file, pieces of each other file."""
    found = {}
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        if name == MANIFEST:
            continue
        if file.suffix == ".parquet":
            pieces = int(rows_sought(_read(file), sought).sum())
        else:
            outcome = purge_bytes(file.read_bytes(), file.name, sought)
            pieces = outcome.pieces if outcome else 0
        if pieces:
            found[name] = pieces
    return found


def write_purged(folder: Path, sought: Sought, target: Path) -> int:
    """Write a release without what is sought.

    Args:
        folder: the release; it stays as it is.
        sought: what goes.
        target: an empty folder.

    Returns:
        How many rows were taken out.

    Raises:
        GaokerenaError: a file of it is damaged.
    """
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    rows = 0
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".parquet":
            rows += _purge_rows(file, place, sought)
        elif name != MANIFEST:
            copy_purged(file, place, sought)
    if rows:
        tables = _tables(target)
        erased = rows + int(manifest.get(ERASED, 0))
        manifest[ERASED] = erased
        manifest["rows"] = row_stamps(tables, str(manifest["dataset"]))
        _count_anew(target, tables)
        _note_in_card(target / CARD, tables, erased)
        _note_in_changelog(target / CHANGELOG, str(manifest["version"]), tables, erased)
    write_manifest(target, manifest)
    return rows


def copy_purged(file: Path, place: Path, sought: Sought) -> None:
    """Copy a file without what is sought; nothing of it where nothing can stay."""
    outcome = purge_bytes(file.read_bytes(), file.name, sought)
    if outcome is None:
        shutil.copyfile(file, place)
    elif outcome.data is not None:
        place.write_bytes(outcome.data)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a release, with the hashes of its files as they now are."""
    listed = manifest["files"].keys()
    manifest["files"] = {
        name: stamp for name, stamp in file_stamps(folder).items() if name in listed
    }
    _write_json(folder / MANIFEST, manifest)


def follow(folder: Path, before: Path) -> bool:
    """Have a release name the version before it as that is now; whether this changed it."""
    file = folder / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    previous = manifest.get("previous")
    if not isinstance(previous, dict) or not (before / MANIFEST).is_file():
        return False
    digest = sha256_file(before / MANIFEST)
    if previous.get("sha256") == digest:
        return False
    manifest["previous"] = previous | {"sha256": digest}
    with atomic_file(file) as part:
        _write_json(part, manifest)
    return True


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _read(file: Path) -> pa.Table:
    try:
        return pq.read_table(file, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise GaokerenaError(
            f"{file}: cannot be read as parquet ({error}): restore it from a copy, or delete it"
        ) from None


def _purge_rows(file: Path, place: Path, sought: Sought) -> int:
    table = _read(file)
    mask = rows_sought(table, sought)
    count = int(mask.sum())
    if not count:
        shutil.copyfile(file, place)
    elif count < table.num_rows:  # `load_dataset` cannot open a file without rows
        write_parquet(table.filter(pa.array(~mask)).combine_chunks(), place)
    return count


def _tables(folder: Path) -> Tables:
    if not any(folder.glob("*/*.parquet")):
        return {}
    release = open_release(folder)
    return {
        config: {split: pa.concat_tables(map(_read, files)) for split, files in splits.items()}
        for config, splits in release.files.items()
    }


def _count_anew(folder: Path, tables: Tables) -> None:
    file = folder / STATISTICS
    if not file.is_file():
        return
    name = json.loads(file.read_text("utf-8")).get("tokenizer", {}).get("name", DEFAULT_TOKENIZER)
    try:
        tokenizer = find_tokenizer(name)
    except GaokerenaError:  # it was a folder, or of the Hub
        tokenizer = find_tokenizer(DEFAULT_TOKENIZER)
    _write_json(file, make_statistics(tables, tokenizer, lambda *_: None))


def _note_in_card(card: Path, tables: Tables, erased: int) -> None:
    if not card.is_file():
        return
    text = card.read_text("utf-8")
    counted = f"{erased:,} row of this version was" if erased == 1 else (
        f"{erased:,} rows of this version were"
    )  # fmt: skip
    note = (
        f"\n> **{counted} erased on request after it was released.** The files, their hashes and\n"
        "> statistics.json are without them; counts and figures below are of the first release.\n\n"
    )
    start, head, body = "", "", text
    if text.startswith("---\n") and text.count("---\n") > 1:
        start, head, body = text.split("---\n", 2)
        metadata = yaml.safe_load(head)
        if isinstance(metadata, dict):
            _correct(metadata, tables)
            head = front_matter(metadata)
        head = f"---\n{head}---\n"
    card.write_text(start + head + note + _NOTE.sub("\n", body, count=1).lstrip("\n"), "utf-8")


def _correct(metadata: dict[str, Any], tables: Tables) -> None:
    """The counts in a card's metadata, which `load_dataset` holds the files against."""
    if isinstance(metadata.get("configs"), list):
        for config in metadata["configs"]:
            splits = tables.get(config.get("config_name"), {})
            if config.get("config_name") in tables and isinstance(config.get("data_files"), list):
                config["data_files"] = [
                    each for each in config["data_files"] if each.get("split") in splits
                ]
        metadata["configs"] = [
            each
            for each in metadata["configs"]
            if each.get("config_name") == "all" or each.get("config_name") in tables
        ]
    if metadata.get("dataset_info"):
        metadata["dataset_info"] = [
            info | {"splits": split_sizes(tables[info["config_name"]])}
            for info in metadata["dataset_info"]
            if info.get("config_name") in tables
        ]
    rows = sum(table.num_rows for table in next(iter(tables.values()), {}).values())
    if "size_categories" in metadata:
        metadata["size_categories"] = [size_category(rows)]


def _note_in_changelog(file: Path, version: str, tables: Tables, erased: int) -> None:
    if not file.is_file():
        return
    entries = json.loads(file.read_text("utf-8"))
    for entry in entries:
        if entry.get("version") == version:
            entry[ERASED] = erased
            entry["rows"] = {
                config: {split: table.num_rows for split, table in splits.items()}
                for config, splits in tables.items()
            }
    _write_json(file, entries)


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
