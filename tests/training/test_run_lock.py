"""Two starts of one run, runs that go on after the Hub changed, and homes that were copied."""

import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.hub_server.server import HubServer
from tests.training.conftest import SMALL, MakeRecipe
from tests.training.processes import Moment, run_until
from training.dataset import locate_dataset
from training.models.located import locate_model
from training.runs.run_folder import RunFolder
from training.runs.run_lock import run_lock
from training.train import train

GOES_ON = """
import json, sys
from pathlib import Path
from huggingface_hub import HfApi
from gaokerena_data.workspace import Workspace
from training.runs.recipe import load_recipe
from training.train import train
import training.train
corpus, model, root, *small = sys.argv[1:]
api = HfApi()
for repo, folder, kind in (("org/rows", corpus, "dataset"), ("org/tiny", model, "model")):
    api.create_repo(repo, repo_type=kind)
    api.upload_folder(repo_id=repo, folder_path=folder, repo_type=kind)
recipe = load_recipe("pretrain", None, ["model.name=org/tiny", "dataset.name=org/rows", *small])
workspace = Workspace(Path(root))
sound = training.train.build_trainer
def stop(*_): raise KeyboardInterrupt
training.train.build_trainer = stop
try:
    train(recipe, workspace)
except KeyboardInterrupt:
    pass
begun = json.loads((workspace.run("pretrain") / "run.json").read_text())
for repo, kind in (("org/rows", "dataset"), ("org/tiny", "model")):
    api.upload_file(repo_id=repo, path_in_repo="n.md", path_or_fileobj=b"-", repo_type=kind)
training.train.build_trainer = sound
done = train(recipe, workspace).read_metadata()
heads = [api.dataset_info("org/rows").sha, api.model_info("org/tiny").sha]
print(json.dumps([begun, done, heads]))
"""


def hold(run: Path, ready: Any, done: Any) -> None:
    with run_lock(run):
        ready.set()
        done.wait(60)


def test_a_second_start_is_told_who_trains_since_when(
    workspace: Workspace, make_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = make_recipe("pretrain", "max_steps=1")
    forks = multiprocessing.get_context("fork")
    ready, done = forks.Event(), forks.Event()
    other = forks.Process(target=hold, args=(workspace.run("pretrain"), ready, done))
    other.start()
    try:
        assert ready.wait(60)
        monkeypatch.setattr("training.train.read_rows", lambda *_: pytest.fail("read"))
        with pytest.raises(GaokerenaError) as raised:
            train(recipe, workspace)
    finally:
        done.set()
        other.join()
    since = r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00"
    assert re.search(rf"is being trained by process {other.pid} on \S+ {since}", str(raised.value))
    monkeypatch.undo()
    assert train(recipe, workspace).finished


def test_a_start_between_look_and_lock_is_refused_too(
    workspace: Workspace, make_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.checks.refuse_if_training", lambda *_: None)
    with run_lock(workspace.run("pretrain")), pytest.raises(GaokerenaError, match="is being train"):
        train(make_recipe("pretrain", "max_steps=1"), workspace)
    assert not RunFolder(workspace.run("pretrain")).metadata.is_file()


@pytest.mark.thorough
def test_a_killed_run_leaves_no_lock(workspace: Workspace, make_recipe: MakeRecipe) -> None:
    recipe = make_recipe("pretrain", "max_steps=2", "checkpoints.every=1")
    assert run_until(recipe, workspace, Moment("batch", 1)) == -9
    assert (workspace.run("pretrain") / ".trained-by.json").is_file()
    assert train(recipe, workspace).finished
    assert not (workspace.run("pretrain") / ".trained-by.json").exists()


@pytest.mark.thorough
def test_a_run_goes_on_with_the_commits_it_was_begun_with(
    hub: HubServer, corpus: Path, tiny_cohere: Path, tmp_path: Path
) -> None:
    given = [str(corpus), str(tiny_cohere), str(tmp_path / "work"), *SMALL, "max_steps=1"]
    environment = {**os.environ, **hub.env(tmp_path / "home"), "HF_TOKEN": "hf_writer"}
    done = subprocess.run(
        [sys.executable, "-c", GOES_ON, *given],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    begun, finished, heads = json.loads(done.stdout.splitlines()[-1])
    commits = [begun["dataset"]["sha"], begun["base_model"]["revision_or_digest"]]
    assert [finished["dataset"]["sha"], finished["base_model"]["revision_or_digest"]] == commits
    assert finished["steps"] == 1
    assert all(was != now for was, now in zip(commits, heads, strict=True))


def test_another_revision_is_asked_for(make_recipe: MakeRecipe, workspace: Workspace) -> None:
    """What is not the recipe of then is looked up anew: here on a Hub that is not there."""
    then = make_recipe("pretrain", "model.name=org/a", "dataset.name=org/b")
    begun = {
        "recipe": then.model_dump(),
        "dataset": {"name": "org/b", "revision": None, "sha": "1" * 40},
        "base_model": {"name": "org/a", "revision_or_digest": "2" * 40},
    }
    assert locate_dataset(then.dataset, begun)["sha"] == "1" * 40
    assert locate_model(then.model, workspace, begun).revision == "2" * 40
    now = make_recipe(
        "pretrain", "model.name=org/a", "dataset.name=org/b", "dataset.revision=v2.0.0",
        "model.revision=v2.0.0",
    )  # fmt: skip
    with pytest.raises(GaokerenaError):
        locate_dataset(now.dataset, begun)
    with pytest.raises(GaokerenaError):
        locate_model(now.model, workspace, begun)


def test_a_home_that_was_copied_chats_and_goes_on(
    make_recipe: MakeRecipe, tmp_path: Path, tiny_cohere: Path, corpus: Path, pairs: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Everything named from the shell's folder; the copy has no original to fall back on."""
    home = tmp_path / "home"
    for source, name in ((tiny_cohere, "model"), (corpus, "corpus"), (pairs, "pairs")):
        shutil.copytree(source, home / name)
    monkeypatch.chdir(home)
    here = Workspace(Path("workspace"))
    train(make_recipe("pretrain", "model.name=model", "dataset.name=corpus", "max_steps=1"), here)
    instruct = make_recipe("instruct", "model.name=model", "dataset.name=pairs", "max_steps=1")
    train(instruct, here)
    monkeypatch.chdir(tmp_path)
    home.rename(tmp_path / "moved")
    model = ["train", "chat", "--model", "moved/workspace/runs/instruct", "--max-new-tokens", "3"]
    done = CliRunner().invoke(app, model, input="سلام\n", catch_exceptions=False)
    assert done.exit_code == 0, done.output
    run = RunFolder(tmp_path / "moved" / "workspace" / "runs" / "instruct")
    shutil.rmtree(run.checkpoints / "checkpoint-1")
    run.write_metadata({**run.read_metadata(), "steps": None})
    changes = ["model.name=moved/model", "dataset.name=moved/pairs", "max_steps=1"]
    train(make_recipe("instruct", *changes), Workspace(Path("moved/workspace")))
    assert run.finished
