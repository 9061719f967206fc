"""An outage is no verdict on the pages that wait; a broken page is one on nothing but itself."""

from collections.abc import Callable

import pytest

from gaokerena_data.crawl import breaker
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.small_forum import Answer, Asked, SmallForum

MANY_CASES = True  # see tests/conftest.py


TROUBLES = [
    Answer("bad gateway", 502),
    Answer("", 503),
    Answer("denied", 403),
    Answer("half", 200, {"Content-Length": "99"}),
]


def goes_down(forum: SmallForum, after: int, trouble: Answer) -> list[bool]:
    """From the `after`th question on, nothing but trouble; the list's one value brings it back."""
    back = [False]
    whole = forum.question

    def answer(asked: Asked, visit: int) -> Answer:
        if len(forum.paths()) >= after and not back[0]:
            return trouble
        return Answer(whole(asked.path.removeprefix("/q/")))

    for name in forum.names:
        forum.pages[f"/q/{name}"] = answer
    return back


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda answer: str(answer.status))
def test_an_outage_ends_as_incomplete_and_fails_no_page(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, trouble: Answer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(breaker, "PATIENCE", 3)
    back = goes_down(forum, 5, trouble)
    report = crawl()
    assert (report.complete, report.ended_well) == (False, False)
    assert "does not answer" in (report.trouble or "")
    assert "failed" not in report.states
    back[0] = True
    report = crawl()
    assert (report.complete, report.ended_well, report.resumed) == (True, True, True)
    assert len(records(workspace)) == len(forum.names)


def test_a_short_outage_is_waited_for(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    down_until: list[float] = []
    whole = forum.question

    def answer(asked: Asked, visit: int) -> Answer:
        if len(forum.paths()) == 6:
            down_until.append(asked.time + 1.0)
        if down_until and asked.time < down_until[0]:
            return Answer("", 502)
        return Answer(whole(asked.path.removeprefix("/q/")))

    for name in forum.names:
        forum.pages[f"/q/{name}"] = answer
    report = crawl()
    assert (report.complete, report.ended_well) == (True, True)
    assert len(records(workspace)) == len(forum.names)


@pytest.mark.parametrize("broken", [1, 4, 12])
def test_pages_that_are_broken_by_themselves_are_given_up(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, broken: int
) -> None:
    listed = "".join(f'<a href="/q/{name}">x</a>' for name in forum.names)
    forum.pages["/q/page-1"] = Answer(listed)
    for name in forum.names[-broken:]:
        forum.pages[f"/q/{name}"] = Answer("!", 500)
    report = crawl()
    assert report.complete
    assert report.trouble is None
    assert report.states["failed"] == broken
    assert len(records(workspace)) == len(forum.names) - broken
    assert ledger(workspace)[forum.url(forum.names[-1])] == ("failed", "HTTP 500, 5 times")


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_site_that_answers_nothing_else_is_left_as_incomplete(
    forum: SmallForum, crawl: Crawl, status: int
) -> None:
    forum.pages |= dict.fromkeys(
        ["/q/page-1", *(f"/q/{n}" for n in forum.names)], Answer("", status)
    )
    report = crawl()
    assert (report.complete, report.ended_well) == (False, False)
    told = [report.trouble or "", *(reason for _, reason in report.unread_lists)]
    assert any(f"HTTP {status}" in each for each in told)


def test_many_pages_in_a_row_that_cannot_be_read_end_the_crawl(
    forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaokerena_data.crawl.session.LOST_IN_A_ROW", 6)
    monkeypatch.setattr(breaker, "LOST_IN_A_ROW", 6)
    listed = "".join(f'<a href="/q/{name}">x</a>' for name in forum.names)
    forum.pages["/q/page-1"] = Answer(listed)
    for name in forum.names:
        forum.pages[f"/q/{name}"] = Answer("denied", 403)
    report = crawl()
    assert (report.complete, report.ended_well) == (False, False)
    assert "6 pages in a row" in (report.trouble or "")


def listing(forum: SmallForum, names: list[str]) -> Answer:
    return Answer("".join(f'<a href="/q/{name}">x</a>' for name in names))


def unlinked(forum: SmallForum) -> None:
    """Four listing pages of five questions that link to nothing."""
    forum.linked = {name: [] for name in forum.names}
    for number in range(4):
        names = forum.names[5 * number : 5 * number + 5]
        forum.pages[f"/q/page-{number + 1}"] = listing(forum, names)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_listing_page_that_fails_stays_open_and_costs_nothing_behind_it(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, number: int
) -> None:
    unlinked(forum)
    good = forum.pages[f"/q/page-{number}"]
    forum.pages[f"/q/page-{number}"] = Answer("!", 500)
    report = crawl()
    assert (report.complete, report.ended_well) == (False, False)
    assert [url for url, _ in report.unread_lists] == [f"https://drhast.com/q/page-{number}"]
    assert len(records(workspace)) == len(forum.names) - 5
    forum.pages[f"/q/page-{number}"] = good
    report = crawl()
    assert (report.complete, report.ended_well) == (True, True)
    assert len(records(workspace)) == len(forum.names)


def test_a_listing_that_fails_from_some_page_on_is_not_walked_for_ever(
    forum: SmallForum, crawl: Crawl
) -> None:
    unlinked(forum)
    broken: Callable[[Asked, int], Answer] = lambda asked, visit: Answer("!", 500)  # noqa: E731
    for number in range(3, 40):
        forum.pages[f"/q/page-{number}"] = broken
    report = crawl()
    assert not report.complete
    assert [url.rpartition("-")[2] for url, _ in report.unread_lists] == ["3", "4"]
    assert "/q/page-5" not in forum.paths("/q/page")
