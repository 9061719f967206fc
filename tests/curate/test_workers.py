"""The process that workers are forked from: started early where it pays, and missed when killed."""

import os
import shutil
from pathlib import Path

import pytest

from gaokerena_data.curate.measures.workers import expects_many
from gaokerena_data.workspace import Workspace
from tests.curate.conftest import Command
from tests.curate.shards import shards_of, write_many
from tests.files import files_of

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


# Run in the process that hands the shards out: when a shard is handed out, at least so many less
# four are done, so that the moment of the kill does not depend on how fast the machine is.
KILL = """
import os, signal
from gaokerena_data.curate.measures import engines
from tests.process_tree import descendants

class Pool(engines.ProcessPoolExecutor):
    handed_out = 0

    def submit(self, *work):
        Pool.handed_out += 1
        if Pool.handed_out == 7:
            [server] = [pid for pid in descendants(os.getpid()) if descendants(pid)]
            os.kill({victim}, signal.SIGKILL)
        return super().submit(*work)

engines.ProcessPoolExecutor = Pool
"""


@pytest.mark.thorough
@pytest.mark.parametrize("victim", ["min(descendants(server))", "server"])
def test_a_killed_worker_is_told_in_one_line_and_finished_shards_are_kept(
    gaokerena: Command, workspace: Workspace, victim: str
) -> None:
    write_many(workspace, 400)
    done = gaokerena("curate", "mf3qa", "--workers", "2", before=KILL.format(victim=victim))
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
