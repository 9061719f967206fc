"""What a release is made of: a curated dataset or an imported benchmark, in one shape."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.benchmark import Benchmark
from gaokerena_data.datasets.configs import REMOVED, REMOVED_SCHEMA
from gaokerena_data.datasets.declaration import AGAINST_LEAKS, TAKEDOWN, Declaration
from gaokerena_data.datasets.registry import find_released
from gaokerena_data.errors import GaokerenaError, damage_told
from gaokerena_data.records import thread_id
from gaokerena_data.release.folder import SPLIT_ORDER
from gaokerena_data.takedowns.found import complete
from gaokerena_data.takedowns.matching import TakedownMatcher, read_matcher
from gaokerena_data.takedowns.places import read_columns
from gaokerena_data.workspace import Workspace

# What a release takes from run.json.
_RUN_SHAPE: dict[str, type] = {
    "records": int,
    "funnel": list,
    "leakage": list,
    "inputs": dict,
    "settings": dict,
    "libraries": dict,
}
type Tables = dict[str, dict[str, pa.Table]]


@dataclass(frozen=True, slots=True)
class ReleaseInput:
    """Everything that goes into a release.

    Args:
        declaration: what it is.
        repository: where it is published.
        tables: config -> split -> table with the published columns.
        run: of the curation (see `curate.summary`), or the same keys for a benchmark.
        ledger: the curation's ledger, or None for a benchmark.
    """

    declaration: Declaration | Benchmark
    repository: str
    tables: Tables
    run: dict[str, Any]
    ledger: Path | None

    @property
    def dataset(self) -> str:
        """Its name."""
        return self.declaration.name

    @property
    def kind(self) -> str | None:
        """The kind of its records; None for a benchmark."""
        return None if isinstance(self.declaration, Benchmark) else self.declaration.kind.name


def read_input(workspace: Workspace, dataset: str) -> ReleaseInput:
    """What is there to be released under this name.

    Raises:
        GaokerenaError: no such dataset, or nothing curated or imported yet.
    """
    found = find_released(workspace, dataset)
    if isinstance(found, Benchmark):
        return _read_benchmark(workspace, found)
    return _read_curated(workspace, found)


def _read_curated(workspace: Workspace, declaration: Declaration) -> ReleaseInput:
    dataset = declaration.name
    folder = workspace.curated(dataset)
    if not (folder / "run.json").is_file():
        raise GaokerenaError(f"{folder}: nothing is curated; run `gaokerena curate {dataset}`")
    run = _read_run(folder / "run.json", dataset)
    tables: Tables = {}
    for config in declaration.configs:
        columns = {**declaration.kind.published}
        if config == REMOVED:
            columns |= {name: name for name in REMOVED_SCHEMA.names}
        for split in SPLIT_ORDER:
            file = folder / config / f"{split}.parquet"
            if file.is_file():
                table = _read_split(file, list(columns.values()), dataset).sort_by("id")
                # A split without a row is no file: `load_dataset` cannot open an empty one.
                if table.num_rows:
                    renamed = table.select(list(columns.values())).rename_columns(list(columns))
                    tables.setdefault(config, {})[split] = renamed.combine_chunks()
    if "default" not in tables:
        raise GaokerenaError(
            f"{folder}: no record was kept, so there is nothing to release; "
            f"`gaokerena curate {dataset}` shows which rule left them out"
        )
    _check_takedowns(workspace, declaration, tables)
    _check_leaks(folder, declaration, run)
    ledger = folder / "ledger.parquet"
    return ReleaseInput(declaration, run["settings"]["repository"], tables, run, ledger)


def _check_takedowns(workspace: Workspace, declaration: Declaration, tables: Tables) -> None:
    """Refuse rows that somebody asked to be taken down after they were curated.

    Raises:
        GaokerenaError: there is one, or the takedowns cannot be read.
    """
    complete(workspace)
    matcher = read_matcher(workspace)
    if matcher.is_empty:
        return
    kind = declaration.kind
    (source,) = kind.columns_of("source")
    (heading,), (body,) = kind.columns_of(kind.heading), kind.columns_of(kind.body)
    asks_for_ids = any(each.kind == "id" for each in matcher.requests)
    for splits in tables.values():
        for table in splits.values():
            threads: Sequence[str] | None = None
            if kind.thread is not None and kind.columns_of(kind.thread):
                threads = table[kind.columns_of(kind.thread)[0]].to_pylist()
            elif kind.thread is not None and asks_for_ids:
                columns = (table[name].to_pylist() for name in (source, "url", heading))
                threads = [
                    thread_id(name, url, asked or "")
                    for name, url, asked in zip(*columns, strict=True)
                ]
            bodies = (body, *kind.columns_of(*kind.others))
            found = [
                matcher.reasons(
                    table["id"],
                    table["url"] if "url" in table.column_names else None,
                    table[heading],
                    table[each],
                    threads=threads,
                    is_pair=kind.thread is not None,
                )
                for each in bodies
            ]
            for row, reasons in enumerate(zip(*found, strict=True)):
                if any(reason is not None for reason in reasons):
                    raise GaokerenaError(
                        f"{table['id'][row]} was asked to be taken down after {declaration.name} "
                        f"was curated: run `gaokerena curate {declaration.name}`, then release it"
                    )


def _check_leaks(folder: Path, declaration: Declaration, run: dict[str, Any]) -> None:
    """Refuse splits that leak because the rules against it are none of the dataset's steps.

    Raises:
        GaokerenaError: a text of one split stands in another.
    """
    missing = [step for step in AGAINST_LEAKS if step not in declaration.steps]
    for leak in run["leakage"]:
        found = max(leak["near"], leak["contained"] or 0)
        if missing and found and "benchmarks" not in (leak["split"], leak["other"]):
            raise GaokerenaError(
                f"{folder}: {found:,} texts of {leak['split']} stand in {leak['other']}; add "
                f"{' and '.join(missing)} to the steps of {declaration.name} and curate it again"
            )


def _read_run(file: Path, dataset: str) -> dict[str, Any]:
    with damage_told(file, f"run `gaokerena curate {dataset}` again"):
        run: dict[str, Any] = json.loads(file.read_text("utf-8"))
        for name, shape in _RUN_SHAPE.items():
            if not isinstance(run[name], shape):
                raise TypeError(f"{name} is of another shape")
    return run


def _read_split(file: Path, columns: list[str], dataset: str) -> pa.Table:
    with damage_told(file, f"run `gaokerena curate {dataset}` again"):
        # By its path alone: a folder such as "a=b" above it would become a column.
        with pq.ParquetFile(file, page_checksum_verification=True) as opened:
            table = opened.read(columns=columns)
        table.validate(full=True)
    return table


def _read_benchmark(workspace: Workspace, benchmark: Benchmark) -> ReleaseInput:
    folder = workspace.benchmark(benchmark.name)
    tables: Tables = {}
    inputs: dict[str, str] = {}
    refused = 0
    matcher = read_matcher(workspace)
    taken_down = 0
    for config in benchmark.configs:
        file = folder / f"{config}.parquet"
        if not file.is_file():
            what = "" if config == "default" else f" ({config} is missing)"
            raise GaokerenaError(
                f"{folder}: not imported{what}; run `gaokerena import {benchmark.name} FILE...`"
            )
        with damage_told(file, f"run `gaokerena import {benchmark.name} FILE...` again"):
            table = pq.read_table(file, partitioning=None, page_checksum_verification=True)
            table.validate(full=True)
            refused += pq.read_metadata(file.with_suffix(".ledger.parquet")).num_rows
        if table.schema.remove_metadata() != benchmark.schema:
            raise GaokerenaError(
                f"{file}: made by another version of this program; import it again"
            )
        stamp = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
        inputs[stamp["file"]] = stamp["sha256"]
        table = table.replace_schema_metadata(None)
        stays = _not_taken_down(table, matcher)
        taken_down += table.num_rows - stays.num_rows
        tables[config] = {"test": stays}
    rows = sum(table["test"].num_rows for table in tables.values())
    funnel = [
        {"source": benchmark.name, "decision": decision, "step": step, "reason": why, "rows": count}
        for decision, step, why, count in (
            ("kept", "import_benchmark@1", "test", rows),
            ("dropped", "import_benchmark@1", "not_a_question", refused),
            ("dropped", TAKEDOWN, "taken_down", taken_down),
        )
        if count
    ]
    run = {
        "settings": {"repository": benchmark.repository},
        "inputs": inputs,
        "libraries": {},
        "records": rows + refused + taken_down,
        "funnel": funnel,
        "leakage": [],
    }
    return ReleaseInput(benchmark, benchmark.repository, tables, run, None)


def _not_taken_down(table: pa.Table, matcher: TakedownMatcher) -> pa.Table:
    """The questions of a benchmark that nobody asked to be left out."""
    columns = read_columns(table.schema)
    if matcher.is_empty or columns is None:
        return table
    reasons = columns.reasons(matcher, table)
    return table.filter(pa.array([reason is None for reason in reasons], pa.bool_()))


def count_taken_down(run: dict[str, Any]) -> int:
    """Records that the curation left out because somebody asked for it."""
    return sum(row["rows"] for row in run["funnel"] if row["step"].startswith("takedown@"))
