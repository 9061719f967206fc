"""Folders as what is in them, to be compared to the byte."""

from pathlib import Path


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file's content, by its path in the folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
