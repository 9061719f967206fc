"""What listings and sitemaps lead to: where each ends, and whether one led to any record."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from scrapy.http import Response

from gaokerena_data.crawl.fetching.rules import Rules
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.canonical import canonical_url, host_of
from gaokerena_data.crawl.reading.links import LISTING, SITEMAP, Link, Page
from gaokerena_data.crawl.spiders import URL_CHARACTERS, ListingSpider, SitemapSpider, SiteSpider

NO_RECORD_LINK = "no link to a record"  # how the reason of such a listing begins
END_OF_LISTING = "the listing ends here"
# Listings show the newest first, but for pinned entries: two such pages in a row end a later run.
NOTHING_NEW = "nothing new"
# Past their end some listings show records at random: two pages of what this run was shown before.
SHOWN_BEFORE = "nothing that this run was not shown before"
CUT_OFF = "it breaks off before its end"
NAMED = 1_000  # sitemaps in one robots.txt
NESTING = 4  # indexes of sitemaps within each other
SHOWN = 5  # links that a failure shows


class NoRecordLinkError(Exception):
    """A listing or a sitemap that leads to no record: a layout or an address that changed."""


@dataclass(frozen=True, slots=True)
class Led:
    """What a page leads to.

    Args:
        links: the pages.
        listed: digest of what a listing page listed.
        reason: what is to be noted of it.
        whole: whether it is all that it leads to; else it stays open for the next run.
    """

    links: list[Link]
    listed: str | None = None
    reason: str | None = None
    whole: bool = True

    @property
    def all_well(self) -> bool:
        """Whether nothing of it has to be looked at again."""
        return self.whole and not (self.reason or "").startswith(NO_RECORD_LINK)


class SiteLists:
    """The listings and sitemaps of one site in one run.

    Args:
        spider: the site's.
        frontier: with its run begun.
    """

    def __init__(self, spider: SiteSpider, frontier: Frontier) -> None:
        self._spider = spider
        self._frontier = frontier
        self._seeds = {canonical_url(seed.url) for seed in spider.seeds()}
        self._nesting: dict[str, int] = {}
        self._hosts: set[str] = set()  # whose robots.txt was looked at for sitemaps
        self._named: set[str] = set()

    @property
    def named(self) -> frozenset[str]:
        """The canonical urls of the sitemaps that only robots.txt leads to."""
        return frozenset(self._named)

    def add_named(self, url: str, rules: Rules) -> None:
        """Queue the sitemaps that the robots.txt of a url's host names.

        Which of them list records is not known beforehand: those that list none fail nothing.
        """
        root = urljoin(url, "/")
        if root in self._hosts or rules.robots is None:
            return
        self._hosts.add(root)
        if not isinstance(self._spider, SitemapSpider):
            return
        found: dict[str, Link] = {}
        for named in islice(rules.robots.sitemaps, NAMED):
            with suppress(ValueError):
                sitemap = urljoin(root, named)
                known = canonical_url(sitemap)
                is_own = host_of(known) in self._frontier.hosts and not self.is_record(known)
                if len(known) <= URL_CHARACTERS and is_own:
                    found.setdefault(known, Link(sitemap, SITEMAP, depth=0))
        self._named |= found.keys() - self._seeds
        self._frontier.add(link for known, link in found.items() if known in self._named)

    def follow(self, page: Page, response: Response) -> Led:
        """The pages that an answered page leads to.

        Raises:
            NoRecordLinkError: a listing's first page, or a sitemap, leads to no record.
            Exception: whatever a spider meets in a page.
        """
        links = self._spider.links(page.link, response)
        if page.role == SITEMAP:
            found = self._sitemap(page, response, links)
            if isinstance(self._spider, SitemapSpider) and not self._spider.is_whole(response):
                return Led(found, reason=CUT_OFF, whole=False)
            return Led(found)
        if page.role == LISTING and isinstance(self._spider, ListingSpider):
            return self._listing(self._spider, page, response, links)
        return Led(links)

    def is_record(self, url: str) -> bool:
        """Whether a url is a record page's."""
        return self._spider.is_record(url)

    def after_failure(self, page: Page) -> list[Link]:
        """What is behind a listing page that cannot be read; nothing where two in a row cannot."""
        if page.role != LISTING or not isinstance(self._spider, ListingSpider):
            return []
        if self._frontier.previous_failed(page):
            return []
        following = self._spider.next_listing(page.link)
        return [] if following is None else [following]

    def _sitemap(self, page: Page, response: Response, links: list[Link]) -> list[Link]:
        of_none = page.url in self._named or self._spider.lists_no_record(page.url)
        if not links and (page.url in self._seeds or not of_none):
            seen = self._spider.seen(page.link, response)
            if seen or page.url in self._seeds:
                raise NoRecordLinkError(_told(seen))
        nesting = self._nesting.get(page.url, 0) + 1
        shards = [link for link in links if link.role == SITEMAP]
        if shards and nesting > NESTING:
            raise NoRecordLinkError(f"more than {NESTING} indexes of sitemaps within each other")
        if page.url in self._named:
            self._named |= {canonical_url(shard.url) for shard in shards} - self._seeds
        for shard in shards:
            self._nesting.setdefault(canonical_url(shard.url), nesting)
        return links

    def _listing(
        self, spider: ListingSpider, page: Page, response: Response, links: list[Link]
    ) -> Led:
        known = [canonical_url(link.url) for link in links]
        listed = hashlib.sha256("\n".join(known).encode()).hexdigest()
        if not links and page.number <= 1:
            seen = spider.seen(page.link, response)
            # A section may be empty; not one that was not, nor one that shows records elsewhere.
            if self._frontier.goes_on(page) or any(map(spider.is_record, seen)):
                raise NoRecordLinkError(_told(seen))
            return Led([], listed, _told(seen))
        if not links or self._frontier.repeats_a_listing(page, listed):
            return Led(links, listed, END_OF_LISTING)
        reason = None
        if not self._frontier.recheck and self._frontier.knows_all(links):
            reason = NOTHING_NEW
        if self._frontier.showed_all(page, links):
            reason = SHOWN_BEFORE
        if reason is not None and self._frontier.previous_reason(page) in {
            NOTHING_NEW,
            SHOWN_BEFORE,
        }:
            return Led(links, listed, reason)
        following = spider.next_listing(page.link)
        return Led(links if following is None else [*links, following], listed, reason)


def _told(seen: list[str]) -> str:
    if not seen:
        return f"{NO_RECORD_LINK}, nor to anything else"
    more = f" and {len(seen) - SHOWN:,} more" if len(seen) > SHOWN else ""
    return f"{NO_RECORD_LINK}; it shows {', '.join(seen[:SHOWN])}{more}"
