"""The engine for many machines: the same function as on one, as Ray tasks.

Tasks and not Ray Data: a shard is one unit of work from its texts to its file's name, and Ray Data
cuts and merges blocks as it sees fit. What it would add (backpressure) is the loop below.

Ray (https://docs.ray.io) is the extra `ray`. Every machine of the cluster needs the same version
of this package; nothing is shared between them but what the tasks carry.
"""

import logging
import os
import re
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from gaokerena_data.curate.measures.engines import AHEAD, MeasuredShard, measure_shard
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.normalizer import PERSIAN

# A task whose worker or machine died is begun again so often; then it is its texts' fault.
RETRIES = 5
CONNECT_SECONDS = 4.0
_HOST_AND_PORT = re.compile(r"(?:ray://)?\[?(?P<host>[^\[\]/]+?)\]?:(?P<port>\d{1,5})")
# Ray reads these when it is imported. No word of a run leaves the machine, and an address where
# nobody answers is found out in seconds instead of minutes.
_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_NUM_REDIS_GET_RETRIES": "1",
    "RAY_py_gcs_connect_timeout_s": str(int(CONNECT_SECONDS)),
    "RAY_gcs_rpc_server_connect_timeout_s": str(int(CONNECT_SECONDS)),
}


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Workers of a Ray cluster.

    Args:
        address: HOST:PORT of the cluster's head; by default what `RAY_ADDRESS` names, or else a
            cluster of this machine alone, started for the run and stopped after it.
        workers: shards that are measured at once; as many as the cluster has CPUs by default.
    """

    address: str | None = None
    workers: int | None = None

    def __call__(
        self,
        shards: Iterable[pa.Table],
        settings: NearDuplicates,
        language: str = PERSIAN,
        name_model: str | None = None,
        are_pairs: bool = False,
    ) -> Iterator[MeasuredShard]:
        """Measure the shards; whichever is done first comes first.

        Raises:
            GaokerenaError: Ray is not installed, nobody answers at the address, or the same shard
                killed its worker again and again.
        """
        shards = iter(shards)
        first = next(shards, None)
        if first is None:  # nothing to measure: nothing to start
            return
        with _connected(self.address, self.workers) as ray:
            task = ray.remote(measure_shard).options(
                num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD"
            )
            under_way = [task.remote(first, settings, language, name_model, are_pairs)]
            for shard in shards:
                under_way.append(task.remote(shard, settings, language, name_model, are_pairs))
                # Asked each time: machines may join the cluster, or leave it.
                if len(under_way) >= AHEAD * (self.workers or _cpus(ray)):
                    [done], under_way = ray.wait(under_way)
                    yield _result(ray, done)
            while under_way:
                [done], under_way = ray.wait(under_way)
                yield _result(ray, done)


@contextmanager
def _connected(address: str | None, workers: int | None) -> Iterator[ModuleType]:
    """Ray, connected as long as it is needed."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError:
        raise GaokerenaError("--engine ray needs Ray: pip install 'gaokerena-data[ray]'") from None
    address = address or os.environ.get("RAY_ADDRESS") or "local"
    _check_somebody_listens(address)
    is_ours = address == "local"
    try:
        with _silent_stderr():
            ray.init(
                address=address,
                num_cpus=(workers or os.cpu_count()) if is_ours else None,
                include_dashboard=False if is_ours else None,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
            )
    except Exception as error:  # a start that takes too long raises just this
        if is_ours:
            raise GaokerenaError(
                f"Ray could not be started on this machine ({_line(error)}); run it again, or "
                "leave out --engine ray"
            ) from None
        raise GaokerenaError(
            f"{address}: no Ray cluster that this machine can join ({_line(error)}); give "
            "HOST:PORT of its head, and run `ray start --address=HOST:PORT` on this machine first"
        ) from None
    try:
        yield ray
    finally:
        ray.shutdown()


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """Ray's own C++ tells its attempts to connect on stderr, whatever log level is asked for."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _check_somebody_listens(address: str) -> None:
    found = _HOST_AND_PORT.fullmatch(address)
    if found is None:
        if address in ("local", "auto"):
            return
        raise GaokerenaError(f"--address {address}: give HOST:PORT of the Ray cluster's head")
    try:
        with socket.create_connection((found["host"], int(found["port"])), CONNECT_SECONDS):
            return
    except (OSError, OverflowError) as error:
        raise GaokerenaError(
            f"{address}: nobody answers there ({_line(error)}); give HOST:PORT of the head of a "
            "running Ray cluster, or leave out --address to work on this machine alone"
        ) from None


def _cpus(ray: ModuleType) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _result(ray: ModuleType, done: Any) -> MeasuredShard:
    errors = ray.exceptions
    try:
        shard: MeasuredShard = ray.get(done)
    except errors.RayTaskError as error:
        # A worker that cannot even load the function says so in many words.
        if "failed to import on the worker" not in str(error):
            raise
        raise GaokerenaError(
            "a Ray worker could not load this package: install the same version of "
            "gaokerena-data[ray] on every machine of the cluster"
        ) from None
    except errors.RayError as error:
        raise GaokerenaError(
            f"a Ray worker was lost {RETRIES + 1} times over the same shard ({_line(error)}); "
            "finished shards are kept: run it again"
        ) from None
    return shard


def _line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__
