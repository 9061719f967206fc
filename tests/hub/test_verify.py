"""Verifying a release, here and on the Hub."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.hub.conftest import Run
from tests.hub.releases import write_release
from tests.hub_server.server import HubServer

SHARD = "data/train-00000-of-00001.parquet"


def test_a_whole_release_here_and_on_the_hub(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    local = gaokerena("verify", str(release))
    assert local.returncode == 0, local.stderr
    assert "is mf3qa 1.0.0: 7 files and 28 rows in 6 splits are as stated" in local.stdout
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    commit = hub.repository(repo).revision("v1.0.0")
    for name in (f"{repo}@v1.0.0", repo, f"{repo}@{commit}"):
        remote = gaokerena("verify", name, token="")
        assert remote.returncode == 0, remote.stderr
        assert f"{name} (commit {commit[:12]}) is mf3qa 1.0.0" in remote.stdout


@pytest.mark.parametrize("marks", [True, False])
def test_the_first_row_that_differs_is_named(
    workspace: Path, gaokerena: Run, *, marks: bool
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0", marks=marks)
    table = pq.read_table(release / SHARD)
    rows = table.to_pylist()
    rows[4] = {**rows[4], "Answer": "سلام، این پاسخ عوض شده است"}
    pq.write_table(table.from_pylist(rows, schema=table.schema), release / SHARD)
    done = gaokerena("verify", str(release))
    assert done.returncode == 1
    assert f"{SHARD} is not the file that the manifest states" in done.stdout
    named = f"row 5 (id {rows[4]['id']}) is the first that differs (6 rows, 6 in the manifest)"
    stated = named if marks else "its rows are not those of the manifest"
    assert f"config default, split train: {stated}" in done.stdout
    assert "2 problems" in done.stderr
    assert "سلام" not in done.stdout + done.stderr, "what people wrote stays in the data"


def test_missing_and_surplus_rows_are_told_apart(workspace: Path, gaokerena: Run) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0", marks=True)
    table = pq.read_table(release / SHARD)
    pq.write_table(table.slice(0, 4), release / SHARD)
    assert "rows are missing from 5 on (4 rows, 6 in" in gaokerena("verify", str(release)).stdout
    longer = table.from_pylist([*table.to_pylist(), table.to_pylist()[0]], schema=table.schema)
    pq.write_table(longer, release / SHARD)
    assert "row 7 and those after it are too many" in gaokerena("verify", str(release)).stdout
    (release / SHARD).write_bytes(b"PAR1 not really PAR1")
    assert f"{SHARD} cannot be read as parquet" in gaokerena("verify", str(release)).stdout
    (release / SHARD).unlink()
    assert f"{SHARD} is missing" in gaokerena("verify", str(release)).stdout


def test_the_same_rows_in_another_file_are_still_the_same_rows(
    workspace: Path, gaokerena: Run
) -> None:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    pq.write_table(pq.read_table(release / SHARD), release / SHARD, compression="zstd")
    done = gaokerena("verify", str(release))
    assert done.returncode == 1
    assert [line.strip() for line in done.stdout.splitlines()] == [
        f"{SHARD} is not the file that the manifest states"
    ]


def test_what_the_hub_holds_is_read_not_believed(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str]
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0", marks=True)
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    # Whoever loaded the version before it was damaged has the right file in the client's cache.
    client(
        "from huggingface_hub import hf_hub_download\n"
        f"hf_hub_download({repo!r}, {SHARD!r}, revision='v1.0.0', repo_type='dataset')"
    )
    repository = hub.repository(repo)
    entry = repository.entry(repository.revision("v1.0.0"), SHARD)
    stored = repository.lfs_path(entry["lfs"]["oid"])
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(content)
    done = gaokerena("verify", f"{repo}@v1.0.0", token="")
    assert done.returncode == 1
    assert f"{SHARD} is not the file that the manifest states" in done.stdout


def test_what_cannot_be_verified(
    repo: str, tmp_path: Path, workspace: Path, gaokerena: Run
) -> None:
    write_release(workspace / "releases/mf3qa/1.0.0")
    gaokerena("publish", "mf3qa", "1.0.0", "--to", repo)
    for target, expected in (
        (str(tmp_path), "it has no manifest.json"),
        (str(tmp_path / "nowhere"), "there is no such folder"),
        (f"{repo}-x@v1.0.0", "no such repository"),
        (f"{repo}@v2.0.0", "has no version v2.0.0; its tags are: v1.0.0"),
    ):
        done = gaokerena("verify", target)
        assert (done.returncode, expected in done.stderr) == (1, True), done.stderr
        assert done.stderr.count("\n") == 1
    manifest = workspace / "releases/mf3qa/1.0.0/manifest.json"
    for content, expected in (
        ("[]", "is not the manifest of a release"),
        (json.dumps({"format": 2}), "format: Input should be 1"),
    ):
        manifest.write_text(content)
        assert expected in gaokerena("verify", str(manifest.parent)).stderr
