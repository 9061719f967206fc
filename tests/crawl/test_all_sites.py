"""Every spider against the replica: what a crawl ends with is what the manifest says."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from gaokerena_data.crawl import extract
from gaokerena_data.crawl.extract import extract_site
from gaokerena_data.crawl.reading.canonical import canonical_url, host_of
from gaokerena_data.crawl.report import Report
from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL, Pace
from gaokerena_data.demo.replica import Replica, Request
from gaokerena_data.sources import SOURCES, crawled_sources, find_source
from gaokerena_data.workspace import Workspace, sha256_file
from tests.crawl.processes import start_crawl, wait_for_requests

SITES = [source.name for source in crawled_sources()]
FAST = Options(delay=0.0)

# What the manifest calls the ends of pages, and what the ledger does.
ENDS = {
    "refused": "refused by robots",
    "opted_out": "opted out",
    "gone": "gone",
    "failed": "failed",
    "off_site": "off site",
    "redirected": "redirected",
    "empty": "no record in the page",
}


def rows(workspace: Workspace, site: str) -> list[dict[str, Any]]:
    """Every extracted record of a site, in the order a page shows them."""
    found: list[dict[str, Any]] = []
    for kind in SOURCES[site].kinds:
        found += pq.read_table(workspace.extracted(kind, site) / "crawl.parquet").to_pylist()
    return sorted(found, key=lambda row: (row["url"], row.get("answer_position", 0)))


def ledger(workspace: Workspace, site: str) -> dict[str, str]:
    folder = workspace.extracted(SOURCES[site].kinds[0], site)
    table = pq.read_table(folder / "crawl.ledger.parquet")
    return dict(zip(table["origin"].to_pylist(), table["reason"].to_pylist(), strict=True))


def pages(workspace: Workspace, site: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(workspace, site):
        found.setdefault(row["url"], []).append(row)
    return found


def check_manifest(workspace: Workspace, site: str, truth: dict[str, Any]) -> None:
    """Holds a site's records to the manifest, page by page and field by field."""
    found = pages(workspace, site)
    expected = {url: page["records"] for url, page in truth["pages"].items() if page["records"]}
    assert found.keys() == expected.keys()
    for url, records in expected.items():
        shown = [
            {name: row[name] for name in record}
            for row, record in zip(found[url], records, strict=True)
        ]
        assert shown == records


def output(workspace: Workspace) -> dict[str, str]:
    """The digest of every extracted file."""
    files = sorted((workspace.root / "extracted").rglob("*.parquet"))
    return {str(file.relative_to(workspace.root)): sha256_file(file) for file in files}


@dataclass
class Crawled:
    """One crawl of all sites."""

    workspace: Workspace
    replica: Replica
    reports: dict[str, Report]
    log: list[Request]
    truth: dict[str, dict[str, Any]]

    def asked(self, site: str) -> list[Request]:
        hosts = find_source(site).hosts
        return [request for request in self.log if request.host.removeprefix("www.") in hosts]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    workspace = Workspace(tmp_path_factory.mktemp("all-sites"))
    with Replica(seed=1) as replica, pytest.MonkeyPatch.context() as patch:
        patch.setenv(CONNECT_ALL, replica.address)
        reports = crawl_sites(workspace, SITES, FAST)
        yield Crawled(
            workspace,
            replica,
            {report.site: report for report in reports},
            replica.requests(),
            replica.manifest(),
        )


@pytest.mark.parametrize("site", SITES)
def test_a_crawl_is_the_manifest(crawled: Crawled, site: str) -> None:
    assert crawled.reports[site].complete
    assert crawled.reports[site].failures == []
    check_manifest(crawled.workspace, site, crawled.truth[site])


@pytest.mark.parametrize("site", SITES)
def test_every_other_page_ends_in_the_state_the_manifest_says(crawled: Crawled, site: str) -> None:
    told = ledger(crawled.workspace, site)
    truth = crawled.truth[site]
    for end, reason in ENDS.items():
        for url in truth.get(end, []):
            assert told.pop(url) == reason, url
    # What is left are links to other hosts, which no manifest lists.
    hosts = find_source(site).hosts
    assert all(reason == "off site" and host_of(url) not in hosts for url, reason in told.items())
    assert not set(truth.get("unreachable", [])) & pages(crawled.workspace, site).keys()


@pytest.mark.parametrize("site", SITES)
def test_the_request_log_is_that_of_a_good_guest(crawled: Crawled, site: str) -> None:
    asked = crawled.asked(site)
    assert asked[0].path == "/robots.txt"
    assert {request.user_agent for request in asked} == {asked[0].user_agent}
    assert "+http" in asked[0].user_agent
    refused = set(crawled.truth[site].get("refused", []))
    urls = [canonical_url(f"https://{request.host}{request.path}") for request in asked]
    assert not refused & set(urls)
    # A page is asked for again only after an answer that says to try again.
    answered = Counter(
        (request.host, request.path) for request in asked if request.status in {200, 404, 410}
    )
    cut = {(request.host, request.path) for request in asked} - answered.keys()
    again = {target: times for target, times in answered.items() if times > 1}
    assert len(again) <= 1, again  # a truncated answer is a 200 in the log
    assert len(cut) <= 20


def test_no_foreign_host_was_asked(crawled: Crawled) -> None:
    assert all(request.status != 421 for request in crawled.log)
    known = {host for source in crawled_sources() for host in source.hosts}
    assert {request.host.removeprefix("www.") for request in crawled.log} == known


