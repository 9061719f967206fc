"""Datasets that a workspace declares, each in one file: every command knows them."""

import json
from collections.abc import Callable
from pathlib import Path

import datasets
import pyarrow.parquet as pq
import pytest

from gaokerena_data.review.batch import read_batch
from gaokerena_data.text.normalizer import normalize
from gaokerena_data.workspace import Workspace
from tests.datasets.conftest import CAR_FORUM, LEGAL_CORPUS, Gaokerena, declare
from tests.datasets.texts import car_question, legal_text, write_articles, write_pairs
from tests.hub_server.server import HubServer
from tests.review.filling import fill_workbook
from training.dataset import locate_dataset, read_rows
from training.runs.recipe import DatasetSettings, Stage

type Works = Callable[..., str]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "datasets-cache")


def train_on(stage: Stage, folder: Path) -> datasets.Dataset:
    """What a training run would read."""
    settings = DatasetSettings(
        name=str(folder), revision=None, config=None, split="train", share=1.0, pick="first"
    )
    rows, _ = read_rows(stage, settings, locate_dataset(settings), seed=1)
    return rows


@pytest.mark.thorough
def test_a_legal_corpus_goes_from_a_file_to_the_hub_and_back(
    workspace: Workspace, works: Works, tmp_path: Path, hub: HubServer
) -> None:
    declare(workspace, "legal_corpus", f"removed = true\n{LEGAL_CORPUS}")
    texts = [legal_text(n) for n in range(30)]
    laws = write_articles(
        tmp_path / "laws.jsonl", "dadnameh.example", [*texts, "کوتاه است."], "حکم"
    )
    assert "31 rows = 31 records" in works("import", "dadnameh", laws)
    assert "gaokerena curate legal_corpus" in works("status")

    told = works("curate", "legal_corpus", "--workers", "1")
    assert "31 records in = 30 kept + 1 in the ledger" in told
    assert "no dataset" not in told
    story = works("why", "laws.jsonl:31")
    assert "Curated into legal_corpus: dropped" in story
    assert "content_length@1" in story
    assert "gaokerena release legal_corpus 1.0.0" in works("status")
    works("release", "legal_corpus", "1.0.0")
    release = workspace.release("legal_corpus", "1.0.0")
    rows = pq.read_table(release / "data/train-00000-of-00001.parquet").to_pylist()
    assert {row["url"] for row in rows} == {f"https://dadnameh.example/{n}" for n in range(30)}
    assert {row["source"] for row in rows} == {"dadnameh"}
    (short,) = pq.read_table(release / "removed/removed-00000-of-00001.parquet").to_pylist()
    assert (short["content"], short["rule"]) == ("کوتاه است.", "content_length@1")
    card = (release / "README.md").read_text("utf-8")
    for said in ("license: cc-by-4.0", "# Persian legal corpus 1.0.0", "| dadnameh | دادنامه |"):
        assert said in card
    assert "medic" not in card.lower()
    assert "clinician" not in card
    assert set(train_on("pretrain", release)["content"]) == {row["content"] for row in rows}

    more = [legal_text(n) for n in range(100, 105)]
    works("import", "dadnameh", write_articles(tmp_path / "more.jsonl", "qanun.ir", more, "رأی"))
    works("curate", "legal_corpus", "--workers", "1")
    works("release", "legal_corpus", "1.1.0")
    assert "dadnameh" in works("diff", "legal_corpus", "1.0.0", "1.1.0")
    works("publish", "legal_corpus", "1.1.0", "--to", "org/legal-corpus")
    works("takedown", "add", "dadnameh.example", "--reason", "the publisher asked", "--yes")
    told = works("curate", "legal_corpus", "--workers", "1")
    assert "36 records in = 5 kept + 31 in the ledger" in told

    other = Workspace(tmp_path / "other")
    declare(other, "legal_corpus", LEGAL_CORPUS)
    pulled = works("pull", "org/legal-corpus@v1.1.0", "--workspace", other.root)
    assert "35 rows = 35 records + 0 in the ledger" in pulled
    assert len(list(other.extracted("article", "dadnameh").glob("pull-*-default.parquet"))) == 1


@pytest.mark.thorough
def test_another_forum_is_curated_reviewed_and_released_with_its_splits(
    workspace: Workspace, works: Works, tmp_path: Path
) -> None:
    declare(workspace, "car_forum", CAR_FORUM)
    works("import", "taamirgah", write_pairs(tmp_path / "taamirgah.jsonl", range(40)))
    works("import", "mechanic", write_pairs(tmp_path / "mechanic.jsonl", range(100, 112)))
    works("curate", "car_forum", "--workers", "1")
    splits = {
        file.stem: pq.read_table(file)
        for file in (workspace.curated("car_forum") / "default").glob("*.parquet")
    }
    assert {name: set(rows["source"].to_pylist()) for name, rows in splits.items()} == {
        "train": {"taamirgah"},
        "dev": {"taamirgah"},
        "test": {"mechanic"},
    }
    settings = json.loads((workspace.curated("car_forum") / "run.json").read_text())["settings"]
    assert settings["min_answer_words_of"] == {"mechanic": 0}

    works(
        "review", "export", "car_forum", "--format", "xlsx", "--reviewer", "Reza", "--sample", "4"
    )
    (file,) = workspace.root.glob("reviews/batches/*/*.xlsx")
    batch = read_batch(workspace, file.parent.name)
    bad = batch.rows[0].id
    wishes = {row.id: {"choice": "accept"} for row in batch.rows}
    wishes[bad] = {"choice": "reject", "reason": "wrong_or_harmful"}
    works("review", "import", "car_forum", fill_workbook(file, batch, wishes))
    works("curate", "car_forum", "--workers", "1")
    ledger = pq.read_table(workspace.curated("car_forum") / "ledger.parquet").to_pylist()
    (row,) = [row for row in ledger if row["id"] == bad]
    assert (row["decision"], row["step"]) == ("dropped", "review@1")

    works("release", "car_forum", "1.0.0")
    release = workspace.release("car_forum", "1.0.0")
    assert sorted(file.name.partition("-")[0] for file in release.glob("*/*.parquet")) == [
        "dev",
        "test",
        "train",
    ]
    card = (release / "README.md").read_text("utf-8")
    assert "### Leakage between the splits" in card
    assert "Reza" not in card
    rows = train_on("instruct", release)
    assert set(rows["Question"]) <= {normalize(car_question(n)) for n in range(40)}
    assert len(rows) == splits["train"].num_rows - (row["source"] == "taamirgah")


def test_a_licence_that_the_hub_does_not_know_is_not_released(
    workspace: Workspace, works: Works, gaokerena: Gaokerena, tmp_path: Path
) -> None:
    declare(workspace, "legal_corpus", LEGAL_CORPUS.replace("cc-by-4.0", "public-domain"))
    texts = [legal_text(n) for n in range(3)]
    works(
        "import",
        "dadnameh",
        write_articles(tmp_path / "laws.jsonl", "dadnameh.example", texts, "حکم"),
    )
    works("curate", "legal_corpus", "--workers", "1")
    done = gaokerena("release", "legal_corpus", "1.0.0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "gaokerena: the card's metadata: the Hub knows no license 'public-domain'"
    )
    assert not workspace.release("legal_corpus", "1.0.0").exists()
