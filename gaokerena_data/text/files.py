"""Word lists of this package, and files that are written whole or not at all.

`text` has nothing of the rest of the package.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path


def listed_lines(file: str) -> list[str]:
    """The lines of a word list, without blank ones and comments (`# …`).

    Args:
        file: its path in this package, such as `cities.txt`.
    """
    lines = resources.files("gaokerena_data.text").joinpath(file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def listed_words(file: str) -> list[str]:
    """The words of a list in which white space parts them; see `listed_lines`."""
    return " ".join(listed_lines(file)).split()


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the place of `path` when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
