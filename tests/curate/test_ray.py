"""Curation on a Ray cluster: what comes out is what one machine makes, to the byte."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gaokerena_data.curate.measures.engines import MeasuredShard
from gaokerena_data.curate.run import curate
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.workspace import Workspace
from tests.curate.conftest import Command
from tests.curate.shards import shards_of
from tests.files import files_of
from tests.pairs import answer, clean_records, pair, question, write_records
from tests.process_tree import descendants

CURATE = ("curate", "mf3qa")


def with_near_duplicates() -> list[QuestionAnswer]:
    """Clean pairs, and changed copies of them that stand in other shards."""
    changed = [
        pair("niniban", question(n), answer(n).replace("حتما", "لطفا")) for n in range(5, 35, 3)
    ]
    longer = [pair("drhast", question(n), answer(n) + " موفق باشید.") for n in range(42, 58, 3)]
    leaking = [pair("drhast", question(300 + n), answer(n)) for n in range(60, 66)]
    return [*clean_records(), *changed, *longer, *leaking]


class SlowClock:
    """A module `time` whose clocks go ten times too slow: Ray gives a start thirty of its seconds,
    which on a busy machine are not enough, and has no setting for that.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def monotonic(self) -> float:
        return time.monotonic() / 10

    def time(self) -> float:
        return time.time() / 10


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, int]]:
    """A Ray cluster with two CPUs, hence two workers, on this machine: its address, its raylet."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_gcs_server_port_wait_time_s", "300")
        for module in ("ray.cluster_utils", "ray._private.node"):
            patch.setattr(f"{module}.time", SlowClock())
        # Each process that Ray starts imports for seconds: only those that the work is done by.
        started: Any = Cluster(
            initialize_head=True,
            head_node_args={
                "num_cpus": 2,
                "include_dashboard": False,
                "include_log_monitor": False,
                "no_monitor": True,
            },
        )
    [raylet] = started.head_node.all_processes["raylet"]
    yield started.address, raylet.process.pid
    started.shutdown()


def measuring(raylet: int) -> Iterator[int]:
    """The processes that are measuring a shard now."""
    for pid in descendants(raylet):
        with suppress(OSError):
            if b"ray::measure_shard" in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield pid


@pytest.mark.thorough
def test_two_workers_one_killed_make_the_bytes_of_one_machine(
    gaokerena: Command,
    workspace: Workspace,
    tmp_path: Path,
    cluster: tuple[str, int],
) -> None:
    write_records(workspace, with_near_duplicates())
    done = gaokerena(*CURATE, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "near_duplicate@2" in done.stdout
    alone = {stage: files_of(workspace.root / stage) for stage in ("signals", "curated")}
    for stage in alone:
        shutil.rmtree(workspace.root / stage)

    address, raylet = cluster
    killed: list[int] = []

    def kill_a_worker(driver: int) -> None:
        def watch() -> None:
            while not killed and Path(f"/proc/{driver}").exists():
                # One shard is done, so both workers are well in the middle of theirs.
                for pid in measuring(raylet) if shards_of(workspace) else ():
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    break
                time.sleep(0.001)

        Thread(target=watch).start()

    there = ("--engine", "ray", "--address", address)
    done = gaokerena(*CURATE, *there, started=kill_a_worker)
    assert done.returncode == 0, done.stderr
    assert killed
    assert {stage: files_of(workspace.root / stage) for stage in alone} == alone
    # Ray itself prints nothing, not even of the worker that it lost.
    assert {line.split(": ")[0] for line in done.stderr.splitlines()} >= {"measure", "split"}
    assert not {"ray", "worker", "raylet"} & set(done.stderr.split())

    # All is measured: the second time no cluster is asked for.
    done = gaokerena(*CURATE, "--engine", "ray", "--address", "127.0.0.1:1")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_cluster_of_this_machine_is_started_and_stopped(
    gaokerena: Command, workspace: Workspace, slow: None
) -> None:
    write_records(workspace, clean_records())
    pids: set[int] = set()
    done = gaokerena(*CURATE, "--engine", "ray", "--workers", "2", started=pids.add)
    assert done.returncode == 0, done.stderr
    assert "ray" not in done.stderr
    assert not any(descendants(pid) for pid in pids)


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_where_nobody_answers_it_ends_with_one_line(
    gaokerena: Command, workspace: Workspace
) -> None:
    write_records(workspace, clean_records())
    done = gaokerena(*CURATE, "--engine", "ray", "--address", f"127.0.0.1:{closed_port()}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [done.stderr.splitlines()[-1]]
    assert "nobody answers there" in done.stderr
    assert "head of a running Ray cluster" in done.stderr


@pytest.mark.slow
def test_a_port_that_is_not_ray_s_is_one_line(
    gaokerena: Command, workspace: Workspace, slow: None
) -> None:
    write_records(workspace, clean_records())
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        done = gaokerena(*CURATE, "--engine", "ray", "--address", address)
    assert done.returncode == 1
    assert f"{address}: no Ray cluster that this machine can join" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "before", "code", "message"),
    [
        (("--engine", "ray"), "sys.modules['ray'] = None", 1, "pip install 'gaokerena-data[ray]'"),
        (("--engine", "ray", "--address", "nowhere"), "", 1, "give HOST:PORT"),
        (("--address", "127.0.0.1:6379"), "", 2, "it is for --engine ray"),
        (("--engine", "spark"), "", 2, "'spark' is not one of"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    gaokerena: Command,
    workspace: Workspace,
    arguments: tuple[str, ...],
    before: str,
    code: int,
    message: str,
) -> None:
    write_records(workspace, clean_records())
    done = gaokerena(*CURATE, *arguments, before=before)
    assert done.returncode == code
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_worker_with_other_versions_is_refused(workspace: Workspace) -> None:
    """What it measured would stand under the name of this machine's measures."""

    def older(
        shards: object, settings: object, language: str, name_model: str | None, of_pairs: bool
    ) -> Iterator[MeasuredShard]:
        yield MeasuredShard("00", 1, b"", "measure@1-hazm0.10.0-langdetect1.0.9")

    write_records(workspace, clean_records())
    with pytest.raises(GaokerenaError, match=r"a worker measures by measure@1.*same versions"):
        curate(workspace, "mf3qa", lambda *_: None, engine=older)
    assert not shards_of(workspace)
