"""Engines: who measures the shards. They differ in where the work is done, in nothing else.

An engine takes shards of texts and gives each back measured, as the bytes of its Parquet file.
The store writes them, so no engine needs a disk that its workers share, and the same texts give
the same file whoever measured them.
"""

import hashlib
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import wait

import pyarrow as pa

from gaokerena_data.curate.cache_files import kept_bytes
from gaokerena_data.curate.measures.measure import MEASURE, measure
from gaokerena_data.curate.measures.workers import start_forking
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.normalizer import PERSIAN

# Shards under way at once, a worker: one is measured while the next is on its way.
AHEAD = 2
_ROWS_AT_ONCE = 250  # a text is held in several forms while it is measured
# Texts that are read together where some of them are wanted. Fewer would be too many pieces.
_GROUP_ROWS = 125


@dataclass(frozen=True, slots=True)
class MeasuredShard:
    """One shard, measured.

    Args:
        name: of its file, made of its texts' keys.
        rows: texts in it.
        parquet: the file's bytes.
        measure: the version of the measures that the worker has.
    """

    name: str
    rows: int
    parquet: bytes
    measure: str


# Columns `key`, `heading` and `body` in; in whichever order they are done, out.
type Engine = Callable[
    [Iterable[pa.Table], NearDuplicates, str, str | None, bool], Iterator[MeasuredShard]
]


def measure_shard(
    shard: pa.Table,
    settings: NearDuplicates,
    language: str = PERSIAN,
    name_model: str | None = None,
    are_pairs: bool = False,
) -> MeasuredShard:
    """Measure one shard: a pure function, run wherever an engine likes."""
    name = hashlib.sha256("".join(shard["key"].to_pylist()).encode()).hexdigest()[:16]
    parts = range(0, shard.num_rows, _ROWS_AT_ONCE)
    measured = pa.concat_tables(
        measure(shard.slice(at, _ROWS_AT_ONCE), settings, language, name_model, are_pairs)
        for at in parts
    )
    content = kept_bytes(measured.combine_chunks(), _GROUP_ROWS)
    return MeasuredShard(name, shard.num_rows, content, MEASURE)


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """The processes of this machine.

    Args:
        workers: how many; as many as there are cores by default.
    """

    workers: int | None = None

    def __call__(
        self,
        shards: Iterable[pa.Table],
        settings: NearDuplicates,
        language: str = PERSIAN,
        name_model: str | None = None,
        are_pairs: bool = False,
    ) -> Iterator[MeasuredShard]:
        """Measure the shards.

        Raises:
            GaokerenaError: a worker was killed.
        """
        workers = self.workers or os.cpu_count() or 1
        shards = iter(shards)
        first = list(islice(shards, 2))
        # Workers take seconds to start: not worth it for one shard.
        if workers == 1 or len(first) < 2:
            for shard in chain(first, shards):
                yield measure_shard(shard, settings, language, name_model, are_pairs)
            return
        start_forking()
        context = multiprocessing.get_context("forkserver")
        try:
            with ProcessPoolExecutor(workers, context, _end_with_parent) as pool:
                # Memory is bounded by the shards under way, not by the inputs.
                under_way: deque[Future[MeasuredShard]] = deque()
                for shard in chain(first, shards):
                    under_way.append(
                        pool.submit(measure_shard, shard, settings, language, name_model, are_pairs)
                    )
                    if len(under_way) >= AHEAD * workers:
                        yield under_way.popleft().result()
                while under_way:
                    yield under_way.popleft().result()
        except (BrokenProcessPool, EOFError, ConnectionError):  # a worker, or whoever forks them
            raise GaokerenaError(
                "a worker process was killed (out of memory?); finished shards are kept: "
                "run it again, with fewer --workers"
            ) from None


def _end_with_parent() -> None:
    """In a worker: do not outlive a parent that was killed.

    The queue of work never ends by itself: each worker holds its other end too.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_exit, args=(parent.sentinel,), daemon=True).start()


def _wait_and_exit(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
