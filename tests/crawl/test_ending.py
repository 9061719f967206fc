"""A crawl ends within seconds of Ctrl-C or TERM, whatever a site asks for; delays are told."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.crawl.commands import crawl as crawl_command
from gaokerena_data.crawl.lock import SiteLock
from gaokerena_data.crawl.report import load_report
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.crawl.told.progress import Pacer, time_left
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, records
from tests.crawl.raw_site import RawSite
from tests.crawl.small_forum import Answer, Asked, SmallForum
from tests.waiting import wait_until

MANY_CASES = True  # see tests/conftest.py


app = typer.Typer()
app.command("crawl")(crawl_command)
app.command("nothing")(lambda: None)

SECONDS = 8.0  # on a busy machine; the program itself takes two to four


def start(
    root: Path, address: str, *options: str, sites: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from gaokerena_data.cli import main; main()",
            *("crawl", "drhast", *sites, "--workspace", str(root), *options),
        ],
        env=os.environ | {CONNECT_ALL: address},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(process: subprocess.Popen[str], number: int) -> tuple[float, str]:
    began = time.monotonic()
    process.send_signal(number)
    try:
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    return time.monotonic() - began, output


def hang(asked: Asked, visit: int) -> Answer:
    time.sleep(40)
    return Answer("late")


CASES = {
    "a long delay": (["--delay", "600"], {}),
    "a delay of robots.txt": (
        ["--delay", "0", "--max-delay", "5000"],
        {"/robots.txt": Answer("User-agent: *\nCrawl-delay: 3600\n")},
    ),
    "a pause": (
        ["--delay", "0"],
        {"/q/page-1": Answer("slow down", 429, {"Retry-After": "1800"})},
    ),
    "a page that hangs": (["--delay", "1"], {"/q/page-1": hang}),
    "robots.txt that hangs": (["--delay", "1"], {"/robots.txt": hang}),
    "robots.txt in trouble": (["--delay", "1"], {"/robots.txt": Answer("", 503)}),
    "a site that fails": (["--delay", "1"], {"/q/page-1": Answer("", 500)}),
}


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
@pytest.mark.parametrize(("options", "pages"), CASES.values(), ids=CASES.keys())
def test_a_signal_ends_a_crawl_within_seconds(
    tmp_path: Path, options: list[str], pages: dict[str, Answer], number: int
) -> None:
    with SmallForum() as forum:
        forum.pages |= pages
        process = start(tmp_path, forum.address, *options)
        first = next(iter(pages), "/robots.txt")
        wait_until(lambda: first in forum.begun, "the page is asked for")
        took, output = end(process, number)
    assert took < SECONDS, output
    assert process.returncode == 1
    assert "interrupted" in output
    assert "incomplete" in output
    saved = Workspace(tmp_path).frontier("drhast").with_suffix(".report.json")
    assert load_report(saved.read_text()).states.get("leased") is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
@pytest.mark.parametrize("others", [("niniban",), ("niniban", "nabz"), ()])
def test_a_signal_while_another_process_crawls_the_site_is_no_success(
    tmp_path: Path, others: tuple[str, ...], number: int
) -> None:
    with SmallForum() as forum:
        forum.pages["/robots.txt"] = hang
        lock = SiteLock(Workspace(tmp_path), "drhast")
        assert lock.take()
        process = start(tmp_path, forum.address, "--delay", "1", sites=others)
        if others:
            wait_until(lambda: len(forum.begun) >= len(others), "the other sites are crawled")
        else:
            assert process.stdout is not None
            assert "another process crawls it: waiting" in process.stdout.readline()
        took, output = end(process, number)
        lock.free()
    assert took < SECONDS, output
    assert process.returncode == 1
    assert "drhast: interrupted while another process crawls it" in output
    for site in others:
        assert f"{site}: incomplete: interrupted" in output
    assert "/q/page-1" not in forum.begun


@pytest.mark.parametrize(
    ("robots", "asked_for"),
    [
        ("Crawl-delay: 3600", "3,600 s"),
        ("Crawl-delay: 1e9", "1,000,000,000 s"),
        ("Request-rate: 1/999999999s", "999,999,999 s"),
        ("Request-rate: 1/24h", "86,400 s"),
        (f"Request-rate: 1/{'9' * 400}s", "1,000,000,000,000 s"),
        ("Crawl-delay: 121", "121 s"),
    ],
)
def test_a_site_that_asks_for_more_than_is_allowed_is_left_alone_by_name(
    forum: SmallForum, tmp_path: Path, robots: str, asked_for: str
) -> None:
    forum.pages["/robots.txt"] = Answer(f"User-agent: *\n{robots}\n")
    result = CliRunner().invoke(
        app, ["crawl", "drhast", "--delay", "0", "--workspace", str(tmp_path)]
    )
    assert result.exit_code == 1
    assert (
        f"robots.txt of drhast.com asks for {asked_for} between two requests, more than the "
        in (result.output)
    )
    assert forum.paths("/q/") == []


@pytest.mark.parametrize(
    "robots", ["Crawl-delay: nan", "Crawl-delay: -5", "Crawl-delay: inf", "Crawl-delay: soon"]
)
def test_a_delay_that_is_none_is_passed_over(forum: SmallForum, crawl: Crawl, robots: str) -> None:
    forum.pages["/robots.txt"] = Answer(f"User-agent: *\n{robots}\n")
    assert crawl().ended_well


def test_a_delay_that_is_kept_is_told(forum: SmallForum, tmp_path: Path) -> None:
    forum.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.2\n")
    arguments = [
        "crawl",
        "drhast",
        "--delay",
        "0",
        "--max-pages",
        "2",
        "--workspace",
        str(tmp_path),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "robots.txt of drhast.com asks for 0.2 s between two requests" in result.output


def test_how_far_to_go_was_said_beforehand(forum: SmallForum, tmp_path: Path) -> None:
    arguments = [
        "crawl",
        "drhast",
        "--delay",
        "0",
        "--max-pages",
        "3",
        "--workspace",
        str(tmp_path),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "incomplete" in result.output


@pytest.mark.parametrize("jump", [-86_400.0, -3_600.0, 86_400.0])
def test_a_clock_that_is_set_does_not_stop_a_crawl(
    workspace: Workspace,
    forum: SmallForum,
    crawl: Crawl,
    monkeypatch: pytest.MonkeyPatch,
    jump: float,
) -> None:
    wall = time.time
    shift = [0.0]
    monkeypatch.setattr(time, "time", lambda: wall() + shift[0])

    def sets_the_clock(asked: Asked, visit: int) -> Answer:
        shift[0] = jump
        return Answer("!", 500) if visit < 3 else Answer(forum.question("q000"))

    forum.pages["/q/q000"] = sets_the_clock
    began = time.monotonic()
    assert crawl().complete
    assert time.monotonic() - began < 20
    assert len(records(workspace)) == len(forum.names)


def test_a_clock_that_was_set_back_between_two_starts_makes_nothing_wait(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    from gaokerena_data.crawl.queue.frontier import Frontier

    crawl(max_pages=4)
    with Frontier(workspace.frontier("drhast"), ["drhast.com"]) as frontier:
        (page,) = frontier.lease(1, time.time())
        frontier.retry(page, "HTTP 500", time.time() + 10**6)
    began = time.monotonic()
    assert crawl().complete
    assert time.monotonic() - began < 20


def test_the_time_left_is_what_the_delays_come_to() -> None:
    pacer = Pacer()
    for second in range(100):
        pacer.note(float(second), 10 * second)
    assert pacer.rate() == pytest.approx(10)
    for second in range(100, 900):
        pacer.note(float(second), 990)  # it has stood still for long
    assert pacer.rate() < 0.7
    assert time_left(1000, 10.0, delay=0.0, pause=0.0) == pytest.approx(100)
    assert time_left(1000, 10.0, delay=30.0, pause=0.0) == pytest.approx(30_000)
    assert time_left(10, 0.0, delay=3600.0, pause=60.0) == pytest.approx(36_060)
    assert time_left(10, 0.0, delay=0.0, pause=0.0) is None
    assert time_left(0, 0.0, delay=0.0, pause=0.0) == 0.0


def test_a_network_that_hangs_is_left_at_a_signal(tmp_path: Path) -> None:
    def never(path: str) -> bytes:
        time.sleep(40)
        return b""

    with RawSite(never) as site:
        process = start(tmp_path, site.address, "--delay", "1")
        wait_until(lambda: bool(site.paths), "something is asked for")
        took, output = end(process, signal.SIGTERM)
    assert took < SECONDS, output
    assert process.returncode == 1
