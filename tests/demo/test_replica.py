"""The replica itself: what it says is what its manifest says, and again the same."""

import gzip
import http.client
import io
import json
import re
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from protego import Protego
from web_poet import HttpResponse

from gaokerena_data.crawl.reading.canonical import host_of
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.demo.replica import Replica
from gaokerena_data.demo.sites import SITES
from gaokerena_data.demo.sites.drhast import DrHast
from gaokerena_data.demo.wire import FOREIGN, PRIVATE
from gaokerena_data.sources import find_source

if TYPE_CHECKING:
    from gaokerena_data.crawl.pages import RecordPage

NAMES = [site.name for site in SITES]


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes


def get(
    replica: Replica, url: str, *, timeout: float = 60, headers: dict[str, str] | None = None
) -> Got:
    host, port = replica.address.split(":")
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target or "/", headers={"Host": parts.netloc, **(headers or {})})
        answer = connection.getresponse()
        sent = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, sent, answer.read())
    finally:
        connection.close()


def patiently(replica: Replica, url: str) -> Got:
    """The page, asked for again after what a site says or does once."""
    for _ in range(2):
        try:
            got = get(replica, url)
        except http.client.IncompleteRead:
            continue
        if got.status not in {429, 500}:
            return got
    return get(replica, url)


def shown_by(pages: tuple["type[RecordPage]", ...], response: HttpResponse) -> list[Any]:
    """The records of a page: those of the first page object that finds any."""
    for page_object in pages:
        if records := page_object(response=response).records():
            return list(records)
    return []


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(seed=1) as serving:
        yield serving


@pytest.mark.parametrize("name", NAMES)
def test_every_page_shows_what_the_manifest_says(replica: Replica, name: str) -> None:
    truth = replica.manifest()[name]["pages"]
    assert truth
    spider = load_spider(name)
    for url, expected in truth.items():
        got = patiently(replica, url)
        response = HttpResponse(url=url, body=got.body, status=got.status, headers=got.headers)
        made = shown_by(spider.pages, response)
        assert len(made) == len(expected["records"]), url
        for record, fields in zip(made, expected["records"], strict=True):
            assert {key: getattr(record, key) for key in fields} == fields


def test_it_serves_the_hosts_of_all_fourteen_sites(replica: Replica) -> None:
    assert len(set(NAMES)) == 14
    for name, site in replica.sites.items():
        assert host_of(f"https://{site.host}/") in find_source(name).hosts


def test_a_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def first_pages(seed: int) -> list[bytes]:
        with Replica(seed=seed) as serving:
            urls = list(serving.manifest()["drhast"]["pages"])[:5]
            return [get(serving, url).body for url in urls]

    assert first_pages(3) == first_pages(3)
    assert first_pages(3) != first_pages(4)


def test_an_unknown_host_is_refused_and_logged(
    replica: Replica, capfd: pytest.CaptureFixture[str]
) -> None:
    assert get(replica, "https://evil.example/q/1").status == 421
    assert "evil.example/q/1" in capfd.readouterr().err
    last = replica.requests()[-1]
    assert (last.host, last.path, last.status) == ("evil.example", "/q/1", 421)


