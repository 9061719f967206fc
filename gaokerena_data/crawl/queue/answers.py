"""The answers that a frontier refers to in the archive, and those of them that are lost there.

What is lost is set aside, not deleted: a disk that was not mounted, or a file that is restored
from a copy, brings it back.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing

from gaokerena_data.crawl.queue.states import DONE, OPTED_OUT, QUEUED
from gaokerena_data.crawl.reading.links import RECORD, Fetched, Page, PageOutcome

LOST = "damaged in the archive: "  # how the reason of a page begins whose answer is lost

type Position = tuple[str, int]  # an archive file, and the byte in it


class ArchivedAnswers:
    """The part of a frontier that knows where answers lie."""

    _database: sqlite3.Connection

    def _transaction(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def last_answer(self, page: Page) -> Fetched | None:
        """The page's last archived answer."""
        return next(self._versions(page.id), None)

    def record_pages(self) -> Iterator[PageOutcome]:
        """Every record page with its good answers, in the order the archive holds the newest."""
        with closing(self._database.cursor()) as cursor:
            rows = cursor.execute(
                "SELECT pages.id, url, state, reason, pages.run, (SELECT max(answers.id)"
                " FROM answers WHERE page_id = pages.id) AS newest"
                " FROM pages WHERE role = ? ORDER BY newest, pages.id",
                (RECORD,),
            )
            for page_id, url, state, reason, run, newest in rows:
                versions = () if newest is None else tuple(self._versions(page_id))
                yield PageOutcome(url, state, reason, run, versions)

    def archived_files(self) -> list[str]:
        """The archive files that the frontier refers to."""
        return [
            row[0]
            for row in self._database.execute(
                "SELECT DISTINCT warc_file FROM answers ORDER BY warc_file"
            )
        ]

    def last_place(self, warc_file: str) -> int | None:
        """The offset of the last answer in an archive file."""
        row = self._database.execute(
            "SELECT max(warc_offset) FROM answers WHERE warc_file = ?", (warc_file,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def forget_answers(self, warc_file: str, offset: int) -> int:
        """Queue again the pages whose archived answer lies at or beyond an offset.

        A power cut may take the end of a file whose records the frontier knows already.

        Returns:
            How many pages that were.
        """
        gone = self._database.execute(
            "SELECT warc_file, warc_offset FROM answers WHERE warc_file = ? AND warc_offset >= ?",
            (warc_file, offset),
        ).fetchall()
        self.lose_answers(gone)
        return len(gone)

    def lose_answers(self, places: Iterable[Position]) -> None:
        """Set answers aside that cannot be read, and queue their pages again.

        The pages are asked for whole, without validators.
        """
        with self._transaction():
            for file, offset in places:
                self._database.execute("INSERT OR IGNORE INTO lost VALUES (?, ?)", (file, offset))
                self._database.execute(
                    "UPDATE pages SET state = ?, reason = ?, tries = 0, due = 0, etag = NULL,"
                    " last_modified = NULL WHERE id IN (SELECT page_id FROM responses"
                    " WHERE warc_file = ? AND warc_offset = ?) AND state != ?",
                    (QUEUED, f"{LOST}{file} at byte {offset}", file, offset, OPTED_OUT),
                )

    def damaged_pages(self) -> int:
        """How many pages wait to be asked again because their answer is lost."""
        (count,) = self._database.execute(
            "SELECT count(*) FROM pages WHERE state = ? AND reason LIKE ?", (QUEUED, f"{LOST}%")
        ).fetchone()
        return int(count)

    def lost_answers(self) -> list[Position]:
        """Where the answers lay that are set aside."""
        return self._database.execute(
            "SELECT warc_file, warc_offset FROM lost ORDER BY warc_file, warc_offset"
        ).fetchall()

    def find_answer(self, file: str, offset: int) -> None:
        """Take up an answer again that was set aside, and can be read."""
        with self._transaction():
            self._database.execute(
                "DELETE FROM lost WHERE warc_file = ? AND warc_offset = ?", (file, offset)
            )
            self._database.execute(
                "UPDATE pages SET state = ?, reason = NULL WHERE state = ? AND reason = ?",
                (DONE, QUEUED, f"{LOST}{file} at byte {offset}"),
            )

    def _versions(self, page_id: int) -> Iterator[Fetched]:
        rows = self._database.execute(
            "SELECT final_url, status, fetched_at, sha256, warc_file, warc_offset, robots, opt_out,"
            " run FROM answers WHERE page_id = ? ORDER BY id DESC",
            (page_id,),
        )
        return (Fetched(*row) for row in rows)
