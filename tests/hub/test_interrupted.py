"""Publishing that is killed, cut off or refused at any request: never half a version."""

import os
import shutil
import signal
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.hub.forks import COMMAND as RUN
from tests.hub.forks import Done, Forks
from tests.hub.releases import write_release
from tests.hub_server.faults import Fault
from tests.hub_server.server import HubServer

COMMAND = ("publish", "mf3qa", "1.1.0", "--to")
PASSING = (("drop", 0, False), ("drop", 0, True), ("status", 500, False), ("status", 429, False))
FINAL = tuple(("status", status, False) for status in (401, 403, 404, 409, 412))


class Scene:
    """A repository that holds 1.0.0, and a release 1.1.0 that is to be published to it."""

    # Of all scenes of a process: its server outlives them.
    numbers = count()

    def __init__(self, hub: HubServer, forks: Forks, workspace: Path) -> None:
        self.hub, self.forks = hub, forks
        self.environment = {"GAOKERENA_WORKSPACE": str(workspace)}
        self.name = name = "interrupted"
        first = write_release(workspace / "releases/mf3qa/1.0.0")
        rows = {"train": 8, "dev": 2, "test": 4}
        second = write_release(
            workspace / "releases/mf3qa/1.1.0", "1.1.0", rows, configs=["default"]
        )
        command = ("publish", "mf3qa", "1.0.0", "--to", f"org/{name}")
        done = forks.run(RUN, *command, environment=self.environment)
        assert done.returncode == 0, done.stderr
        self.old, self.new = _contents(first), _contents(second)
        before = len(hub.log)
        self.publish(self.fresh("rehearsal"))
        self.requests = len(hub.log) - before

    def fresh(self, case: object) -> str:
        """A copy of the repository for one case."""
        repo = f"org/{self.name}-{next(self.numbers)}-{case}"
        root = self.hub.root / "datasets"
        shutil.copytree(root / f"org/{self.name}", root / repo)
        return repo

    def publish(self, repo: str, started: Callable[[int], None] = lambda _pid: None) -> Done:
        return self.forks.run(RUN, *COMMAND, repo, environment=self.environment, started=started)

    def check(self, repo: str) -> bool:
        """Nothing is half; whether 1.1.0 is there."""
        repository = self.hub.repository(repo)
        assert _own(repository.files("v1.0.0")) == self.old
        assert _own(repository.files("main")) in (self.old, self.new)
        tagged = repository.reference("refs/tags/v1.1.0") is not None
        if tagged:
            assert _own(repository.files("v1.1.0")) == self.new
            assert _own(repository.files("main")) == self.new
        return tagged

    def check_finishes(self, repo: str) -> None:
        """Run again: it is done, once."""
        again = self.publish(repo)
        assert again.returncode == 0, again.stderr
        assert self.check(repo)
        history = self.hub.repository(repo).git("log", "--format=%s", "main").splitlines()
        assert history.count("mf3qa 1.1.0") == 1


