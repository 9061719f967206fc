"""Nothing found is no success: what leads to no record is told, with the links it shows."""

import gzip
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.crawl.commands import crawl as crawl_command
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from spiders.isovisit import Isovisit
from spiders.salammag import Salammag
from tests.crawl.conftest import Crawl
from tests.crawl.raw_site import RawSite, page
from tests.crawl.small_forum import Answer, Asked, SmallForum
from tests.crawl.small_magazine import ARTICLE, Magazine, magazine, sitemap

MANY_CASES = True  # see tests/conftest.py


__all__ = ["magazine"]

app = typer.Typer()
app.command("crawl")(crawl_command)
app.command("nothing")(lambda: None)

CHALLENGE = page("<html><title>Just a moment</title><a href='/cdn'>check</a></html>")


INDEX = sitemap(
    "https://salammag.com/post-sitemap1.xml",
    "https://salammag.com/category-sitemap.xml",
    of="sitemap",
    root="sitemapindex",
)
CATEGORIES = sitemap("https://salammag.com/category/diet", "https://salammag.com/category/skin")


def test_a_sitemap_whose_urls_all_miss_shows_them_and_is_read_again(magazine: Magazine) -> None:
    odd = [f"https://salammag.com/p.php/{number}.x" for number in range(12)]
    pages = {
        "/sitemap_index.xml": INDEX,
        "/category-sitemap.xml": CATEGORIES,
        "/post-sitemap1.xml": sitemap(*odd),
    }
    report = magazine(pages)
    assert (report.complete, report.ended_well) == (False, False)
    ((url, reason),) = report.unread_lists
    assert url == "https://salammag.com/post-sitemap1.xml"
    assert odd[0] in reason
    assert "7 more" in reason

    good = "https://salammag.com/vitamin-d"
    pages |= {"/post-sitemap1.xml": sitemap(good, odd[0]), "/vitamin-d": ARTICLE}
    report = magazine(pages)
    assert (report.complete, report.ended_well) == (True, True)
    assert report.records == {"article": 1}


@pytest.mark.parametrize(
    "answer",
    [
        CHALLENGE,
        page(""),
        page("<urlset></urlset>", kind="application/xml"),
        page("{}", kind="application/json"),
        page("service unavailable", "403 Forbidden"),
        page(gzip.compress(b"<html>no</html>"), kind="application/gzip"),
    ],
    ids=["challenge", "empty", "no entry", "json", "403", "gzip"],
)
def test_what_stands_in_place_of_a_sitemap_is_told(magazine: Magazine, answer: bytes) -> None:
    report = magazine({"/sitemap_index.xml": answer})
    assert (report.complete, report.ended_well) == (False, False)
    assert report.trouble or report.unread_lists


WHOLE = sitemap("https://salammag.com/vitamin-d", "https://salammag.com/zinc").partition(b"<url")
ENTRIES = (WHOLE[1] + WHOLE[2]).decode().removesuffix("</urlset>")
FEED = "<item><link>https://salammag.com/vitamin-d</link></item>"


@pytest.mark.parametrize(
    ("body", "articles"),
    [
        (f"<urlset>{ENTRIES}", 2),
        (f"<?xml version='1.0'?>\n<urlset>{ENTRIES}<url><loc>https://salammag.com/iro", 2),
        (f"<s:urlset xmlns:s='http://www.sitemaps.org/x'>{ENTRIES}<url><loc>ht", 2),
        (f"<rss><channel>{FEED}<item><link>https://salammag.com/iro", 1),
        (gzip.compress(f"<urlset>{ENTRIES}<url><loc>https://salammag.com/iron<".encode()), 2),
        (f"<urlset>{ENTRIES}<url><loc>https://salammag.com/iro".encode("utf-16"), 2),
    ],
    ids=["between", "in a url", "with a prefix", "a feed", "packed", "utf-16"],
)
def test_a_sitemap_that_breaks_off_is_read_so_far_and_stays_open(
    magazine: Magazine, body: str | bytes, articles: int
) -> None:
    pages = {
        "/sitemap_index.xml": sitemap(
            "https://salammag.com/post-sitemap1.xml", of="sitemap", root="sitemapindex"
        ),
        "/post-sitemap1.xml": page(body, kind="application/xml"),
        **dict.fromkeys(("/vitamin-d", "/zinc", "/iron", "/iro"), ARTICLE),
    }
    report = magazine(pages)
    assert not report.ended_well
    assert [reason for _, reason in report.unread_lists] == ["it breaks off before its end"]
    assert report.records == {"article": articles}

    report = magazine(
        pages
        | {"/post-sitemap1.xml": sitemap(*(f"https://salammag.com/{x}" for x in "vxyz"))}
        | dict.fromkeys(("/v", "/x", "/y", "/z"), ARTICLE)
    )
    assert (report.ended_well, report.records["article"]) == (True, articles + 4)


