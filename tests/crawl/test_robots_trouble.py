"""robots.txt that cannot be read is no verdict on a page; one that is written oddly is obeyed."""

import codecs

import pytest

from gaokerena_data.crawl.fetching.rules import read_rules
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.raw_site import RawSite
from tests.crawl.small_forum import HOST, Answer, SmallForum

MANY_CASES = True  # see tests/conftest.py


TROUBLES = [
    Answer("", 503),
    Answer("", 500),
    Answer("", 429),
    Answer("", 301, {"Location": "https://elsewhere.ir/robots.txt"}),
    Answer("", 302, {"Location": "http://[::1/robots.txt"}),
    Answer("half", 200, {"Content-Length": "99"}),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda answer: f"{answer.status}{answer.headers}")
@pytest.mark.parametrize("recheck", [False, True])
def test_no_record_is_lost_while_robots_cannot_be_read(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, trouble: Answer, recheck: bool
) -> None:
    crawl()
    before = records(workspace)
    good = forum.pages["/robots.txt"]
    forum.pages["/robots.txt"] = trouble
    forum.asked.clear()
    report = crawl(recheck=recheck)
    assert not report.complete
    assert not report.ended_well
    assert "robots.txt" in (report.trouble or "")
    assert "refused by robots" not in report.states
    assert {asked.path for asked in forum.asked} == {"/robots.txt"}
    assert records(workspace) == before

    forum.pages["/robots.txt"] = good
    report = crawl()
    assert report.complete
    assert report.ended_well
    assert records(workspace) == before


def test_a_host_that_cannot_be_reached_loses_nothing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gaokerena_data.crawl.settings import CONNECT_ALL

    crawl()
    before = records(workspace)
    with RawSite(lambda path: b"") as silent:  # takes connections, and hangs up
        monkeypatch.setenv(CONNECT_ALL, silent.address)
        report = crawl(recheck=True)
    assert (report.complete, report.ended_well) == (False, False)
    assert records(workspace) == before


def test_a_foreign_robots_file_is_named(forum: SmallForum, crawl: Crawl) -> None:
    forum.pages["/robots.txt"] = Answer("", 301, {"Location": "https://other.ir/robots.txt"})
    assert "robots.txt leads to other.ir" in str(crawl().trouble)
    assert {asked.host for asked in forum.asked} == {HOST}


def test_a_host_whose_rules_are_unknown_does_not_stop_the_other_spelling_of_it(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    def only_bare(asked: object, visit: int) -> Answer:
        bare = getattr(asked, "host", "") == HOST
        return Answer("User-agent: *\nDisallow: /admin\n") if bare else Answer("", 503)

    forum.pages["/robots.txt"] = only_bare
    listed = "".join(f'<a href="https://www.{HOST}/q/{name}">x</a>' for name in forum.names)
    forum.pages["/q/page-1"] = Answer(listed)
    report = crawl()
    assert report.complete
    assert len(records(workspace)) == len(forum.names)


def test_what_robots_newly_disallows_is_still_taken_out(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    forum.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /q/q01\n")
    crawl(recheck=True)
    assert len(records(workspace)) == 10
    assert ledger(workspace)[forum.url("q010")][0] == "refused by robots"


NOTHING = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "robots",
    [
        codecs.BOM_UTF8 + NOTHING.encode(),
        NOTHING.encode("utf-16"),
        codecs.BOM_UTF16_BE + NOTHING.encode("utf-16-be"),
        NOTHING.encode("utf-16-le"),
        NOTHING.encode("utf-32"),
        b"Sitemap: https://drhast.com/s.xml\n" + codecs.BOM_UTF8 + NOTHING.encode(),
        b"User-agent: *\rDisallow: /\r",
        b"User-agent: *\nAllow: /\n\nUser-agent: gaokerena-data/2\nDisallow: /\n",
        b"User-agent: *\nAllow: /\n\nUser-agent: Gaokerena-Data/2.0 (a comment)\nDisallow: /\n",
        b"User-agent: gaokerena-data 1.0\nDisallow: /\n",
        codecs.BOM_UTF8 + b"User-agent: GAOKERENA-DATA/0.2.0\nDisallow: /\n",
        b"useragent: gaokerena-data/1\nDisallow: /\n",
    ],
    ids=lambda robots: repr(robots[:40]),
)
def test_robots_is_obeyed_however_it_is_written(
    forum: SmallForum, crawl: Crawl, robots: bytes
) -> None:
    forum.pages["/robots.txt"] = Answer(robots)
    report = crawl()
    assert {asked.path for asked in forum.asked} == {"/robots.txt"}
    assert report.states == {"refused by robots": 1}
    assert not report.ended_well  # a first run without a record


@pytest.mark.parametrize(
    "robots",
    [
        b"User-agent: otherbot/2\nDisallow: /\n",
        codecs.BOM_UTF8 + b"User-agent: *\nDisallow: /admin\n",
        "User-agent: gaokerena-data/2\nAllow: /\n\nUser-agent: *\nDisallow: /\n".encode("utf-16"),
    ],
)
def test_what_is_meant_for_others_is_not_taken_for_ours(robots: bytes) -> None:
    assert read_rules(200, robots, None, b"").refuses(f"https://{HOST}/q/q001") is None


def test_usage_lines_behind_a_mark_are_obeyed() -> None:
    for robots in (
        codecs.BOM_UTF8 + b"User-agent: *\nContent-Usage: train-ai=n\n",
        "User-agent: gaokerena-data/1.0\nContent-Usage: train-ai=n\n".encode("utf-16"),
        b"User-agent: gaokerena-data/1.0\nContent-Usage: /q/ train-ai=n\n",
    ):
        assert read_rules(200, robots, None, b"").opts_out(f"https://{HOST}/q/q001") is not None
