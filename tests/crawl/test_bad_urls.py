"""One bad url costs itself, wherever it stands: redirects, links, sitemaps, robots.txt."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from gaokerena_data.crawl.reading.canonical import canonical_url, host_of, own_letters
from gaokerena_data.crawl.reading.links import SITEMAP, Link
from gaokerena_data.crawl.reading.sitemaps import NoSitemapError, sitemap_entries
from gaokerena_data.crawl.spiders import SitemapSpider
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.raw_site import RawSite, page
from tests.crawl.small_forum import HOST, Answer, SmallForum
from tests.crawl.small_magazine import ARTICLE, magazine

MANY_CASES = True  # see tests/conftest.py


__all__ = ["magazine"]

BAD = [
    f"http://{HOST}:99999/q/a",
    f"http://{HOST}:-1/q/a",
    f"http://{HOST}:port/q/a",
    "http://[::1/q/a",
    "http://[drhast]/q/a",
    "http://drhast℀.com/q/a",
    f"http://{HOST}．/q/a",
    "http:///q/a",
    "http://" + "a" * 70 + ".com/q/a",
    "http://a..b/q/a",
    "http://%zz/q/a",
    f"//{HOST}:99999/q/a",
    f"https://{HOST}/q/" + "a" * 3_000,
    "\x00://q/a",
]


@pytest.mark.parametrize("url", BAD, ids=lambda url: repr(url[:30]))
def test_a_redirect_to_no_url_ends_one_page(
    workspace: Workspace, url: str
) -> None:  # headers as bytes: a library would not send them
    import os

    from gaokerena_data.crawl.run import Options, crawl_sites
    from gaokerena_data.crawl.settings import CONNECT_ALL

    forum = SmallForum()
    location = url.encode().decode("latin-1").replace("\x00", "%00")

    def answer(path: str) -> bytes:
        if path == "/q/q007":
            return page("", "301 Moved", f"Location: {location}\r\n")
        if path == "/q/page-1":
            return page("".join(f'<a href="/q/{name}">x</a>' for name in forum.names))
        if path.removeprefix("/q/") in forum.linked:
            return page(forum.question(path.removeprefix("/q/")))
        return page("gone", "404 Not Found")

    with RawSite(answer) as site, pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, CONNECT_ALL, site.address)
        for _ in range(2):  # on the next run, too
            (report,) = crawl_sites(workspace, ["drhast"], Options(delay=0.0))
            assert report.complete
    assert len(records(workspace)) == len(forum.names) - 1
    assert ledger(workspace)[forum.url("q007")][0] in {"failed", "off site", "redirected"}


def test_links_that_are_no_urls_are_passed_over(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    bad = "".join(f'<a href="{url}">x</a>' for url in [*BAD, "x" * 5_000_000])
    forum.pages["/q/q000"] = Answer(forum.question("q000").replace("<ul>", f"{bad}<ul>"))
    report = crawl()
    assert report.complete
    assert len(records(workspace)) == len(forum.names)
    assert {asked.host.rstrip(".") for asked in forum.asked} == {HOST}


@pytest.mark.parametrize("url", BAD[:6], ids=lambda url: repr(url[:30]))
def test_a_robots_file_that_moves_to_no_url_leaves_the_site_as_incomplete(
    workspace: Workspace, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gaokerena_data.crawl.run import Options, crawl_sites
    from gaokerena_data.crawl.settings import CONNECT_ALL

    location = url.encode().decode("latin-1")
    with RawSite(lambda path: page("", "301 Moved", f"Location: {location}\r\n")) as site:
        monkeypatch.setenv(CONNECT_ALL, site.address)
        (report,) = crawl_sites(workspace, ["drhast"], Options(delay=0.0))
    assert not report.complete
    assert "robots.txt leads to" in (report.trouble or "")


def test_a_canonical_link_that_is_no_url_changes_nothing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    for name, url in zip(forum.names, BAD, strict=False):
        extra = f'<link rel="canonical" href="{url}"><base href="{url}">'
        forum.pages[f"/q/{name}"] = Answer(forum.question(name, extra))
    listed = "".join(f'<a href="/q/{name}">x</a>' for name in forum.names)
    forum.pages["/q/page-1"] = Answer(listed)
    assert crawl().complete
    assert len(records(workspace)) == len(forum.names)


BASE = "https://salammag.com/post-sitemap1.xml"


def entries(body: bytes) -> list[str]:
    return [entry.url for entry in sitemap_entries(body, BASE, 2083)]


LOCS = [
    ("https://salammag.com/a", "https://salammag.com/a"),
    ("HTTPS://SALAMMAG.COM/a", "HTTPS://SALAMMAG.COM/a"),
    ("/a", "https://salammag.com/a"),
    ("a", "https://salammag.com/a"),
    ("//salammag.com/a", "https://salammag.com/a"),
    ("salammag.com/a", "https://salammag.com/a"),
    ("www.salammag.com/a", "https://www.salammag.com/a"),
    ("\n   https://salammag.com/a\n  ", "https://salammag.com/a"),
    ("<![CDATA[https://salammag.com/a]]>", "https://salammag.com/a"),
    ("https://salammag.com/?a=1&amp;b=2", "https://salammag.com/?a=1&b=2"),
    ("https://salammag.com/آب", "https://salammag.com/آب"),
]


@pytest.mark.parametrize(("loc", "url"), LOCS, ids=[repr(loc) for loc, _ in LOCS])
def test_a_loc_is_read_however_it_is_written(loc: str, url: str) -> None:
    body = f"<?xml version='1.0'?><urlset><url><loc>{loc}</loc></url></urlset>".encode()
    assert [canonical_url(each) for each in entries(body)] == [canonical_url(url)]


@pytest.mark.parametrize("loc", [*BAD[:12], "file:///etc/passwd", "mailto:a@b.ir", "x" * 5_000_000])
def test_a_loc_that_is_no_url_does_not_lose_the_sitemap(loc: str) -> None:
    body = (
        f"<urlset><url><loc>{loc}</loc></url><url><loc>https://salammag.com/a</loc></url></urlset>"
    ).encode()

    class Mapped(SitemapSpider):
        name = "salammag"
        record_url = r"^https://salammag\.com/[^/]+$"
        sitemaps = (BASE,)

    found = Mapped().links(Link(BASE, SITEMAP, 0), Response(BASE, body=body))
    assert [link.url for link in found] == ["https://salammag.com/a"]


XML = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>".format(
    "<url><loc>https://salammag.com/a</loc><lastmod>2026-01-01</lastmod></url>"
)
SITEMAPS = {
    "text before the declaration": f"\n\n  Warning: x <?xml version='1.0'?>{XML}".encode(),
    "markup before the declaration": f"<br />\n<b>Notice</b>: x<?xml version='1.0'?>{XML}".encode(),
    "a mark": b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>" + XML.encode(),
    "utf-16": f"<?xml version='1.0' encoding='UTF-16'?>{XML}".encode("utf-16"),
    "no declaration": XML.encode(),
    "a prefix": re.sub("<(/?)", r"<\1s:", XML).replace(" xmlns=", " xmlns:s=").encode(),
    "text behind": f"{XML}\n<!-- made in 0.1 s -->garbage < & ".encode(),
    "cut off": XML.removesuffix("</urlset>").encode(),
    "a bare ampersand": XML.replace("/a<", "/a?x&y<").encode(),
    "a plain list": b"https://salammag.com/a\nhttps://salammag.com/b\n",
    "a plain list with a mark": b"\xef\xbb\xbfhttps://salammag.com/a\r\n\r\nhttps://salammag.com/b",
    "a plain list of paths": b"/a\n/b\n",
    "rss": b"<rss><channel><link>https://salammag.com</link><item><link>https://salammag.com/a"
    b"</link></item></channel></rss>",
    "atom": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='https://salammag.com/a'/>"
    b"<updated>2026-01-01</updated></entry></feed>",
}  # fmt: skip


@pytest.mark.parametrize("body", SITEMAPS.values(), ids=SITEMAPS.keys())
def test_a_sitemap_is_read_as_it_comes(body: bytes) -> None:
    assert entries(body)[0].startswith("https://salammag.com/a")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><a href='/x'>x</a></html>",
        b"Just a moment ...",
        b"{}",
        b"\x89PNG",
        b"<",
        b"\x00",
    ],
)
def test_what_is_no_sitemap_is_told(body: bytes) -> None:
    with pytest.raises(NoSitemapError):
        entries(body)


def test_bad_entries_in_an_index_lose_none_of_the_good(
    magazine: Callable[[dict[str, bytes]], object],
) -> None:
    shards = [*BAD[:12], "post-sitemap1.xml"]
    index = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in shards)
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in [*BAD[:12], "vitamin-d"])
    report = magazine(
        {
            "/sitemap_index.xml": page(f"<sitemapindex>{index}</sitemapindex>", kind="text/xml"),
            "/post-sitemap1.xml": page(f" <?xml version='1.0'?><urlset>{urls}</urlset>"),
            "/vitamin-d": ARTICLE,
        }
    )
    assert getattr(report, "complete", None) is True
    assert getattr(report, "records", None) == {"article": 1}


def test_a_loc_of_five_megabytes_takes_no_memory() -> None:
    script = (
        "import resource; from gaokerena_data.crawl.reading.sitemaps import sitemap_entries;"
        "loc = '/' + 'ب' * 2_500_000;"
        "body = f'<urlset><url><loc>{loc}</loc></url></urlset>'.encode();"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "found = list(sitemap_entries(body, 'https://nabz.site/s.xml', 2083));"
        "print(len(found), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    found, grown = map(int, done.stdout.split())
    assert found == 0
    assert grown < 60_000  # kilobytes


@given(st.text(max_size=60))
def test_no_text_breaks_what_looks_at_urls(text: str) -> None:
    for url in (text, f"http://{text}", f"https://drhast.com{text}", f"https://drhast.com:{text}"):
        assert isinstance(canonical_url(url), str)
        assert isinstance(host_of(url), str)
        own_letters(url)


@pytest.mark.parametrize("port", [80, 443])
def test_a_usual_port_is_no_other_host(port: int) -> None:
    assert host_of(f"https://www.{HOST}:{port}/q/a") == HOST


def test_a_port_of_its_own_is_another_host() -> None:
    assert host_of(f"https://{HOST}:8443/q/a") != HOST
