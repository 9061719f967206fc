"""Curate the same articles by `gaokerena curate` and by a plain script, and write the table.

`python -m benchmarks.curation.run`

The plain script gets its own environment under the cache folder, made once. It takes about 25
minutes for 100,000 articles; `--plain-largest 10000` leaves it out there.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.corpora import (
    ROOT,
    SENTENCES,
    add_options,
    cached_corpus,
    describe,
    read_options,
)
from benchmarks.curation.articles import number_of, write_articles
from benchmarks.environments import interpreter
from benchmarks.measure import Usage, run_measured
from benchmarks.near_duplicates.judge import Verdict, cells, judge
from benchmarks.report import machine, markdown_table, write_section
from gaokerena_data.workspace import Workspace

PLAIN = ("hazm==0.12.1", "langdetect==1.0.9", "datasketch==2.0.0", "pyarrow==26.0.1")
# The similarity from which on the plain script's 14 bands of 8 rows find most pairs.
SETTINGS = {"real": "[medical_corpus.near_duplicates]\nthreshold = 0.7\n"}
# No invented word is one of medicine's.
SETTINGS["invented"] = f"{SETTINGS['real']}[medical_corpus.pages]\nmin_medical_share = 0\n"


@dataclass(frozen=True)
class Result:
    """One line of the table.

    Attributes:
        name: who curated.
        usage: what it took.
        kept: how many articles stayed.
        left_out: why those were dropped that are no duplicates: a reason for each.
        verdict: on all others.
    """

    name: str
    usage: Usage
    kept: int
    left_out: Sequence[str]
    verdict: Verdict


def main() -> None:
    options = _options()
    sections = [f"{_HOW} Sentences\nare {SENTENCES[options.texts]}."]
    first_runs: list[tuple[int, float]] = []
    for size in options.sizes:
        new = max(1, size // 100)
        corpus = cached_corpus(options, size + new)
        sections.append(f"### {size:,} articles, then {new:,} more\n\nTogether {describe(corpus)}.")
        results: list[Result] = []
        for result in run_all(corpus, size, new, options):
            results.append(result)
            print(f"{size} {result.name}: {result.usage.seconds:.1f} s", flush=True)
            growing = [*first_runs, (size, results[0].usage.seconds)]
            # After every line, because the last one takes most of the time.
            finished = [*sections, table(results), told(results), *growth(growing)]
            write_section("curation", "\n\n".join(finished))
        first_runs.append((size, results[0].usage.seconds))
        sections += [table(results), told(results)]


def run_all(corpus: Path, size: int, new: int, options: argparse.Namespace) -> Iterator[Result]:
    """Ours on a fresh workspace, ours again with new articles, the plain script."""
    cache: Path = options.cache
    workspace = Workspace(cache / "curation-workspace")
    shutil.rmtree(workspace.root, ignore_errors=True)
    articles = write_articles(corpus, workspace, 0, size)
    workspace.config_file.write_text(SETTINGS[options.texts])
    yield run_ours("gaokerena", corpus, size, workspace, cache)
    write_articles(corpus, workspace, size, size + new)
    yield run_ours("gaokerena again, 1 % new", corpus, size + new, workspace, cache)
    if size <= options.plain_largest:
        yield run_plain(corpus, size, articles, cache)
    shutil.rmtree(workspace.root)


def run_ours(name: str, corpus: Path, count: int, workspace: Workspace, cache: Path) -> Result:
    """The command, in a process of its own as a user runs it."""
    command = [str(Path(sys.executable).with_name("gaokerena")), "curate", "medical_corpus"]
    usage = run_measured(
        [*command, "--workspace", str(workspace.root)], ROOT, cache / "curation-gaokerena.log"
    )
    ledger = pq.read_table(workspace.curated("medical_corpus") / "ledger.parquet")
    kept = ledger.filter(pc.equal(ledger["decision"], "kept"))
    dropped = ledger.filter(pc.equal(ledger["decision"], "dropped"))
    # A duplicate's row names the article that was kept in its place.
    others = dropped.filter(pc.is_null(dropped["keeper"]))
    verdict = judge_ids(kept["id"].to_pylist(), others["id"].to_pylist(), corpus, count)
    return Result(name, usage, kept.num_rows, others["reason"].to_pylist(), verdict)


def run_plain(corpus: Path, count: int, articles: Path, cache: Path) -> Result:
    """The plain script, in an environment of its own."""
    output = cache / "curation-plain.parquet"
    usage = run_measured(
        [
            str(interpreter("plain", PLAIN, cache)),
            *("-m", "benchmarks.curation.plain", str(articles), str(output)),
        ],
        ROOT,
        cache / "curation-plain.log",
    )
    kept = pq.read_table(output, columns=["id"])["id"].to_pylist()
    others = output.with_suffix(".left_out").read_text().split()
    verdict = judge_ids(kept, others, corpus, count)
    return Result("plain script", usage, len(kept), ["too_short_or_foreign"] * len(others), verdict)


def judge_ids(kept: Sequence[str], left_out: Sequence[str], corpus: Path, count: int) -> Verdict:
    """The verdict on the first `count` texts of a corpus, those apart that were left out."""
    truth = pq.read_table(corpus / "truth.parquet").slice(0, count).to_pylist()
    others = {number_of(record_id) for record_id in left_out}
    numbers = [number for number in range(count) if number not in others]
    groups = [truth[number]["group"] for number in numbers]
    copies = Counter(groups)
    # A copy whose original is not among them is an article like any other.
    kinds = [
        truth[number]["kind"] if copies[group] > 1 else "article"
        for number, group in zip(numbers, groups, strict=True)
    ]
    place = {number: place for place, number in enumerate(numbers)}
    return judge([place[number_of(record_id)] for record_id in kept], kinds, groups)


def table(results: Sequence[Result]) -> str:
    """The results on one corpus in Markdown; ratios are to the first line."""
    ours = results[0].usage
    rows = [
        (
            result.name,
            f"{result.usage.seconds:.1f}",
            f"{result.usage.seconds / ours.seconds:.2f}",
            f"{result.usage.cpu_seconds:.1f}",
            f"{result.usage.cpu_seconds / ours.cpu_seconds:.2f}",
            f"{result.usage.peak_mb:.0f}",
            f"{result.kept:,}",
            f"{len(result.left_out):,}",
            *cells(result.verdict),
        )
        for result in results
    ]
    return markdown_table(("", *_COLUMNS), rows)


def told(results: Sequence[Result]) -> str:
    """What each dropped that is no duplicate, by reason."""
    lines = [
        f"- {result.name}: "
        + ", ".join(f"{reason} {count:,}" for reason, count in Counter(result.left_out).items())
        for result in results
        if result.left_out
    ]
    return "\n".join(["Dropped by other rules:", "", *lines])


def growth(first_runs: Sequence[tuple[int, float]]) -> list[str]:
    """How the time of the first run grows with the articles, where there are two sizes."""
    (least, before), (most, after) = min(first_runs), max(first_runs)
    if least == most:
        return []
    times = f"{most / least:.0f} times as many, the first run of `gaokerena curate` takes "
    return [f"From {least:,} to {most:,} articles, {times}{after / before:.1f} times as long."]


_COLUMNS = (
    *("seconds", "times ours", "CPU seconds", "times ours", "peak MB", "kept"),
    *("dropped by other rules", "near-duplicates found", "exact found", "texts lost"),
)
_HOW = f"""## Curation

