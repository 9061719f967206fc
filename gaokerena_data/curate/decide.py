"""What becomes of every record, decided: nothing is written but what was measured."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pyarrow as pa

from gaokerena_data.config import DATASET_KINDS, Config, Dataset, MedicalCorpus, Mf3qa
from gaokerena_data.curate.measures.engines import Engine
from gaokerena_data.curate.recipes import (
    Preset,
    Recipe,
    articles_recipe,
    pairs_recipe,
    paper_recipe,
)
from gaokerena_data.curate.rules.review import Reviewed
from gaokerena_data.curate.splits.protected import Protected, read_protected
from gaokerena_data.curate.texts.input_index import INDEX, hash_inputs, input_files, read_index
from gaokerena_data.curate.texts.signal_store import Progress, SignalStore, read_numbers
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import LEDGER_SCHEMA
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.takedowns import Takedowns, load_takedowns
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the records of a dataset.

    Args:
        settings: the thresholds that were applied.
        files: the extracted files.
        inputs: their digests, by their places in the workspace.
        store: where the records' signals are.
        takedowns: what was asked to be left out.
        protected: what no training text may hold.
        recipe: the rules that were applied.
        numbers: one row a record that went in, with its measured numbers.
        splits: what stays.
        ledger: one row a record that went in.
        steps: the versioned rules that left anything out, in the order they were applied.
        reviewed: what the review step made, where the recipe has one.
    """

    settings: Mf3qa | MedicalCorpus
    files: list[Path]
    inputs: dict[str, str]
    store: SignalStore
    takedowns: Takedowns
    protected: Protected
    recipe: Recipe
    numbers: pa.Table
    splits: dict[str, pa.Table]
    ledger: pa.Table
    steps: list[str]
    reviewed: Reviewed | None


def decide(
    workspace: Workspace,
    dataset: Dataset,
    config: Config,
    progress: Progress,
    engine: Engine,
    preset: Preset = "default",
    meanwhile: Callable[[], None] | None = None,
) -> Verdict:
    """Measure what was not measured yet, and apply every rule.

    Args:
        workspace: where to read.
        dataset: which one.
        config: the thresholds.
        progress: told (step, done, total) as it goes.
        engine: who measures.
        preset: our rules or the authors' own.
        meanwhile: called in a thread of its own while texts are measured, mostly elsewhere.

    Raises:
        GaokerenaError: no records, an unreadable file, a killed worker.
    """
    kind = DATASET_KINDS[dataset]
    settings = config.mf3qa if dataset == "mf3qa" else config.medical_corpus
    files = input_files(workspace, kind, settings.sources)
    store = SignalStore(workspace, kind, settings.near_duplicates)
    inputs = hash_inputs(workspace, files)
    index = read_index(files, inputs.values(), kind, store.folder.parent / INDEX)
    if meanwhile is not None:
        Thread(target=meanwhile).start()
    store.measure_missing(files, index, kind, progress, engine)

    table = numbers = read_numbers(store, index)
    takedowns = load_takedowns(workspace)
    protected = read_protected(workspace)
    recipe = _recipe(preset, settings, files, store, workspace, takedowns, protected, progress)
    dropped: list[pa.Table] = []
    for name, step in recipe.steps:
        records = table.num_rows
        progress(name, 0, records)
        outcome = step(table)
        table = outcome.kept
        dropped.append(outcome.dropped)
        progress(name, records, records)
    reviewed = recipe.review(table) if recipe.review else None
    if reviewed is not None:
        table = reviewed.outcome.kept
        dropped.append(reviewed.outcome.dropped)
    progress("split", 0, table.num_rows)
    splits, leaked = recipe.split(table)
    progress("split", table.num_rows, table.num_rows)
    dropped.append(leaked)
    ledger = _join_ledger(splits, dropped)
    _check_sum(index, ledger)
    return Verdict(
        settings,
        files,
        inputs,
        store,
        takedowns,
        protected,
        recipe,
        numbers,
        splits,
        ledger,
        _applied_steps(dropped),
        reviewed,
    )


def _recipe(
    preset: Preset,
    settings: Mf3qa | MedicalCorpus,
    files: list[Path],
    store: SignalStore,
    workspace: Workspace,
    takedowns: Takedowns,
    protected: Protected,
    progress: Progress,
) -> Recipe:
    if isinstance(settings, Mf3qa):
        if preset == "paper":
            return paper_recipe(files)
        decisions = load_decisions(log_path(workspace, "mf3qa"))
        return pairs_recipe(settings, files, store, takedowns, protected, decisions, progress)
    if preset == "paper":
        raise GaokerenaError("the preset `paper` is known for mf3qa only: leave out --preset")
    return articles_recipe(settings, files, store, takedowns, protected, progress)


def _join_ledger(splits: dict[str, pa.Table], dropped: list[pa.Table]) -> pa.Table:
    kept = [
        pa.table(
            {
                **{name: rows[name] for name in ("id", "source", "origin")},
                "decision": pa.repeat("kept", rows.num_rows),
                "step": pa.repeat("split@1", rows.num_rows),
                "reason": pa.repeat(split, rows.num_rows),
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
    return list(
        dict.fromkeys(step for table in dropped for step in table["step"].unique().to_pylist())
    )


def _check_sum(index: pa.Table, ledger: pa.Table) -> None:
    """Every input record stands in the ledger once: a count that is off stops the run."""
    if not index["id"].combine_chunks().sort().equals(ledger["id"].combine_chunks()):
        raise GaokerenaError(
            f"{index.num_rows:,} records went in, {ledger.num_rows:,} stand in the ledger: "
            "this is a defect of the program, nothing was written"
        )
