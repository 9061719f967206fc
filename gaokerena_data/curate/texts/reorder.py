"""Rows of many shards in another order than they lie in, with a part of them in memory at a time.

Texts are measured in the order in which they come, and splits are in the order of their ids, which
are hashes: each thousand rows of a split lie in all shards. To read all shards for each part of a
split would take the square of their number. So every shard is read once, and its rows wait on disk
in one file for each part.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa

_FILES = 128  # open at once: systems allow 256 and more
_PLACE = "place"  # the column that says where in the whole a waiting row belongs


def reordered(
    read: Callable[[int, np.ndarray], pa.Table],
    schema: pa.Schema,
    shards: np.ndarray,
    rows: np.ndarray,
    borders: Sequence[int],
    folder: Path,
) -> Iterator[pa.Table]:
    """The rows in the order asked for, part by part.

    Args:
        read: rows of one shard, as `columns.gather` calls it.
        schema: of what it reads.
        shards: the shard of each row.
        rows: and where it is there.
        borders: where the parts begin and end, from 0 to the number of rows.
        folder: an empty one for what waits: as much as is asked for, uncompressed.
    """
    # Parts that follow each other wait in one file, so that there are never too many.
    step = math.ceil((len(borders) - 1) / _FILES)
    groups = [borders[at : at + step + 1] for at in range(0, len(borders) - 1, step)]
    files = [folder / str(number) for number in range(len(groups))]
    edges = [0, *(group[-1] for group in groups)]
    _distribute(read, schema, shards, rows, edges, files)
    for file, group in zip(files, groups, strict=True):
        with pa.memory_map(str(file)) as source:
            waiting = pa.ipc.open_file(source).read_all().combine_chunks()
            order = np.argsort(waiting[_PLACE].to_numpy())
            waiting = waiting.select(schema.names)
            for start, stop in pairwise(group):
                yield waiting.take(pa.array(order[start - group[0] : stop - group[0]]))
        file.unlink()


def _distribute(
    read: Callable[[int, np.ndarray], pa.Table],
    schema: pa.Schema,
    shards: np.ndarray,
    rows: np.ndarray,
    borders: Sequence[int],
    files: Sequence[Path],
) -> None:
    """Write the rows between two borders to each file, with their places, in any order."""
    # Shard by shard, in each of them in the order asked for.
    order = np.argsort(shards, kind="stable")
    wanted, first = np.unique(shards[order], return_index=True)
    waiting_schema = schema.append(pa.field(_PLACE, pa.int64()))
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        writers = [
            stack.enter_context(pa.ipc.new_file(str(file), waiting_schema)) for file in files
        ]
        locks = [Lock() for _ in files]

        def distribute(shard: int, places: np.ndarray) -> None:
            table = read(shard, rows[places]).append_column(_PLACE, pa.array(places))
            cuts = np.searchsorted(places, borders)
            for number, (start, stop) in enumerate(pairwise(cuts.tolist())):
                if start < stop:
                    with locks[number]:
                        writers[number].write_table(table.slice(start, stop - start))

        for _ in pool.map(distribute, wanted.tolist(), np.split(order, first[1:])):
            pass