`python -m benchmarks.curation.run`, one after another in one run on one machine:
{machine()}.

`gaokerena curate medical_corpus` on a workspace that was never curated, then once more when a file
with 1 % new articles has come, beside a script of hazm (normalizer, word tokenizer), langdetect and
datasketch 2.0.0 (14 bands of 8 rows) as they are written for such work
(`benchmarks/curation/plain.py`): each article normalized, dropped where it is not Persian or
shorter than 50 words, then everything that LSH finds like an earlier one. Ours does what the script
does and, beyond it, finds personal data and redacts it, measures and judges quality, looks for
pages that are no medical articles, verifies each near-duplicate by its true similarity, writes a
ledger with a reason for every record, and goes on where it was after a kill: all that is in its
time. It uses all cores and the script one, as such scripts do: CPU seconds compare the work itself.
Seconds are from the start of a process to its end, imports and all; peak memory is the proportional
set size of all processes together. Ours begins to call two articles near-duplicates at a
similarity of 0.7 here, where the script's bands do, and not at the 0.8 of gaokerena.toml.

The articles are those of the near-duplicates' corpora. Their ids are hashes, like those of real
records: the new ones fall anywhere among the old ones, and splits are in the order of ids. To start
and to draw the funnel takes some seconds, however few are new. Short posts and prescriptions are
shorter than 50 words: what rules drop that have nothing to do with duplicates is counted apart, and
the last three columns judge all the rest. A text is lost when neither it nor a copy is kept."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, sizes=[10_000, 100_000])
    parser.add_argument(
        "--plain-largest", type=int, default=10**9, help="most articles for the plain script"
    )
    return read_options(parser)


if __name__ == "__main__":
    main()
