"""What a crawl does with what a site answers: every page ends in a named state."""

import gzip
from collections import Counter
from itertools import pairwise
from urllib.parse import quote

import pytest

from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.canonical import canonical_url
from gaokerena_data.crawl.settings import CONTACT
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.small_forum import HOST, Answer, Asked, SmallForum

MANY_CASES = True  # see tests/conftest.py


def urls(workspace: Workspace) -> set[object]:
    return {row["url"] for row in records(workspace)}


def test_a_whole_graph_is_crawled_once(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    report = crawl()
    assert report.complete
    assert report.failures == []
    assert report.states == {"done": 21, "gone": 1}  # the listing has no second page
    assert urls(workspace) == {forum.url(name) for name in forum.names}
    assert Counter(forum.paths()) == Counter(f"/q/{name}" for name in forum.names)
    assert {row["question"] for row in records(workspace)} == set(map(forum.text, forum.names))
    assert ledger(workspace) == {}


def test_the_crawl_goes_breadth_first(forum: SmallForum, crawl: Crawl) -> None:
    # One long chain, and a fan at its first question.
    names = forum.names
    forum.linked = {name: [following] for name, following in pairwise(names)}
    forum.linked[names[-1]] = []
    forum.linked[names[0]] = [names[1], *names[10:]]
    crawl()
    order = [path.removeprefix("/q/") for path in forum.paths()]
    assert max(map(order.index, names[10:])) < order.index(names[9])


def test_provenance_tells_where_a_record_was_read(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    (row, *_) = records(workspace, "url", "fetched_at", "provenance")
    provenance = row["provenance"]
    assert isinstance(provenance, dict)
    assert provenance["final_url"] == row["url"]
    assert provenance["status"] == 200
    assert len(provenance["content_sha256"]) == 64
    assert provenance["warc_file"] == "drhast-00001.warc.gz"
    assert provenance["warc_offset"] > 0
    assert provenance["extractor"] == "drhast@1"
    assert (provenance["robots"], provenance["opt_out"]) == ("allowed", "none")
    assert "opt-outs are honoured" in provenance["terms"]
    assert str(row["fetched_at"]).endswith("Z")


def test_every_request_says_who_asks(
    forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONTACT, "mailto:crawl@example.org")
    crawl()
    agents = {asked.headers["user-agent"] for asked in forum.asked}
    (agent,) = agents
    assert agent.startswith("gaokerena-data/")
    assert agent.endswith("(+mailto:crawl@example.org)")
    assert not any("cookie" in asked.headers for asked in forum.asked)


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [
        (Answer("weg", 404), "gone", "HTTP 404"),
        (Answer("weg", 410), "gone", "HTTP 410"),
        (Answer("?", 400), "failed", "HTTP 400"),
        (Answer("!", 500), "failed", "HTTP 500, 5 times"),
        (Answer("", 302, {"Location": "https://elsewhere.ir/"}), "off site", "to https://else"),
        (Answer("", 301, {"Location": "http://127.0.0.1/admin"}), "off site", "to http://127."),
        (Answer("", 301, {"Location": "file:///etc/passwd"}), "off site", "to file:"),
        (Answer("", 302, {"Location": "/"}), "redirected", "to https://drhast.com/"),
        (Answer("", 302, {"Location": "/q/q001"}), "redirected", "to https://drhast.com/q/q001"),
        (Answer("سلام", 200, {"TDM-Reservation": "1"}), "opted out", "tdm-reservation header"),
        (Answer("سلام", 200, {"X-Robots-Tag": "noai"}), "opted out", "noai header"),
        (Answer("<p>nothing here", 200), "no record in the page", None),
        (Answer("halb", 200, {"Content-Length": "99"}), "failed", "ResponseDataLossError"),
        (Answer(b"\x1f\x8bno gzip", 200, {"Content-Encoding": "gzip"}), "failed", None),
    ],
    ids=lambda value: None if isinstance(value, Answer) else str(value)[:20],
)
def test_a_page_that_gives_no_record_ends_in_a_named_state(
    workspace: Workspace,
    forum: SmallForum,
    crawl: Crawl,
    answer: Answer,
    state: str,
    detail: str | None,
) -> None:
    forum.pages["/q/q007"] = answer
    report = crawl()
    assert report.complete
    others = {forum.url(name) for name in forum.names} - {forum.url("q007")}
    assert others - urls(workspace) <= set(map(forum.url, forum.linked["q007"]))
    reason, told = ledger(workspace)[forum.url("q007")]
    assert reason == state
    if detail is not None:
        assert str(told).startswith(detail)


def test_a_page_moved_for_good_is_read_where_it_is(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.linked["moved"] = []
    forum.pages["/q/q003"] = Answer("", 301, {"Location": f"http://www.{HOST}/q/moved/?utm_id=1"})
    forum.pages["/q/moved/?utm_id=1"] = Answer(forum.question("moved"))
    crawl()
    assert forum.url("moved") in urls(workspace)
    assert ledger(workspace)[forum.url("q003")][0] == "redirected"


def test_a_page_that_moves_to_another_spelling_of_itself_is_followed(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.pages["/q/q003"] = Answer("", 301, {"Location": "/q/q003/"})
    forum.pages["/q/q003/"] = Answer(forum.question("q003"))
    crawl()
    assert forum.url("q003") in urls(workspace)
    assert forum.paths("/q/q003").count("/q/q003/") == 1


def test_a_page_that_moves_to_and_fro_between_its_spellings_is_given_up(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.pages["/q/q003"] = Answer("", 301, {"Location": "/q/q003/"})
    forum.pages["/q/q003/"] = Answer("", 301, {"Location": "/q/q003"})
    crawl()
    state, detail = ledger(workspace)[forum.url("q003")]
    assert state == "failed"
    assert str(detail).startswith("redirected to")


def test_a_page_that_the_server_knows_under_one_spelling_only_is_found(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.drhast.Drhast.record_url", r"/q/(?!page-)[^/]+$")
    persian, arabic = quote("/q/کبد"), quote("/q/كبد")
    wrong = f'<a href="{arabic}">x</a><ul>'
    forum.pages["/q/q000"] = Answer(forum.question("q000").replace("<ul>", wrong))
    forum.pages[persian] = Answer(forum.question("q000"))
    crawl()
    assert canonical_url(f"https://{HOST}{persian}") in urls(workspace)
    assert forum.paths("/q/%") == [arabic, persian]


def test_redirects_in_a_circle_end(workspace: Workspace, forum: SmallForum, crawl: Crawl) -> None:
    forum.pages["/q/q003"] = Answer("", 302, {"Location": "/q/q004"})
    forum.pages["/q/q004"] = Answer("", 302, {"Location": "/q/q003"})
    report = crawl()
    assert report.complete
    assert {ledger(workspace)[forum.url(name)][0] for name in ("q003", "q004")} == {"redirected"}
    assert forum.paths("/q/q003") == ["/q/q003"]


def test_a_page_that_fails_at_first_is_tried_again(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    def once_broken(asked: Asked, visit: int) -> Answer:
        name = asked.path.removeprefix("/q/")
        broken = {1: Answer("!", 500), 2: Answer("half", 200, {"Content-Length": "999"})}
        return broken.get(visit, Answer(forum.question(name)))

    forum.pages["/q/q005"] = once_broken
    report = crawl()
    assert report.retries == 2
    assert forum.url("q005") in urls(workspace)


def test_a_compressed_page_is_read(workspace: Workspace, forum: SmallForum, crawl: Crawl) -> None:
    body = gzip.compress(forum.question("q005").encode())
    forum.pages["/q/q005"] = Answer(body, 200, {"Content-Encoding": "gzip"})
    crawl()
    assert forum.url("q005") in urls(workspace)


def test_a_decompression_bomb_is_refused(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    bomb = gzip.compress(bytes(50 << 20))
    forum.pages["/q/q005"] = Answer(bomb, 200, {"Content-Encoding": "gzip"})
    crawl()
    state, detail = ledger(workspace)[forum.url("q005")]
    assert state == "failed"
    assert "expand beyond 10485760" in str(detail)
    assert forum.paths("/q/q005") == ["/q/q005"]  # once is enough


@pytest.mark.parametrize("length", [11 << 20, None], ids=["announced", "chunk by chunk"])
def test_a_page_that_is_too_large_is_refused(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, length: int | None
) -> None:
    headers = {} if length is None else {"Content-Length": str(length)}
    forum.pages["/q/q005"] = Answer(bytes(11 << 20), 200, headers)
    crawl()
    assert ledger(workspace)[forum.url("q005")][0] == "failed"


def test_links_to_other_hosts_are_never_asked_for(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    foreign = "".join(
        f'<a href="{url}">x</a>'
        for url in (
            "https://other.ir/q/abc",
            "http://169.254.169.254/q/meta",
            "//evil.com/q/x1",
            "https://drhast.com.evil.com/q/x2",
            "https://drhast.com@evil.com/q/x3",
            "http://[::1/q/x4",
            "https://sub.drhast.com/q/x5",
        )
    )
    forum.pages["/q/q000"] = Answer(forum.question("q000").replace("<ul>", f"{foreign}<ul>"))
    crawl()
    assert {asked.host for asked in forum.asked} == {HOST}
    off_site = {url for url, (reason, _) in ledger(workspace).items() if reason == "off site"}
    assert "https://other.ir/q/abc" in off_site
    assert "https://drhast.com.evil.com/q/x2" in off_site
    assert len(off_site) == 6


def test_no_more_pages_are_asked_for_than_wanted(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    report = crawl(max_pages=7)
    assert report.requests == 7
    assert not report.complete
    assert report.stopped == "7 pages were asked for"
    assert len(forum.paths("/q/")) == 7
    crawl(max_pages=7)
    report = crawl()
    assert (report.run, report.resumed, report.complete) == (1, True, True)
    assert len(urls(workspace)) == 20
    assert len(forum.paths("/q/")) == 22


def test_a_parser_that_breaks_stops_no_crawl(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spiders.drhast import Drhast

    whole = Drhast.links

    def breaks(self: Drhast, page: object, response: object) -> object:
        if str(getattr(response, "url", "")).endswith("q004"):
            raise RecursionError("too deep")
        return whole(self, page, response)  # type: ignore[arg-type]

    monkeypatch.setattr(Drhast, "links", breaks)
    report = crawl()
    assert report.complete
    assert report.states["failed"] == 1
    assert forum.url("q004") in urls(workspace)  # it was archived, and its page object works


def test_a_page_object_that_breaks_is_told_in_the_ledger(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spiders.drhast import DrhastQuestion

    whole = DrhastQuestion.records

    def breaks(self: DrhastQuestion) -> object:
        if str(self.url).endswith("q004"):
            raise KeyError("no such key")
        return whole(self)

    monkeypatch.setattr(DrhastQuestion, "records", breaks)
    crawl()
    assert ledger(workspace) == {
        forum.url("q004"): ("page object failed", "KeyError: 'no such key'")
    }


def test_a_full_disk_ends_the_crawl_with_one_line_and_loses_nothing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gaokerena_data.crawl.fetching.archive import ArchiveWriter
    from gaokerena_data.errors import GaokerenaError

    def full(self: ArchiveWriter, *record: object, **wire: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(ArchiveWriter, "response", full)
        with pytest.raises(GaokerenaError, match=r"drhast stopped: .*No space left.*goes on"):
            crawl()
    assert crawl().complete
    assert len(urls(workspace)) == 20


def test_what_a_power_cut_took_from_the_archive_is_fetched_again(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    before = records(workspace)
    (file,) = workspace.archive("drhast").iterdir()
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    forum.asked.clear()
    crawl()
    assert records(workspace) == before
    assert 5 < len(forum.paths()) < 20


def test_the_frontier_tells_every_state(
    forum: SmallForum, crawl: Crawl, workspace: Workspace
) -> None:
    forum.pages["/q/q010"] = Answer("", 404)
    crawl()
    with Frontier(workspace.frontier("drhast")) as frontier:
        assert frontier.counts("record") == {"done": 19, "gone": 1}
        assert frontier.counts("listing") == {"done": 1, "gone": 1}
        assert frontier.open_pages() == 0
