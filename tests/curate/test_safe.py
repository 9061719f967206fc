"""Killed, out of room, fed damaged files: the last good curation stands, the next run goes on."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from threading import Thread

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.lock import only_one
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.workspace import Workspace
from tests.curate.conftest import Command
from tests.curate.shards import left_behind, shards_of, write_many
from tests.files import files_of
from tests.pairs import NOT_JUDGED, clean_records, write_records
from tests.process_tree import descendants
from tests.waiting import wait_until

CURATE = ("curate", "mf3qa", "--workers", "1")


def has_shards(workspace: Workspace, count: int) -> bool:
    return len(shards_of(workspace)) >= count


def kill_when(is_time: Callable[[], bool], delay: float = 0.0) -> Callable[[int], None]:
    """For `started`: kill the process so long after that is true, unless it has ended."""

    def started(pid: int) -> None:
        def watch() -> None:
            with suppress(ProcessLookupError):
                while not is_time():
                    os.kill(pid, 0)
                    time.sleep(0.002)
                time.sleep(delay)
                os.kill(pid, signal.SIGKILL)

        Thread(target=watch).start()

    return started


def check_kills(gaokerena: Command, workspace: Workspace, records: int, kills: int) -> None:
    write_many(workspace, records)
    done = gaokerena(*CURATE)
    assert done.returncode == 0, done.stderr
    expected, shards = files_of(workspace.curated("mf3qa")), len(shards_of(workspace))
    for folder in ("signals", "curated"):
        shutil.rmtree(workspace.root / folder)

    random, finished = Random(11), shards_of(workspace)
    for left in range(kills, 0, -1):
        # The last kill comes when all is measured, the others while it is.
        room = (shards - len(finished)) // (2 * left)
        wanted = shards if left == 1 else len(finished) + random.randrange(1, room + 1)
        kill = kill_when(partial(has_shards, workspace, wanted), random.random() / 50)
        done = gaokerena(*CURATE, started=kill)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert f"measure: 0 of {records - sum(map(rows_in, finished)):,}" in done.stderr
        now = shards_of(workspace)
        assert {shard: now[shard] for shard in finished} == finished
        assert len(now) > len(finished)
        finished = now
    done = gaokerena(*CURATE)
    assert done.returncode == 0, done.stderr
    assert "measure: 0 of 0" in done.stderr
    assert shards_of(workspace) == finished
    assert files_of(workspace.curated("mf3qa")) == expected
    assert left_behind(workspace) == []


def rows_in(shard: Path) -> int:
    return int(pq.read_metadata(shard).num_rows)


@pytest.mark.parametrize(
    ("records", "kills"), [(160, 2), pytest.param(400, 5, marks=pytest.mark.thorough)]
)
def test_a_curation_that_is_killed_goes_on_where_it_was(
    gaokerena: Command, workspace: Workspace, records: int, kills: int
) -> None:
    check_kills(gaokerena, workspace, records, kills)


@pytest.mark.slow
def test_twenty_kills_at_random_moments(
    gaokerena: Command, workspace: Workspace, slow: None
) -> None:
    check_kills(gaokerena, workspace, records=3_000, kills=20)


@pytest.mark.parametrize(
    "step", [pytest.param("count_leaks", marks=pytest.mark.thorough), "write_summary"]
)
def test_killed_while_it_writes_the_last_curation_stands(
    gaokerena: Command, workspace: Workspace, step: str
) -> None:
    write_records(workspace, clean_records())
    assert gaokerena(*CURATE).returncode == 0
    before = files_of(workspace.curated("mf3qa"))
    workspace.config_file.write_text("[mf3qa]\nmin_answer_words = 60\n")
    kill = "import os\nfrom gaokerena_data.curate import run\n"
    kill += f"run.{step} = lambda *_, **__: os.kill(os.getpid(), 9)"
    assert gaokerena(*CURATE, before=kill).returncode == -signal.SIGKILL
    assert files_of(workspace.curated("mf3qa")) == before
    assert left_behind(workspace) != []
    assert gaokerena(*CURATE).returncode == 0
    assert files_of(workspace.curated("mf3qa")) != before
    assert left_behind(workspace) == []


def test_workers_do_not_outlive_a_killed_curation(gaokerena: Command, workspace: Workspace) -> None:
    write_many(workspace, 160)
    workers: set[int] = set()
    driver = 0

    def is_at_work() -> bool:
        workers.update(descendants(driver))
        return bool(shards_of(workspace))

    def started(pid: int) -> None:
        nonlocal driver
        driver = pid
        kill_when(is_at_work)(pid)

    done = gaokerena("curate", "mf3qa", "--workers", "2", started=started)
    assert done.returncode == -signal.SIGKILL, done.stderr
    # The process that they are forked from, and the two of them.
    assert len(workers) >= 3
    wait_until(
        lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), "all workers have ended"
    )


def check_no_room(gaokerena: Command, workspace: Workspace, before: str = "") -> None:
    """It ends with one line, and what was there is as it was."""
    was = files_of(workspace.curated("mf3qa"))
    finished = shards_of(workspace)
    done = gaokerena(*CURATE, before=before)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("gaokerena: ")
    assert "make room and run it again" in last
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert files_of(workspace.curated("mf3qa")) == was
    assert finished.items() <= shards_of(workspace).items()
    assert left_behind(workspace) == []


LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.parametrize("limit", [2_000, pytest.param(36_000, marks=pytest.mark.thorough)])
def test_no_room_for_a_file(gaokerena: Command, workspace: Workspace, limit: int) -> None:
    """The first limit stops it at a shard, the second when the splits are written."""
    write_records(workspace, clean_records())
    workspace.config_file.write_text(NOT_JUDGED)
    assert gaokerena(*CURATE).returncode == 0
    write_many(workspace, 500)
    check_no_room(gaokerena, workspace, LIMIT.format(limit))
    assert bool(limit > 2_000) == (len(shards_of(workspace)) > 4)
    done = gaokerena(*CURATE)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def small_disk(workspace: Workspace) -> Iterator[Path]:
    """The workspace on a disk of half a megabyte."""
    workspace.root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(workspace.root)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk that is full needs the right to mount one; RLIMIT_FSIZE stands for it")
    yield workspace.root
    subprocess.run(["umount", str(workspace.root)], check=True)


def test_a_full_disk(gaokerena: Command, workspace: Workspace, small_disk: Path) -> None:
    write_records(workspace, clean_records())
    done = gaokerena(*CURATE)
    assert done.returncode == 0, done.stderr
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    write_many(workspace, 200)
    for spare in (8_192, 65_536, 0):
        # Room for a little of it, for more of it, for nothing.
        ballast.unlink(missing_ok=True)
        free = os.statvfs(small_disk)
        ballast.write_bytes(bytes(max(free.f_bavail * free.f_frsize - spare, 0)))
        check_no_room(gaokerena, workspace)


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def emptied(data: bytes) -> bytes:
    return b""


def flipped(data: bytes) -> bytes:
    """One bit in the middle of the data, where no structure of the format stands."""
    return data[: len(data) // 3] + bytes([data[len(data) // 3] ^ 1]) + data[len(data) // 3 + 1 :]


@pytest.mark.parametrize(
    "damage",
    [truncated, *(pytest.param(how, marks=pytest.mark.thorough) for how in (emptied, flipped))],
)
def test_a_damaged_shard_is_named_and_made_again_once_deleted(
    gaokerena: Command, workspace: Workspace, damage: Callable[[bytes], bytes]
) -> None:
    write_records(workspace, clean_records())
    assert gaokerena(*CURATE).returncode == 0
    before = files_of(workspace.curated("mf3qa"))
    shard = sorted(shards_of(workspace))[1]
    texts = rows_in(shard)
    shard.write_bytes(damage(shard.read_bytes()))
    done = gaokerena(*CURATE)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"gaokerena: {shard}: damaged (")
    assert "delete it" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(workspace.curated("mf3qa")) == before
    shard.unlink()
    done = gaokerena(*CURATE)
    assert f"measure: 0 of {texts}" in done.stderr
    assert files_of(workspace.curated("mf3qa")) == before


@pytest.mark.parametrize(
    "kept",
    [
        "measure@*/pairs/*.parquet",
        pytest.param("index@*/*.parquet", marks=pytest.mark.thorough),
        pytest.param("measure@*/written/*.parquet", marks=pytest.mark.thorough),
    ],
)
def test_what_else_is_kept_is_named_and_made_again_too(
    gaokerena: Command, workspace: Workspace, kept: str
) -> None:
    write_records(workspace, clean_records())
    assert gaokerena(*CURATE).returncode == 0
    before, signals = files_of(workspace.curated("mf3qa")), files_of(workspace.root / "signals")
    file = sorted(workspace.root.glob(f"signals/*/{kept}"))[0]
    file.write_bytes(truncated(file.read_bytes()))
    done = gaokerena(*CURATE)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"gaokerena: {file}: damaged (")
    assert "delete it" in done.stderr
    assert files_of(workspace.curated("mf3qa")) == before
    file.unlink()
    assert gaokerena(*CURATE).returncode == 0
    assert files_of(workspace.curated("mf3qa")) == before
    assert files_of(workspace.root / "signals") == signals


def test_one_curation_of_a_dataset_at_a_time(gaokerena: Command, workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    with only_one(workspace, MF3QA):
        done = gaokerena(*CURATE)
    assert done.returncode == 1
    assert "being curated by another process" in done.stderr
    assert done.stderr.count("\n") == 1
    assert gaokerena(*CURATE).returncode == 0
