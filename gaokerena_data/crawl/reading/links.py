"""A page that a crawl knows of: as a link, as a leased page, as an archived answer."""

from dataclasses import dataclass

LISTING = "listing"
SITEMAP = "sitemap"
RECORD = "record"


@dataclass(frozen=True, slots=True)
class Link:
    """One page to fetch.

    Args:
        url: as it was linked; the canonical url is its key.
        role: `LISTING`, `SITEMAP` or `RECORD`.
        depth: how many links away from a seed.
        series: which of the spider's listings, for a listing page.
        number: which page of it, counted from 1.
        lastmod: when a sitemap says it was last changed, as it says so.
    """

    url: str
    role: str
    depth: int
    series: int | None = None
    number: int = 0
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A leased page."""

    id: int
    url: str
    linked_as: str
    role: str
    depth: int
    series: int | None
    number: int
    tries: int
    etag: str | None
    last_modified: str | None

    @property
    def link(self) -> Link:
        """What a spider needs to know of it."""
        return Link(self.linked_as, self.role, self.depth, self.series, self.number)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer as it was archived: see `records.Provenance`."""

    final_url: str
    status: int
    fetched_at: str
    sha256: str
    warc_file: str
    warc_offset: int
    robots: str
    opt_out: str
    run: int = 0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a record page, with its archived answers, newest first."""

    url: str
    state: str
    reason: str | None
    run: int
    versions: tuple[Fetched, ...]
