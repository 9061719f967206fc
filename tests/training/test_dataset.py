"""The rows of a run: which version they are of, and which of them are taken."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gaokerena_data.errors import GaokerenaError
from tests.conftest import ROOT
from tests.hub_server.server import HubServer
from tests.training.texts import articles, write_release
from training.dataset import locate_dataset, pick_rows, read_rows
from training.runs.recipe import DatasetSettings

ON_THE_HUB = """
import json, sys
from huggingface_hub import HfApi
from training.dataset import locate_dataset, read_rows
from training.runs.recipe import DatasetSettings
folder, repo = sys.argv[1:]
api = HfApi()
api.create_repo(repo, repo_type="dataset")
first = api.upload_folder(repo_id=repo, folder_path=folder, repo_type="dataset").oid
api.create_tag(repo, tag="v1.0.0", repo_type="dataset")
api.upload_file(repo_id=repo, path_in_repo="notes.md", path_or_fileobj=b"-", repo_type="dataset")
found = []
for revision in ("v1.0.0", None):
    settings = DatasetSettings(
        name=repo, revision=revision, config=None, split="train", share=0.5, pick="first"
    )
    located = locate_dataset(settings)
    rows, facts = read_rows("pretrain", settings, located, seed=1)
    found.append([located, facts, rows["content"][0]])
print(json.dumps([first, found]))
"""


def settings_of(name: Path | str, **changes: Any) -> DatasetSettings:
    values: dict[str, Any] = {
        "name": str(name), "revision": None, "config": None, "split": "train", "share": 0.6,
        "pick": "random",
    }  # fmt: skip
    return DatasetSettings(**{**values, **changes})


def test_two_releases_of_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    """The cache of `datasets` knows a folder by its last name and its files' names."""
    for number in range(2):
        row = {"id": "drhast-1", "Question": "چه؟", "Answer": f"پاسخ {number}"}
        folder = write_release(tmp_path / f"workspace-{number}" / "1.0.0", "mf3qa", [row])
        settings = settings_of(folder, share=1.0)
        rows, _ = read_rows("instruct", settings, locate_dataset(settings), seed=1)
        assert rows["Answer"] == [row["Answer"]]
    again = {"id": "drhast-1", "Question": "چه؟", "Answer": "پاسخ ۹"}  # of as many bytes
    shutil.rmtree(folder)
    write_release(folder, "mf3qa", [again])
    rows, _ = read_rows("instruct", settings, locate_dataset(settings), seed=1)
    assert rows["Answer"] == [again["Answer"]]


def test_a_release_folder_is_told_by_its_manifest(corpus: Path) -> None:
    settings = settings_of(corpus)
    located = locate_dataset(settings)
    manifest = (corpus / "manifest.json").read_bytes()
    assert located == {
        "name": "medical_corpus",
        "revision": "1.0.0",
        "sha": hashlib.sha256(manifest).hexdigest(),
    }
    rows, facts = read_rows("pretrain", settings, located, seed=1)
    assert (facts["rows"], facts["rows_used"], rows.num_rows) == (40, 24, 24)
    assert (facts["config"], facts["split"]) == ("default", "train")
    again, other = (read_rows("pretrain", settings, located, seed=seed)[1] for seed in (1, 2))
    assert again == facts
    assert other["fingerprint"] != facts["fingerprint"]


def test_a_repository_on_the_hub_is_read_at_its_commit(
    hub: HubServer, corpus: Path, tmp_path: Path
) -> None:
    """At a tag and at the newest, whose commits differ and whose rows do not."""
    done = subprocess.run(
        [sys.executable, "-c", ON_THE_HUB, str(corpus), "org/corpus-to-train-on"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            **hub.env(tmp_path / "home"),
            "HF_TOKEN": "hf_writer",
            "PYTHONPATH": str(ROOT),
        },
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, (tagged, newest) = json.loads(done.stdout)
    assert tagged[0] == {"name": "org/corpus-to-train-on", "revision": "v1.0.0", "sha": first}
    assert newest[0]["sha"] != first
    assert tagged[1]["rows_used"] == 20
    assert tagged[2] == newest[2] == articles(1)[0]
    settings = settings_of(corpus, share=0.5, pick="first")
    _, facts = read_rows("pretrain", settings, locate_dataset(settings), seed=1)
    assert facts["fingerprint"] == tagged[1]["fingerprint"] == newest[1]["fingerprint"]


def test_the_share_is_a_sample_or_the_first(corpus: Path) -> None:
    random, first = settings_of(corpus), settings_of(corpus, pick="first")
    assert pick_rows(1000, first, seed=1) == list(range(600))
    sample = pick_rows(1000, random, seed=1)
    assert len(set(sample)) == 600
    assert sample == sorted(sample) == pick_rows(1000, random, seed=1)
    assert max(sample) >= 900
    assert pick_rows(1000, settings_of(corpus, share=1), seed=1) == list(range(1000))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"split": "dev"}, "cannot be loaded"),
        ({"config": "uncleaned"}, "cannot be loaded"),
        ({"share": 0.001}, "no row is left"),
    ],
)
def test_rows_that_are_not_there(corpus: Path, changes: dict[str, Any], line: str) -> None:
    settings = settings_of(corpus, **changes)
    with pytest.raises(GaokerenaError, match=line) as raised:
        read_rows("pretrain", settings, locate_dataset(settings), seed=1)
    assert "\n" not in str(raised.value)


def test_columns_of_the_other_stage_are_named(pairs: Path) -> None:
    settings = settings_of(pairs)
    with pytest.raises(GaokerenaError, match=r"no column 'content'.*id, Question, Answer"):
        read_rows("pretrain", settings, locate_dataset(settings), seed=1)


@pytest.mark.parametrize("name", ["/nowhere/corpus", "./corpus", "a/b/c", "corpus"])
def test_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(GaokerenaError, match="there is no folder"):
        locate_dataset(settings_of(name))


def test_a_folder_that_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match=r"no manifest\.json"):
        locate_dataset(settings_of(tmp_path))
