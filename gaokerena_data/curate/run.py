"""The curation of one dataset, from extracted records to clean splits and a ledger."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.config import DATASET_KINDS, Config, Dataset, DatasetConfig, Mf3qa
from gaokerena_data.curate.decide import Verdict, decide
from gaokerena_data.curate.duplicates import drop as duplicates
from gaokerena_data.curate.lock import only_one
from gaokerena_data.curate.measures.engines import Engine, LocalEngine
from gaokerena_data.curate.recipes import Preset
from gaokerena_data.curate.rules import filters
from gaokerena_data.curate.split_files import split_file, write_splits
from gaokerena_data.curate.splits.leakage import Leak, count_leaks, count_touched_benchmarks
from gaokerena_data.curate.summary import summarize, write_summary
from gaokerena_data.curate.texts.input_index import TEXT_FIELDS
from gaokerena_data.curate.texts.signal_store import Progress
from gaokerena_data.curate.texts.whole_records import extracted_rows
from gaokerena_data.drawing import drawing_style, save_png
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.funnel import Funnel, draw_funnel_by_source, read_funnel
from gaokerena_data.ledger import write_ledger
from gaokerena_data.records import Kind
from gaokerena_data.review.card import describe_review
from gaokerena_data.workspace import Workspace, atomic_folder

# What the last step uses, and takes a second to import.
_LATER = (
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "PIL.Image",
)


@dataclass(frozen=True, slots=True)
class Curation:
    """What a run made: `records` = rows of the ledger = kept in a split + dropped.

    `stale_reviews` are records that somebody reviewed, but never in their present words.
    """

    folder: Path
    records: int
    ledger: pa.Table
    splits: dict[str, int]
    leaks: list[Leak]
    stale_reviews: list[str]
    funnel: Funnel


def curate(
    workspace: Workspace,
    dataset: Dataset,
    config: Config,
    progress: Progress,
    workers: int | None = None,
    preset: Preset = "default",
    engine: Engine | None = None,
) -> Curation:
    """Turn all extracted records of a dataset into splits and a ledger.

    Writes `curated/DATASET/`: `default/SPLIT.parquet` (texts normalized, rows in id order),
    `uncleaned/train.parquet` for pairs, `ledger.parquet` with one row a record, `run.json`,
    `funnel.png`. The folder is replaced whole at the end; the same records and thresholds give the
    same bytes.

    Args:
        workspace: where to read and write.
        dataset: which one.
        config: the thresholds.
        progress: told (step, done, total) as it goes.
        workers: processes that measure; as many as there are cores by default.
        preset: "paper" applies the authors' own recipe and writes to `curated/DATASET-paper/`.
        engine: who measures; the processes of this machine by default.

    Raises:
        GaokerenaError: no records, an unreadable file, a killed worker, a full disk, or another
            process that curates the same dataset.
    """
    with no_room_told(workspace), only_one(workspace, dataset):
        engine = engine or LocalEngine(workers)
        verdict = decide(workspace, dataset, config, progress, engine, preset, _import_later)
        folder = curated_folder(workspace, dataset, preset)
        with atomic_folder(folder) as part:
            leaks, funnel = _write_all(verdict, part, folder, workspace, dataset, progress)
        verdict.store.keep_pairs()
        if preset == "default":
            for name, rows in verdict.splits.items():
                verdict.store.keep_written(split_file(folder, name), rows["key"])
    sizes = {name: rows.num_rows for name, rows in verdict.splits.items()}
    stale = verdict.reviewed.stale if verdict.reviewed else []
    return Curation(folder, verdict.numbers.num_rows, verdict.ledger, sizes, leaks, stale, funnel)


def curated_folder(workspace: Workspace, dataset: Dataset, preset: Preset) -> Path:
    """Where a curation by this preset goes."""
    return workspace.curated(dataset if preset == "default" else f"{dataset}-{preset}")


@contextmanager
def no_room_told(workspace: Workspace) -> Iterator[None]:
    """Turn the errors of a full disk into one for people."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise GaokerenaError(
            f"{workspace.root}: no room left to write ({os.strerror(error.errno)}); the last "
            "curation is as it was and measured shards are kept: make room and run it again"
        ) from None


def _import_later() -> None:
    for name in _LATER:
        import_module(name)


def _write_all(
    verdict: Verdict,
    folder: Path,
    last: Path,
    workspace: Workspace,
    dataset: Dataset,
    progress: Progress,
) -> tuple[list[Leak], Funnel]:
    """Write into `folder` what will take the place of `last`."""
    kind = DATASET_KINDS[dataset]
    summary = summarize(
        dataset,
        verdict.settings,
        verdict.files,
        verdict.inputs,
        verdict.ledger,
        steps=verdict.steps,
        review=_review_section(verdict.settings, workspace),
    )
    funnel = read_funnel(summary)
    draw = partial(_draw, funnel, folder / "funnel.png")
    write_splits(verdict, dataset, folder, last, progress, draw)
    if kind == "question_answer":
        _write(_uncleaned(verdict), folder / "uncleaned" / "train.parquet")
    if verdict.reviewed is not None:
        _write(verdict.reviewed.candidates, folder / "candidates.parquet")
    leaks = _count_leaks(verdict, folder, kind, progress)
    write_ledger(verdict.ledger, folder / "ledger.parquet")
    write_summary(folder / "run.json", summary, leaks)
    return leaks, funnel


def _draw(funnel: Funnel, path: Path) -> None:
    with drawing_style():
        save_png(draw_funnel_by_source(funnel), path)


def _count_leaks(verdict: Verdict, folder: Path, kind: Kind, progress: Progress) -> list[Leak]:
    """The leakage table, counted on the splits as they were written."""
    total = sum(rows.num_rows for rows in verdict.splits.values())
    progress("leakage", 0, total)
    settings = verdict.settings
    leaks = count_touched_benchmarks(verdict.splits, verdict.store, verdict.protected, settings)
    if isinstance(settings, Mf3qa):  # a corpus has one split, which cannot leak into another
        fields = list(TEXT_FIELDS[kind])
        texts = {
            name: pq.read_table(split_file(folder, name), columns=fields).to_pydict()
            for name in verdict.splits
        }
        between = count_leaks(texts, settings.near_duplicates, settings.containment)
        leaks = [*between, *leaks]
    progress("leakage", total, total)
    return leaks


def _uncleaned(verdict: Verdict) -> pa.Table:
    """Every answered pair once, as it was read, in id order: only personal data is taken out."""
    table = duplicates.drop_repeated(verdict.numbers).kept
    table = filters.drop_taken_down(table, verdict.takedowns).kept
    table = filters.drop_identified(table, verdict.settings.drop_personal_data).kept
    table = table.sort_by("id")
    pairs = extracted_rows(table, verdict.files, "question_answer")
    redacted = verdict.store.read(table["key"], ["redacted_heading", "redacted_body"])
    for name, column in (("question", "redacted_heading"), ("answer", "redacted_body")):
        texts = pc.coalesce(redacted[column], pairs[name])
        pairs = pairs.set_column(pairs.column_names.index(name), name, texts)
    return pairs.filter(pc.not_equal(pairs["answer"], "")).combine_chunks()


def _review_section(settings: DatasetConfig, workspace: Workspace) -> str | None:
    if not isinstance(settings, Mf3qa):
        return None
    rule = settings.review
    return describe_review(workspace, "mf3qa", rule.rule, rule.senior)


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
