"""A file of answers that grows batch by batch, and goes on after a kill where it stopped."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file


class AnswerLog:
    """Lines of JSON, each with an `id`; what has been appended is on disk.

    Beside `NAME.jsonl` lies `NAME.settings.json`: what the answers were made with. Other settings
    never go on in the same file.
    """

    def __init__(self, path: Path, entries: list[dict[str, Any]]) -> None:
        self.path = path
        self.entries = entries
        self.done = {entry["id"] for entry in entries}

    def append(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Append a batch and wait until it is on disk."""
        batch = [dict(entry) for entry in entries]
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(entry, ensure_ascii=False) + "\n" for entry in batch)
            file.flush()
            os.fsync(file.fileno())
        self.entries.extend(batch)
        self.done.update(entry["id"] for entry in batch)


@contextmanager
def open_log(path: Path, settings: Mapping[str, Any]) -> Iterator[AnswerLog]:
    """Open an answer file to go on with it; a line that a kill cut short is taken off.

    Raises:
        GaokerenaError: another process writes it, or it was made with other settings.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise GaokerenaError(
                f"{path} is being written by another process: wait for it"
            ) from error
        _keep_settings(path.with_suffix(".settings.json"), settings, fresh=_size(path) == 0)
        _cut_torn_line(path)
        yield AnswerLog(path, read_log(path))


def read_log(path: Path) -> list[dict[str, Any]]:
    """The entries of an answer file, without a line that a kill cut short.

    Raises:
        GaokerenaError: the file is missing, or a line in it has no `id`.
    """
    if not path.is_file():
        raise GaokerenaError(f"no answer file {path}")
    entries: list[dict[str, Any]] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            entry = json.loads(line)
            entries.append(entry | {"id": entry["id"]})
        except (ValueError, KeyError, TypeError) as error:
            raise GaokerenaError(f"{path}, line {number} is no entry with an id") from error
    return entries


def _keep_settings(path: Path, settings: Mapping[str, Any], *, fresh: bool) -> None:
    text = json.dumps(settings, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if fresh or not path.is_file():
        with atomic_file(path) as part:
            part.write_text(text, encoding="utf-8")
        return
    before = json.loads(path.read_text(encoding="utf-8"))
    now = json.loads(text)
    other = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    if other:
        raise GaokerenaError(
            f"{path} says other {', '.join(other)} than asked for now: go on with the same "
            "settings, or write to another file"
        )


def _cut_torn_line(path: Path) -> None:
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(path, whole)


def _size(path: Path) -> int:
    return path.stat().st_size
