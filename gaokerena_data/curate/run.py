"""The curation of one dataset, from extracted records to clean splits and a ledger."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.curate.decide import Decided, decide
from gaokerena_data.curate.lock import only_one
from gaokerena_data.curate.measures.engines import Engine, LocalEngine
from gaokerena_data.curate.other_configs import removed_rows, uncleaned_rows
from gaokerena_data.curate.rules.benchmark_ngram import BenchmarkNgram
from gaokerena_data.curate.rules.containment import ContainmentSettings
from gaokerena_data.curate.score_file import write_scores
from gaokerena_data.curate.split_files import split_file, write_splits
from gaokerena_data.curate.splits.leakage import Leak, count_leaks, count_touched_benchmarks
from gaokerena_data.curate.summary import summarize, write_summary
from gaokerena_data.datasets.configs import REMOVED
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.drawing import drawing_style, save_png
from gaokerena_data.funnel import Funnel, draw_funnel_by_source, read_funnel
from gaokerena_data.ledger import write_ledger
from gaokerena_data.progress import Progress
from gaokerena_data.takedowns.found import complete
from gaokerena_data.workspace import Workspace, atomic_folder, room_needed

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
    dataset: str,
    progress: Progress,
    workers: int | None = None,
    preset: str = "default",
    engine: Engine | None = None,
) -> Curation:
    """Turn all extracted records of a dataset into splits and a ledger.

    Writes `curated/DATASET/`: `default/SPLIT.parquet` (texts normalized, rows in id order),
    `uncleaned/SPLIT.parquet` and `removed/removed.parquet` where the dataset has those configs,
    `scores.parquet` where it has a scorer, `ledger.parquet` with one row a record, `run.json`,
    `funnel.png`. The folder is replaced whole at the end; the same records and thresholds give the
    same bytes.

    Args:
        workspace: where to read and write.
        dataset: its name.
        progress: told (step, done, total) as it goes.
        workers: processes that measure; as many as there are cores by default.
        preset: another way that the dataset declares, such as "paper", the authors' own recipe;
            it is written to `curated/DATASET-PRESET/`.
        engine: who measures; the processes of this machine by default.

    Raises:
        GaokerenaError: no records, an unreadable file, a killed worker, a full disk, or another
            process that curates the same dataset.
    """
    declaration = find_dataset(workspace, dataset)
    with no_room_told(workspace), only_one(workspace, declaration):
        complete(workspace)
        engine = engine or LocalEngine(workers)
        decided = decide(workspace, declaration, progress, engine, preset, _import_later)
        store = decided.curating.store
        folder = curated_folder(workspace, dataset, preset)
        with atomic_folder(folder) as part:
            leaks, funnel = _write_all(decided, part, folder)
        store.keep_pairs()
        if preset == "default":
            for name, rows in decided.splits.items():
                store.keep_written(split_file(folder, name), rows["key"])
    sizes = {name: rows.num_rows for name, rows in decided.splits.items()}
    stale = decided.curating.reviewed.stale if decided.curating.reviewed else []
    return Curation(folder, decided.numbers.num_rows, decided.ledger, sizes, leaks, stale, funnel)


def curated_folder(workspace: Workspace, dataset: str, preset: str) -> Path:
    """Where a curation by this preset goes."""
    return workspace.curated(dataset if preset == "default" else f"{dataset}-{preset}")


def no_room_told(workspace: Workspace) -> AbstractContextManager[None]:
    """Turn the errors of a full disk into one for people."""
    stays = "the last curation is as it was and measured shards are kept"
    return room_needed(workspace.root, stays)


def _import_later() -> None:
    for name in _LATER:
        import_module(name)


def _write_all(decided: Decided, folder: Path, last: Path) -> tuple[list[Leak], Funnel]:
    """Write into `folder` what will take the place of `last`."""
    curating, reviewed = decided.curating, decided.curating.reviewed
    summary = summarize(
        curating,
        decided.ledger,
        steps=decided.steps,
        review=reviewed.card if reviewed else None,
    )
    funnel = read_funnel(summary)
    draw = partial(_draw, funnel, folder / "funnel.png")
    write_splits(decided, folder, last, draw)
    # What reviewers are to doubt is found in texts as they were read.
    if "uncleaned" in curating.declaration.configs or curating.declaration.is_reviewed:
        for name, records in uncleaned_rows(decided).items():
            _write(records, folder / "uncleaned" / f"{name}.parquet")
    if REMOVED in curating.declaration.configs and curating.preset is None:
        _write(removed_rows(decided), folder / REMOVED / f"{REMOVED}.parquet")
    if reviewed is not None:
        _write(reviewed.candidates, folder / "candidates.parquet")
    write_scores(decided, folder)
    leaks = _count_leaks(decided, folder)
    write_ledger(decided.ledger, folder / "ledger.parquet")
    write_summary(folder / "run.json", summary, leaks)
    return leaks, funnel


def _draw(funnel: Funnel, path: Path) -> None:
    with drawing_style():
        save_png(draw_funnel_by_source(funnel), path)


def _count_leaks(decided: Decided, folder: Path) -> list[Leak]:
    """The leakage table, counted on the splits as they were written."""
    curating, splits = decided.curating, decided.splits
    total = sum(rows.num_rows for rows in splits.values())
    curating.progress("leakage", 0, total)
    near = curating.settings.near_duplicates
    leaks: list[Leak] = []
    if len(splits) > 1:  # one split cannot leak into another
        fields = list(curating.declaration.kind.texts)
        texts = {
            name: pq.read_table(split_file(folder, name), columns=fields).to_pydict()
            for name in splits
        }
        containment = curating.find(ContainmentSettings)
        leaks += count_leaks(texts, near, containment.containment if containment else None)
    if quoted := curating.find(BenchmarkNgram):
        leaks += count_touched_benchmarks(
            splits,
            curating.store,
            curating.protected,
            near,
            quoted.decontamination,
            curating.may_train,
        )
    curating.progress("leakage", total, total)
    return leaks


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
