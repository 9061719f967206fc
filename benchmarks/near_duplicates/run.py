"""Run every peer on the same corpora and write the table.

`python -m benchmarks.near_duplicates.run`

Each peer gets its own environment under the cache folder, made once. Takes about half an hour on
two cores, nearly all of it datatrove's; `--sizes 10000` is enough for a first impression.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.corpora import (
    ROOT,
    SENTENCES,
    add_options,
    cached_corpus,
    describe,
    read_options,
)
from benchmarks.environments import interpreter
from benchmarks.measure import Usage, run_measured
from benchmarks.near_duplicates.judge import Verdict, cells, judge
from benchmarks.report import machine, markdown_table, write_section


@dataclass(frozen=True)
class Peer:
    """A way to find near-duplicates.

    Attributes:
        name: in the table.
        module: under `peers`.
        arguments: after the corpus and the answer's file.
        requirements: of its own environment; none for ours, which runs in this one.
        largest: the largest corpus it is run on.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    largest: int = 10**9


PYARROW = ("pyarrow==26.0.1",)
DATATROVE = (
    *("datatrove==0.10.1", "orjson", "tokenizers", "nltk", "regex", "xxhash<4", "spacy"),
    *PYARROW,
)
PEERS = (
    Peer("gaokerena, 2 processes", "gaokerena_peer", ("2", "28")),
    Peer("gaokerena, 1 process", "gaokerena_peer", ("1", "28")),
    Peer("gaokerena, 2 processes, 14 × 8", "gaokerena_peer", ("2", "14")),
    Peer("rensa 0.5.0", "rensa_peer", (), ("rensa==0.5.0", *PYARROW), 40_000),
    Peer("datasketch 2.0.0", "datasketch_peer", (), ("datasketch==2.0.0", *PYARROW), 40_000),
    Peer("datatrove 0.10.1, 2 processes", "datatrove_peer", ("fas",), DATATROVE, 40_000),
    Peer("the same, words split at spaces", "datatrove_peer", ("whitespace",), DATATROVE, 10_000),
)


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    peer: Peer
    seconds: float
    usage: Usage
    kept: int
    verdict: Verdict


def main() -> None:
    options = _options()
    sections = [f"{_HOW} Sentences are\n{SENTENCES[options.texts]}."]
    for size in options.sizes:
        corpus = cached_corpus(options, size)
        sections.append(f"### {describe(corpus)}")
        results: list[Result] = []
        for peer in PEERS:
            if size <= peer.largest and peer.module in options.peers:
                results.append(run_peer(peer, corpus, options.cache))
                print(f"{size} {peer.name}: {results[-1].seconds:.1f} s", flush=True)
                # After every peer, because the last one takes most of the time.
                write_section("near-duplicates", "\n\n".join([*sections, table(results)]))
        sections.append(table(results))


def run_peer(peer: Peer, corpus: Path, cache: Path) -> Result:
    """Run one peer in its environment, and judge its answer by the truth."""
    answer = cache / "answer.json"
    answer.unlink(missing_ok=True)
    module = f"benchmarks.near_duplicates.peers.{peer.module}"
    ours = Path(sys.executable)
    python = interpreter(peer.module, peer.requirements, cache) if peer.requirements else ours
    usage = run_measured(
        [str(python), "-m", module, str(corpus), str(answer), *peer.arguments],
        cwd=ROOT,
        log=cache / f"{peer.module}.log",
    )
    given = json.loads(answer.read_text())
    truth = pq.read_table(corpus / "truth.parquet")
    verdict = judge(given["kept"], truth["kind"].to_pylist(), truth["group"].to_pylist())
    return Result(peer, given["seconds"], usage, len(given["kept"]), verdict)


def table(results: Sequence[Result]) -> str:
    """The results on one corpus in Markdown; ratios are to the first line."""
    ours = results[0]
    rows = [
        (
            result.peer.name,
            f"{result.seconds:.1f}",
            f"{result.seconds / ours.seconds:.1f}",
            f"{result.usage.cpu_seconds:.1f}",
            f"{result.usage.cpu_seconds / ours.usage.cpu_seconds:.1f}",
            f"{result.usage.peak_mb:.0f}",
            f"{result.kept:,}",
            *cells(result.verdict),
        )
        for result in results
    ]
    return markdown_table(("", *_COLUMNS), rows)


_COLUMNS = (
    *("seconds", "times ours", "CPU seconds", "times ours", "peak MB"),
    *("kept", "near-duplicates found", "exact found", "texts lost"),
)
_HOW = f"""## Near-duplicates

`python -m benchmarks.near_duplicates.run`, one after another in one run on one machine:
{machine()}.

Every peer reads the same Parquet files and ends with what it would keep: word 5-grams, 112
permutations, 14 bands of 8 rows, similarity 0.7 where it can be told; ours 28 bands of 4 rows,
which it can afford because it verifies the true similarity, and 14 of 8 for comparison.
Seconds are from the first byte read to the answer, without imports; CPU seconds are of all
processes, with imports; peak memory is the proportional set size of all processes together.
Ours holds no text: fingerprints are made as texts are read, one file a process, and the texts of
candidates are read again. rensa and datasketch work in one process, as their users run them.
datatrove has two workers; it is run with its Persian tokenizer (spaCy's) and, to see what that
costs, with words split at spaces.

The corpora are seeded (`benchmarks/near_duplicates/corpus.py`): 7.5 % of the documents are
near-duplicates of another with 0 to 4 % of the words replaced, 1.5 % are exact duplicates, 1 %
are prescriptions that differ in nothing but numbers, 0.5 % are posts of two to four words. A text
is lost when neither it nor a copy of it is kept: it was merged with another. Replacing 4 % of the
words leaves a similarity of about 0.67, below the threshold, so no honest recall is 1."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, sizes=[10_000, 40_000, 100_000])
    modules = sorted({peer.module for peer in PEERS})
    parser.add_argument("--peers", nargs="+", choices=modules, default=modules)
    return read_options(parser)


if __name__ == "__main__":
    main()
