"""Pulling a published version as records."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.datasets.kind import QUESTION_ANSWER
from tests.hub.conftest import Run
from tests.hub.releases import pairs, write_release
from tests.hub_server.server import HubServer

PUSH = """
import json, sys
import datasets
splits = json.loads(sys.argv[2])
datasets.DatasetDict(
    {name: datasets.Dataset.from_list(rows) for name, rows in splits.items()}
).push_to_hub(sys.argv[1])
"""


def test_a_published_version_comes_back_under_its_own_ids(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    done = gaokerena("pull", f"{repo}@v1.0.0", token="")
    assert done.returncode == 0, done.stderr
    assert "17 rows = 17 records + 0 in the ledger" in done.stdout
    commit = hub.repository(repo).revision("v1.0.0")[:12]
    folder = workspace / "extracted/question_answer/drhast"
    file = folder / f"pull-{commit}-uncleaned.parquet"
    table = pq.read_table(file)
    assert table.schema == QUESTION_ANSWER.schema
    published = [*pairs("train", 8), *pairs("dev", 4), *pairs("test", 5)]
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == [pair["id"] for pair in published]
    assert [row["answer"] for row in rows] == [pair["Answer"] for pair in published]
    assert rows[9]["url"] == "https://drhast.com/question/dev/1"
    assert rows[9]["provenance"]["import_file"] == f"{repo}@v1.0.0/uncleaned/dev"
    assert rows[9]["provenance"]["import_row"] == 2
    before = file.read_bytes()
    gaokerena("pull", f"{repo}@v1.0.0", token="")
    assert file.read_bytes() == before
    cleaned = gaokerena("pull", f"{repo}@v1.0.0", "--config", "default")
    assert "11 rows = 11 records + 0 in the ledger" in cleaned.stdout


def test_the_authors_layouts(
    repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str], hub: HubServer
) -> None:
    qa = {
        "train": [
            {"Question": "سلام دکتر کمرم درد میکنه", "Answer": "استراحت کنید", "Source": "drhast"},
            {"Question": "نوزادم زردی داره", "Answer": "بیلی‌روبین چک شود", "Source": "NiniBan"},
            {"Question": "سوال بی‌پاسخ", "Answer": " ", "Source": "drhast"},
        ],
        "test": [
            {"Question": "تب دارم", "Answer": "مایعات", "Source": "dryab"},
            {"Question": "سرفه", "Answer": "شربت", "Source": "جای دیگر"},
        ],
    }
    client(PUSH, repo, json.dumps(qa), token=hub.token)
    done = gaokerena("pull", repo)
    assert done.returncode == 0, done.stderr
    assert "5 rows = 3 records + 2 in the ledger" in done.stdout
    folder = workspace / "extracted/question_answer"
    files = {
        file.parent.name: pq.read_table(file).num_rows
        for file in folder.glob("*/pull-*.parquet")
        if not file.name.endswith(".ledger.parquet")
    }
    assert files == {"drhast": 1, "niniban": 1, "doctoryab": 1}
    reasons = [
        (row["source"], row["reason"], row["origin"].rsplit("/", 1)[1])
        for file in sorted(folder.glob("*/*.ledger.parquet"))
        for row in pq.read_table(file).to_pylist()
    ]
    assert reasons == [
        ("drhast", "missing_answer", "train:3"),
        ("unknown", "unknown_source", "test:2"),
    ]


def test_a_corpus_with_content_alone(
    repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str], hub: HubServer
) -> None:
    bare = {"train": [{"content": "سردرد تنشی شایع‌ترین نوع سردرد است."}, {"content": None}]}
    client(PUSH, repo, json.dumps(bare), token=hub.token)
    unnamed = gaokerena("pull", repo)
    assert (unnamed.returncode, "say it with --source" in unnamed.stderr) == (1, True)
    done = gaokerena("pull", repo, "--source", "hidoctor")
    assert "2 rows = 1 records + 1 in the ledger" in done.stdout
    (file,) = (workspace / "extracted/article/hidoctor").glob("pull-*-default.parquet")
    (row,) = pq.read_table(file).to_pylist()
    assert row["content"] == "سردرد تنشی شایع‌ترین نوع سردرد است."
    linked = {"train": [{"Content": "آنفلوانزا", "URL": "https://www.hidoctor.ir/1234"}]}
    client(PUSH, f"{repo}-2", json.dumps(linked), token=hub.token)
    assert "1 records" in gaokerena("pull", f"{repo}-2").stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--config", "nope"), "has no config nope: choose one of default, uncleaned"),
        (("--source", "nope"), "no source is called 'nope'"),
    ],
)
def test_what_cannot_be_pulled(
    repo: str, workspace: Path, gaokerena: Run, options: tuple[str, str], expected: str
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    done = gaokerena("pull", f"{repo}@v1.0.0", *options)
    assert done.returncode == 1
    assert expected in done.stderr
    assert not (workspace / "extracted").exists()


def test_columns_that_nobody_knows(
    repo: str, gaokerena: Run, client: Callable[..., str], hub: HubServer
) -> None:
    client(PUSH, repo, '{"train": [{"prompt": "سلام", "Source": "drhast"}]}', token=hub.token)
    done = gaokerena("pull", repo)
    assert done.returncode == 1
    assert "has neither the columns question and answer nor content" in done.stderr
