"""Publishing to the Hub, by the command, read back by the clients that people use."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hub.conftest import Run
from tests.hub.releases import write_manifest, write_release
from tests.hub.uploads import upload
from tests.hub_server.faults import Fault
from tests.hub_server.server import HubServer

LOAD = """
import json, sys
import datasets
datasets.disable_progress_bars()
loaded = []
for wanted in sys.argv[1:]:
    name, revision, config = wanted.split(" ")
    splits = datasets.load_dataset(name, config, revision=revision or None)
    loaded.append({split: rows.to_list() for split, rows in splits.items()})
print(json.dumps(loaded))
"""


def test_a_published_version_is_the_release_row_for_row(
    hub: HubServer,
    repo: str,
    workspace: Path,
    new_interpreter: Run,
    client: Callable[..., str],
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    done = new_interpreter("publish", "mf3qa", "1.0.0", "--to", repo)
    assert done.returncode == 0, done.stderr
    assert f"published mf3qa 1.0.0 to {repo}" in done.stdout
    wanted = [
        f"{name} {config}"
        for name in (f"{repo} v1.0.0", f"{release} ")
        for config in ("default", "uncleaned")
    ]
    hub_default, hub_uncleaned, local_default, local_uncleaned = json.loads(client(LOAD, *wanted))
    assert hub_default == local_default
    assert hub_uncleaned == local_uncleaned
    assert {split: len(rows) for split, rows in hub_default.items()} == {
        "train": 6,
        "dev": 2,
        "test": 3,
    }
    on_disk = {p.relative_to(release).as_posix(): p.read_bytes() for p in release.rglob("*.*")}
    on_hub = hub.repository(repo).files("v1.0.0")
    assert {path: on_hub[path] for path in on_disk} == on_disk
    assert on_hub.keys() - on_disk.keys() == {".gitattributes"}


def test_publishing_again_does_nothing_and_says_so(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    assert gaokerena("publish", "mf3qa", "1.0.0", "--to", repo).returncode == 0
    before = hub.repository(repo).git("for-each-ref")
    again = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stdout
    assert hub.repository(repo).git("for-each-ref") == before


def test_the_next_version_changes_what_changed_and_keeps_others_files(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str]
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    upload(hub, repo, "NOTES.md", "یادداشت".encode())
    write_release(
        workspace / "releases/mf3qa/1.1.0",
        "1.1.0",
        {"train": 9, "dev": 2, "test": 3},
        configs=("default",),
    )
    dry = gaokerena("publish", "mf3qa", "1.1.0", "--to", repo, "--dry-run")
    before = len(hub.log)
    done = gaokerena("publish", "mf3qa", "1.1.0", "--to", repo)
    assert done.returncode == 0, done.stderr
    uploaded = [entry for entry in hub.log[before:] if entry.method == "PUT"]
    assert len(uploaded) == 1, "the train split alone has changed"
    changes = [line.split() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert [[action, path] for action, _size, _unit, path in changes] == [
        ["replace", "README.md"],
        ["replace", "data/train-00000-of-00001.parquet"],
        ["replace", "manifest.json"],
        ["delete", "uncleaned/dev-00000-of-00001.parquet"],
        ["delete", "uncleaned/test-00000-of-00001.parquet"],
        ["delete", "uncleaned/train-00000-of-00001.parquet"],
    ]
    assert [line for line in dry.stdout.splitlines() if line.startswith("  ")] == [
        line for line in done.stdout.splitlines() if line.startswith("  ")
    ]
    repository = hub.repository(repo)
    assert {"NOTES.md", ".gitattributes"} < repository.files("v1.1.0").keys()
    assert "uncleaned/dev-00000-of-00001.parquet" in repository.files("v1.0.0")
    wanted = (f"{repo} v1.1.0 default", f"{repo} v1.0.0 default")
    assert [len(splits["train"]) for splits in json.loads(client(LOAD, *wanted))] == [9, 6]


def test_a_dry_run_changes_nothing(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo, "--dry-run", token="")
    assert done.returncode == 0, done.stderr
    assert "a new repository, 8 files to change; nothing was done" in done.stdout
    assert not (hub.root / "datasets" / repo).exists()


def test_private_and_gated(hub: HubServer, repo: str, workspace: Path, gaokerena: Run) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    seen: list[object] = []
    look = Fault("call", path="/commit/", call=lambda: seen.append(hub.repository(repo).settings))
    with hub.faults.inject(look):
        done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo, "--private", "--gated")
    assert done.returncode == 0, done.stderr
    assert seen == [{"private": True, "gated": "auto"}], "before the data is there"


def test_a_release_that_was_touched_is_refused(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    card = release / "README.md"
    pristine = card.read_text(encoding="utf-8")
    shard = release / "data/dev-00000-of-00001.parquet"
    content = shard.read_bytes()

    def refusal() -> str:
        done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        return str(done.stderr)

    card.write_text(pristine.replace("پزشکی", "دارویی"), encoding="utf-8")
    assert "README.md is not the file that the manifest states" in refusal()
    card.write_text(pristine, encoding="utf-8")
    (release / "notes.txt").write_text("یادداشت", encoding="utf-8")
    assert "notes.txt is not in the manifest" in refusal()
    (release / "notes.txt").unlink()
    shard.unlink()
    assert f"{shard.parent.name}/{shard.name} is missing" in refusal()
    shard.write_bytes(content)
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    manifest["rows"]["default"]["dev"]["rows"] = 3
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "config default, split dev: its rows are not those of the manifest" in refusal()
    manifest["files"]["../outside"] = manifest["files"]["README.md"]
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "not a path inside the release" in refusal()
    assert not (hub.root / "datasets" / repo).exists()


def test_a_version_with_other_content_is_refused(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    before = hub.repository(repo).git("for-each-ref")
    shutil.rmtree(release)
    write_release(release, edits={1: "سلام، جای نگرانی نیست"})
    done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    assert done.returncode == 1
    assert "v1.0.0 is already published with other content" in done.stderr
    assert hub.repository(repo).git("for-each-ref") == before


def test_others_work_is_not_overwritten(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str]
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    head = upload(hub, repo, "README.md", "تصحیح".encode())
    write_release(workspace / "releases/mf3qa/1.0.1", "1.0.1", edits={0: "سلام، اصلاح شد"})
    refused = gaokerena("publish", "mf3qa", "1.0.1", "--to", repo)
    assert refused.returncode == 1
    assert "README.md was changed since 1.0.0 was published by somebody else" in refused.stderr
    assert f"--parent {head}" in refused.stderr
    assert hub.repository(repo).revision("main") == head
    done = gaokerena("publish", "mf3qa", "1.0.1", "--to", repo, "--parent", head)
    assert done.returncode == 0, done.stderr
    assert hub.repository(repo).files("v1.0.1")["README.md"].decode().endswith("پزشکی\n")


def test_a_head_that_moves_meanwhile_is_left_alone(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str]
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    write_release(workspace / "releases/mf3qa/1.1.0", "1.1.0", {"train": 9, "dev": 2, "test": 3})

    def somebody_else() -> None:
        upload(hub, repo, "NOTES.md", "یادداشت".encode())

    with hub.faults.inject(Fault("call", path="/commit/", call=somebody_else)):
        done = gaokerena("publish", "mf3qa", "1.1.0", "--to", repo)
    assert done.returncode == 1
    assert "somebody else pushed in between, nothing was changed" in done.stderr
    repository = hub.repository(repo)
    assert repository.git("log", "-1", "--format=%s", "main") == "by somebody else"
    assert repository.reference("refs/tags/v1.1.0") is None


def test_a_repository_with_content_of_others_is_not_taken_over(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str]
) -> None:
    push = "import datasets, sys; datasets.Dataset.from_dict({'Question': ['سرفه دارم'], "
    push += "'Answer': ['سلام']}).push_to_hub(sys.argv[1])"
    client(push, repo, token=hub.token)
    write_release(workspace / "releases/mf3qa/1.0.0")
    refused = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    assert refused.returncode == 1
    assert "README.md was put there by somebody else" in refused.stderr


def test_an_older_version_does_not_go_on_top_of_a_newer(
    repo: str, workspace: Path, gaokerena: Run
) -> None:
    write_release(workspace / "releases/mf3qa/1.1.0", "1.1.0")
    write_release(workspace / "releases/mf3qa/1.0.1", "1.0.1")
    assert gaokerena("publish", "mf3qa", "1.1.0", "--to", repo).returncode == 0
    done = gaokerena("publish", "mf3qa", "1.0.1", "--to", repo)
    assert done.returncode == 1
    assert "holds version 1.1.0, which is newer than 1.0.1" in done.stderr


def test_a_card_that_the_hub_refuses_stops_it(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    card = (release / "README.md").read_text(encoding="utf-8")
    (release / "README.md").write_text(card.replace("cc-by-nc-sa-4.0", "mine"), encoding="utf-8")
    stamps = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["rows"]
    write_manifest(release, "1.0.0", stamps)
    done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    assert done.returncode == 1
    assert "license" in done.stderr
    assert "must be one of" in done.stderr
    assert "README.md" not in hub.repository(repo).files()


def test_a_branch_with_the_name_of_the_tag_is_refused(
    repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str], hub: HubServer
) -> None:
    branch = "import huggingface_hub as h, sys; h.create_repo(sys.argv[1], repo_type='dataset'); "
    branch += "h.create_branch(sys.argv[1], branch='v1.0.0', repo_type='dataset')"
    client(branch, repo, token=hub.token)
    write_release(workspace / "releases/mf3qa/1.0.0")
    done = gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    assert done.returncode == 1
    assert "has a branch called v1.0.0" in done.stderr


@pytest.mark.parametrize(
    ("token", "name", "expected"),
    [
        ("", "org/mf3qa", "no token to publish with"),
        ("hf_reader", "org/forbidden", "the token may not do this"),
        ("hf_nobody", "org/unknown", "the Hub does not know this token"),
        ("hf_writer", "not a name", "is not the name of a repository"),
    ],
)
def test_refusals_are_one_clear_line_without_the_token(
    workspace: Path,
    gaokerena: Run,
    token: str,
    name: str,
    expected: str,
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    done = gaokerena("publish", "mf3qa", "1.0.0", "--to", name, token=token)
    assert done.returncode == 1
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for secret in ("hf_writer", "hf_reader", "hf_nobody"):
        assert secret not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param(
            "HF_ENDPOINT",
            "http://127.0.0.1:9",
            "http://127.0.0.1:9 does not answer",
            marks=pytest.mark.thorough,  # it is tried for seconds
        ),
        ("HF_HUB_OFFLINE", "1", "HF_HUB_OFFLINE is set"),
    ],
)
def test_a_hub_that_cannot_be_asked(
    workspace: Path, new_interpreter: Run, name: str, value: str, expected: str
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    done = new_interpreter("publish", "mf3qa", "1.0.0", "--to", "org/x", **{name: value})
    assert done.returncode == 1
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_a_release_that_is_not_there(gaokerena: Run) -> None:
    done = gaokerena("publish", "mf3qa", "9.9.9", "--to", "org/mf3qa")
    assert done.returncode == 1
    assert "gaokerena release mf3qa 9.9.9" in done.stderr


def test_the_commands_load_nothing_heavy() -> None:
    code = "import sys, gaokerena_data.hub.commands; "
    code += "print(sorted({'datasets', 'huggingface_hub', 'pyarrow', 'pydantic'} & {*sys.modules}))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