@pytest.mark.parametrize("place", ["an index", "robots.txt", "both"])
def test_a_record_page_that_is_named_as_a_sitemap_is_a_record_page(
    magazine: Magazine, place: str
) -> None:
    articles = ["https://salammag.com/vitamin-d", "https://salammag.com/zinc"]
    shard = "https://salammag.com/post-sitemap1.xml"
    named = articles if place != "robots.txt" else []
    pages = {
        "/sitemap_index.xml": sitemap(*named, shard, of="sitemap", root="sitemapindex"),
        "/post-sitemap1.xml": sitemap(*articles),
        **dict.fromkeys(("/vitamin-d", "/zinc"), ARTICLE),
    }
    if place != "an index":
        pages["/robots.txt"] = page("\n".join(f"Sitemap: {url}" for url in articles))
    report = magazine(pages)
    assert (report.ended_well, report.records) == (True, {"article": 2})


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
@pytest.mark.parametrize("body", ["", "<title>Just a moment</title>", "<a href='/login'>ورود</a>"])
def test_nothing_that_did_not_change_is_still_nothing(
    forum: SmallForum, crawl: Crawl, validator: str, body: str
) -> None:
    said = {validator: '"1"' if validator == "ETag" else "Mon, 01 Jan 2024 00:00:00 GMT"}

    def answer(asked: Asked, visit: int) -> Answer:
        if {"if-none-match", "if-modified-since"} & asked.headers.keys():
            return Answer("", 304)
        return Answer(body, 200, said)

    forum.pages["/q/page-1"] = answer
    for _ in range(2):
        report = crawl()
        assert (report.complete, report.ended_well) == (False, False)
        assert report.unread_lists


@pytest.mark.parametrize(
    ("path", "failed", "ended_well"),
    [("/q/page-1", 1, False), ("/q/q001", 1, True), ("/robots.txt", 0, False)],
)
def test_not_modified_is_no_answer_to_who_has_nothing(
    forum: SmallForum, crawl: Crawl, path: str, failed: int, ended_well: bool
) -> None:
    forum.pages[path] = Answer("", 304)
    report = crawl()
    assert report.ended_well is ended_well
    assert report.states.get("failed", 0) == failed


def test_a_sitemap_that_is_not_there_is_told(magazine: Magazine) -> None:
    report = magazine({})
    assert not report.ended_well
    assert report.failures[0].startswith("https://salammag.com/sitemap_index.xml is gone")


@pytest.mark.parametrize(
    ("spider", "url"),
    [
        (Isovisit, "https://isovisit.com/question/123/some-slug"),
        (Isovisit, "https://isovisit.com/questions/123"),
        (Isovisit, "https://isovisit.com/question/123-some-slug"),
        (Isovisit, "https://www.isovisit.com/question/درد-معده/"),
        (Salammag, "https://salammag.com/4711/some-slug/"),
        (Salammag, "https://salammag.com/some-slug"),
        (Salammag, "https://salammag.com/2026/01/some-slug/"),
        (Salammag, "https://salammag.com/mag/4711/some-slug.html"),
    ],
)
def test_plausible_urls_of_records_are_taken(spider: type[Isovisit], url: str) -> None:
    assert spider().is_record(url)


@pytest.mark.parametrize(
    ("spider", "url"),
    [
        (Isovisit, "https://isovisit.com/questions?page=2"),
        (Isovisit, "https://isovisit.com/questions/category/skin"),
        (Isovisit, "https://isovisit.com/questions/page/2"),
        (Isovisit, "https://isovisit.com/doctors/123"),
        (Salammag, "https://salammag.com/category/diet/"),
        (Salammag, "https://salammag.com/wp-content/uploads/a.jpg"),
        (Salammag, "https://salammag.com/author/somebody"),
        (Salammag, "https://salammag.com/"),
    ],
)
def test_urls_of_other_pages_are_not(spider: type[Isovisit], url: str) -> None:
    assert not spider().is_record(url)


@pytest.mark.parametrize(
    "listing",
    [
        "<html><p>هیچ</p></html>",
        '<a href="/questions/1">۱</a><a href="/questions/2">۲</a>',
        '<a href="https://drhast.com/other">x</a>',
    ],
    ids=["no link", "other links", "other url"],
)
def test_a_listing_without_a_record_is_told_with_its_links(
    forum: SmallForum, tmp_path: Path, listing: str
) -> None:
    forum.pages["/q/page-1"] = Answer(f"<html>{listing}</html>")
    result = CliRunner().invoke(
        app, ["crawl", "drhast", "--delay", "0", "--workspace", str(tmp_path)]
    )
    assert result.exit_code == 1
    assert "https://drhast.com/q/page-1 stays open for the next run: no link to a record" in (
        result.output
    )
    if "/questions/1" in listing:
        assert "https://drhast.com/questions/1, https://drhast.com/questions/2" in result.output
    assert "incomplete" in result.output


@pytest.mark.parametrize("pages", [1, 3, 20])
def test_a_selector_that_finds_nothing_is_told_from_the_first_page_on(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch,
    pages: int,
) -> None:  # fmt: skip
    monkeypatch.setattr("spiders.drhast.DrhastQuestion.question", "h2.not-there")
    forum.linked = {name: [] for name in forum.names}
    listed = "".join(f'<a href="/q/{name}">x</a>' for name in forum.names[:pages])
    forum.pages["/q/page-1"] = Answer(listed)
    report = crawl()
    assert not report.ended_well
    assert f"only 0 of {pages} fetched record pages hold a record" in report.failures


@pytest.mark.parametrize(
    "robots", ["User-agent: *\nDisallow: /\n", "User-agent: *\nContent-Usage: train-ai=n\n"]
)
def test_a_site_that_refuses_is_no_success(forum: SmallForum, crawl: Crawl, robots: str) -> None:
    forum.pages["/robots.txt"] = Answer(robots)
    report = crawl()
    assert report.complete
    assert not report.ended_well
    assert "page-1 is" in report.failures[0]


def test_no_network_at_all_ends_with_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawSite(lambda path: b"") as site:
        address = site.address
    monkeypatch.setenv(CONNECT_ALL, address)  # nobody listens there any more
    result = CliRunner().invoke(
        app, ["crawl", "nabz", "--delay", "0", "--workspace", str(tmp_path)]
    )
    assert result.exit_code == 1
    assert "robots.txt cannot be reached" in result.output
