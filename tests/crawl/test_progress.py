"""What a crawl shows while it runs."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from gaokerena_data.crawl.fetching.archive import ArchiveWriter
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.queue.states import DONE
from gaokerena_data.crawl.reading.links import RECORD, Link
from gaokerena_data.crawl.report import Report
from gaokerena_data.crawl.run import Running
from gaokerena_data.crawl.session import SiteSession
from gaokerena_data.crawl.settings import Pace
from gaokerena_data.crawl.told.progress import CrawlDisplay, print_reports
from gaokerena_data.crawl.watch import BodyWatch


@pytest.fixture
def running(tmp_path: Path) -> Iterator[list[Running]]:
    with Frontier(tmp_path / "nabz.sqlite", ["nabz.site"]) as frontier:
        links = [Link(f"https://nabz.site/{name}", RECORD, 0) for name in range(5)]
        frontier.begin_run(links, "2026-01-01T00:00:00Z")
        for page in frontier.lease(2, now=0):
            frontier.finish(page, DONE)
        session = SiteSession(
            "nabz",
            frozenset(["nabz.site"]),
            frontier,
            ArchiveWriter(tmp_path, "test"),
            pace=Pace(),
            watch=BodyWatch((), 1.0),
        )
        session.asked = 2
        session.tally["retries"] = 1
        waiting = Running("drhast", note="another process crawls it: waiting")
        yield [Running("nabz", session), waiting]


def test_a_log_gets_a_line_a_site(running: list[Running], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaokerena_data.crawl.told.progress._PLAIN_EVERY", 0)
    out = io.StringIO()
    with CrawlDisplay(Console(file=out, width=200)) as progress:
        progress.show(running)
    nabz, drhast = out.getvalue().splitlines()
    assert nabz.startswith("nabz: 2 pages, 3 queued, ")
    assert "1 errors" in nabz
    assert nabz.endswith("left")
    assert drhast == "drhast: another process crawls it: waiting"


def test_a_terminal_gets_a_table(running: list[Running]) -> None:
    out = io.StringIO()
    with CrawlDisplay(Console(file=out, force_terminal=True, width=120)) as progress:
        progress.show(running)
    shown = out.getvalue()
    assert "time left" in shown
    assert "another process crawls it: waiting" in shown


@pytest.mark.parametrize(("lists", "lines"), [(3, 3), (5, 5), (40, 6)])
def test_many_sitemaps_that_cannot_be_asked_for_are_a_few_lines(lists: int, lines: int) -> None:
    report = Report(
        *("nabz", 1, False, True, None, "2026-01-01T00:00:00Z", 1.0, 1, 0, 0, {}),
        failures=[f"https://else.ir/{number}.xml is off site" for number in range(lists)],
    )
    alarms = io.StringIO()
    print_reports([report], Console(file=io.StringIO()), Console(file=alarms, width=300))
    assert len(alarms.getvalue().splitlines()) == lines
