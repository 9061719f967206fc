"""Frontiers: nothing is known any more of pages that were taken down, not their urls either.

A crawl that meets a link to one passes it by: the receipts of purges hold its id (see `purged`).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.purge.contents.binaries import holds_as_text
from gaokerena_data.purge.contents.databases import delete_rows
from gaokerena_data.purge.sought import Sought
from gaokerena_data.records import article_id

_SCHEMA = {"pages", "responses", "spellings"}


def with_pages(file: Path, sought: Sought) -> Sought:
    """What is sought, with every url and id of its pages in a frontier: also where they led to."""
    try:
        with closing(_open(file)) as database:
            if not _is_frontier(database):
                return sought
            ids = _page_ids(database, file.stem, sought)
            urls = set(_urls_of(database, ids))
    except sqlite3.DatabaseError:
        return sought  # it is told where all files are read
    return sought.with_urls(urls).with_ids(article_id(file.stem, url) for url in urls)


def purge_frontier(file: Path, sought: Sought, *, dry_run: bool = False) -> int:
    """Forget the pages that are sought, and what quotes the words; how many rows that are.

    Raises:
        GaokerenaError: the file is damaged.
    """
    try:
        with closing(_open(file)) as database:
            if not _is_frontier(database):
                return 0
            ids = _page_ids(database, file.stem, sought)
            database.execute("BEGIN IMMEDIATE")
            for page_id in ids:
                _forget(database, page_id)
            pieces = len(ids) + _forget_reports(database, sought)
            pieces += delete_rows(database, sought)
            if not pieces:  # what freed pages still hold
                with file.open("rb") as opened:
                    pieces = int(holds_as_text(opened, sought))
            if dry_run or not pieces:
                database.execute("ROLLBACK")
                return pieces
            # Its trigger counts no deletions.
            database.execute("DELETE FROM tally")
            database.execute(
                "INSERT INTO tally SELECT role, state, count(*) FROM pages GROUP BY role, state"
            )
            database.execute("COMMIT")
            # Deleted rows are overwritten, the write-ahead log is emptied.
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return pieces
    except sqlite3.DatabaseError as error:
        raise GaokerenaError(
            f"{file}: cannot be read as a frontier ({error}): restore it from a copy, or delete it"
        ) from None


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None, timeout=60)
    database.execute("PRAGMA secure_delete = ON")
    return database


def _is_frontier(database: sqlite3.Connection) -> bool:
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    return tables >= _SCHEMA


def _page_ids(database: sqlite3.Connection, site: str, sought: Sought) -> list[int]:
    found = set()
    for page_id, url, linked_as in database.execute("SELECT id, url, linked_as FROM pages"):
        if article_id(site, url) in sought.ids or sought.is_page(url) or sought.is_page(linked_as):
            found.add(page_id)
    for page_id, url in database.execute("SELECT page_id, final_url FROM responses"):
        if sought.is_page(url):
            found.add(page_id)
    return sorted(found)


def _urls_of(database: sqlite3.Connection, ids: list[int]) -> Iterator[str]:
    for page_id in ids:
        for query in (
            "SELECT url FROM pages WHERE id = ?",
            "SELECT linked_as FROM pages WHERE id = ? AND linked_as IS NOT NULL",
            "SELECT final_url FROM responses WHERE page_id = ?",
            "SELECT url FROM spellings WHERE page_id = ?",
        ):
            yield from (row[0] for row in database.execute(query, (page_id,)))


def _forget(database: sqlite3.Connection, page_id: int) -> None:
    for place in database.execute(
        "SELECT warc_file, warc_offset FROM responses WHERE page_id = ?", (page_id,)
    ).fetchall():
        database.execute("DELETE FROM lost WHERE warc_file = ? AND warc_offset = ?", place)
    for statement in (
        "DELETE FROM responses WHERE page_id = ?",
        "DELETE FROM spellings WHERE page_id = ?",
        "DELETE FROM pages WHERE id = ?",
    ):
        database.execute(statement, (page_id,))


def _forget_reports(database: sqlite3.Connection, sought: Sought) -> int:
    """Reports of runs that quote the words."""
    found = [
        run
        for run, report in database.execute("SELECT id, report FROM runs").fetchall()
        if report and sought.in_text(report)
    ]
    for run in found:
        database.execute("UPDATE runs SET report = NULL WHERE id = ?", (run,))
    return len(found)
