"""Going back to an earlier version."""

from pathlib import Path

import pytest

from tests.hub.conftest import Run
from tests.hub.releases import write_release
from tests.hub.uploads import upload
from tests.hub_server.faults import Fault
from tests.hub_server.server import HubServer


def test_the_head_goes_back_and_every_tag_stays(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    first = write_release(workspace / "releases/mf3qa/1.0.0", configs=("default",))
    write_release(workspace / "releases/mf3qa/1.1.0", "1.1.0", {"train": 9, "dev": 2, "test": 3})
    for version in ("1.0.0", "1.1.0"):
        assert gaokerena("publish", "mf3qa", version, "--to", repo).returncode == 0
    repository = hub.repository(repo)
    upload(hub, repo, "NOTES.md", "یادداشت".encode())
    tags = repository.git("for-each-ref", "refs/tags")
    back = ("publish", "mf3qa", "1.0.0", "--to", repo, "--rollback")
    before = repository.revision("main")
    dry = gaokerena(*back, "--dry-run")
    assert "6 files to change; nothing was done" in dry.stdout
    assert repository.revision("main") == before
    sent = len(hub.log)
    done = gaokerena(*back)
    assert done.returncode == 0, done.stderr
    assert [entry.path for entry in hub.log[sent:] if entry.method == "PUT"] == []
    files = repository.files("main")
    assert files.pop("NOTES.md")
    assert files == repository.files("v1.0.0")
    assert files["manifest.json"] == (first / "manifest.json").read_bytes()
    assert repository.git("for-each-ref", "refs/tags") == tags
    assert repository.git("log", "--format=%s", "main").splitlines()[0] == "Back to mf3qa 1.0.0"
    again = gaokerena(*back)
    assert (again.returncode, "nothing to do" in again.stdout) == (0, True)
    forward = gaokerena("publish", "mf3qa", "1.1.0", "--to", repo, "--rollback")
    assert forward.returncode == 0
    assert repository.files("main")["manifest.json"] == repository.files("v1.1.0")["manifest.json"]


@pytest.mark.thorough
def test_a_lost_answer_and_others_work(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    write_release(workspace / "releases/mf3qa/1.0.1", "1.0.1", edits={2: "سلام، اصلاح شد"})
    for version in ("1.0.0", "1.0.1"):
        gaokerena("publish", "mf3qa", version, "--to", repo)
    back = ("publish", "mf3qa", "1.0.0", "--to", repo, "--rollback")
    head = upload(hub, repo, "README.md", "تصحیح".encode())
    refused = gaokerena(*back)
    assert refused.returncode == 1
    assert "README.md was changed since 1.0.1 was published by somebody else" in refused.stderr
    with hub.faults.inject(Fault("drop", path=f"{repo}/commit/", after=True)):
        done = gaokerena(*back, "--parent", head)
    assert done.returncode == 0, done.stderr
    repository = hub.repository(repo)
    assert repository.files("main") == repository.files("v1.0.0")
    assert repository.git("log", "--format=%s", "main").splitlines()[1] == "by somebody else"


def test_versions_that_one_cannot_go_back_to(repo: str, workspace: Path, gaokerena: Run) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    missing = gaokerena("publish", "mf3qa", "0.9.0", "--to", repo, "--rollback")
    assert (missing.returncode, "has no version v0.9.0" in missing.stderr) == (1, True)
    other = gaokerena("publish", "medical_corpus", "1.0.0", "--to", repo, "--rollback")
    assert (other.returncode, "holds no version of medical_corpus" in other.stderr) == (1, True)