def test_records_made_again_from_the_archive_are_the_same_bytes(
    crawled: Crawled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "MAX_FILES", 9)  # nor do they tell in how many files they waited
    before = output(crawled.workspace)
    requests = len(crawled.replica.requests())
    for site in SITES:
        extract_site(crawled.workspace, site)
    assert output(crawled.workspace) == before
    assert len(crawled.replica.requests()) == requests


def test_every_row_is_in_the_order_of_its_id(crawled: Crawled) -> None:
    for file in (crawled.workspace.root / "extracted").rglob("*.parquet"):
        ids = pq.read_table(file)["id"].to_pylist()
        assert ids == sorted(set(ids)), file


def test_every_record_has_its_provenance(crawled: Crawled) -> None:
    for site in SITES:
        for row in rows(crawled.workspace, site):
            provenance = row["provenance"]
            assert canonical_url(provenance["final_url"]) == row["url"]
            assert (provenance["robots"], provenance["opt_out"]) == ("allowed", "none")
            assert provenance["terms"] == find_source(site).terms
            assert provenance["extractor"].startswith((f"{site}@", "trafilatura-"))
            archive = crawled.workspace.archive(site) / provenance["warc_file"]
            assert provenance["warc_offset"] < archive.stat().st_size


def check_later_runs(
    sites: Sequence[str], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Replica(seed=2) as replica:
        monkeypatch.setenv(CONNECT_ALL, replica.address)
        crawl_sites(workspace, sites, FAST)
        first = replica.requests()
        known = {site: pages(workspace, site).keys() for site in sites}

        crawl_sites(workspace, sites, FAST)  # nothing is new: only seeds are looked at
        second = replica.requests()[len(first) :]
        assert len(second) < len(first)
        record_bodies = [
            request
            for request in second
            if request.status == 200
            and any(canonical_url(f"https://{request.host}{request.path}") in known[site]
                    for site in sites)
        ]  # fmt: skip
        assert record_bodies == []

        replica.advance()
        crawl_sites(workspace, sites, FAST)
        third = replica.requests()[len(first) + len(second) :]
        truth = replica.manifest()
        for site in sites:
            new = truth[site]["pages"].keys() - known[site]
            wanted = {url for url in new if truth[site]["pages"][url]["records"]}
            assert wanted <= pages(workspace, site).keys(), site
        assert len(third) < len(first)

        # Every page again: now what a question gained without a sign of it is there too.
        crawl_sites(workspace, sites, Options(delay=0.0, recheck=True))
        for site in sites:
            check_manifest(workspace, site, truth[site])


@pytest.mark.parametrize(
    "sites",
    [
        ["drhast", "isovisit"],
        pytest.param(["hidoctor", "niniban", "paziresh24"], marks=pytest.mark.thorough),
    ],
)
def test_a_later_run_takes_what_is_new_and_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sites: list[str]
) -> None:
    check_later_runs(sites, Workspace(tmp_path), monkeypatch)


@pytest.mark.slow
def test_later_runs_of_all_sites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: None
) -> None:
    check_later_runs(SITES, Workspace(tmp_path), monkeypatch)


def test_a_site_whose_markup_nobody_knows_is_a_loud_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Replica(seed=1) as replica:
        monkeypatch.setenv(CONNECT_ALL, replica.address)
        replica.switch("drhast", "layout change")
        (report,) = crawl_sites(Workspace(tmp_path), ["drhast"], FAST)
    loud = "none of the last 20 record pages that were looked at holds a record"
    assert report.failures[0] == loud
    assert report.records == {"question_answer": 0}


@pytest.mark.thorough
@pytest.mark.parametrize("switch", ["bomb", "hang"])
def test_a_page_without_end_ends_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: Any
) -> None:
    impatient = Pace(delay=0.0, concurrency=8, backoff=0.05, timeout=1.5)
    monkeypatch.setattr(Pace, "of", lambda delay, connect_all: impatient)
    workspace = Workspace(tmp_path)
    with Replica(seed=1) as replica:
        monkeypatch.setenv(CONNECT_ALL, replica.address)
        replica.switch("drhast", switch)
        (report,) = crawl_sites(workspace, ["drhast"], FAST)
        truth = replica.manifest()["drhast"]
    assert report.complete
    check_manifest(workspace, "drhast", truth)
    assert set(truth["failed"]) <= ledger(workspace, "drhast").keys()


def settled(workspace: Workspace, site: str) -> list[dict[str, Any]]:
    """A site's records without what differs between two crawls of the same pages."""
    records = rows(workspace, site)
    for row in records:
        del row["fetched_at"]
        del row["provenance"]["warc_file"], row["provenance"]["warc_offset"]
    return records


def check_kills(crawled: Crawled, root: Path, kills: int) -> None:
    random = Random(kills)
    workspace = Workspace(root)
    with Replica(seed=1) as replica:
        for _ in range(kills):
            asked = len(replica.requests())
            process = start_crawl(root, replica.address, SITES)
            wait_for_requests(process, lambda: len(replica.requests()), asked)
            time.sleep(random.random())
            process.kill()
            process.join()
        process = start_crawl(root, replica.address, SITES)
        process.join()
        assert process.exitcode == 0
        truth = replica.manifest()
    for site in SITES:
        check_manifest(workspace, site, truth[site])
        assert settled(workspace, site) == settled(crawled.workspace, site)


@pytest.mark.thorough
def test_all_sites_survive_kills(crawled: Crawled, tmp_path: Path) -> None:
    check_kills(crawled, tmp_path, kills=2)


@pytest.mark.slow
def test_all_sites_survive_twenty_kills(crawled: Crawled, tmp_path: Path, slow: None) -> None:
    check_kills(crawled, tmp_path, kills=20)
