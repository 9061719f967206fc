"""What a site may ask of a crawl, and what it gets: robots, opt-outs, pauses, pace."""

import gzip

import pytest

from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.small_forum import HOST, Answer, Asked, SmallForum


def urls(workspace: Workspace) -> set[object]:
    return {row["url"] for row in records(workspace)}


def test_what_robots_disallows_is_not_asked_for(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.pages["/robots.txt"] = Answer("User-agent: gaokerena-data\nDisallow: /q/q01\n")
    crawl()
    assert not any(path.startswith("/q/q01") for path in forum.paths())
    refused = ledger(workspace)[forum.url("q010")]
    assert refused == ("refused by robots", "robots.txt disallows it")


@pytest.mark.parametrize("status", [500, 503])
def test_an_unreachable_robots_file_means_no(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, status: int
) -> None:
    forum.pages["/robots.txt"] = Answer("", status)
    report = crawl()
    assert {asked.path for asked in forum.asked} == {"/robots.txt"}
    assert report.states == {"queued": 1}  # nothing is known of it
    assert not report.complete
    forum.pages["/robots.txt"] = Answer("", 404)  # the next run asks again
    assert crawl().states == {"done": 21, "gone": 1}
    assert len(urls(workspace)) == 20


def test_robots_that_lies_on_another_host_cannot_be_read(forum: SmallForum, crawl: Crawl) -> None:
    forum.pages["/robots.txt"] = Answer("", 301, {"Location": "https://other.ir/robots.txt"})
    assert crawl().states == {"queued": 1}
    assert {asked.host for asked in forum.asked} == {HOST}


def test_robots_is_followed_on_the_site(forum: SmallForum, crawl: Crawl) -> None:
    forum.pages["/robots.txt"] = Answer("", 301, {"Location": f"https://www.{HOST}/real.txt"})
    forum.pages["/real.txt"] = Answer("User-agent: *\nDisallow: /q/q\n")
    assert crawl().states == {"done": 1, "gone": 1, "refused by robots": 2}


def test_a_reserved_path_is_not_asked_for(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.pages["/.well-known/tdmrep.json"] = Answer(
        '[{"location": "/q/q01*", "tdm-reservation": 1}]'
    )
    crawl()
    assert not any(path.startswith("/q/q01") for path in forum.paths())
    assert ledger(workspace)[forum.url("q010")] == ("opted out", "site: tdmrep.json")


def test_nothing_of_a_page_that_opts_out_is_kept(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    meta = '<meta name="tdm-reservation" content="1">'
    secret = forum.question("q000", meta).replace("گلودرد", "secret-of-q000")
    forum.pages["/q/q000"] = Answer(secret)
    crawl()
    assert ledger(workspace)[forum.url("q000")] == ("opted out", "tdm-reservation meta")
    for path in workspace.archive("drhast").iterdir():
        assert b"secret-of-q000" not in gzip.decompress(path.read_bytes())


def test_a_pause_is_kept(workspace: Workspace, forum: SmallForum, crawl: Crawl) -> None:
    def busy(asked: Asked, visit: int) -> Answer:
        if visit == 1:
            return Answer("slow down", 429, {"Retry-After": "1"})
        return Answer(forum.question("q000"))

    forum.pages["/q/q000"] = busy
    crawl()
    (refused,) = [asked.time for asked in forum.asked if asked.status == 429]
    (again,) = [asked.time for asked in forum.asked if asked.path == "/q/q000"][1:]
    assert again >= refused + 1.0
    # Requests that were on their way when the answer came cannot be called back: eight at most.
    assert sum(refused < asked.time < refused + 1.0 for asked in forum.asked) <= 8
    assert forum.url("q000") in urls(workspace)


def test_a_site_that_wants_a_long_pause_is_left_for_the_next_run(
    forum: SmallForum, crawl: Crawl
) -> None:
    forum.pages["/q/q000"] = Answer("come back tomorrow", 503, {"Retry-After": "86400"})
    report = crawl()
    assert not report.complete
    assert report.stopped == "the site asks to be left alone"


def span(requests: list[Asked]) -> float:
    """Seconds from the first to the last: they are noted late on a busy machine, each by itself."""
    times = [asked.time for asked in requests]
    return max(times) - min(times)


def test_requests_come_no_faster_than_the_delay(forum: SmallForum, crawl: Crawl) -> None:
    crawl(delay=0.5, max_pages=4)
    assert len(forum.asked) == 6  # robots.txt and tdmrep.json keep the pace too
    assert span(forum.asked) > 0.7 * 5 * 0.5


def test_the_delay_that_robots_asks_for_is_kept(forum: SmallForum, crawl: Crawl) -> None:
    forum.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.4\n")
    crawl(max_pages=4)
    pages = [asked for asked in forum.asked if asked.path.startswith("/q/")]
    assert span(pages) > 0.6 * 3 * 0.4
