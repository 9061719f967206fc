"""What a frontier can be asked about its pages and runs. Nothing here changes it."""

import sqlite3
from dataclasses import dataclass

from gaokerena_data.crawl.queue.states import DONE, FAILED, GONE, OFF_SITE, OPEN_STATES
from gaokerena_data.crawl.reading.links import RECORD, Page


@dataclass(frozen=True, slots=True)
class LostPage:
    """A page that is no more, though a record was read from it.

    Args:
        url: its canonical url.
        reason: what the server answered, as "HTTP 410".
        run: the run that was told so.
    """

    url: str
    reason: str
    run: int


class FrontierOverview:
    """The questions that reports and the status ask."""

    _database: sqlite3.Connection

    def counts(self, role: str | None = None) -> dict[str, int]:
        """How many pages are in each state, of one role or of all; states with none are absent."""
        return dict(
            self._database.execute(
                "SELECT state, sum(pages) FROM tally WHERE ? IS NULL OR role = ?"
                " GROUP BY state HAVING sum(pages) > 0 ORDER BY state",
                (role, role),
            )
        )

    def open_pages(self) -> int:
        """How many pages are still to be fetched."""
        counts = self.counts()
        return sum(counts.get(state, 0) for state in OPEN_STATES)

    def pages(self) -> int:
        """How many pages are known."""
        return sum(self.counts().values())

    def unread_lists(self) -> list[tuple[str, str]]:
        """Url and reason of every listing page and sitemap that could not be read."""
        return self._database.execute(
            "SELECT url, coalesce(reason, '') FROM pages WHERE state = ? AND role != ? ORDER BY id",
            (FAILED, RECORD),
        ).fetchall()

    def empty_lists(self, reason: str) -> list[tuple[str, str]]:
        """Url and reason of the first listing pages whose reason begins so."""
        return self._database.execute(
            "SELECT url, reason FROM pages WHERE state = ? AND role = 'listing' AND number <= 1"
            " AND reason LIKE ? ORDER BY id",
            (DONE, f"{reason}%"),
        ).fetchall()

    def any_list_leads(self, reason: str) -> bool:
        """Whether any first listing page was read whose reason does not begin so."""
        return (
            self._database.execute(
                "SELECT 1 FROM pages WHERE state = ? AND role = 'listing' AND number <= 1"
                " AND coalesce(reason, '') NOT LIKE ?",
                (DONE, f"{reason}%"),
            ).fetchone()
            is not None
        )

    def goes_on(self, page: Page) -> bool:
        """Whether the listing of a page was ever followed to its second page."""
        return (
            self._database.execute(
                "SELECT 1 FROM pages WHERE role = 'listing' AND series = ? AND number > 1",
                (page.series,),
            ).fetchone()
            is not None
        )

    def lists(self, state: str) -> list[tuple[str, str]]:
        """Url and reason of the first listing pages and sitemaps that ended in a state."""
        return self._database.execute(
            "SELECT url, coalesce(reason, '') FROM pages WHERE state = ? AND role != ?"
            " AND number <= 1 ORDER BY id",
            (state, RECORD),
        ).fetchall()

    def previous_failed(self, page: Page) -> bool:
        """Whether the listing page before this one could not be read either."""
        return (
            self._database.execute(
                "SELECT 1 FROM pages WHERE series = ? AND number = ? AND state = ?"
                " AND role = 'listing'",
                (page.series, page.number - 1, FAILED),
            ).fetchone()
            is not None
        )

    def known_good(self) -> str | None:
        """The url of the page that was answered last, as it was asked for."""
        row = self._database.execute(
            "SELECT final_url FROM responses ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return None if row is None else str(row[0])

    def lost_pages(self) -> list[LostPage]:
        """The record pages that are gone and of which an answer is archived."""
        rows = self._database.execute(
            "SELECT url, coalesce(reason, ''), run FROM pages WHERE state = ? AND role = ?"
            " AND EXISTS (SELECT 1 FROM responses WHERE page_id = pages.id) ORDER BY url",
            (GONE, RECORD),
        )
        return [LostPage(*row) for row in rows]

    def record_ends(self, run: int) -> dict[str, int]:
        """How many record pages a run brought to each state; links to other sites are none."""
        return dict(
            self._database.execute(
                "SELECT state, count(*) FROM pages WHERE role = ? AND run = ?"
                " AND (state != ? OR reason IS NOT NULL) GROUP BY state",
                (RECORD, run, OFF_SITE),
            ).fetchall()
        )

    def last_run(self) -> int:
        """The number of the newest run; 0 where there is none."""
        row = self._database.execute("SELECT max(id) FROM runs").fetchone()
        return int(row[0] or 0)

    def reports(self) -> list[tuple[int, str, str | None, str | None]]:
        """Every run: its number, start, end and report, oldest first."""
        return self._database.execute(
            "SELECT id, started_at, finished_at, report FROM runs ORDER BY id"
        ).fetchall()
