"""Files of JSON lines that grow: what was appended is on disk, and a kill loses one line at most.

A line ends at a line feed and nowhere else. Other characters that end a line for Python's
`splitlines` (U+2028, U+0085, a form feed) stand in people's and in models' texts.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import FILE_MODE, atomic_file, make_folder

type Append = Callable[[Iterable[Mapping[str, Any]]], None]


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with their line numbers, without a last line that a kill cut short.

    Raises:
        GaokerenaError: a line is no JSON object, or the file is not UTF-8.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            if not isinstance(value, dict):
                if not line.endswith(b"\n"):
                    return
                raise GaokerenaError(
                    f"{path}, line {number} is no JSON object: take that line out, or the file"
                )
            yield number, value


def write_json_lines(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Write a file anew, whole or not at all."""
    with atomic_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(map(_line, entries))


@contextmanager
def appending(path: Path) -> Iterator[Append]:
    """Take a file as one's own to append to; a line that a kill cut short is taken off first.

    Yields:
        A function that appends entries and waits until they are on disk.

    Raises:
        GaokerenaError: another process writes it.
    """
    make_folder(path.parent)
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise GaokerenaError(
                f"{path} is being written by another process: wait for it"
            ) from error
        if file.tell() == 0:
            path.chmod(FILE_MODE)
        _cut_torn_line(path)

        def append(entries: Iterable[Mapping[str, Any]]) -> None:
            lines = "".join(map(_line, entries)).encode("utf-8")
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

        yield append


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _cut_torn_line(path: Path) -> None:
    with path.open("rb") as file:
        size = end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(end - 65536, 0)
            file.seek(start)
            last = file.read(end - start).rfind(b"\n")
            if last >= 0:
                end = start + last + 1
                break
            end = start
    if end < size:
        os.truncate(path, end)
