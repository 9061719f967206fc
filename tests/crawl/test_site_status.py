"""The runs of a site, one after the other, and its pages that are gone."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.crawl.site_history import site_history, sparkline
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.status_commands import status as status_command
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, records
from tests.crawl.small_forum import Answer, SmallForum

app = typer.Typer()
app.command("status")(status_command)
app.command("nothing")(lambda: None)


def told(workspace: Workspace, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["status", *arguments, "--workspace", str(workspace.root)])
    assert result.exit_code == 0, result.output
    return result.output


def test_every_run_is_told_with_its_end(
    workspace: Workspace, forum: SmallForum, crawl: Crawl
) -> None:
    crawl(max_pages=5)
    assert "incomplete" in told(workspace, "drhast")
    crawl()
    forum.pages["/q/q003"] = Answer("!", 500)
    crawl(recheck=True)
    forum.pages["/robots.txt"] = Answer("", 503)
    crawl()
    history = site_history(workspace, "drhast")
    assert [run.number for run in history.runs] == [1, 2, 3]
    assert [run.end for run in history.runs] == ["complete", "complete", "incomplete"]
    assert [run.records for run in history.runs] == [20, 20, 20]
    assert (history.runs[0].errors, history.runs[1].errors) == (0, 6)
    assert history.runs[0].coverage == 1.0
    output = told(workspace, "drhast")
    assert "███" in output
    assert "robots.txt answers 503" in output


def test_a_failed_run_says_so(workspace: Workspace, forum: SmallForum, crawl: Crawl) -> None:
    crawl()
    forum.emptied = True
    crawl(recheck=True)
    assert [run.end for run in site_history(workspace, "drhast").runs][-1].endswith("failed")
    assert "hold a record" in told(workspace, "drhast")


@pytest.mark.parametrize("status", [404, 410, 451])
def test_pages_that_are_gone_are_listed_for_a_decision(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, status: int
) -> None:
    crawl()
    gone = forum.names[:3]
    for name in gone:
        forum.pages[f"/q/{name}"] = Answer("", status)
    report = crawl(recheck=True)
    assert report.lost_pages == 3
    assert len(records(workspace)) == len(forum.names)  # until somebody decides
    folder = workspace.release("mf3qa", "1.0.0") / "data"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"url": [forum.url(gone[1])]}), folder / "train.parquet")
    (folder.parent / "manifest.json").write_text("{}")
    output = told(workspace, "drhast")
    assert "3 pages are gone" in output
    assert f"{forum.url(gone[0])} (HTTP {status} in run 2, not published)" in output
    assert f"{forum.url(gone[1])} (HTTP {status} in run 2, published)" in output
    assert output.index(forum.url(gone[1])) < output.index(forum.url(gone[0]))
    assert "takedown add" in output


def test_all_pages_that_are_gone_are_listed_on_demand(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum.linked |= {f"g{number}": [] for number in range(30)}
    forum.pages["/q/page-1"] = Answer("".join(f'<a href="/q/{n}">x</a>' for n in forum.linked))
    crawl()
    for number in range(30):
        forum.pages[f"/q/g{number}"] = Answer("", 404)
    crawl(recheck=True)
    assert told(workspace, "drhast").count("(HTTP 404") == 20
    assert "and 10 more" in told(workspace, "drhast")
    assert told(workspace, "drhast", "--gone").count("(HTTP 404") == 30


def test_what_has_no_history_is_told(workspace: Workspace) -> None:
    with pytest.raises(GaokerenaError, match="was never crawled"):
        site_history(workspace, "nabz")
    with pytest.raises(GaokerenaError, match="no source"):
        site_history(workspace, "nobody")


def test_a_damaged_report_costs_itself(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, tmp_path: Path
) -> None:
    import sqlite3

    crawl()
    crawl()
    for damage in ("{", "[]", "null", '{"site": 1}', "\x00"):
        database = sqlite3.connect(workspace.frontier("drhast"))
        with database:
            database.execute("UPDATE runs SET report = ? WHERE id = 1", (damage,))
        database.close()
        assert [run.report is None for run in site_history(workspace, "drhast").runs] == [
            True,
            False,
        ]
        assert "no report" in told(workspace, "drhast")
    assert crawl().ended_well


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([0, 5, 10], "▁▅█"),
        ([10, None, 10], "█ █"),
        ([0, 0], "▁▁"),
        ([], ""),
        ([None], " "),
        ([1], "█"),
    ],
)
def test_a_sparkline(values: list[float | None], drawn: str) -> None:
    assert sparkline(values) == drawn
