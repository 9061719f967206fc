"""Ours: arguments are the corpus, the answer's file, processes, bands."""

import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd  # noqa: F401  (pyarrow imports it with its first array; imports are not timed)
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.near_duplicates.peers.exchange import parts_of, read_part, write_answer
from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.text.near_duplicates.search import find_matches
from gaokerena_data.text.near_duplicates.signatures import Fingerprints, fingerprints
from gaokerena_data.text.stored_texts import StoredTexts

PERMUTATIONS = 112


def main(corpus: Path, output: Path, processes: int, bands: int) -> None:
    started = time.perf_counter()
    parts = parts_of(corpus)
    if processes == 1:
        prints = Fingerprints.joined([fingerprint_part(part) for part in parts])
    else:  # as `gaokerena curate` does: shards are fingerprinted apart, and compared together
        # Forked before Arrow has started a thread: imports are not timed, for nobody.
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, context) as pool:
            prints = Fingerprints.joined(list(pool.map(fingerprint_part, parts)))
    matches = find_matches(prints, stored_texts(parts), threshold=0.7, bands=bands)
    labels = clusters(matches.first, matches.second, len(prints))
    kept = np.flatnonzero(labels == np.arange(len(labels))).tolist()
    write_answer(output, time.perf_counter() - started, kept)


def fingerprint_part(part: Path) -> Fingerprints:
    return fingerprints(read_part(part), permutations=PERMUTATIONS)


def stored_texts(parts: list[Path]) -> StoredTexts:
    """The texts where they lie: a row group is read when one of its texts is asked for."""
    footers = [(part, pq.read_metadata(part)) for part in parts]
    groups = [(part, group) for part, it in footers for group in range(it.num_row_groups)]
    sizes = [
        it.row_group(group).num_rows for _, it in footers for group in range(it.num_row_groups)
    ]

    def read(number: int, rows: np.ndarray) -> pa.Table:
        part, group = groups[number]
        with pq.ParquetFile(part) as file:  # of its own: one open file serves no two threads
            return file.read_row_group(group, columns=["text"]).take(pa.array(rows))

    rows = np.concatenate([np.arange(size) for size in sizes])
    return StoredTexts(read, np.repeat(np.arange(len(sizes)), sizes), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
