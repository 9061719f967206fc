"""A site that a workspace adds: a table in `sites/sources.toml`, and a spider beside it."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.crawl import run
from gaokerena_data.crawl.extract import extract_site
from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.extensions import REFUSED
from gaokerena_data.sources import SOURCES
from gaokerena_data.workspace import Workspace
from tests.crawl.processes import crawl_in_two_processes
from tests.datasets.conftest import LEGAL_CORPUS, declare
from tests.datasets.small_magazine import ARTICLES, small_magazine, spider

TABLE = """
[nemoone]
title = "نمونه"
hosts = ["nemoone.ir"]
kinds = ["article"]
"""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with small_magazine() as address:
        monkeypatch.setenv(CONNECT_ALL, address)
        yield address


@pytest.fixture
def site(workspace: Workspace) -> Path:
    """The spider's file of a workspace with a site of its own."""
    workspace.sites.mkdir(parents=True)
    (workspace.sites / "sources.toml").write_text(TABLE, "utf-8")
    file = workspace.sites / "nemoone.py"
    file.write_text(spider("nemoone", "nemoone.ir"), "utf-8")
    return file


def test_it_is_crawled_extracted_and_reaches_a_dataset(
    workspace: Workspace, site: Path, address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    declare(
        workspace,
        "legal_corpus",
        LEGAL_CORPUS.replace('["dadnameh"]', '["nemoone"]').partition("[source")[0],
    )
    (report,) = crawl_sites(workspace, ["nemoone.ir"], Options(delay=0.0))
    assert (report.complete, report.failures) == (True, [])
    said = f"gaokerena: running code of this workspace: {site}\n"
    assert capfd.readouterr().err.count(said) == 1
    file = workspace.extracted("article", "nemoone") / "crawl.parquet"
    before = file.read_bytes()
    assert pq.read_table(file).num_rows == ARTICLES
    extract_site(workspace, "nemoone")
    assert file.read_bytes() == before
    from gaokerena_data.curate.run import curate

    assert curate(workspace, "legal_corpus", lambda *_: None, workers=1).splits == {
        "train": ARTICLES
    }


@pytest.mark.thorough
def test_two_processes_crawl_it_once(
    workspace: Workspace, site: Path, address: str, tmp_path: Path
) -> None:
    crawled = crawl_in_two_processes(workspace, address, (["nemoone"], ["nemoone"]), tmp_path)
    assert sorted(crawled) == [[], ["nemoone"]]
    rows = pq.read_table(workspace.extracted("article", "nemoone") / "crawl.parquet")
    assert rows.num_rows == ARTICLES


def test_all_takes_it_in_but_no_source_without_a_spider(
    workspace: Workspace, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(workspace, "legal_corpus", LEGAL_CORPUS)  # dadnameh has a host and no spider
    asked: list[str] = []

    def crawl_none(_: Workspace, names: list[str], *_options: object) -> list[object]:
        asked.extend(names)
        return []

    monkeypatch.setattr(run, "crawl_sites", crawl_none)
    done = CliRunner().invoke(app, ["crawl", "--all", "--workspace", str(workspace.root)])
    assert done.exit_code == 0, done.output
    assert asked == [
        name for name in SOURCES if name not in {"kqa", "gaokerena_r", "reason", "dadnameh"}
    ]
    assert asked[-1] == "nemoone"


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('name = "nemoone"', 'name = "nemone"', "must define one spider with name = 'nemoone'"),
        ("(ListingSpider)", "", "must define one spider with name = 'nemoone'"),
        ("import ArticlePage", "import ArticlePages", "cannot be run"),
    ],
)
def test_a_wrong_spider_is_one_line(
    workspace: Workspace, site: Path, wrong: str, right: str, told: str
) -> None:
    text = site.read_text("utf-8")
    assert wrong in text
    site.write_text(text.replace(wrong, right), "utf-8")
    with pytest.raises(GaokerenaError, match=told) as caught:
        crawl_sites(workspace, ["nemoone"], Options())
    assert str(site) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not workspace.frontier("nemoone").exists()


def test_its_code_can_be_refused(
    workspace: Workspace, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REFUSED, "1")
    with pytest.raises(GaokerenaError, match="is code of this workspace, and was refused"):
        crawl_sites(workspace, ["nemoone"], Options())


def test_a_source_without_a_spider_says_what_to_write(workspace: Workspace) -> None:
    workspace.sites.mkdir(parents=True)
    (workspace.sites / "sources.toml").write_text(TABLE, "utf-8")
    with pytest.raises(GaokerenaError, match=r"no spider: write .*/sites/nemoone\.py"):
        crawl_sites(workspace, ["nemoone"], Options())
