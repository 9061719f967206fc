"""`takedown find --hub` and `takedown purge --hub` on a Hub that holds a row everywhere."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.hub.forks import Done
from tests.hub_server.faults import Fault
from tests.hub_server.server import HubServer
from tests.purge.hub_planted import NEEDLES, ROW, contents, plant_on_hub, served

COMMAND = "from gaokerena_data import cli; cli.main()"
KILLS = 20


class Scene:
    """A planted repository, of which each test gets a copy, and commands on it."""

    def __init__(self, hub: HubServer, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        (self.workspace / "gaokerena.toml").touch()
        self.name = "org/purged"
        self.numbers = count()
        plant_on_hub(hub, self.gaokerena, self.workspace, self.name)
        added = self.gaokerena("takedown", "add", ROW, "--reason", "the patient asked", "--yes")
        assert added.returncode == 0, added.stderr
        self.requests = 0

    def fresh(self) -> str:
        repo = f"{self.name}-{next(self.numbers)}"
        shutil.copytree(self.hub.root / "datasets" / self.name, self.hub.root / "datasets" / repo)
        return repo

    def gaokerena(
        self,
        *arguments: str,
        token: str = "hf_writer",
        started: Callable[[int], None] = lambda _: None,
    ) -> Done:
        environment = {
            **os.environ,
            **self.hub.env(self.folder / "home", token=token),
            "GAOKERENA_WORKSPACE": str(self.workspace),
            "PYTHONPATH": str(ROOT),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=self.folder, env=environment,
        )  # fmt: skip
        started(process.pid)
        out, err = process.communicate()
        assert "hf_writer" not in out + err
        return Done(process.returncode, out, err)

    def check(self, repo: str) -> None:
        """Versions stand again without the row; a pull request alone still serves it."""
        assert served(self.hub, repo) == CLOSED
        repository = self.hub.repository(repo)
        for version, rows in (("1.0.0", 5), ("1.1.0", 5), ("1.2.0", 2)):
            files = repository.files(f"v{version}")
            manifest = json.loads(files["manifest.json"])
            assert manifest["version"] == version
            assert manifest["rows"]["default"]["train"]["rows"] == rows
            assert not any(ROW.encode() in each for each in files.values())
        assert repository.files("main") == repository.files("v1.2.0")
        assert not list((self.workspace / "purges" / "hub").glob("*"))
        assert not list(self.workspace.glob(".hub*"))


# What has no name in the API: the Hub's own conversion, and the files of a pull request in git.
CLOSED = [
    "refs/convert/parquet default/train/0000.txt",
    "refs/convert/parquet examples.json",
    "refs/pr/1 examples.json",
    "refs/pr/1 rows.jsonl",
]


@pytest.fixture(scope="module")
def scene(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(hub, tmp_path_factory.mktemp("hub-purge"))


@pytest.mark.thorough
def test_find_looks_in_every_revision(scene: Scene) -> None:
    found = scene.gaokerena("takedown", "find", ROW, "--hub", scene.name)
    assert found.returncode == 0, found.stderr
    for told in (
        f"{scene.name}@v1.0.0 (tag): ",
        f"{scene.name}@v1.1.0 (tag): ",
        f"{scene.name}@before-review (tag): ",
        f"{scene.name}@dev (branch): ",
        f"{scene.name}@main (branch): 2 earlier commits hold it",
        f"{scene.name}@refs/pr/1 (pull request): ",
        f"{scene.name}@refs/convert/parquet (convert): ",
    ):
        assert told in found.stdout, told
    assert not any(needle in found.stdout for needle in NEEDLES)
    assert "@v1.2.0 (tag): 2 earlier commits" in found.stdout


@pytest.mark.thorough
def test_find_never_says_nothing_where_it_could_not_look(scene: Scene) -> None:
    nobody = "drhast-00000000000000ff"
    nothing = scene.gaokerena("takedown", "find", nobody, "--hub", scene.name)
    assert nothing.returncode == 0, nothing.stderr
    assert "no revision of org/purged holds it; read: " in nothing.stdout
    with scene.hub.faults.inject(Fault("status", path="/commits/", status=403, times=None)):
        blind = scene.gaokerena("takedown", "find", nobody, "--hub", scene.name)
    assert blind.returncode == 1
    assert "nobody knows what it holds" in blind.stderr
    assert "no revision" not in blind.stdout
    assert "Traceback" not in blind.stderr


@pytest.mark.thorough
def test_a_dry_run_and_a_missing_token_change_nothing(scene: Scene) -> None:
    repo = scene.fresh()
    before = scene.hub.repository(repo).git("for-each-ref")
    told = scene.gaokerena("takedown", "purge", "--hub", repo, "--dry-run")
    assert told.returncode == 0, told.stderr
    assert f"{repo}@v1.0.0 (tag): " in told.stdout
    refused = scene.gaokerena("takedown", "purge", "--hub", repo, "--yes", token="")
    assert (refused.returncode, "no token" in refused.stderr) == (1, True)
    assert scene.hub.repository(repo).git("for-each-ref") == before


@pytest.mark.thorough
def test_it_is_erased_everywhere_and_the_rest_is_named(scene: Scene) -> None:
    repo = scene.fresh()
    done = scene.gaokerena("takedown", "purge", "--hub", repo, "--yes")
    assert done.returncode == 1  # what only the Hub's staff can remove
    assert "Traceback" not in done.stderr
    scene.check(repo)
    told = [line for line in done.stdout.splitlines() if "only the Hub's staff" in line]
    assert any("@refs/pr/1 (pull request)" in line for line in told)
    assert any("@refs/convert/parquet (convert)" in line for line in told)
    assert any("is still read by its id" in line for line in told)
    assert scene.hub.repository(repo).settings["discussions"] == {"1": "closed"}
    (receipt,) = [
        value
        for file in (scene.workspace / "purges").glob("*Z.json")
        if (value := json.loads(file.read_text("utf-8"))).get("repository") == repo
    ]
    assert ROW in receipt["ids"]
    assert receipt["deleted_for_ever"]
    assert not any(needle in json.dumps(receipt, ensure_ascii=False) for needle in NEEDLES)
    # What the staff does: the references that nobody else can delete, and what no name leads to.
    repository = scene.hub.repository(repo)
    for name in ("refs/pr/1", "refs/convert/parquet"):
        repository.git("update-ref", "-d", name)
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "-q", "--prune=now")
    spelled = [each for n in NEEDLES for each in (n.encode(), json.dumps(n)[1:-1].encode())]
    assert not [data for data in contents(scene.hub, repo) if any(n in data for n in spelled)]
    again = scene.gaokerena("takedown", "purge", "--hub", repo, "--yes")
    assert again.returncode == 0, again.stderr
    assert "there is nothing to erase" in again.stdout


@pytest.mark.thorough
def test_models_that_were_trained_on_it_are_named(scene: Scene) -> None:
    """The cards name the repository that was planted first."""
    done = scene.gaokerena("takedown", "purge", "--hub", scene.name, "--yes")
    scene.check(scene.name)
    told = [line for line in done.stdout.splitlines() if line.startswith("model: ")]
    assert told == [
        "model: org/purged-held: trained on v1.0.0, which held it: train it again",
        "model: org/purged-silent: trained on org/purged, its card names no version",
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(KILLS))
def test_killed_at_any_request_it_finishes(scene: Scene, share: int) -> None:
    if not scene.requests:
        before = len(scene.hub.log)
        scene.gaokerena("takedown", "purge", "--hub", scene.fresh(), "--yes")
        scene.requests = len(scene.hub.log) - before
    repo = scene.fresh()
    pids: list[int] = []
    fault = Fault(
        "call",
        skip=round(share * (scene.requests - 1) / (KILLS - 1)),
        after=bool(share % 2),
        call=lambda: os.kill(pids[0], signal.SIGKILL),
    )
    with scene.hub.faults.inject(fault):
        killed = scene.gaokerena("takedown", "purge", "--hub", repo, "--yes", started=pids.append)
    assert killed.returncode == -signal.SIGKILL or share == KILLS - 1
    again = scene.gaokerena("takedown", "purge", "--hub", repo, "--yes")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert "only the Hub's staff can remove" in again.stdout
    scene.check(repo)