@pytest.fixture(scope="module")
def scene(hub: HubServer, forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(hub, forks, tmp_path_factory.mktemp("interrupted"))


def kill_at(scene: Scene, request: int, *, after: bool) -> bool:
    """Kill a publish at its request of that number; whether it was still running then."""
    repo = scene.fresh(f"kill-{request}-{after:d}")
    pids: list[int] = []
    fault = Fault(
        "call",
        skip=request,
        after=after,
        call=lambda: os.kill(pids[0], signal.SIGKILL),
    )
    with scene.hub.faults.inject(fault):
        done = scene.publish(repo, started=pids.append)
    scene.check(repo)
    scene.check_finishes(repo)
    return done.returncode == -signal.SIGKILL


def fail_at(scene: Scene, request: int, kind: tuple[str, int, bool], *, passing: bool) -> None:
    """Have one request of a publish go wrong."""
    effect, status, after = kind
    repo = scene.fresh(f"fault-{request}-{effect}-{status}-{after:d}")
    assert effect in ("drop", "status")
    fault = Fault(
        "drop" if effect == "drop" else "status",
        skip=request,
        status=status,
        after=after,
    )
    with scene.hub.faults.inject(fault):
        done = scene.publish(repo)
    tagged = scene.check(repo)
    assert tagged == (done.returncode == 0) or not passing, done.stderr
    if passing:
        assert done.returncode == 0, done.stderr
    elif done.returncode:
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "Traceback" not in done.stderr
    scene.check_finishes(repo)


def _points(requests: int, count: int) -> list[int]:
    """Numbers of requests, evenly from the first to the last."""
    return [round(n * (requests - 1) / (count - 1)) for n in range(count)]


@pytest.mark.parametrize("places", [(1, 3), pytest.param((0, 2, 4), marks=pytest.mark.thorough)])
def test_kills(scene: Scene, places: tuple[int, ...]) -> None:
    for place in places:
        request = _points(scene.requests, 5)[place]
        # The last of all requests has nothing left to be killed at.
        assert kill_at(scene, request, after=bool(request % 2)) or place == 4


@pytest.mark.slow
def test_thirty_kills(scene: Scene, slow: None) -> None:
    points = _points(scene.requests, 15)
    hit = [kill_at(scene, n, after=after) for n in points for after in (False, True)]
    assert hit.count(True) >= 28


@pytest.mark.parametrize("places", [(1, 2), pytest.param((0, 3), marks=pytest.mark.thorough)])
def test_lost_connections(scene: Scene, places: tuple[int, ...]) -> None:
    for place in places:
        fail_at(scene, _points(scene.requests, 4)[place], PASSING[place], passing=True)


@pytest.mark.parametrize("places", [(1, 3), pytest.param((0, 2, 4), marks=pytest.mark.thorough)])
def test_refusals_at_any_request(scene: Scene, places: tuple[int, ...]) -> None:
    for place in places:
        fail_at(scene, _points(scene.requests, 5)[place], FINAL[place], passing=False)


@pytest.mark.slow
def test_thirty_faults(scene: Scene, slow: None) -> None:
    for number, request in enumerate(_points(scene.requests, 18)):
        fail_at(scene, request, PASSING[number % len(PASSING)], passing=True)
    for number, request in enumerate(_points(scene.requests, 12)):
        fail_at(scene, request, FINAL[number % len(FINAL)], passing=False)


@pytest.mark.parametrize("step", ["commit", pytest.param("tag", marks=pytest.mark.thorough)])
def test_a_lost_answer_to_the_commit_or_the_tag_is_looked_up(scene: Scene, step: str) -> None:
    repo = scene.fresh(step)
    with scene.hub.faults.inject(Fault("drop", path=f"{repo}/{step}/", after=True)):
        done = scene.publish(repo)
    assert done.returncode == 0, done.stderr
    assert "trying again" in done.stdout
    assert scene.check(repo)
    scene.check_finishes(repo)


def test_a_silent_hub_is_not_waited_for(scene: Scene, forks: Forks, workspace: Path) -> None:
    repo = scene.fresh("silent")
    environment = {**scene.environment, "GAOKERENA_HUB_TIMEOUT": "3"}
    answered = threading.Event()

    def wait() -> None:
        answered.wait(300)

    silent = Fault("call", path=f"{repo}/commit/", after=True, call=wait)
    with scene.hub.faults.inject(silent):
        done = forks.run(RUN, *COMMAND, repo, environment=environment)
    answered.set()
    assert done.returncode == 0, done.stderr
    assert "ReadTimeout" in done.stdout
    scene.check_finishes(repo)
    wrong = {**environment, "GAOKERENA_HUB_TIMEOUT": "soon"}
    refused = forks.run(RUN, *COMMAND, repo, environment=wrong)
    assert (refused.returncode, "give seconds" in refused.stderr) == (1, True)


def test_a_commit_that_arrives_after_it_was_given_up(scene: Scene) -> None:
    """It is not seen at first, is sent again, and lands just before that second one."""
    repo = scene.fresh("late")
    repository = scene.hub.repository(repo)
    landed: list[str] = []

    def hide() -> None:
        landed.append(repository.revision("main"))
        repository.git("update-ref", "refs/heads/main", f"{landed[0]}^")

    def land() -> None:
        repository.git("update-ref", "refs/heads/main", landed[0])

    with scene.hub.faults.inject(
        Fault("drop", path=f"{repo}/commit/", after=True, call=hide),
        Fault("call", path=f"{repo}/commit/", call=land),
    ):
        done = scene.publish(repo)
    assert done.returncode == 0, done.stderr
    assert repository.revision("main") == landed[0]
    scene.check_finishes(repo)


def test_content_that_reads_back_differently_gets_no_tag(scene: Scene) -> None:
    repo = scene.fresh("rot")
    repository = scene.hub.repository(repo)

    def rot() -> None:
        entry = repository.entry(repository.revision("main"), "data/train-00000-of-00001.parquet")
        stored = repository.lfs_path(entry["lfs"]["oid"])
        stored.write_bytes(stored.read_bytes()[::-1])

    with scene.hub.faults.inject(Fault("call", path=f"{repo}/commit/", after=True, call=rot)):
        done = scene.publish(repo)
    assert done.returncode == 1
    assert "data/train-00000-of-00001.parquet" in done.stderr
    assert "is not what was sent; no tag was made" in done.stderr
    assert repository.reference("refs/tags/v1.1.0") is None


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def _own(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path != ".gitattributes"}
