"""A layout that changes is loud, in one step or in many small ones, and before a long crawl."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.crawl.commands import crawl as crawl_command
from gaokerena_data.crawl.history import count_findings, layout_findings
from gaokerena_data.crawl.report import Report
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, records
from tests.crawl.small_forum import Answer, SmallForum

MANY_CASES = True  # see tests/conftest.py


app = typer.Typer()
app.command("crawl")(crawl_command)
app.command("nothing")(lambda: None)

type Change = Callable[[str], str]

LONG = "دو هفته است که شب‌ها سرفه خشک دارم و با دارو بهتر نشد. " * 12

TEASER: Change = lambda page: re.sub(  # noqa: E731
    r'(itemprop="text">)[^<]+', r"\1ادامه مطلب…", page
)
NO_TITLE: Change = lambda page: re.sub(r"<h1>.*?</h1>", "", page)  # noqa: E731
NO_NAME: Change = lambda page: page.replace("doctor-ui-name", "doctor-v2")  # noqa: E731
NOTHING: Change = lambda page: page.replace("main-question__body", "question-v2")  # noqa: E731
FURNITURE: Change = lambda page: re.sub(  # noqa: E731
    r'(itemprop="text">)', r"\1" + "خانه تماس با ما " * 500, page
)
WALL: Change = lambda page: re.sub(  # noqa: E731
    r'(itemprop="text">)[^<]+', r"\1" + "برای دیدن این پرسش وارد حساب خود شوید. " * 15, page
)


@pytest.fixture
def long_forum(forum: SmallForum) -> SmallForum:
    """Questions as long as patients write them, and a change of the layout to switch on."""
    whole = forum.question
    forum.linked = {name: [] for name in forum.names}
    forum.text = lambda name: f"{name}: {LONG}"  # type: ignore[method-assign]
    forum.change = lambda page: page  # type: ignore[attr-defined]

    def changed(name: str, extra: str = "") -> str:
        return forum.change(whole(name, extra))  # type: ignore[attr-defined,no-any-return]

    forum.question = changed  # type: ignore[method-assign]
    show(forum, forum.names)
    return forum


def show(forum: SmallForum, names: list[str]) -> None:
    forum.pages["/q/page-1"] = Answer("".join(f'<a href="/q/{name}">x</a>' for name in names))


def add(forum: SmallForum, run: int, count: int) -> None:
    """New questions on the first page of the listing."""
    new = [f"new{run}x{number}" for number in range(count)]
    forum.linked |= {name: [] for name in new}
    show(forum, [*new, *forum.names[:3]])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (NOTHING, "hold a record"),
        (TEASER, "characters long"),
        (FURNITURE, "characters long"),
        (NO_TITLE, "title is filled in 0%"),
        (NO_NAME, "answered_by is filled in 0%"),
    ],
    ids=["nothing", "teaser", "furniture", "title", "name"],
)
@pytest.mark.parametrize("a_run", [4, 8])
def test_a_change_shows_in_a_few_new_pages_a_run(
    long_forum: SmallForum, crawl: Crawl, change: Change, told: str, a_run: int
) -> None:
    assert crawl().ended_well
    add(long_forum, 0, a_run)
    assert crawl().ended_well
    long_forum.change = change  # type: ignore[attr-defined]
    found: list[str] = []
    for run in range(1, 5):
        add(long_forum, run, a_run)
        report = crawl()
        assert report.complete
        found += report.failures
        if found:
            assert not report.ended_well
            break
    assert any(told in failure for failure in found), found


@pytest.mark.parametrize("change", [TEASER, NOTHING], ids=["teaser", "nothing"])
def test_a_change_stops_a_crawl_as_it_goes(
    long_forum: SmallForum, crawl: Crawl, change: Change
) -> None:
    crawl()
    long_forum.change = change  # type: ignore[attr-defined]
    long_forum.linked |= {f"n{number}": [] for number in range(200)}
    show(long_forum, [f"n{number}" for number in range(200)])
    long_forum.asked.clear()
    report = crawl()
    assert not report.ended_well
    assert "that were looked at" in report.failures[0]
    assert len(long_forum.paths("/q/n")) < 60


def test_new_questions_without_an_answer_are_no_change(
    long_forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    long_forum.change = lambda page: page.replace("main-question__answer", "none")  # type: ignore[attr-defined]
    add(long_forum, 1, 6)
    assert crawl().ended_well


def test_a_change_that_was_mended_is_told_no_more(long_forum: SmallForum, crawl: Crawl) -> None:
    crawl()
    long_forum.change = NOTHING  # type: ignore[attr-defined]
    add(long_forum, 1, 6)
    assert not crawl().ended_well
    long_forum.change = lambda page: page  # type: ignore[attr-defined]
    add(long_forum, 2, 6)
    assert crawl().ended_well


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer("", 302, {"Location": "/login"}), "8 redirected"),
        (Answer("", 404), "8 gone"),
        (Answer("", 400), "8 failed"),
        (Answer("", 301, {"Location": "https://elsewhere.ir/q/new"}), "8 off site"),
    ],
    ids=["login", "gone", "failed", "elsewhere"],
)
def test_new_pages_that_lead_nowhere_are_told(
    long_forum: SmallForum, crawl: Crawl, answer: Answer, told: str
) -> None:
    assert crawl().ended_well
    add(long_forum, 1, 8)
    long_forum.pages |= {f"/q/new1x{number}": answer for number in range(8)}
    report = crawl()
    assert not report.ended_well
    assert told in report.failures[0]


WALLS = {
    "login": "برای دیدن این پرسش وارد حساب خود شوید یا ثبت نام کنید",
    "patience": "در حال بررسی مرورگر شما هستیم، لطفا چند لحظه صبر کنید",
    "consent": "برای ادامه، استفاده از کوکی‌ها را بپذیرید",
}


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("first", [True, False], ids=["first run", "later run"])
def test_one_text_on_most_pages_is_no_record(
    long_forum: SmallForum, crawl: Crawl, wall: str, first: bool
) -> None:
    if not first:
        assert crawl().ended_well
    add(long_forum, 1, 8)
    long_forum.change = lambda page: re.sub(  # type: ignore[attr-defined]
        r'(itemprop="text">)[^<]+', rf"\1{WALLS[wall] * 9}", page
    )
    report = crawl()
    assert not report.ended_well
    assert any("records hold the same text" in failure for failure in report.failures)


def test_one_text_on_every_page_stops_a_crawl_as_it_goes(
    long_forum: SmallForum, crawl: Crawl
) -> None:
    long_forum.text = lambda name: WALLS["login"] * 9  # type: ignore[method-assign]
    names = [f"n{number}" for number in range(60)]
    long_forum.linked |= {name: [] for name in names}
    show(long_forum, names)
    whole = long_forum.question
    long_forum.question = lambda name, extra="": whole(name, extra).replace(  # type: ignore[method-assign]
        f"جواب {name}", "جواب"
    )
    report = crawl()
    assert "all hold the same text" in report.failures[0]
    assert report.requests < 30


def test_templates_on_fewer_than_half_of_the_pages_are_no_wall(
    long_forum: SmallForum, crawl: Crawl
) -> None:
    long_forum.text = lambda name: LONG if name < "q009" else f"{name}: {LONG}"  # type: ignore[method-assign]
    assert crawl().ended_well


def run_of(number: int, pages: int, held: int, **more: object) -> Report:
    report = Report(
        site="drhast",
        run=number,
        resumed=False,
        complete=True,
        stopped=None,
        started_at="2026-01-01T00:00:00Z",
        seconds=1.0,
        requests=pages,
        retries=0,
        bytes=0,
        states={"done": pages},
        records={"article": held},
        fresh_pages=pages,
        fresh_with_record=held,
        fresh_records={"article": held},
    )
    return replace(report, **more)  # type: ignore[arg-type]


def test_many_small_steps_are_told() -> None:
    """Each run holds a little less than the one before: none of them has collapsed by itself."""
    history: list[Report] = []
    told = None
    for number, held in enumerate([200, 188, 176, 164, 152, 140, 128], start=1):
        report = run_of(number, 200, held)
        if layout_findings(report, history):
            told = held
            break
        history.append(report)
    assert told is not None
    assert told >= 140


@pytest.mark.parametrize(("pages", "held"), [(1, 0), (20, 19), (200, 180), (5, 4), (3, 2)])
def test_chance_is_not_told(pages: int, held: int) -> None:
    assert layout_findings(run_of(2, pages, held), [run_of(1, 400, 392)]) == []


@pytest.mark.parametrize(
    ("now", "then", "fall", "told"),
    [(89, 100, 0.1, 1), (91, 100, 0.1, 0), (91, 100, 0.05, 1), (0, 5, 0.1, 1), (100, 100, 0.0, 0)],
)
def test_fewer_records_than_in_the_last_runs_are_told(
    now: int, then: int, fall: float, told: int
) -> None:
    earlier = [run_of(1, 5, 5, records={"article": then}), run_of(2, 5, 5, records={"article": 1})]
    report = run_of(3, 5, 5, records={"article": now})
    assert len(count_findings(report, earlier, fall)) == told


def test_a_site_that_loses_its_records_exits_with_one(
    long_forum: SmallForum, tmp_path: Path
) -> None:
    arguments = ["crawl", "drhast", "--delay", "0", "--workspace", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    long_forum.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /q/q01\n")
    result = CliRunner().invoke(app, [*arguments, "--recheck"])
    assert result.exit_code == 1
    assert "10 question_answer records, 20 in an earlier run" in result.output
    again = CliRunner().invoke(app, [*arguments, "--recheck", "--count-fall", "0.6"])
    assert again.exit_code == 0, again.output


CHECK = ["crawl", "drhast", "--check", "--delay", "0", "--workspace"]


def test_a_check_of_a_site_that_is_as_it_was(
    long_forum: SmallForum, crawl: Crawl, workspace: Workspace
) -> None:
    crawl()
    before = records(workspace)
    long_forum.asked.clear()
    files = sorted(workspace.archive("drhast").iterdir())
    result = CliRunner().invoke(app, [*CHECK, str(workspace.root)])
    assert result.exit_code == 0, result.output
    assert "as before" in result.output
    assert len(long_forum.paths("/q/q")) == 5
    assert records(workspace) == before
    assert sorted(workspace.archive("drhast").iterdir()) == files


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (NOTHING, "gave 1 records, and gives none"),
        (TEASER, "characters, and had"),
        (FURNITURE, "characters, and had"),
        (NO_TITLE, "title is missing from 5 of the 5 pages that had it"),
        (NO_NAME, "answered_by is missing from 5 of the 5"),
        (WALL, "all 5 pages that were looked at hold the same text"),
    ],
    ids=["nothing", "teaser", "furniture", "title", "name", "wall"],
)
def test_a_check_finds_what_changed(
    long_forum: SmallForum, crawl: Crawl, workspace: Workspace, change: Change, told: str
) -> None:
    crawl()
    long_forum.change = change  # type: ignore[attr-defined]
    result = CliRunner().invoke(app, [*CHECK, str(workspace.root)])
    assert result.exit_code == 1
    assert told in result.output


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ({"/robots.txt": Answer("", 503)}, "robots.txt answers 503"),
        ({"/q/page-1": Answer("<a href='/other'>x</a>")}, "leads to no record; it shows"),
        ({"/q/page-1": Answer("", 500)}, "HTTP 500"),
    ],
    ids=["robots", "listing", "down"],
)
def test_a_check_of_a_site_that_cannot_be_read_exits_with_one(
    long_forum: SmallForum, crawl: Crawl, workspace: Workspace, pages: dict[str, Answer], told: str
) -> None:
    crawl()
    long_forum.pages |= pages
    result = CliRunner().invoke(app, [*CHECK, str(workspace.root)])
    assert result.exit_code == 1
    assert told in result.output


def test_a_page_that_is_gone_is_no_drift(
    long_forum: SmallForum, crawl: Crawl, workspace: Workspace
) -> None:
    crawl()
    for name in long_forum.names[:8]:
        long_forum.pages[f"/q/{name}"] = Answer("", 404)
    result = CliRunner().invoke(app, [*CHECK, str(workspace.root)])
    assert result.exit_code == 0, result.output


def test_a_site_that_was_never_crawled_is_checked_by_its_listing(
    long_forum: SmallForum, tmp_path: Path
) -> None:
    result = CliRunner().invoke(app, [*CHECK, str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "never crawled: 5 of 5 new pages hold a record" in result.output
    long_forum.change = NOTHING  # type: ignore[attr-defined]
    result = CliRunner().invoke(app, [*CHECK, str(tmp_path)])
    assert result.exit_code == 1
    assert "none of 5 pages holds a record" in result.output


def test_a_check_ends_at_a_signal(tmp_path: Path, forum: SmallForum) -> None:
    forum.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 60\n")
    command = "from gaokerena_data.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "crawl", "drhast", "--check", "--workspace", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    deadline = time.monotonic() + 60
    while not forum.asked and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 1
