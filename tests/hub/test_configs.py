"""Every config and split of a version, as the libraries of today and of years ago load them.

The old one is `datasets` 2.14, from before the Hub's new storage. It lives in an environment of its
own, for its Arrow is older than ours:

    uv venv --python 3.11 .datasets-2.14
    uv pip install --python .datasets-2.14/bin/python "datasets==2.14.7" "pyarrow<15" "numpy<2"
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.hub.conftest import Run
from tests.hub_server.server import HubServer
from tests.pairs import clean_records, pair, question
from tests.release.versions import released_with_scores

SHORT = pair("drhast", question(90), "بله، حتما")
LOAD = """
import json, sys
import datasets
datasets.disable_progress_bar()
name, cache, *revision = sys.argv[1:]
at = {"revision": revision[0]} if revision else {}
print(json.dumps({
    config: {
        split: list(rows)
        for split, rows in datasets.load_dataset(name, config, cache_dir=cache, **at).items()
    }
    for config in datasets.get_dataset_config_names(name, **at)
}))
"""
CONFIGS = {
    "default": ["train", "dev", "test"],
    "scored": ["train", "dev", "test"],
    "uncleaned": ["train", "dev", "test", "unassigned"],
    "removed": ["removed"],
}


@pytest.fixture
def release(workspace: Path) -> Path:
    """1.0.0 of `mf3qa`, with scores and with a row that was left out."""
    return released_with_scores(Workspace(workspace), [*clean_records(), SHORT], "1.0.0").folder


@pytest.fixture
def published(release: Path, repo: str, gaokerena: Run) -> str:
    """The repository that holds it."""
    done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    assert done.returncode == 0, done.stderr
    done = gaokerena("verify", f"{repo}@v1.0.0")
    assert done.returncode == 0, done.stderr
    assert "in 11 splits are as stated" in done.stdout
    return repo


def rows_of(release: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Config -> split -> rows, as they lie in the folder."""
    return {
        config: {
            split: [
                row
                for file in sorted((release / _folder(config)).glob(f"{split}-*.parquet"))
                for row in pq.read_table(file).to_pylist()
            ]
            for split in splits
        }
        for config, splits in CONFIGS.items()
    }


def _folder(config: str) -> str:
    return "data" if config == "default" else config


def test_every_config_and_split_is_loaded_from_the_hub(
    release: Path, published: str, client: Callable[..., str], tmp_path: Path
) -> None:
    loaded = json.loads(client(LOAD, published, str(tmp_path / "cache"), "v1.0.0"))
    assert loaded == rows_of(release)
    assert [row["id"] for row in loaded["removed"]["removed"]] == [SHORT.id]


@pytest.mark.thorough
def test_a_pulled_row_has_no_specialty_that_a_model_guessed(
    published: str, gaokerena: Run, tmp_path: Path
) -> None:
    room = Workspace(tmp_path / "pulled")
    done = gaokerena(
        "pull", f"{published}@v1.0.0", "--config", "scored", "--workspace", str(room.root)
    )
    assert done.returncode == 0, done.stderr
    files = [*room.root.glob("extracted/question_answer/*/pull-*[0-9a-z]-scored.parquet")]
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    assert len(rows) == 70
    assert {row["specialty"] for row in rows} == {None}


def old_python() -> str | None:
    """Python with `datasets` 2.14: `GAOKERENA_OLD_DATASETS`, or beside this checkout."""
    beside = ROOT / ".datasets-2.14" / "bin" / "python"
    return os.environ.get("GAOKERENA_OLD_DATASETS") or (str(beside) if beside.exists() else None)


@pytest.mark.thorough
def test_datasets_2_14_loads_the_same(
    hub: HubServer, release: Path, published: str, tmp_path: Path
) -> None:
    python = old_python()
    if python is None:
        pytest.skip("no datasets 2.14: this file's head tells how, or set GAOKERENA_OLD_DATASETS")
    environment = {**os.environ, **hub.env(tmp_path / "home", token="")}
    for n, place in enumerate(([str(release)], [published, "v1.0.0"])):
        arguments = [place[0], str(tmp_path / f"cache-{n}"), *place[1:]]
        done = subprocess.run(
            [python, "-c", LOAD, *arguments],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        assert json.loads(done.stdout) == rows_of(release)
