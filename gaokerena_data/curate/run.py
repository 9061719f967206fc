"""The curation of one dataset, from extracted records to clean splits and a ledger."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.config import (
    DATASET_KINDS,
    Config,
    Dataset,
    DatasetConfig,
    MedicalCorpus,
    Mf3qa,
)
from gaokerena_data.curate import duplicates, filters
from gaokerena_data.curate.inputs import TEXT_FIELDS, input_files, read_index
from gaokerena_data.curate.leakage import Leak, count_leaks
from gaokerena_data.curate.protected import read_protected
from gaokerena_data.curate.recipes import (
    Preset,
    Recipe,
    articles_recipe,
    pairs_recipe,
    paper_recipe,
)
from gaokerena_data.curate.rows import extracted_rows
from gaokerena_data.curate.signals import Progress, SignalStore, read_numbers
from gaokerena_data.curate.summary import write_summary
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import LEDGER_SCHEMA, write_ledger
from gaokerena_data.review.card import describe_review
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.takedowns import Takedowns, load_takedowns
from gaokerena_data.workspace import Workspace, atomic_folder


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


def curate(
    workspace: Workspace,
    dataset: Dataset,
    config: Config,
    progress: Progress,
    workers: int | None = None,
    preset: Preset = "default",
) -> Curation:
    """Turn all extracted records of a dataset into splits and a ledger.

    Writes `curated/DATASET/`: `default/SPLIT.parquet` (texts normalized, rows in id order),
    `uncleaned/train.parquet` for pairs, `ledger.parquet` with one row a record, `run.json`. The
    folder is replaced whole at the end; the same records and thresholds give the same bytes.

    Args:
        workspace: where to read and write.
        dataset: which one.
        config: the thresholds.
        progress: told (step, done, total) as it goes.
        workers: processes that measure; as many as there are cores by default.
        preset: "paper" applies the authors' own recipe and writes to `curated/DATASET-paper/`.

    Raises:
        GaokerenaError: no records, an unreadable file, a killed worker.
    """
    kind = DATASET_KINDS[dataset]
    settings = config.mf3qa if dataset == "mf3qa" else config.medical_corpus
    files = input_files(workspace, kind, settings.sources)
    index = read_index(files, kind)
    store = SignalStore(workspace, kind, settings.near_duplicates)
    store.measure_missing(files, index, kind, progress, workers)

    table = numbers = read_numbers(store, index)
    takedowns = load_takedowns(workspace)
    recipe = _recipe(preset, settings, files, store, workspace, takedowns)
    dropped: list[pa.Table] = []
    for done, (name, step) in enumerate(recipe.steps):
        progress(name, done, len(recipe.steps))
        outcome = step(table)
        table = outcome.kept
        dropped.append(outcome.dropped)
    reviewed = recipe.review(table) if recipe.review else None
    if reviewed is not None:
        table = reviewed.outcome.kept
        dropped.append(reviewed.outcome.dropped)
    progress("split", len(recipe.steps), len(recipe.steps))
    splits, leaked = recipe.split(table)
    ledger = _join_ledger(splits, [*dropped, leaked])
    _check_sum(index, ledger)

    folder = workspace.curated(dataset if preset == "default" else f"{dataset}-{preset}")
    with atomic_folder(folder) as part:
        texts = {}
        for name, rows in splits.items():
            records = recipe.write(rows)
            _write(records, part / "default" / f"{name}.parquet")
            texts[name] = {field: records[field].to_pylist() for field in TEXT_FIELDS[kind]}
        if kind == "question_answer":
            uncleaned = _uncleaned(numbers, files, store, settings, takedowns)
            _write(uncleaned, part / "uncleaned" / "train.parquet")
        if reviewed is not None:
            _write(reviewed.candidates, part / "candidates.parquet")
        leaks = count_leaks(texts, settings.near_duplicates)
        write_ledger(ledger, part / "ledger.parquet")
        write_summary(
            part / "run.json",
            workspace,
            dataset,
            settings,
            files,
            ledger,
            leaks,
            steps=_applied_steps([*dropped, leaked]),
            review=_review_section(settings, workspace),
        )
    sizes = {name: rows.num_rows for name, rows in splits.items()}
    stale = reviewed.stale if reviewed else []
    return Curation(folder, index.num_rows, ledger, sizes, leaks, stale)


def _recipe(
    preset: Preset,
    settings: Mf3qa | MedicalCorpus,
    files: list[Path],
    store: SignalStore,
    workspace: Workspace,
    takedowns: Takedowns,
) -> Recipe:
    protected = read_protected(workspace)
    if isinstance(settings, Mf3qa):
        if preset == "paper":
            return paper_recipe(files)
        decisions = load_decisions(log_path(workspace, "mf3qa"))
        return pairs_recipe(settings, files, store, takedowns, protected, decisions)
    if preset == "paper":
        raise GaokerenaError("the preset `paper` is known for mf3qa only: leave out --preset")
    return articles_recipe(settings, files, store, takedowns, protected)


def _uncleaned(
    numbers: pa.Table,
    files: list[Path],
    store: SignalStore,
    settings: DatasetConfig,
    takedowns: Takedowns,
) -> pa.Table:
    """Every answered pair once, as it was read, in id order: only personal data is taken out."""
    table = duplicates.drop_repeated(numbers).kept
    table = filters.drop_taken_down(table, takedowns).kept
    table = filters.drop_identified(table, settings.drop_personal_data).kept.sort_by("id")
    pairs = extracted_rows(table, files, "question_answer")
    redacted = store.read(table["key"], ["redacted_heading", "redacted_body"])
    for name, column in (("question", "redacted_heading"), ("answer", "redacted_body")):
        texts = pc.coalesce(redacted[column], pairs[name])
        pairs = pairs.set_column(pairs.column_names.index(name), name, texts)
    return pairs.filter(pc.not_equal(pairs["answer"], "")).combine_chunks()


def _join_ledger(splits: dict[str, pa.Table], dropped: list[pa.Table]) -> pa.Table:
    kept = [
        pa.table(
            {
                **{name: rows[name] for name in ("id", "source", "origin")},
                "decision": pa.array(["kept"] * rows.num_rows, pa.string()),
                "step": pa.array(["split@1"] * rows.num_rows, pa.string()),
                "reason": pa.array([split] * rows.num_rows, pa.string()),
                **{
                    field.name: pa.nulls(rows.num_rows, field.type)
                    for field in list(LEDGER_SCHEMA)[6:]
                },
                **({"detail": rows["note"]} if "note" in rows.column_names else {}),
            },
            schema=LEDGER_SCHEMA,
        )
        for split, rows in splits.items()
    ]
    order = [("id", "ascending"), ("origin", "ascending"), ("step", "ascending")]
    return pa.concat_tables([*kept, *dropped]).sort_by(order).combine_chunks()


def _applied_steps(dropped: list[pa.Table]) -> list[str]:
    """The rules that left anything out, in the order in which they were applied."""
    return list(dict.fromkeys(step for table in dropped for step in table["step"].to_pylist()))


def _review_section(settings: DatasetConfig, workspace: Workspace) -> str | None:
    if not isinstance(settings, Mf3qa):
        return None
    rule = settings.review
    return describe_review(workspace, "mf3qa", rule.rule, rule.senior)


def _check_sum(index: pa.Table, ledger: pa.Table) -> None:
    """Every input record stands in the ledger once: a count that is off stops the run."""
    if sorted(index["id"].to_pylist()) != ledger["id"].to_pylist():
        raise GaokerenaError(
            f"{index.num_rows:,} records went in, {ledger.num_rows:,} stand in the ledger: "
            "this is a defect of the program, nothing was written"
        )


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
