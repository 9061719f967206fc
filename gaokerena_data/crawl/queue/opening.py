"""Opens a frontier's file, and says in one line what is wrong with it."""

import sqlite3
from pathlib import Path

from gaokerena_data.crawl.queue.schema import SCHEMA
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import FILE_MODE, flush, make_folder

_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT"}


def open_frontier(path: Path) -> sqlite3.Connection:
    """Open a frontier's file; where there is none, make one, whole or not at all.

    Raises:
        GaokerenaError: the file is damaged, or the disk is full or cannot be read.
    """
    try:
        if not path.exists():
            _create(path)
        elif path.stat().st_size == 0:
            raise GaokerenaError(_damaged(path, "it is empty"))
        database = _connect(path)
    except sqlite3.DatabaseError as error:
        raise frontier_error(path, error) from error
    return database


def check_frontier(path: Path, database: sqlite3.Connection) -> None:
    """Read a frontier's whole file once, so that damage is told before it is met.

    Raises:
        GaokerenaError: it is damaged.
    """
    try:
        (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise frontier_error(path, error) from error
    if said != "ok":
        raise GaokerenaError(_damaged(path, " ".join(str(said).split())))


def frontier_error(path: Path, error: sqlite3.Error) -> GaokerenaError:
    """What an error of SQLite means to the one whose frontier it is."""
    kind = str(getattr(error, "sqlite_errorname", None) or "")
    if any(kind.startswith(damage) for damage in _DAMAGED) or "decode" in str(error):
        return GaokerenaError(_damaged(path, str(error)))
    return GaokerenaError(
        f"{path} cannot be read or written ({error}): look at its disk, then run the command again"
    )


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=60)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        # After a power cut the last transactions may be gone, never a part of one: those pages
        # are fetched again.
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -32768")
        database.executescript(SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


def _create(path: Path) -> None:
    """Under another name first: an empty file would be taken for a damaged one after a kill."""
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(FILE_MODE)
    database = sqlite3.connect(part, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(SCHEMA)
    finally:
        database.close()
    flush(part)
    part.replace(path)


def _damaged(path: Path, reason: str) -> str:
    return (
        f"{path} cannot be read as a frontier ({reason}): restore it from a copy, or move it away "
        "to crawl the site from its beginning"
    )
