"""One training at a time in a run folder; the operating system frees it after a kill."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import FILE_MODE, make_folder
from training.runs.json_files import read_json, write_json

_LOCK, _HOLDER = ".lock", ".trained-by.json"


def refuse_if_training(run: Path) -> None:
    """Make sure that nobody trains in a run folder now; nothing is written.

    Raises:
        GaokerenaError: somebody does, told with who it is and since when.
    """
    if (run / _LOCK).is_file():
        _take(run).release()


@contextmanager
def run_lock(run: Path) -> Iterator[None]:
    """Have a run folder to oneself.

    Raises:
        GaokerenaError: another process trains there, told with who it is and since when.
    """
    make_folder(run)
    lock = _take(run)
    try:
        now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        write_json({"process": os.getpid(), "host": platform.node(), "since": now}, run / _HOLDER)
        yield
        (run / _HOLDER).unlink(missing_ok=True)
    finally:
        lock.release()


def _take(run: Path) -> FileLock:
    lock = FileLock(run / _LOCK, mode=FILE_MODE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise GaokerenaError(
            f"{run} is being trained by {_holder(run)}: wait for it, or give this run another "
            "--name"
        ) from None
    return lock


def _holder(run: Path) -> str:
    try:
        stated = read_json(run / _HOLDER)
        return f"process {stated['process']} on {stated['host']} since {stated['since']}"
    except (GaokerenaError, KeyError):  # it begins just now
        return "another process"
