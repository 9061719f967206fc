"""Tells an outage from pages that are broken by themselves.

A page that fails five times is given up. While a site is down, though, every page fails, and none
of them for a reason of its own. So a page is given up only where the site answered another one in
the meantime; where many pages fail in a row, the site is doubted, sounded out and waited for.
"""

IN_A_ROW = 5  # pages that fail with none answered in between
PATIENCE = 7  # times that a site is waited for, ever longer, before it is left for the next run
COLD_PATIENCE = 3  # the same where it has not answered one page in this run
LOST_IN_A_ROW = 30  # record pages given up one after the other


class Breaker:
    """Counts the errors of one site in a row."""

    def __init__(self) -> None:
        self.doubt: str | None = None  # why the site is doubted
        self._waited = 0
        self._answered = 0  # how many pages were answered so far
        self._failing: set[int] = set()
        self._first_failed: dict[int, int] = {}  # page -> pages answered when it first failed
        self._lost = 0

    def answered(self, page: int | None = None) -> None:
        """A page was answered, if only with what it is not: the site is there."""
        self.doubt = None
        self._waited = 0
        self._answered += 1
        self._failing.clear()
        if page is not None:
            self._first_failed.pop(page, None)

    def failed(self, page: int, reason: str) -> None:
        """A page failed for what may be the site's trouble."""
        self._failing.add(page)
        self._first_failed.setdefault(page, self._answered)
        if len(self._failing) >= (1 if self._waited else IN_A_ROW):
            self.doubt = reason

    def may_give_up(self, page: int, reason: str) -> bool:
        """Whether the site answered other pages while this one failed; else it is doubted."""
        if self.doubt is None and self._answered == self._first_failed.get(page, self._answered):
            self.doubt = reason
        return self.doubt is None

    def given_up(self, page: int) -> bool:
        """A record page was given up; whether so many were that the crawl should end."""
        self._first_failed.pop(page, None)
        self._lost += 1
        return self._lost >= LOST_IN_A_ROW

    def read(self) -> None:
        """A record page was read."""
        self._lost = 0

    def wait(self, backoff: float) -> float | None:
        """Seconds to wait for a site in doubt; None where it was waited for long enough.

        Args:
            backoff: seconds of the first wait; each further one is twice as long.
        """
        if self._waited >= (PATIENCE if self._answered else COLD_PATIENCE):
            return None
        self._waited += 1
        return float(backoff * 2 ** (self._waited - 1))

    def try_again(self) -> None:
        """The wait is over: the next page shows."""
        self.doubt = None
        self._failing.clear()
