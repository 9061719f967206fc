"""The frontier: every page a crawl knows of, and what became of it, in one SQLite file a site.

At-least-once: a page is leased, fetched, archived, and only then, in one transaction, marked
with its final state together with the pages it leads to. After a kill, leased pages are queued
again. Pages are keyed by canonical url, so none is known twice.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from w3lib.url import safe_url_string

from gaokerena_data.crawl.queue.answers import ArchivedAnswers
from gaokerena_data.crawl.queue.opening import check_frontier, frontier_error, open_frontier
from gaokerena_data.crawl.queue.overview import FrontierOverview
from gaokerena_data.crawl.queue.schema import ADD, ADD_SPELLING
from gaokerena_data.crawl.queue.states import (
    DONE,
    FAILED,
    GONE,
    LEASED,
    OFF_SITE,
    OPTED_OUT,
    QUEUED,
    REFUSED,
    SITE_OPT_OUT,
)
from gaokerena_data.crawl.reading.canonical import canonical_url, host_of, own_letters
from gaokerena_data.crawl.reading.links import LISTING, RECORD, Fetched, Link, Page
from gaokerena_data.records import article_id

_PAGE = "id, url, coalesce(linked_as, url), role, depth, series, number, tries, etag, last_modified"


class Frontier(FrontierOverview, ArchivedAnswers):
    """One site's pages. Used by one process at a time: `lock.py` sees to that."""

    def __init__(self, path: Path, hosts: Sequence[str] = (), purged: Collection[str] = ()) -> None:
        """Open it.

        Args:
            path: its file.
            hosts: the site's own.
            purged: ids of pages that were erased on request: no link to one is followed.
        """
        self.path = path
        self.hosts = frozenset(hosts)
        self._purged = purged
        self.run = 0
        self.recheck = False
        self._database = open_frontier(path)

    def check(self) -> None:
        """Read the whole file once.

        Raises:
            GaokerenaError: it is damaged.
        """
        check_frontier(self.path, self._database)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def __enter__(self) -> "Frontier":
        return self

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        self.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise frontier_error(self.path, error) from error

    def begin_run(self, seeds: Iterable[Link], started_at: str, *, recheck: bool = False) -> bool:
        """Take up the run that was interrupted, or begin a new one from the seeds.

        A new run looks at the seeds again, tries what failed, and asks robots.txt anew about
        what it refused.

        Args:
            seeds: where the spider starts.
            started_at: ISO time, for the report.
            recheck: ask again for every page that was fetched, with its validators, and walk
                every listing to its end.

        Returns:
            Whether an interrupted run was taken up.
        """
        with self._transaction():
            # A clock that was set back since must not make anything wait.
            self._database.execute(
                "UPDATE pages SET state = ?, due = 0 WHERE state IN (?, ?)",
                (QUEUED, QUEUED, LEASED),
            )
            last = self._database.execute(
                "SELECT id, finished_at, recheck FROM runs ORDER BY id DESC LIMIT 1"
            ).fetchone()
            if last is not None and last[1] is None:
                self.run, self.recheck = int(last[0]), bool(last[2])
                return True
            self.run = 1 if last is None else int(last[0]) + 1
            self.recheck = recheck
            self._database.execute("DELETE FROM shown")
            self._database.execute(
                "INSERT INTO runs (id, started_at, recheck) VALUES (?, ?, ?)",
                (self.run, started_at, recheck),
            )
            again = "state IN (?, ?) OR (state = ? AND reason LIKE ?)"
            values: list[object] = [FAILED, REFUSED, OPTED_OUT, f"{SITE_OPT_OUT}%"]
            if recheck:
                again += " OR (state = ? AND role = ?)"
                values += [DONE, RECORD]
            self._database.execute(
                "UPDATE pages SET state = ?, reason = NULL, tries = 0, due = 0, run = ?"  # noqa: S608
                f" WHERE {again}",
                (QUEUED, self.run, *values),
            )
            self._add(seeds, listed=False)
            return False

    def add(self, links: Iterable[Link]) -> None:
        """Queue pages that no page led to."""
        with self._transaction():
            self._add(links, listed=False)

    def end_run(self, finished_at: str, report: str) -> None:
        """Close the run: nothing is left to fetch."""
        with self._transaction():
            self._database.execute(
                "UPDATE runs SET finished_at = ?, report = ? WHERE id = ?",
                (finished_at, report, self.run),
            )

    def keep_report(self, report: str) -> None:
        """Note how far the run has come; it is not closed."""
        with self._transaction():
            self._database.execute("UPDATE runs SET report = ? WHERE id = ?", (report, self.run))

    def lease(self, limit: int, now: float) -> list[Page]:
        """The next pages, breadth first, of those that are due."""
        rows = self._database.execute(
            f"SELECT {_PAGE} FROM pages WHERE state = '{QUEUED}' AND due <= ?"  # noqa: S608
            " ORDER BY depth, id LIMIT ?",
            (now, limit),
        ).fetchall()
        if rows:
            with self._transaction():
                self._database.executemany(
                    "UPDATE pages SET state = ? WHERE id = ?", [(LEASED, row[0]) for row in rows]
                )
        return [Page(*row) for row in rows]

    def release(self, page: Page) -> None:
        """Queue a leased page again: it was not asked for."""
        with self._transaction():
            self._database.execute(
                "UPDATE pages SET state = ? WHERE id = ? AND state = ?", (QUEUED, page.id, LEASED)
            )

    def retry(self, page: Page, reason: str, due: float, linked_as: str | None = None) -> None:
        """Queue a page again, not before `due`; with `linked_as`, under another spelling."""
        with self._transaction():
            self._database.execute(
                "UPDATE pages SET state = ?, reason = ?, due = ?, tries = tries + 1,"
                " linked_as = coalesce(?, linked_as) WHERE id = ?",
                (QUEUED, reason, due, linked_as, page.id),
            )

    def postpone(self, page: Page, reason: str, due: float) -> None:
        """Queue a page again, not before `due`, for what is not its own fault."""
        with self._transaction():
            self._database.execute(
                "UPDATE pages SET state = ?, reason = ?, due = ? WHERE id = ?",
                (QUEUED, reason, due, page.id),
            )

    def try_other_spelling(self, page: Page) -> bool:
        """Queue a page that is not found under a spelling of it that was not tried yet.

        Returns:
            Whether there is one.
        """
        with self._transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO spellings VALUES (?, ?, 1)",
                (page.id, safe_url_string(page.linked_as)),
            )
            spelling = self._untried(page.id)
            if spelling is not None:
                self._queue_as(page.id, spelling)
        return spelling is not None

    def finish(
        self,
        page: Page,
        state: str,
        *,
        reason: str | None = None,
        fetched: Fetched | None = None,
        links: Sequence[Link] = (),
        listed: str | None = None,
    ) -> None:
        """Mark a page with its final state and add what it leads to, in one transaction.

        Args:
            page: the leased page.
            state: one of `FINAL_STATES`.
            reason: why, where it is not `DONE`.
            fetched: its archived answer; None where the answer is none, or the one known before.
            links: the pages it leads to.
            listed: digest of what a listing page listed.
        """
        with self._transaction():
            if fetched is not None:
                self._database.execute(
                    "INSERT INTO responses (page_id, run, final_url, status, fetched_at, sha256,"
                    " warc_file, warc_offset, robots, opt_out) VALUES (?,?,?,?,?,?,?,?,?,?)",
                    (
                        page.id, self.run, fetched.final_url, fetched.status, fetched.fetched_at,
                        fetched.sha256, fetched.warc_file, fetched.warc_offset, fetched.robots,
                        fetched.opt_out,
                    ),
                )  # fmt: skip
                self._database.execute(
                    "UPDATE pages SET etag = ?, last_modified = ? WHERE id = ?",
                    (fetched.etag, fetched.last_modified, page.id),
                )
            self._database.execute(
                "UPDATE pages SET state = ?, reason = ?, run = ?,"
                " listed = coalesce(?, listed) WHERE id = ?",
                (state, reason, self.run, listed, page.id),
            )
            if listed is not None:
                self._database.executemany(
                    "INSERT OR IGNORE INTO shown VALUES (?, ?)", _hashes(page, links)
                )
            self._add(links, listed=page.role == LISTING)

    def showed_all(self, page: Page, links: Sequence[Link]) -> bool:
        """Whether the listing of a page showed all of these pages before, in this run."""
        return all(
            self._database.execute(
                "SELECT 1 FROM shown WHERE series = ? AND url_hash = ?", row
            ).fetchone()
            for row in _hashes(page, links)
        )

    def repeats_a_listing(self, page: Page, listed: str) -> bool:
        """Whether another page of the same listing listed the same, in this run."""
        return (
            self._database.execute(
                "SELECT 1 FROM pages WHERE series = ? AND listed = ? AND run = ? AND id != ?"
                " AND role = 'listing'",
                (page.series, listed, self.run, page.id),
            ).fetchone()
            is not None
        )

    def knows_all(self, links: Iterable[Link]) -> bool:
        """Whether an earlier run knew every one of these pages."""
        return all(
            self._database.execute(
                "SELECT 1 FROM pages WHERE url = ? AND first_run < ?",
                (canonical_url(link.url), self.run),
            ).fetchone()
            for link in links
        )

    def previous_reason(self, page: Page) -> str | None:
        """What was noted of the listing page before this one, in this run."""
        row = self._database.execute(
            "SELECT reason FROM pages WHERE series = ? AND number = ? AND run = ?"
            " AND role = 'listing'",
            (page.series, page.number - 1, self.run),
        ).fetchone()
        return None if row is None else row[0]

    def next_due(self) -> float | None:
        """When the next queued page may be asked for; None where none is queued."""
        row = self._database.execute(
            f"SELECT min(due) FROM pages WHERE state = '{QUEUED}'"  # noqa: S608
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def _add(self, links: Iterable[Link], *, listed: bool) -> None:
        rows = []
        spellings = []
        for link in links:
            url = canonical_url(link.url)
            if self._purged and article_id(self.path.stem, url) in self._purged:
                continue
            if spelling := own_letters(link.url):
                spellings += [{"url": url, "spelling": spelling}, {"url": url, "spelling": url}]
            on_site = host_of(url) in self.hosts
            rows.append(
                {
                    "url": url,
                    "linked_as": None if link.url == url else link.url,
                    "role": link.role,
                    "depth": link.depth,
                    "series": link.series,
                    "number": link.number,
                    "lastmod": link.lastmod,
                    "state": QUEUED if on_site else OFF_SITE,
                    "run": self.run,
                    "listed": listed,
                }
            )
        self._database.executemany(ADD, rows)
        self._database.executemany(ADD_SPELLING, spellings)
        for url in {row["url"] for row in spellings}:
            # It was looked for under another spelling, and not found, before this one was seen.
            gone = self._database.execute(
                "SELECT id FROM pages WHERE url = ? AND state = ?", (url, GONE)
            ).fetchone()
            if gone is not None and (spelling := self._untried(gone[0])):
                self._queue_as(gone[0], spelling)

    def _untried(self, page_id: int) -> str | None:
        row = self._database.execute(
            "SELECT min(url) FROM spellings WHERE page_id = ? AND NOT tried", (page_id,)
        ).fetchone()
        self._database.execute(
            "UPDATE spellings SET tried = 1 WHERE page_id = ? AND url = ?", (page_id, row[0])
        )
        return None if row[0] is None else str(row[0])

    def _queue_as(self, page_id: int, spelling: str) -> None:
        self._database.execute(
            "UPDATE pages SET state = ?, linked_as = ?, tries = 0, due = 0 WHERE id = ?",
            (QUEUED, spelling, page_id),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _hashes(page: Page, links: Iterable[Link]) -> list[tuple[int, int]]:
    """The rows of `shown` for what a listing page shows: urls would take ten times as much."""
    digests = (
        hashlib.blake2b(canonical_url(link.url).encode(), digest_size=8).digest()
        for link in links
        if link.role != LISTING
    )
    return [(page.series or 0, int.from_bytes(digest, signed=True)) for digest in digests]
