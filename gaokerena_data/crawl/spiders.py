"""The base classes of all spiders: listing pages, sitemaps, a graph of questions.

A spider is a declaration of a site: where to start, what a record's url looks like, which page
objects read it. Its methods are pure functions of a response; fetching, politeness, the frontier
and the archive are the business of the session that runs it.

```python
class Example(ListingSpider):
    name = "example"
    pages = (ExamplePage,)
    record_url = r"/blog/[^/]+$"
    listings = ("https://example.ir/blog/page/{page}/",)
    listing_links = "article > a"
```
"""

import re
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import scrapy
from scrapy.http import Response, TextResponse
from scrapy.utils.gz import gunzip, gzip_magic_number

from gaokerena_data.crawl.reading.canonical import canonical_url, host_of
from gaokerena_data.crawl.reading.links import LISTING, RECORD, SITEMAP, Link
from gaokerena_data.crawl.reading.sitemaps import SitemapEntry, is_whole, sitemap_entries

if TYPE_CHECKING:
    from gaokerena_data.crawl.pages import RecordPage

URL_CHARACTERS = 2083  # what browsers take; a longer one is a trap for crawlers
SITEMAP_BYTES = 52_428_800  # the protocol's limit of one sitemap, uncompressed (sitemaps.org)


class Session(Protocol):
    """What crawls a site as its spider declares it: `session.SiteSession`."""

    hosts: frozenset[str]
    paused: bool

    async def crawl(self, spider: "SiteSpider") -> None:
        """Fetch pages until the frontier is empty or the crawl is stopped."""

    async def within_grace[T](self, answer: Awaitable[T]) -> T:
        """An answer, unless the crawl is to end at once."""


