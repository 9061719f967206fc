"""What archive tools need to replay a crawl: whole exchanges, and an index in CDXJ."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from gaokerena_data.crawl.extract import extract_site
from gaokerena_data.crawl.fetching.archive_index import index_archive, index_path, surt
from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from tests.crawl.raw_forum import RawForum
from tests.crawl.small_forum import HOST, Answer


@pytest.fixture
def forum(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawForum]:
    with RawForum() as forum:
        monkeypatch.setenv(CONNECT_ALL, forum.address)
        yield forum


def crawl(workspace: Workspace, **options: bool) -> None:
    crawl_sites(workspace, ["drhast"], Options(delay=0.0, **options))


def warc(workspace: Workspace) -> list[tuple[str, dict[str, str], str, bytes]]:
    """Kind, headers, first line and raw body of every record, read by another's reader."""
    found = []
    for path in sorted(workspace.archive("drhast").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                about = dict(record.rec_headers.headers)
                head = record.http_headers
                line = "" if head is None else f"{head.protocol} {head.statusline}"
                found.append((record.rec_type, about, line, record.raw_stream.read()))
    return found


def index(workspace: Workspace) -> list[tuple[str, str, dict[str, str]]]:
    lines = index_path(workspace.archive("drhast")).read_text().splitlines()
    assert lines == sorted(lines)
    return [(*line.split(" ", 2)[:2], json.loads(line.split(" ", 2)[2])) for line in lines]


def test_each_answer_has_its_request_address_and_reason(
    workspace: Workspace, forum: RawForum
) -> None:
    forum.sent("/q/q001", status=b"200 All Fine")
    crawl(workspace)
    records = warc(workspace)
    answers = {about["WARC-Record-ID"]: about for kind, about, *_ in records if kind == "response"}
    requests = [(about, line) for kind, about, line, _ in records if kind == "request"]
    assert len(answers) == len(requests) == len(forum.asked)
    for about, line in requests:
        answer = answers[about["WARC-Concurrent-To"]]
        assert about["WARC-Target-URI"] == answer["WARC-Target-URI"]
        assert about["WARC-IP-Address"] == answer["WARC-IP-Address"] == "127.0.0.1"
        path = about["WARC-Target-URI"].removeprefix(f"https://{HOST}")
        assert line == f"GET {path} HTTP/1.1"
    (said,) = [line for _, about, line, _ in records if "/q/q001" in about.get(
        "WARC-Target-URI", "") and line.startswith("HTTP")]  # fmt: skip
    assert said == "HTTP/1.1 200 All Fine"


def test_the_index_leads_to_every_answer(workspace: Workspace, forum: RawForum) -> None:
    forum.pages["/q/q002"] = Answer(
        brotli.compress(forum.question("q002").encode()), 200, {"Content-Encoding": "br"}
    )
    forum.sent("/q/q003", b"Set-Cookie: a=\xd3\xe1", "سرور: x".encode(), b"X-Where: /\xd8\xb3")
    crawl(workspace)
    entries = index(workspace)
    assert {entry["url"] for *_, entry in entries} == {
        f"https://{HOST}{asked.path}" for asked in forum.asked
    }
    for key, time, entry in entries:
        assert key == surt(entry["url"])
        assert len(time) == 14
        with (workspace.archive("drhast") / entry["filename"]).open("rb") as file:
            file.seek(int(entry["offset"]))
            assert file.read(4) == b"\x1f\x8b\x08\x00"
            file.seek(int(entry["offset"]))
            record = next(ArchiveIterator(file, check_digests="raise"))
            assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
            digest = record.rec_headers.get_header("WARC-Payload-Digest")
            assert digest == f"sha1:{entry['digest']}"
            assert record.http_headers.get_statuscode() == entry["status"]
            assert all(str(header).isascii() for header in record.http_headers.headers)


def test_a_page_that_is_what_it_was_leads_to_its_body(
    workspace: Workspace, forum: RawForum
) -> None:
    crawl(workspace)
    first = {entry["url"]: entry for *_, entry in index(workspace)}
    crawl(workspace, recheck=True)
    again = [entry for *_, entry in index(workspace) if entry["mime"] == "warc/revisit"]
    assert {entry["url"] for entry in again} >= {forum.url(name) for name in forum.names}
    assert all(entry["digest"] == first[entry["url"]]["digest"] for entry in again)
    dates = {about["WARC-Target-URI"]: about["WARC-Date"] for kind, about, *_ in reversed(
        warc(workspace)) if kind == "response"}  # fmt: skip
    for kind, about, *_ in warc(workspace):
        if kind == "revisit":
            assert about["WARC-Refers-To-Target-URI"] == about["WARC-Target-URI"]
            assert about["WARC-Refers-To-Date"] == dates[about["WARC-Target-URI"]]


def test_archives_without_an_index_or_with_damage_are_indexed(
    workspace: Workspace, forum: RawForum
) -> None:
    crawl(workspace)
    folder = workspace.archive("drhast")
    whole = index_path(folder).read_text()
    index_path(folder).unlink()
    extract_site(workspace, "drhast")
    assert index_path(folder).read_text() == whole

    lost = next(entry for *_, entry in index(workspace) if entry["url"].endswith("q005"))
    (file,) = folder.iterdir()
    data = bytearray(file.read_bytes())
    start = int(lost["offset"]) + int(lost["length"]) // 2
    data[start : start + 64] = bytes(64)
    file.write_bytes(data)
    index_archive(folder)
    assert index_path(folder).read_text().splitlines() == [
        line for line in whole.splitlines() if "/q/q005" not in line
    ]


def test_files_that_are_indexed_are_not_read_again(workspace: Workspace, forum: RawForum) -> None:
    crawl(workspace)
    folder = workspace.archive("drhast")
    whole = index_path(folder).read_text()
    (file,) = folder.iterdir()
    size, old = file.stat().st_size, index_path(folder).stat().st_mtime - 10
    file.write_bytes(bytes(size))
    os.utime(file, (old, old))
    index_archive(folder)
    assert index_path(folder).read_text() == whole
    shutil.copy(file, folder / "drhast-00002.warc.gz")
    file.unlink()
    index_archive(folder)
    assert index_path(folder).read_text() == ""


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.nabz.site/", "site,nabz)/"),
        ("http://nabz.site:8080/B/?b=2&a=1", "site,nabz:8080)/b?a=1&b=2"),
        ("https://blog.nabz.co.ir/%D8%B3/x.html", "ir,co,nabz,blog)/%d8%b3/x.html"),
        ("https://nabz.site:443/q?", "site,nabz)/q"),
    ],
)
def test_urls_are_turned_round_as_archives_do(url: str, key: str) -> None:
    assert surt(url) == key