def test_validators_spare_the_body(replica: Replica) -> None:
    url = next(iter(replica.manifest()["drhast"]["pages"]))
    first = get(replica, url)
    again = get(replica, url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert get(replica, url, headers={"If-None-Match": '"other"'}).status == 200
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert get(replica, url, headers=since).status == 304


def test_gzip_is_sent_to_those_who_take_it(replica: Replica) -> None:
    url = next(iter(replica.manifest()["drhast"]["pages"]))
    plain, packed = get(replica, url), get(replica, url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_what_fails_once_fails_once() -> None:
    with Replica(seed=2) as serving:
        url = "https://drhast.com/q/page-2"
        assert [get(serving, url).status for _ in range(3)] == [500, 200, 200]


def test_time_passes_once() -> None:
    with Replica(seed=1) as serving:
        before = serving.manifest()
        serving.advance()
        for name, truth in serving.manifest().items():
            then, now = before[name]["pages"], truth["pages"]
            assert set(now) - set(then) == set(truth["added"])
            assert [url for url in then if then[url] != now[url]] == truth["changed"]
            assert set(then) < set(now)


def test_switches_break_a_site_and_mend_it() -> None:
    with Replica(seed=1) as serving:
        url = next(iter(serving.manifest()["drhast"]["pages"]))
        whole = get(serving, url).body
        serving.switch("drhast", "layout change")
        changed = get(serving, url).body
        assert b"main-question__body" in whole
        assert b'"main-question__body"' not in changed
        serving.switch("drhast", "layout change", on=False)
        assert get(serving, url).body == whole
        for name, site in serving.sites.items():
            serving.switch(name, "layout change")
            for renamed in site.renamed:
                found = re.compile(rf'(class|id)="[^"]*\b{renamed}\b')
                assert not found.search(patiently(serving, site.url(site.victim)).body.decode())
        serving.switch("drhast", "robots down")
        assert get(serving, "https://drhast.com/robots.txt").status == 503


def test_the_log_is_written_to_a_file_too(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with Replica(seed=1, log=log) as serving:
        get(serving, "https://www.drhast.com/q/page-1", headers={"User-Agent": "test/1"})
    (line,) = log.read_text("utf-8").splitlines()
    entry: dict[str, Any] = json.loads(line)
    assert (entry["host"], entry["path"], entry["status"]) == ("www.drhast.com", "/q/page-1", 200)
    assert entry["user_agent"] == "test/1"


def test_it_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "gaokerena_data.demo.replica", "--seed", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            address = program.stdout.readline().strip().removeprefix("GAOKERENA_CONNECT_ALL=")
            host, port = address.split(":")
            with socket.create_connection((host, int(port)), timeout=60) as connection:
                connection.sendall(b"GET /robots.txt HTTP/1.0\r\nHost: drhast.com\r\n\r\n")
                assert connection.recv(12) == b"HTTP/1.1 200"
        finally:
            program.terminate()


def test_sitemaps_are_indexes_shards_and_gzip(replica: Replica) -> None:
    index = get(replica, "https://nabz.site/sitemap_index.xml").body.decode()
    assert "<sitemapindex" in index
    shard = get(replica, "https://nabz.site/post-sitemap1.xml.gz")
    assert shard.headers["content-type"] == "application/x-gzip"
    assert b"<urlset" in gzip.decompress(shard.body)
    pictures = get(replica, "https://www.paziresh24.com/blog/post-sitemap1.xml").body.decode()
    assert "<loc>https://www.paziresh24.com/wp-content/" in pictures
    raw = get(replica, "https://extern.ir/extern_health-sitemap.xml").body.decode()
    assert re.search(r"<loc>https://extern\.ir/health/[^<]*[آ-ی]", raw)


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("https://www.hidoctor.ir/page/99/", 404, "یافت نشد"),
        ("https://doctoreto.com/blog/all-posts/page/99/", 302, ""),
        ("https://hamrah-teb.com/blogs?page=99", 200, "پیدا نشد"),
        ("https://drhast.com/q/page-99", 200, "یافت نشد"),
        ("https://doctor-yab.ir/faq/?page=99", 200, "questions"),
    ],
)
def test_past_its_end_every_listing_behaves_in_its_own_way(
    replica: Replica, url: str, status: int, says: str
) -> None:
    got = get(replica, url)
    assert (got.status, says in got.body.decode()) == (status, True)


def test_past_its_end_a_section_of_niniban_repeats(replica: Replica) -> None:
    section = f"https://www.niniban.com/{quote('بخش-سلامت-زنان-117')}?page="
    last, beyond = (get(replica, f"{section}{number}").body for number in (3, 99))
    links = re.compile(rb'<h3><a href="([^"]+)"')
    assert links.findall(last) == links.findall(beyond) != []


@pytest.mark.parametrize(
    ("site", "sign"),
    [
        ("darmankade", ("tdm-reservation", "1")),
        ("doctoreto", ("content-usage", "train-ai=n")),
        ("salammag", ("x-robots-tag", "noai")),
    ],
)
def test_some_pages_opt_out_in_a_header(replica: Replica, site: str, sign: tuple[str, str]) -> None:
    (url,) = replica.manifest()[site]["opted_out"]
    assert sign in get(replica, url).headers.items()


@pytest.mark.parametrize("site", ["paziresh24", "seebmagazine"])
def test_some_pages_opt_out_in_a_meta_element(replica: Replica, site: str) -> None:
    (url,) = replica.manifest()[site]["opted_out"]
    assert re.search(rb'<meta name="(robots|tdm-reservation)"', get(replica, url).body)


def test_a_folder_is_reserved_in_tdmrep(replica: Replica) -> None:
    rules = json.loads(get(replica, "https://extern.ir/.well-known/tdmrep.json").body)
    assert rules == [{"location": "/health/premium-*", "tdm-reservation": 1}]
    assert get(replica, "https://drhast.com/.well-known/tdmrep.json").status == 404


@pytest.mark.parametrize("name", NAMES)
def test_robots_txt_forbids_what_the_manifest_says(replica: Replica, name: str) -> None:
    rules = get(replica, f"https://{replica.sites[name].host}/robots.txt").body.decode()
    assert rules.startswith("User-agent: *")
    forbidden = Protego.parse(rules)
    truth = replica.manifest()[name]
    site = replica.sites[name]
    refused = [path for path in site.fates()["refused"] if path in unquote(rules)]
    assert len(refused) == len(truth["refused"])
    assert not any(forbidden.can_fetch(site.url(path), "any") for path in refused)
    assert all(forbidden.can_fetch(url, "any") for url in truth["pages"])


def test_redirects_lead_home_abroad_and_nowhere(replica: Replica) -> None:
    truth = replica.manifest()["drhast"]
    away = [url for url in truth["off_site"] if "drhast.com" in url]
    targets = {get(replica, url).headers["location"] for url in away}
    assert targets == {FOREIGN, PRIVATE}
    hops = {
        urlsplit(url).path: get(replica, url).headers["location"] for url in truth["redirected"]
    }
    assert sum(hops.get(target) == start for start, target in hops.items()) == 2  # a loop of two


@pytest.mark.thorough
def test_a_bomb_unpacks_to_half_a_gigabyte_and_is_small() -> None:
    with Replica(seed=1) as serving:
        serving.switch("nabz", "bomb")
        (url,) = serving.manifest()["nabz"]["failed"]
        got = get(serving, url)
        assert got.headers["content-encoding"] == "gzip"
        assert len(got.body) < 1 << 20
        assert url not in serving.manifest()["nabz"]["pages"]
        with gzip.open(io.BytesIO(got.body)) as unpacked:
            assert len(unpacked.read(64 << 20)) == 64 << 20


def test_a_page_can_hang() -> None:
    with Replica(seed=1) as serving:
        serving.switch("isovisit", "hang")
        (url,) = serving.manifest()["isovisit"]["failed"]
        with pytest.raises(TimeoutError):
            get(serving, url, timeout=0.3)


def test_a_truncated_page_is_whole_the_second_time() -> None:
    with Replica(seed=1) as serving:
        site = serving.sites["drhast"]
        (path,) = [path for path, fault in site.once.items() if fault == "truncated"]
        with pytest.raises(http.client.IncompleteRead):
            get(serving, site.url(path))
        assert get(serving, site.url(path)).body.endswith(b"</html>")


def test_fifty_thousand_questions_take_no_room() -> None:
    serving = Replica(scale="large")
    site = serving.sites["drhast"]
    assert isinstance(site, DrHast)
    tracemalloc.start()
    try:
        for number in range(0, 50_000, 1_000):
            assert serving.answer("drhast.com", site.path(number), {}).status == 200
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_every_question_of_a_large_graph_can_be_reached() -> None:
    site = Replica(questions=3_000).sites["drhast"]
    assert isinstance(site, DrHast)
    seen = set(range(site.size.listed))
    todo = list(seen)
    while todo:
        for path in site.related(todo.pop()):
            number = site.number(path) if path.startswith("/q/") else None
            if number is not None and number < 3_000 + 3 and number not in seen:
                seen.add(number)
                todo.append(number)
    assert seen == set(range(3_000))  # and the island of three is not among them
