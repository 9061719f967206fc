"""What becomes of every record, decided: nothing is written but what was measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Thread

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.measures.engines import Engine
from gaokerena_data.curate.rules.added import apply_added
from gaokerena_data.curate.rules.personal_data import name_model_of
from gaokerena_data.curate.rules.registry import PACKAGED_RULES, rules_of
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.scorers import scorer_folder
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.sifted import Sifted
from gaokerena_data.curate.splits.protected import read_protected
from gaokerena_data.curate.texts.input_index import INDEX, hash_inputs, input_files, read_index
from gaokerena_data.curate.texts.labelled import usable_labels, with_labels
from gaokerena_data.curate.texts.other_texts import with_other_texts
from gaokerena_data.curate.texts.score_store import ScoreStore, with_scores
from gaokerena_data.curate.texts.signal_store import SignalStore, read_numbers
from gaokerena_data.datasets.declaration import SPLITS, TRAIN, Declaration, Preset
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import LEDGER_SCHEMA
from gaokerena_data.progress import Progress
from gaokerena_data.scoring.label_files import Label
from gaokerena_data.takedowns.matching import read_matcher
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of the records of a dataset.

    Args:
        curating: what it was decided with.
        numbers: one row a record that went in, with its measured numbers.
        splits: what stays.
        ledger: one row a record that went in.
        steps: the rules that left anything out, in the order they were applied.
    """

    curating: Curating
    numbers: pa.Table
    splits: dict[str, pa.Table]
    ledger: pa.Table
    steps: list[str]


def decide(
    workspace: Workspace,
    declaration: Declaration,
    progress: Progress,
    engine: Engine,
    preset: str = "default",
    meanwhile: Callable[[], None] | None = None,
) -> Decided:
    """Measure what was not measured yet, and apply every rule.

    Args:
        workspace: where to read.
        declaration: of the dataset.
        progress: told (step, done, total) as it goes.
        engine: who measures.
        preset: the dataset's own rules ("default") or another way that it declares.
        meanwhile: called in a thread of its own while texts are measured, mostly elsewhere.

    Raises:
        GaokerenaError: no records, an unreadable file, a killed worker, an unknown rule.
    """
    chosen = _find_preset(declaration, preset)
    rules = rules_of(workspace, declaration, chosen)
    settings = load_settings(workspace, declaration, chosen)
    takedowns = read_matcher(workspace)
    kind = declaration.kind
    as_read = chosen is not None and chosen.texts == "extracted"
    files = input_files(workspace, kind, settings.sources, whole=as_read)
    store = SignalStore(
        workspace,
        kind,
        settings.near_duplicates,
        declaration.language,
        name_model_of(settings),
    )
    inputs = hash_inputs(workspace, files)
    index = read_index(files, inputs.values(), kind, store.folder.parent / INDEX)
    if meanwhile is not None:
        Thread(target=meanwhile).start()
    store.measure_missing(files, index, kind, progress, engine)

    numbers = read_numbers(store, index)
    if kind.others:
        numbers = with_other_texts(numbers, files, kind)
    scorer = scorer_folder(workspace, declaration, settings)
    scores = ScoreStore(store, scorer) if scorer is not None else None
    labels: list[Label] = []
    if scores is not None:
        scores.score_missing(progress)
        labels = usable_labels(workspace, declaration.name)
        numbers = with_labels(with_scores(numbers, scores), labels, scores.scored_by)
    curating = Curating(
        workspace=workspace,
        declaration=declaration,
        preset=chosen,
        settings=settings,
        files=files,
        inputs=inputs,
        store=store,
        scores=scores,
        labels=labels,
        takedowns=takedowns,
        protected=read_protected(workspace, declaration.made_of),
        progress=progress,
    )
    table, dropped = _apply(rules, numbers, curating)
    splits = _in_splits(table, declaration)
    ledger = _join_ledger(splits, dropped, rules[-1].name)
    _check_sum(index, ledger)
    return Decided(curating, numbers, splits, ledger, _applied_steps(dropped))


def _find_preset(declaration: Declaration, name: str) -> Preset | None:
    if name == "default":
        return None
    if name not in declaration.presets:
        known = ", ".join(["default", *declaration.presets])
        raise GaokerenaError(
            f"{declaration.name} has no preset `{name}` (it has {known}): leave out --preset"
        )
    return declaration.presets[name]


def _apply(
    rules: Sequence[Rule], table: pa.Table, curating: Curating
) -> tuple[pa.Table, list[pa.Table]]:
    """What all rules together keep, and the ledger rows of what each left out."""
    dropped: list[pa.Table] = []
    for rule in rules:
        records = table.num_rows
        curating.progress(rule.label, 0, records)
        sifted = _sift(rule, table, curating)
        table = sifted.kept
        dropped.append(sifted.dropped)
        curating.progress(rule.label, records, records)
    return table, dropped


def _sift(rule: Rule, table: pa.Table, curating: Curating) -> Sifted:
    """What one rule makes of the records.

    Raises:
        GaokerenaError: it fails, loses or doubles records, or writes what it does not state.
    """
    apply = rule.apply if rule.name in PACKAGED_RULES else partial(apply_added, rule)
    sifted = apply(table, curating)
    if sifted.kept.num_rows + sifted.dropped.num_rows != table.num_rows:
        raise GaokerenaError(
            f"{rule.name}: of {table.num_rows:,} records it keeps {sifted.kept.num_rows:,} and "
            f"drops {sifted.dropped.num_rows:,}: this is a defect of the rule, nothing was written"
        )
    _check_reasons(rule, sifted.dropped)
    return sifted


def _check_reasons(rule: Rule, dropped: pa.Table) -> None:
    """A rule writes under its own name, and gives no reason that it does not state."""
    for column, known in (("step", [rule.name]), ("reason", rule.reasons)):
        for written in dropped[column].unique().to_pylist():
            if written not in known:
                raise GaokerenaError(
                    f"{rule.name}: writes the {column} {written!r}, which it does not state: "
                    "this is a defect of the rule, nothing was written"
                )


def _in_splits(table: pa.Table, declaration: Declaration) -> dict[str, pa.Table]:
    names = [name for name in SPLITS if name == TRAIN or name in declaration.splits]
    return {name: table.filter(pc.equal(table["split"], name)) for name in names}


def _join_ledger(splits: dict[str, pa.Table], dropped: list[pa.Table], split_step: str) -> pa.Table:
    kept = [
        pa.table(
            {
                **{name: rows[name] for name in ("id", "source", "origin")},
                "decision": pa.repeat("kept", rows.num_rows),
                "step": pa.repeat(split_step, rows.num_rows),
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