# ---- sitemaps that robots.txt names ----------------------------------------------------------


def sitemap(*urls: str, index: bool = False) -> Answer:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    listed = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    return Answer(f'<?xml version="1.0"?><{outer}>{listed}</{outer}>')


@pytest.mark.parametrize(
    "named",
    [
        "Sitemap: https://{host}/named.xml",
        "sitemap : https://www.{host}/named.xml\nSitemap: https://other.ir/s.xml",
        "User-agent: x\nSITEMAP:/named.xml\nSitemap: http://[::1/\nSitemap: https://{host}/none.xml",
    ],
)
def test_sitemaps_that_robots_names_are_found(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    host = "nemoone.ir"
    workspace.sites.mkdir(parents=True)
    (workspace.sites / "sources.toml").write_text(
        f'[nemoone]\nkinds = ["article"]\nhosts = ["{host}"]\ntitle = "نمونه"\n'
    )
    (workspace.sites / "nemoone.py").write_text(
        "from gaokerena_data.crawl.pages import ArticlePage\n"
        "from gaokerena_data.crawl.spiders import SitemapSpider\n"
        "class Page(ArticlePage):\n"
        "    extractor = 'nemoone@1'\n    body = 'main'\n"
        "class Nemoone(SitemapSpider):\n"
        "    name = 'nemoone'\n    pages = (Page,)\n    record_url = r'/a/[^/]+$'\n"
        f"    sitemaps = ('https://{host}/sitemap.xml',)\n"
    )

    class Site(RawForum):
        def answer(self, asked: object) -> Answer:
            path = asked.path  # type: ignore[attr-defined]
            return self.pages.get(path) or Answer("", 404)  # type: ignore[return-value]

    with Site() as site:
        monkeypatch.setenv(CONNECT_ALL, site.address)
        site.pages |= {
            "/robots.txt": Answer(named.format(host=host) + "\n"),
            "/sitemap.xml": sitemap(f"https://{host}/a/1"),
            "/named.xml": sitemap(
                f"https://{host}/more.xml", f"https://{host}/pages.xml", index=True
            ),
            "/more.xml": sitemap(f"https://{host}/a/2", f"https://{host}/about"),
            "/pages.xml": sitemap(f"https://{host}/about"),
            **{
                f"/a/{number}": Answer(f"<html><main>سردرد {'و درمان آن ' * 30}</main></html>")
                for number in (1, 2)
            },
        }
        (report,) = crawl_sites(workspace, ["nemoone"], Options(delay=0.0))
    assert report.records == {"article": 2}
    assert report.ended_well
    assert {asked.host for asked in site.asked} <= {host, f"www.{host}"}
