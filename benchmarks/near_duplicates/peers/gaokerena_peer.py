"""Ours: arguments are the corpus, the answer's file, threads, bands."""

import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.near_duplicates.peers.exchange import write_answer
from gaokerena_data.curate.clusters import clusters
from gaokerena_data.curate.columns import StoredTexts
from gaokerena_data.curate.near_duplicates import find_near_duplicates


def main(corpus: Path, output: Path, workers: int, bands: int) -> None:
    started = time.perf_counter()
    parts = sorted(corpus.glob("part-*"))
    texts = StoredTexts.of([pq.read_table(part, columns=["text"])["text"] for part in parts])
    matches = find_near_duplicates(
        texts, threshold=0.7, bands=bands, rows=112 // bands, workers=workers
    )
    labels = clusters(matches.first, matches.second, len(texts))
    kept = np.flatnonzero(labels == np.arange(len(labels))).tolist()
    write_answer(output, time.perf_counter() - started, kept)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
