"""Rows of many shards in another order than they lie in, with a part of them in memory at a time.

Texts are measured in the order in which they come, and splits are in the order of their ids, which
are hashes: each thousand rows of a split lie in all shards. To read all shards for each part of a
split would take the square of their number. So every shard is read once, and its rows are sorted
on disk by their places in the split.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from gaokerena_data.external_sort import MAX_FILES, ExternalSort

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

    Three rows in two parts, which lie in two shards:

    ```
    reordered(read, schema, shards=[1, 0, 1], rows=[5, 2, 0], borders=[0, 2, 3], folder)
    # shard 0 is read for row 2, shard 1 for rows 5 and 0; then come the parts:
    # row 5 of shard 1 and row 2 of shard 0; row 0 of shard 1
    ```

    Args:
        read: rows of one shard, as `columns.gather` calls it.
        schema: of what it reads.
        shards: the shard of each row.
        rows: and where it is there.
        borders: where the parts begin and end, from 0 to the number of rows.
        folder: an empty one for what waits: as much as is asked for, uncompressed.
    """
    # Parts that follow each other wait in one file, so that there are never too many.
    step = math.ceil((len(borders) - 1) / MAX_FILES)
    groups = [borders[at : at + step + 1] for at in range(0, len(borders) - 1, step)]
    waiting = ExternalSort(
        schema.append(pa.field(_PLACE, pa.int64())), _PLACE, folder, parts=len(groups)
    )
    _distribute(read, waiting, shards, rows, [0, *(group[-1] for group in groups)])
    for group, there in zip(groups, waiting.sorted_parts(), strict=True):
        for start, stop in pairwise(group):
            yield there.select(schema.names).slice(start - group[0], stop - start)


def _distribute(
    read: Callable[[int, np.ndarray], pa.Table],
    waiting: ExternalSort,
    shards: np.ndarray,
    rows: np.ndarray,
    borders: Sequence[int],
) -> None:
    """Let the rows between two borders wait in one part, with their places."""
    # Shard by shard, in each of them in the order asked for.
    order = np.argsort(shards, kind="stable")
    wanted, first = np.unique(shards[order], return_index=True)

    def distribute(shard: int, places: np.ndarray) -> None:
        table = read(shard, rows[places]).append_column(_PLACE, pa.array(places))
        cuts = np.searchsorted(places, borders)
        for part, (start, stop) in enumerate(pairwise(cuts.tolist())):
            if start < stop:
                waiting.add(part, table.slice(start, stop - start))

    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(distribute, wanted.tolist(), np.split(order, first[1:])):
            pass
