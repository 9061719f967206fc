"""What downstream users do with a published version, through two readers of the protocol.

One is the Hub of the tests, the other olah, a mirror server that others wrote. It needs an older
psutil than `codecarbon`, so it lives in an environment of its own:

    uv venv .olah && uv pip install --python .olah/bin/python olah==0.5.4
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT
from tests.hub.conftest import Run
from tests.hub.releases import write_release
from tests.hub_server.server import HubServer

READ = """
import json, sys
from pathlib import Path
import datasets
from huggingface_hub import HfApi, hf_hub_download
datasets.disable_progress_bars()
load, repo = datasets.load_dataset, sys.argv[1]
sha = HfApi().dataset_info(repo, revision="v1.0.0").sha
refs = HfApi().list_repo_refs(repo, repo_type="dataset")
card = hf_hub_download(repo, "README.md", repo_type="dataset", revision="v1.0.0")
whole = load(repo, revision="v1.0.0")
print(json.dumps({
    "sha": sha,
    "tags": {tag.name: tag.target_commit for tag in refs.tags},
    "configs": datasets.get_dataset_config_names(repo, revision="v1.0.0"),
    "card": Path(card).read_text("utf-8"),
    "tag": {split: rows.to_list() for split, rows in whole.items()},
    "by sha": load(repo, revision=sha, split="train").to_list(),
    "slice": load(repo, revision="v1.0.0", split="train[1:3]").to_list(),
    "percent": load(repo, revision="v1.0.0", split="train[:50%]+dev").num_rows,
    "streamed": list(load(repo, revision="v1.0.0", split="train", streaming=True)),
    "uncleaned": load(repo, "uncleaned", revision="v1.0.0", split="test").num_rows,
    "head": load(repo, split="train").num_rows,
}))
"""


def olah_command() -> str | None:
    """Where olah is: `GAOKERENA_OLAH`, the `.olah` environment of this checkout, or the PATH."""
    beside = ROOT / ".olah" / "bin" / "olah-cli"
    named = os.environ.get("GAOKERENA_OLAH")
    return named or (str(beside) if beside.exists() else shutil.which("olah-cli"))


@pytest.fixture
def olah(hub: HubServer, tmp_path: Path) -> Iterator[str]:
    """Endpoint of an olah that serves the Hub's repositories from disk."""
    command = olah_command()
    if command is None:
        pytest.skip("olah is not installed: this file's head tells how, or set GAOKERENA_OLAH")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path / "olah.toml"
    config.write_text(
        f'[basic]\nhost = "127.0.0.1"\nport = {port}\nrepos-path = "{tmp_path / "cache"}"\n'
        f'mirrors-path = ["{hub.root}"]\nhf-netloc = "127.0.0.1:9"\n'
        "[accessibility]\noffline = true\n"
    )
    log = (tmp_path / "olah.log").open("w")
    process = subprocess.Popen([command, "--config", config], cwd=tmp_path, stdout=log, stderr=log)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _wait_for(endpoint, process, tmp_path / "olah.log")
        yield endpoint
    finally:
        process.terminate()
        process.wait()
        log.close()


@pytest.mark.thorough
def test_by_tag_sha_slice_and_stream(
    hub: HubServer, repo: str, workspace: Path, gaokerena: Run, client: Callable[..., str]
) -> None:
    release = _publish_two(repo, workspace, gaokerena)
    _check(json.loads(client(READ, repo)), hub, repo, release)


@pytest.mark.thorough
def test_a_reader_that_we_did_not_write(
    hub: HubServer, olah: str, repo: str, workspace: Path, gaokerena: Run, tmp_path: Path
) -> None:
    release = _publish_two(repo, workspace, gaokerena)
    finished = subprocess.run(
        [sys.executable, "-c", READ, repo],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **hub.env(tmp_path / "home", token=""), "HF_ENDPOINT": olah},
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    _check(json.loads(finished.stdout), hub, repo, release)


def _publish_two(repo: str, workspace: Path, gaokerena: Run) -> Path:
    release = write_release(workspace / "releases/mf3qa/1.0.0")
    write_release(workspace / "releases/mf3qa/1.1.0", "1.1.0", {"train": 9, "dev": 2, "test": 3})
    for version in ("1.0.0", "1.1.0"):
        done = gaokerena("publish", "mf3qa", version, "--to", repo)
        assert done.returncode == 0, done.stderr
    return release


def _check(seen: dict[str, object], hub: HubServer, repo: str, release: Path) -> None:
    folder = {
        split: pq.read_table(release / f"data/{split}-00000-of-00001.parquet").to_pylist()
        for split in ("train", "dev", "test")
    }
    repository = hub.repository(repo)
    assert seen == {
        "sha": repository.revision("v1.0.0"),
        "tags": {tag: repository.revision(tag) for tag in ("v1.0.0", "v1.1.0")},
        "configs": ["default", "uncleaned"],
        "card": (release / "README.md").read_text("utf-8"),
        "tag": folder,
        "by sha": folder["train"],
        "slice": folder["train"][1:3],
        "percent": 3 + 2,
        "streamed": folder["train"],
        "uncleaned": 5,
        "head": 9,
    }


def _wait_for(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(endpoint, timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            time.sleep(0.1)
            continue
        return
    pytest.fail(f"olah does not answer: {log.read_text()}")
