"""The process that workers are forked from: started early where it pays, and missed when killed."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from gaokerena_data.curate.measures.workers import expects_many
from gaokerena_data.workspace import Workspace
from tests.curate.conftest import Command
from tests.curate.test_safe import descendants, files_of, shards_of, write_many

MEBIBYTE = 1 << 20


def written(file: Path, size: int, when: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(size))
    os.utime(file, (when, when))


def test_much_that_is_newer_than_all_signals_is_expected_to_be_measured(tmp_path: Path) -> None:
    assert not expects_many(tmp_path)
    extracted = tmp_path / "extracted" / "article" / "hidoctor"
    written(extracted / "old.parquet", MEBIBYTE, when=1_000)
    assert expects_many(tmp_path)
    shards = tmp_path / "signals" / "article" / "measure@3-5-28x4-1"
    shards.mkdir(parents=True)
    os.utime(shards, (2_000, 2_000))
    assert not expects_many(tmp_path)
    written(extracted / "new.parquet", MEBIBYTE // 2, when=3_000)
    assert not expects_many(tmp_path)
    written(extracted / "newer.parquet", MEBIBYTE // 2, when=3_000)
    assert expects_many(tmp_path)


def name_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


@pytest.mark.parametrize("victim", ["worker", "the process it is forked from"])
def test_a_killed_worker_is_told_in_one_line_and_finished_shards_are_kept(
    gaokerena: Command, workspace: Workspace, victim: str
) -> None:
    write_many(workspace, 400)

    def started(driver: int) -> None:
        def watch() -> None:
            with suppress(ProcessLookupError):
                while len(shards_of(workspace)) < 2:
                    os.kill(driver, 0)
                    time.sleep(0.005)
                forked = {pid for pid in descendants(driver) if "forkserver" in name_of(pid)}
                [server] = [pid for pid in forked if descendants(pid)]
                os.kill(server if victim != "worker" else min(forked - {server}), signal.SIGKILL)

        Thread(target=watch).start()

    done = gaokerena("curate", "mf3qa", "--workers", "2", started=started)
    assert done.returncode == 1
    assert "a worker process was killed (out of memory?)" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    finished = shards_of(workspace)
    assert len(finished) >= 2
    done = gaokerena("curate", "mf3qa", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert finished.items() <= shards_of(workspace).items()
    made = files_of(workspace.curated("mf3qa"))
    shutil.rmtree(workspace.root / "signals")
    assert gaokerena("curate", "mf3qa", "--workers", "1").returncode == 0
    assert files_of(workspace.curated("mf3qa")) == made
