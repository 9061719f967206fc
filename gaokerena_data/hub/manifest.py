"""A release's manifest: read, and held against the release's files and rows."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from gaokerena_data.canonical import MARK, hash_rows, row_marks
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import sha256_file

MANIFEST = "manifest.json"


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or str(parts) != path:
        raise ValueError("not a path inside the release")
    return path


type RelativePath = Annotated[str, AfterValidator(_inside)]
type Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FileStamp(BaseModel):
    """A file's size in bytes and the hash of its bytes."""

    bytes: int = Field(ge=0)
    sha256: Sha256


class RowStamp(BaseModel):
    """A split's number of rows, the hash of its canonical rows, and rows by source.

    `marks` are `canonical.row_marks`: with them, a row that differs can be named.
    """

    rows: int = Field(ge=0)
    sha256: Sha256
    sources: dict[str, int] = {}
    marks: str | None = None


class Manifest(BaseModel):
    """What a release says of itself. `rows` is by config, then by split."""

    format: Literal[1]
    dataset: str
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    kind: str | None = None
    files: dict[RelativePath, FileStamp]
    rows: dict[str, dict[str, RowStamp]]

    @property
    def tag(self) -> str:
        """The tag of this version on the Hub."""
        return f"v{self.version}"

    @property
    def number(self) -> tuple[int, ...]:
        """The version, to compare."""
        return tuple(int(part) for part in self.version.split("."))


def parse_manifest(content: bytes, where: str) -> Manifest:
    """A manifest from its JSON.

    Raises:
        GaokerenaError: when it is not one; names the first field that is wrong.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        reason = f"{field}: {first['msg']}" if field else first["msg"]
        raise GaokerenaError(f"{where} is not the manifest of a release: {reason}") from error


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release on disk.

    Raises:
        GaokerenaError: when there is none, or it is not one.
    """
    file = folder / MANIFEST
    if not file.is_file():
        raise GaokerenaError(
            f"{folder} is not a release, it has no {MANIFEST}: make one with `gaokerena release`"
        )
    return parse_manifest(file.read_bytes(), str(file))


def file_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with a release's files, one line each; nothing when all is well."""
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    }
    for path in sorted(present - manifest.files.keys() - {MANIFEST}):
        yield f"{path} is not in the manifest"
    for path, stamp in sorted(manifest.files.items()):
        file = folder / path
        if path not in present:
            yield f"{path} is missing"
        elif (
            file.is_symlink()
            or file.stat().st_size != stamp.bytes
            or sha256_file(file) != stamp.sha256
        ):
            yield f"{path} is not the file that the manifest states"


def row_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with a release's rows as they are read back, one line a split."""
    for config, splits in manifest.rows.items():
        for split, stamp in splits.items():
            try:
                table = read_split(folder, manifest, config, split)
            except GaokerenaError as error:
                yield str(error)
                continue
            if table.num_rows == stamp.rows and hash_rows(table) == stamp.sha256:
                continue
            yield f"config {config}, split {split}: {_first_difference(table, stamp)}"


def _first_difference(table: pa.Table, stamp: RowStamp) -> str:
    counted = f"{table.num_rows:,} rows, {stamp.rows:,} in the manifest"
    if stamp.marks is None:
        return f"its rows are not those of the manifest ({counted})"
    found, stated = row_marks(table), stamp.marks
    for place in range(0, min(len(found), len(stated)), MARK):
        if found[place : place + MARK] != stated[place : place + MARK]:
            number = place // MARK
            name = f" (id {table['id'][number].as_py()})" if "id" in table.column_names else ""
            return f"row {number + 1}{name} is the first that differs ({counted})"
    if table.num_rows < stamp.rows:
        return f"rows are missing from {table.num_rows + 1:,} on ({counted})"
    return f"row {stamp.rows + 1:,} and those after it are too many ({counted})"


def split_files(manifest: Manifest, config: str, split: str) -> list[str]:
    """The parquet files of a split, in reading order."""
    folder = "data" if config == "default" else config
    start = f"{folder}/{split}-"
    return sorted(p for p in manifest.files if p.startswith(start) and p.endswith(".parquet"))


def read_split(folder: Path, manifest: Manifest, config: str, split: str) -> pa.Table:
    """All rows of a split.

    Raises:
        GaokerenaError: when no file holds it, or a file is not parquet.
    """
    paths = split_files(manifest, config, split)
    if not paths:
        raise GaokerenaError(f"config {config}, split {split}: no file holds it")
    tables = []
    for path in paths:
        try:
            table = pq.read_table(folder / path, partitioning=None, page_checksum_verification=True)
            table.validate(full=True)  # bytes of a flipped page may be no text
            tables.append(table)
        except (pa.ArrowException, OSError, UnicodeError) as error:
            reason = reason_of(error)
            raise GaokerenaError(f"{path} cannot be read as parquet: {reason}") from error
    return pa.concat_tables(tables)
