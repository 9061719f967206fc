"""Redirects, indexes, graphs and listings without an end have one here."""

import random
from collections.abc import Callable

import pytest

from gaokerena_data.crawl import lists, session
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.report import Report
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.raw_site import page
from tests.crawl.small_forum import Answer, Asked, SmallForum
from tests.crawl.small_magazine import ARTICLE, magazine, sitemap

MANY_CASES = True  # see tests/conftest.py


__all__ = ["magazine"]


def without_end(forum: SmallForum, answer: Callable[[str], Answer]) -> None:
    """Every path that is not known answers so."""
    whole = forum.answer

    def any_path(asked: Asked) -> Answer:
        known = asked.path in forum.pages or asked.path.removeprefix("/q/") in forum.linked
        if known or not asked.path.startswith("/q/x"):
            return whole(asked)
        return answer(asked.path)

    forum.answer = any_path  # type: ignore[method-assign]


def test_redirects_without_end_are_left(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    def further(path: str) -> Answer:
        return Answer("", 302, {"Location": f"/q/x{int(path.removeprefix('/q/x')) + 1}"})

    without_end(forum, further)
    forum.pages["/q/q003"] = Answer("", 302, {"Location": "/q/x0"})
    report = crawl()
    assert report.complete
    assert len(forum.paths("/q/x")) == session.HOPS
    assert any("redirects in a row" in str(told) for _, told in ledger(workspace).values())
    assert len(records(workspace)) == len(forum.names) - 1


def test_a_chain_of_questions_without_end_is_left_at_some_depth(
    forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "DEEPEST", 30)

    def further(path: str) -> Answer:
        following = f"x{int(path.removeprefix('/q/x')) + 1}"
        forum.linked.setdefault("trap", [])
        whole = forum.question("trap").replace("trap", following)  # each with a text of its own
        return Answer(whole.replace("<ul>", f'<ul><a href="/q/{following}">x</a>'))

    without_end(forum, further)
    forum.pages["/q/page-1"] = Answer('<a href="/q/x0">x</a>')
    assert crawl().complete
    assert len(forum.paths("/q/x")) == 30


def test_a_site_of_more_pages_than_any_is_left_with_a_word(
    forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MOST_PAGES", 200)

    def further(path: str) -> Answer:
        links = "".join(f'<a href="{path}a{number}">x</a>' for number in range(20))
        forum.linked.setdefault("trap", [])
        return Answer(forum.question("trap").replace("<ul>", f"<ul>{links}"))

    without_end(forum, further)
    forum.pages["/q/page-1"] = Answer('<a href="/q/x0">x</a>')
    report = crawl()
    assert (report.complete, report.ended_well) == (False, False)
    assert "more than 200 pages are known" in (report.trouble or "")
    assert len(forum.paths("/q/x")) < 60


Magazine = Callable[[dict[str, bytes]], Report]


def test_indexes_within_indexes_have_an_end(magazine: Magazine) -> None:
    def index(name: str) -> bytes:
        return sitemap(f"https://salammag.com/{name}", of="sitemap", root="sitemapindex")

    deep = {f"/s{number}.xml": index(f"s{number + 1}.xml") for number in range(1, 40)}
    report = magazine({"/sitemap_index.xml": index("s1.xml"), **deep})
    assert not report.ended_well
    assert "indexes of sitemaps within each other" in report.unread_lists[0][1]
    assert report.requests <= lists.NESTING + 2


def test_indexes_that_are_nested_twice_are_read(magazine: Magazine) -> None:
    def index(name: str) -> bytes:
        return sitemap(f"https://salammag.com/{name}", of="sitemap", root="sitemapindex")

    report = magazine(
        {
            "/sitemap_index.xml": index("years.xml"),
            "/years.xml": index("posts.xml"),
            "/posts.xml": sitemap("https://salammag.com/vitamin-d"),
            "/vitamin-d": ARTICLE,
        }
    )
    assert report.ended_well
    assert report.records == {"article": 1}


def test_an_index_that_lists_itself_ends(magazine: Magazine) -> None:
    index = sitemap(
        "https://salammag.com/sitemap_index.xml",
        "https://salammag.com/posts.xml",
        of="sitemap",
        root="sitemapindex",
    )
    posts = sitemap("https://salammag.com/vitamin-d")
    report = magazine({"/sitemap_index.xml": index, "/posts.xml": posts, "/vitamin-d": ARTICLE})
    assert report.ended_well
    assert report.requests == 3


def test_a_redirected_sitemap_is_read(magazine: Magazine) -> None:
    report = magazine(
        {
            "/sitemap_index.xml": page("", "301 Moved", "Location: /wp-sitemap.xml\r\n"),
            "/wp-sitemap.xml": sitemap("https://salammag.com/vitamin-d"),
            "/vitamin-d": ARTICLE,
        }
    )
    assert report.ended_well


@pytest.mark.parametrize("recheck", [False, True])
@pytest.mark.parametrize("shown", [3, 5, 10])
def test_a_listing_that_shows_random_questions_past_its_end_is_left(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, shown: int, recheck: bool
) -> None:
    draw = random.Random(shown)
    forum.linked = {name: [] for name in forum.names}
    real = {f"/q/page-{n + 1}": forum.names[5 * n : 5 * n + 5] for n in range(4)}

    def listing(asked: Asked, visit: int) -> Answer:
        names = real.get(asked.path) or draw.sample(forum.names, shown)
        return Answer("".join(f'<a href="/q/{name}">x</a>' for name in names))

    for number in range(1, 200):
        forum.pages[f"/q/page-{number}"] = listing
    report = crawl()
    assert report.ended_well
    assert len(records(workspace)) == len(forum.names)
    assert len(forum.paths("/q/page")) <= 6
    forum.asked.clear()
    assert crawl(recheck=recheck).ended_well
    assert len(forum.paths("/q/page")) <= 6


@pytest.mark.parametrize("stops", [5, 2, 9])
def test_a_listing_that_shows_random_questions_is_left_however_often_the_crawl_stops(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, stops: int
) -> None:
    draw = random.Random(stops)
    forum.linked = {name: [] for name in forum.names}
    real = {f"/q/page-{n + 1}": forum.names[5 * n : 5 * n + 5] for n in range(4)}

    def listing(asked: Asked, visit: int) -> Answer:
        names = real.get(asked.path) or draw.sample(forum.names, 5)
        return Answer("".join(f'<a href="/q/{name}">x</a>' for name in names))

    for number in range(1, 200):
        forum.pages[f"/q/page-{number}"] = listing
    while not crawl(max_pages=stops).complete:
        assert len(forum.asked) < 200
    assert len(records(workspace)) == len(forum.names)
    assert len(forum.paths("/q/page")) <= 6


def test_two_listings_that_show_the_same_do_not_end_each_other(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum.linked = {name: [] for name in forum.names}
    listings = ("https://drhast.com/q/page-{page}", "https://drhast.com/new/{page}")
    monkeypatch.setattr(load_spider("drhast"), "listings", listings)
    for number in range(4):
        names = forum.names[5 * number : 5 * number + 5]
        shown = "".join(f'<a href="/q/{name}">x</a>' for name in names)
        forum.pages[f"/q/page-{number + 1}"] = Answer(shown if number < 3 else "")
        forum.pages[f"/new/{number + 1}"] = Answer(shown)
    while not crawl(max_pages=3).complete:
        assert len(forum.asked) < 200
    assert len(records(workspace)) == len(forum.names)


def test_pinned_questions_do_not_end_a_listing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.linked = {name: [] for name in forum.names}
    for number in range(5):
        names = [*forum.names[:3], *forum.names[4 * number : 4 * number + 4]]
        forum.pages[f"/q/page-{number + 1}"] = Answer(
            "".join(f'<a href="/q/{name}">x</a>' for name in names)
        )
    assert crawl().ended_well
    assert len(records(workspace)) == len(forum.names)
