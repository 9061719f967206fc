"""The cells of an xlsx file, read in a process of its own whose memory is bounded.

The reader is compiled code: a sheet of 1.7 kB may claim 17 billion cells, for which it asks so much
memory that its process ends. So the process that ends is not this one.
"""

import lzma
import pickle
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.imports import workbook_process

# A spreadsheet is a zip archive: these bounds refuse one made to fill the memory.
MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_UNPACKED_RATIO = 200
MAX_SECONDS = 600
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from its first on, all of one width.

    Args:
        name: of the sheet.
        rows: its cells; an empty one is "".
        merged: (first row, first column, last row, last column) of each merged range, from 0.
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read_workbook(path: Path) -> list[Sheet]:
    """Every sheet of an xlsx file that holds a row.

    Raises:
        GaokerenaError: not an xlsx file, protected by a password, or too large once unpacked.
    """
    _check_container(path)
    # By its path and isolated: it needs nothing of this package, and reads nothing of the folder.
    command = [sys.executable, "-I", workbook_process.__file__, str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours, and a path
            command, capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise GaokerenaError(
            f"{path}: not read within {MAX_SECONDS} seconds; save it as .csv"
        ) from None
    if done.returncode == 0:
        # Written by our own process, of lists, texts and numbers.
        return [Sheet(*sheet) for sheet in pickle.loads(done.stdout)]  # noqa: S301
    if done.returncode == workbook_process.REFUSED:
        raise GaokerenaError(f"{path}: {done.stdout.decode('utf-8', 'replace')}")
    raise GaokerenaError(
        f"{path}: cannot be read within the memory that a sheet may take; "
        "delete what stands far from the table, or save it as .csv"
    )


def _check_container(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
        is_locked = start == _OLD_FORMAT and _ENCRYPTED in file.read(1 << 20)
    if is_locked:
        raise GaokerenaError(f"{path}: is protected by a password; save it without one")
    if start == _OLD_FORMAT:
        raise GaokerenaError(f"{path}: is an old Excel file (.xls); save it from Excel as .xlsx")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = path.stat().st_size
            if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_UNPACKED_RATIO * packed:
                raise GaokerenaError(
                    f"{path}: unpacks from {packed:,} to {unpacked:,} bytes, "
                    "which no honest sheet does"
                )
            _check_parts(archive, path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise GaokerenaError(f"{path}: not an xlsx file; save it from Excel as .xlsx") from None


def _check_parts(archive: zipfile.ZipFile, path: Path) -> None:
    """Hold each part against its checksum: the reader of cells does not, and reads flipped bits."""
    for entry in archive.infolist():
        try:
            with archive.open(entry) as part:
                while part.read(1 << 20):
                    pass
        # As many kinds of errors as there are ways to pack; one part's bytes are behind them all.
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise GaokerenaError(
                f"{path}: damaged in {entry.filename!r} ({reason_of(error)}); copy it again, "
                "or open it in Excel and save it"
            ) from None
        except (RuntimeError, NotImplementedError) as error:  # a password of the archive's own
            raise GaokerenaError(
                f"{path}: cannot be unpacked ({reason_of(error)}); save it from Excel as .xlsx"
            ) from None
