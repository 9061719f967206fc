"""Runs: locks between processes, later runs, reports, and the commands."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.crawl.commands import crawl as crawl_command
from gaokerena_data.crawl.commands import extract as extract_command
from gaokerena_data.crawl.lock import SiteLock
from gaokerena_data.crawl.report import load_report
from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.crawl.status import crawl_status
from gaokerena_data.crawl.told.progress import print_reports
from gaokerena_data.demo.replica import Replica
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace, sha256_file
from tests.crawl.conftest import Crawl, records
from tests.crawl.processes import crawl_in_two_processes, start_crawl
from tests.crawl.small_forum import Answer, Asked, SmallForum
from tests.waiting import wait_until

app = typer.Typer()
app.command("crawl")(crawl_command)
app.command("extract")(extract_command)


@pytest.mark.thorough
def test_two_processes_share_a_workspace(tmp_path: Path) -> None:
    sites = ["drhast", "hidoctor", "extern", "nabz"]
    with Replica(seed=1) as replica:
        first, second = crawl_in_two_processes(
            Workspace(tmp_path), replica.address, (sites, sites[::-1]), tmp_path
        )
        asked = Counter(
            (request.host, request.path) for request in replica.requests() if request.status == 404
        )
    assert sorted(first + second) == sorted(sites)  # each site by one of them, none by both
    assert all(times == 1 for times in asked.values())
    for status in crawl_status(Workspace(tmp_path)):
        if status.site in sites:
            assert status.runs == 1
            assert status.finished_at is not None


@pytest.mark.thorough
def test_a_site_that_another_process_crawls_is_waited_for(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    lock = SiteLock(workspace, "drhast")
    assert lock.take()
    process = start_crawl(workspace.root, forum.address, ["drhast"])
    time.sleep(0.5)  # where it is not long enough a mistake is not seen, and nothing fails
    assert forum.asked == []
    assert process.is_alive()
    lock.free()
    process.join()
    assert process.exitcode == 0
    assert len(forum.paths()) == 20


def test_a_later_run_asks_only_for_what_is_new(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    forum.asked.clear()
    assert crawl().run == 2
    # No page has a validator here, so none is asked for again.
    assert Counter(forum.paths("/q/")) == {"/q/page-1": 1, "/q/page-2": 1}

    forum.linked["qnew"] = ["qnewer"]
    forum.linked["qnewer"] = []
    forum.pages["/q/page-1"] = Answer('<a href="/q/qnew">x</a><a href="/q/q000">x</a>')
    forum.asked.clear()
    crawl()
    assert set(forum.paths()) == {"/q/qnew", "/q/qnewer"}
    assert len(records(workspace)) == 22


def test_a_page_with_a_validator_is_fetched_when_it_changed(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    version = ["1"]

    def validated(asked: Asked, visit: int) -> Answer:
        if asked.headers.get("if-none-match") == f'"{version[0]}"':
            return Answer("", 304, {"ETag": f'"{version[0]}"', "Content-Length": "0"})
        page = forum.question("q000").replace("گلودرد", f"گلودرد{version[0]}")
        return Answer(page, 200, {"ETag": f'"{version[0]}"'})

    forum.pages["/q/q000"] = validated
    crawl()
    crawl()
    assert [asked.status for asked in forum.asked if asked.path == "/q/q000"] == [200, 304]
    first = records(workspace)
    version[0] = "2"
    crawl()
    assert [asked.status for asked in forum.asked if asked.path == "/q/q000"] == [200, 304, 200]
    second = records(workspace)
    assert [row["id"] for row in first] == [row["id"] for row in second]
    changed = [new for old, new in zip(first, second, strict=True) if old != new]
    assert [row["url"] for row in changed] == [forum.url("q000")]
    assert "گلودرد2" in str(changed[0]["question"])


def test_a_recheck_asks_for_everything_and_keeps_what_is_the_same(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    before = records(workspace, "id", "question", "fetched_at", "provenance")
    forum.asked.clear()
    report = crawl(recheck=True)
    assert len(forum.paths()) == 20
    assert report.fresh_pages == 0
    assert records(workspace, "id", "question", "fetched_at", "provenance") == before


def test_what_failed_is_tried_by_the_next_run(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    forum.pages["/q/q019"] = Answer("!", 500)
    crawl()
    assert len(records(workspace)) == 19
    del forum.pages["/q/q019"]
    crawl()
    assert len(records(workspace)) == 20


def test_a_layout_change_is_a_loud_failure_and_takes_nothing_away(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl()
    before = records(workspace)
    forum.emptied = True
    report = crawl(recheck=True)
    assert report.failures == [
        "none of the last 20 record pages that were looked at holds a record",
        "only 0 of 20 fetched record pages hold a record, 100% did in the run before",
    ]
    assert records(workspace) == before
    # Once the site is as it was, or its page object is mended, all is well again.
    forum.emptied = False
    assert crawl(recheck=True).failures == []


def test_a_field_that_vanishes_is_a_loud_failure(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl()
    whole = SmallForum.question
    monkeypatch.setattr(
        SmallForum,
        "question",
        lambda self, name, extra="": whole(self, name, extra).replace("__answer", "__reply"),
    )
    assert crawl(recheck=True).failures == [
        "answer is filled in 0% of the question_answer records, 100% in the run before"
    ]


def test_the_report_is_written_beside_the_frontier(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    report = crawl()
    saved = workspace.frontier("drhast").with_suffix(".report.json")
    assert load_report(saved.read_text("utf-8")) == report
    assert report.coverage["question_answer"]["answered_by"] == 1.0
    assert report.coverage["question_answer"]["tags"] == 0.0


def test_status_says_what_is_next(workspace: Workspace, forum: SmallForum, crawl: Crawl) -> None:
    statuses = {status.site: status for status in crawl_status(workspace)}
    assert len(statuses) == 14
    assert statuses["drhast"].runs == 0
    assert not workspace.root.exists()
    crawl(max_pages=5)
    (status,) = [status for status in crawl_status(workspace) if status.site == "drhast"]
    assert sum(status.pages[state] for state in ("done", "gone")) == 5
    assert status.finished_at is None
    assert status.next == "gaokerena crawl drhast (goes on)"
    crawl()
    (status,) = [status for status in crawl_status(workspace) if status.site == "drhast"]
    assert status.records == {"question_answer": 20}
    assert status.next == "gaokerena crawl drhast (what is new)"


def test_the_commands(forum: SmallForum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(tmp_path / "work"))
    runner = CliRunner()
    result = runner.invoke(app, ["crawl", "DrHast.com", "--delay", "0"])
    assert result.exit_code == 0, result.output
    assert "drhast" in result.output
    path = tmp_path / "work/extracted/question_answer/drhast/crawl.parquet"
    before = sha256_file(path)
    path.unlink()
    result = runner.invoke(app, ["extract", "drhast"])
    assert result.exit_code == 0, result.output
    assert result.output == "drhast: 20 question_answer records\n"
    assert sha256_file(path) == before


def test_a_collapsed_crawl_exits_with_one(
    forum: SmallForum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum.emptied = True
    arguments = ["crawl", "drhast", "--delay", "0", "--workspace", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "Mend spiders/drhast.py" in result.output


@pytest.mark.parametrize("arguments", [["crawl"], ["crawl", "drhast", "--all"]])
def test_sites_are_named_or_all(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_a_live_site_is_never_asked_too_fast(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CONNECT_ALL, raising=False)
    with pytest.raises(GaokerenaError, match="too short for a live site"):
        crawl_sites(workspace, ["drhast"], Options(delay=0.5))


@pytest.mark.parametrize("value", ["8080", "localhost", "localhost:", ":80", "host:port"])
def test_a_wrong_address_of_a_replica_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(CONNECT_ALL, value)
    with pytest.raises(GaokerenaError, match="give HOST:PORT"):
        crawl_sites(workspace, ["drhast"], Options())


@pytest.mark.parametrize(
    ("site", "message"),
    [("drhats", "no source is called 'drhats'"), ("kqa", "has no site to crawl")],
)
def test_what_cannot_be_crawled_is_told(workspace: Workspace, site: str, message: str) -> None:
    with pytest.raises(GaokerenaError, match=message):
        crawl_sites(workspace, ["drhast", site], Options())
    assert not workspace.root.exists()


def test_a_site_that_was_never_crawled_has_nothing_to_extract(workspace: Workspace) -> None:
    from gaokerena_data.crawl.extract import extract_site

    with pytest.raises(GaokerenaError, match="run `gaokerena crawl nabz` first"):
        extract_site(workspace, "nabz")


@pytest.mark.parametrize("content", [b"this is no database, but text" * 100, b"SQLite format 3"])
def test_a_frontier_that_is_none_is_told(workspace: Workspace, content: bytes) -> None:
    from gaokerena_data.crawl.extract import extract_site

    path = workspace.frontier("nabz")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(GaokerenaError, match="cannot be read as a frontier"):
        extract_site(workspace, "nabz")


def test_a_site_that_cannot_go_on_does_not_stop_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workspace.frontier("nabz")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 100)
    with Replica(seed=1) as replica:
        monkeypatch.setenv(CONNECT_ALL, replica.address)
        with pytest.raises(GaokerenaError, match=r"nabz\.sqlite cannot be read"):
            crawl_sites(workspace, ["nabz", "extern"], Options(delay=0.0))
    report = load_report(workspace.frontier("extern").with_suffix(".report.json").read_text())
    assert report.complete


def test_a_folder_with_spiders_of_its_own_changes_nothing(
    tmp_path: Path, forum: SmallForum
) -> None:
    for package in ("spiders", "training"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit('not ours')\n")
    (tmp_path / "spiders/__init__.py").write_text("")
    script = (
        "from pathlib import Path; from gaokerena_data.crawl.run import Options, crawl_sites; "
        "from gaokerena_data.workspace import Workspace; "
        "crawl_sites(Workspace(Path('work')), ['drhast'], Options(delay=0.0))"
    )
    # As an installed program is started, and as `python -m` would: the folder comes first.
    (tmp_path / "spiders/drhast.py").write_text("class Drhast: pass\n")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    table = pq.read_table(tmp_path / "work/extracted/question_answer/drhast/crawl.parquet")
    assert table.num_rows == 20


def test_an_interrupted_crawl_says_how_to_go_on(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, capsys: pytest.CaptureFixture[str]
) -> None:
    print_reports([crawl(max_pages=3)])
    assert "stopped early: 3 pages were asked for; `gaokerena crawl drhast` goes on" in (
        capsys.readouterr().out
    )


@pytest.mark.thorough
def test_ctrl_c_ends_a_crawl_after_the_requests_on_their_way(
    workspace: Workspace, forum: SmallForum
) -> None:
    forum.delay = 0.1
    process = start_crawl(workspace.root, forum.address, ["drhast"])
    wait_until(lambda: len(forum.paths()) >= 2, "two pages asked for")
    os.kill(process.pid or 0, 2)
    process.join()
    assert process.exitcode == 0
    report = load_report(workspace.frontier("drhast").with_suffix(".report.json").read_text())
    assert report.stopped == "interrupted"
    assert report.states.get("leased") is None
    assert len(records(workspace)) < 20