class SiteSpider(scrapy.Spider):
    """A site whose record pages are known by their url.

    Attributes:
        name: the source's name in `sources.py`, and the file's name in `spiders/`.
        pages: page objects, tried in order; the first that yields records wins.
        record_url: regular expression, searched in the canonical url of a record page.
    """

    name: str
    pages: ClassVar[tuple["type[RecordPage]", ...]]
    record_url: ClassVar[str]

    def __init__(self, *, session: Session | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Let the session crawl; without one, say where a crawl would begin."""
        if self.session is not None:
            await self.session.crawl(self)
            return
        for link in self.seeds():
            yield scrapy.Request(link.url, dont_filter=True)

    def seeds(self) -> Iterator[Link]:
        """The pages a crawl starts from."""
        raise NotImplementedError

    def links(self, page: Link, response: Response) -> list[Link]:
        """The pages that a fetched page leads to, in its order.

        Args:
            page: the page as it stands in the frontier.
            response: its answer, decoded.
        """
        raise NotImplementedError

    def seen(self, page: Link, response: Response) -> list[str]:  # noqa: ARG002
        """Every link of a page, once each: shown where none of them is a record's."""
        if not isinstance(response, TextResponse):
            return []
        found: dict[str, None] = {}
        for href in response.css("a::attr(href)").getall():
            if (url := _joined(response, href)) is not None:
                found.setdefault(url, None)
        return list(found)

    def lists_no_record(self, url: str) -> bool:  # noqa: ARG002
        """Whether a listing or a sitemap is known to lead to no record."""
        return False

    def is_record(self, url: str) -> bool:
        """Whether a url, in any spelling, is a record page's."""
        return re.search(self.record_url, canonical_url(url)) is not None

    def record_links_at(self, response: TextResponse, css: str, depth: int) -> list[Link]:
        """The record pages among the elements that `css` selects, once each."""
        found: dict[str, Link] = {}
        for element in response.css(css):
            url = _joined(response, element.attrib.get("href", ""))
            if url is None:
                continue
            known = canonical_url(url)
            if len(known) > URL_CHARACTERS or known in found:
                continue
            if re.search(self.record_url, known):
                found[known] = Link(url, RECORD, depth)
        return list(found.values())


class ListingSpider(SiteSpider):
    """A site with numbered listing pages.

    A listing ends where it yields no record link, answers 404, or repeats an earlier page of its
    own: nobody has to know how many pages it has.

    Attributes:
        listings: url templates with `{page}`, counted from 1.
        listing_links: CSS of the links on a listing.
        last_page: the last page to ask for, where a site needs one.
    """

    listings: ClassVar[tuple[str, ...]]
    listing_links: ClassVar[str]
    last_page: ClassVar[int | None] = None

    def seeds(self) -> Iterator[Link]:
        """The first page of every listing."""
        for series in range(len(self.listings)):
            yield self.listing_page(series, 1)

    def listing_page(self, series: int, number: int) -> Link:
        """Page `number` of the listing at index `series`."""
        url = self.listings[series].format(page=number)
        return Link(url, LISTING, depth=0, series=series, number=number)

    def next_listing(self, page: Link) -> Link | None:
        """The listing page after `page`, unless it is the last."""
        if page.series is None or (self.last_page is not None and page.number >= self.last_page):
            return None
        return self.listing_page(page.series, page.number + 1)

    def links(self, page: Link, response: Response) -> list[Link]:
        """The records of a listing; a record page leads nowhere."""
        if page.role != LISTING or not isinstance(response, TextResponse):
            return []
        return self.record_links_at(response, self.listing_links, page.depth + 1)


class QuestionGraphSpider(ListingSpider):
    """A forum whose question pages link to related questions: a graph, walked breadth first.

    Attributes:
        record_links: CSS of the links to follow on a record page.
    """

    record_links: ClassVar[str]

    def links(self, page: Link, response: Response) -> list[Link]:
        """The questions that a listing or a question leads to."""
        if page.role != RECORD:
            return super().links(page, response)
        if not isinstance(response, TextResponse):
            return []
        return self.record_links_at(response, self.record_links, page.depth + 1)


class SitemapSpider(SiteSpider):
    """A site that lists its pages in sitemaps; indexes and gzip shards are followed.

    Attributes:
        sitemaps: urls of sitemaps or of indexes of them.
        other_sitemaps: regular expression, searched in the url of a sitemap in an index: those that
            list categories, tags, authors and the like. Any other must list a record.
    """

    sitemaps: ClassVar[tuple[str, ...]]
    other_sitemaps: ClassVar[str] = (
        r"/(?:category|post_tag|tag|page|author|users?|attachment|media|image|video|product|local"
        r"|web-story|elementor|news|wp-sitemap-(?:taxonomies|users))[^/]*$"
        r"|(?:_cat|_tag|category|taxonom)[^/]*sitemap[^/]*$"
    )

    def seeds(self) -> Iterator[Link]:
        """The sitemaps."""
        for url in self.sitemaps:
            yield Link(url, SITEMAP, depth=0)

    def links(self, page: Link, response: Response) -> list[Link]:
        """The shards of an index, or the record pages of a sitemap, with their `lastmod`."""
        if page.role != SITEMAP:
            return []
        links = []
        for entry in self._entries(response):
            if self.is_record(entry.url):  # also where an index names it, as some do
                links.append(Link(entry.url, RECORD, page.depth + 1, lastmod=entry.lastmod))
            elif entry.is_sitemap:
                links.append(Link(entry.url, SITEMAP, page.depth, lastmod=entry.lastmod))
        return links

    def is_whole(self, response: Response) -> bool:
        """Whether a sitemap has its end: a server that dies on its way sends a part of it."""
        return is_whole(_unpacked(response))

    def seen(self, page: Link, response: Response) -> list[str]:
        """Every url that a sitemap lists."""
        if page.role != SITEMAP:
            return super().seen(page, response)
        return [entry.url for entry in self._entries(response)]

    def lists_no_record(self, url: str) -> bool:
        """Whether a sitemap is of those beside the records'."""
        return re.search(self.other_sitemaps, url) is not None

    def _entries(self, response: Response) -> Iterator[SitemapEntry]:
        return sitemap_entries(_unpacked(response), response.url, URL_CHARACTERS)


def _unpacked(response: Response) -> bytes:
    if gzip_magic_number(response):
        return gunzip(response.body, max_size=SITEMAP_BYTES)
    return response.body


def _joined(response: TextResponse, href: str) -> str | None:
    """A href as an absolute url; None where it is none, or none that leads to a page."""
    href = href.strip()
    if not href or len(href) > URL_CHARACTERS:
        return None
    if href.lower().startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        url = response.urljoin(href)
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) and host_of(url) else None
