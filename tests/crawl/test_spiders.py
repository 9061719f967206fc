"""The base classes: what a page leads to, as a pure function of its answer."""

import gzip

import pytest
from scrapy.http import HtmlResponse, Response, XmlResponse

from gaokerena_data.crawl.pages import ArticlePage
from gaokerena_data.crawl.reading.links import LISTING, RECORD, SITEMAP, Link
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.spiders import ListingSpider, QuestionGraphSpider, SitemapSpider
from gaokerena_data.errors import GaokerenaError


class Page(ArticlePage):
    extractor = "nabz@1"
    body = "main"


class Listed(ListingSpider):
    name = "nabz"
    pages = (Page,)
    record_url = r"/blog/[^/]+$"
    listings = ("https://nabz.site/a/page/{page}/", "https://nabz.site/b?page={page}")
    listing_links = "article > a"
    last_page = 3


class Graph(QuestionGraphSpider):
    name = "nabz"
    pages = (Page,)
    record_url = r"/q/[^/]+$"
    listings = ("https://nabz.site/q/page-{page}",)
    listing_links = "a"
    record_links = ".related a"


class Mapped(SitemapSpider):
    name = "nabz"
    pages = (Page,)
    record_url = r"/article/"
    sitemaps = ("https://nabz.site/sitemap_index.xml",)


def html(body: str, url: str = "https://nabz.site/a/page/1/") -> HtmlResponse:
    return HtmlResponse(url, body=f"<html><body>{body}</body></html>", encoding="utf-8")


def test_a_listing_starts_at_its_first_pages() -> None:
    assert list(Listed().seeds()) == [
        Link("https://nabz.site/a/page/1/", LISTING, 0, series=0, number=1),
        Link("https://nabz.site/b?page=1", LISTING, 0, series=1, number=1),
    ]


def test_the_records_of_a_listing_are_taken_once_in_their_order() -> None:
    body = """
        <article><a href="/blog/b/">ب</a><a href=" /blog/آب ">آ</a></article>
        <article><a href="https://www.nabz.site/blog/b#x">again</a><a href="/about">no</a></article>
        <article><a>no href</a><a href="">none</a><a href="javascript:x()">no</a></article>
        <article><a href="http://[bad/blog/x">broken</a><a href="mailto:a@b.ir">no</a></article>
        <a href="/blog/elsewhere">not in an article</a>
    """
    found = Listed().links(Link("https://nabz.site/a/page/1/", LISTING, 0, 0, 1), html(body))
    assert [(link.url, link.role, link.depth) for link in found] == [
        ("https://nabz.site/blog/b/", RECORD, 1),
        ("https://nabz.site/blog/آب", RECORD, 1),
    ]


def test_a_url_that_never_ends_is_left_alone() -> None:
    body = f'<article><a href="/blog/{"x" * 3000}">trap</a></article>'
    assert Listed().links(Link("https://nabz.site/a/page/1/", LISTING, 0, 0, 1), html(body)) == []


def test_a_base_element_is_obeyed() -> None:
    response = HtmlResponse(
        "https://nabz.site/a/page/1/",
        body=b'<base href="https://nabz.site/blog/"><article><a href="x">x</a></article>',
    )
    (found,) = Listed().links(Link(response.url, LISTING, 0, 0, 1), response)
    assert found.url == "https://nabz.site/blog/x"


def test_the_next_listing_page_follows_until_the_last() -> None:
    page = Link("https://nabz.site/b?page=2", LISTING, 0, series=1, number=2)
    following = Listed().next_listing(page)
    assert following == Link("https://nabz.site/b?page=3", LISTING, 0, series=1, number=3)
    assert following is not None
    assert Listed().next_listing(following) is None


def test_an_article_leads_nowhere_a_question_to_its_related_ones() -> None:
    body = '<div class="related"><a href="/q/b">b</a></div><a href="/q/c">c</a>'
    record = Link("https://nabz.site/q/a", RECORD, 4)
    assert Listed().links(record, html(body)) == []
    assert Graph().links(record, html(body)) == [Link("https://nabz.site/q/b", RECORD, 5)]


def test_what_is_no_text_leads_nowhere() -> None:
    image = Response("https://nabz.site/q/a", body=b"\x89PNG")
    for page in (Link(image.url, RECORD, 1), Link(image.url, LISTING, 0, 0, 1)):
        assert Graph().links(page, image) == []


SITEMAP_XML = b"""<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <url><loc> https://nabz.site/article/a/ </loc><lastmod>2026-01-02</lastmod></url>
  <url><loc>https://nabz.site/article/b</loc></url>
  <url><loc>https://nabz.site/wp-content/x.jpg</loc></url>
  <url><loc>file:///article/passwd</loc></url>
  <url><lastmod>2026-01-01</lastmod></url>
</urlset>"""
INDEX_XML = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>https://nabz.site/post-sitemap1.xml.gz</loc><lastmod>2026-01-03</lastmod></sitemap>
</sitemapindex>"""


@pytest.mark.parametrize("body", [SITEMAP_XML, gzip.compress(SITEMAP_XML)], ids=["plain", "gzip"])
def test_a_sitemap_gives_records_with_their_date(body: bytes) -> None:
    response = Response("https://nabz.site/post-sitemap1.xml.gz", body=body)
    assert Mapped().links(Link(response.url, SITEMAP, 0), response) == [
        Link("https://nabz.site/article/a/", RECORD, 1, lastmod="2026-01-02"),
        Link("https://nabz.site/article/b", RECORD, 1),
    ]


def test_an_index_gives_its_shards() -> None:
    response = XmlResponse("https://nabz.site/sitemap_index.xml", body=INDEX_XML)
    assert Mapped().links(Link(response.url, SITEMAP, 0), response) == [
        Link("https://nabz.site/post-sitemap1.xml.gz", SITEMAP, 0, lastmod="2026-01-03")
    ]


def test_a_sitemap_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaokerena_data.crawl.spiders.SITEMAP_BYTES", 10_000)
    bomb = Response("https://nabz.site/s.xml.gz", body=gzip.compress(bytes(1_000_000)))
    with pytest.raises(Exception, match="exceeded"):
        Mapped().links(Link(bomb.url, SITEMAP, 0), bomb)


def test_a_sitemap_reads_no_file_through_an_entity() -> None:
    evil = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>
    <urlset><url><loc>https://nabz.site/article/&e;</loc></url></urlset>"""
    response = XmlResponse("https://nabz.site/s.xml", body=evil)
    found = Mapped().links(Link(response.url, SITEMAP, 0), response)
    assert [link.url for link in found] in ([], ["https://nabz.site/article/"])


def test_a_spider_without_a_session_yields_its_seeds() -> None:
    import asyncio

    async def urls() -> list[str]:
        return [request.url async for request in Mapped().start()]

    assert asyncio.run(urls()) == ["https://nabz.site/sitemap_index.xml"]


@pytest.mark.parametrize("name", ["drhast", "DrHast", "www.drhast.com", "doctor-yab", "dryab"])
def test_a_spider_is_found_by_name_alias_and_host(name: str) -> None:
    assert load_spider(name).name in {"drhast", "doctoryab"}


@pytest.mark.parametrize("name", ["nobody", "kqa", ""])
def test_what_has_no_spider_is_told(name: str) -> None:
    with pytest.raises(GaokerenaError):
        load_spider(name)
