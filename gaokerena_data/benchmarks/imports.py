"""Files of a benchmark as its questions; every row that is none gets a ledger row instead."""

import ast
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.benchmark import Benchmark, Column
from gaokerena_data.datasets.choice import key_place, read_options, without_empty_end
from gaokerena_data.datasets.registry import find_benchmark
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.cells import cell_text
from gaokerena_data.imports.columns import folded_name, some_names
from gaokerena_data.imports.file_import import FileImport
from gaokerena_data.imports.tables import InputTable, read_table
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.workspace import Workspace, atomic_file, room_needed, sha256_file

STEP = "import_benchmark@1"
MAX_LIST_CHARACTERS = 100_000
OF_ANOTHER_BENCHMARK = "of_another_benchmark"
_EMPTY = {"", "nan", "none", "null"}  # «n/a» may be an option
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkImport(FileImport):
    """What an import made.

    Args:
        config: the part of the benchmark that the questions are.
    """

    config: str


@dataclass(frozen=True, slots=True)
class _Given:
    path: Path
    table: InputTable
    columns: dict[str, str]
    config: str
    least_rate: float | None


def import_benchmark(workspace: Workspace, name: str, path: Path) -> BenchmarkImport:
    """Turn one file of a benchmark into its questions, as `import_benchmark_files` does."""
    [made] = import_benchmark_files(workspace, name, [path])
    return made


def import_benchmark_files(
    workspace: Workspace, name: str, paths: Sequence[Path], least_rate: float | None = None
) -> list[BenchmarkImport]:
    """Turn files of a benchmark into its questions, in the order of each file.

    Writes `benchmarks/NAME/CONFIG.parquet` with the ledger of refused rows beside it; the file's
    name and hash stand in the parquet's metadata. The same file gives the same bytes. Nothing is
    written unless all files can be read.

    Args:
        workspace: where to write.
        name: of the benchmark.
        paths: xlsx, csv, jsonl or parquet files, one for each part of the benchmark; which part it
            is, is found in a file's name, or in the cells of its `Source` column.
        least_rate: what every referee must have given, in columns that end with `_rate`; the
            benchmark's own where it is None.

    Raises:
        GaokerenaError: unknown benchmark, unreadable file, a column missing, no such config, two
            files of one config.
    """
    benchmark = find_benchmark(name)
    given: dict[str, _Given] = {}
    for path in paths:
        table = read_table(path)
        columns = _match_columns(benchmark, table.columns, path)
        config = _find_config(benchmark, table, columns, path)
        if config in given:
            part = "" if len(benchmark.configs) == 1 else f", {config}"
            raise GaokerenaError(
                f"{path}: the same part of {benchmark.name}{part} as {given[config].path}, of "
                "which one file is kept: join the two, or import the right one"
            )
        least = benchmark.least_rate if least_rate is None else least_rate
        given[config] = _Given(path, table, columns, config, least)
    return [_import(workspace, benchmark, each) for each in given.values()]


def _import(workspace: Workspace, benchmark: Benchmark, given: _Given) -> BenchmarkImport:
    path, table, config = given.path, given.table, given.config
    rows: list[dict[str, Any]] = []
    refused: list[LedgerRow] = []
    seen: Counter[str] = Counter()
    for number, cells in enumerate(table.rows, start=1):
        row, reason = (
            (None, cells) if isinstance(cells, str) else _read_row(benchmark, cells, given.columns)
        )
        if row is not None and (reason := _rated(cells, given.least_rate)):
            row = None
        if row is None:
            origin = f"{path.name}:{number}"
            refused.append(LedgerRow(origin, benchmark.name, origin, "dropped", STEP, reason))
            continue
        digest = _digest(benchmark, config, row)
        # A question that stands there twice stays twice: published scores count it twice.
        own = {"id": f"{benchmark.name}-{digest}" + (f"-{seen[digest]}" if seen[digest] else "")}
        seen[digest] += 1
        if len(benchmark.configs) > 1:
            own["subject"] = config
        rows.append(own | row)
    target = workspace.benchmark(benchmark.name) / f"{config}.parquet"
    file_digest = sha256_file(path)
    notes = (*table.notes, *_replaced(target, file_digest))
    ledger = ledger_table(refused)
    schema = benchmark.schema.with_metadata({"file": path.name, "sha256": file_digest})
    beside = target.with_suffix(".ledger.parquet")
    with (
        room_needed(workspace.root, "what was imported before is as it was"),
        atomic_file(target) as part,
        atomic_file(beside) as ledger_part,
    ):
        table_of_rows = pa.Table.from_pylist(rows, schema=schema)
        pq.write_table(table_of_rows, part, compression="zstd", write_page_checksum=True)
        write_ledger(ledger, ledger_part)
    return BenchmarkImport(
        path=target,
        config=config,
        rows=len(table.rows),
        records=len(rows),
        ledger=ledger,
        ignored_columns=[name for name in table.columns if name not in given.columns.values()],
        notes=notes,
    )


def _replaced(target: Path, digest: str) -> tuple[str, ...]:
    """What to say where another file was imported as this part before."""
    if not target.is_file():
        return ()
    try:
        stamp = pq.read_schema(target).metadata or {}
    except (pa.ArrowException, OSError):  # damaged: it is written anew now
        return ()
    if stamp.get(b"sha256", b"").decode() == digest:
        return ()
    return (f"takes the place of {stamp.get(b'file', b'another file').decode()}",)


def _match_columns(benchmark: Benchmark, names: list[str], path: Path) -> dict[str, str]:
    by_name = {folded_name(name): name for name in names}
    found = {
        column.name: by_name[folded_name(column.name)]
        for column in benchmark.columns
        if folded_name(column.name) in by_name
    }
    missing = [c.name for c in benchmark.columns if c.required and c.name not in found]
    if missing:
        raise GaokerenaError(
            f"{path}: {benchmark.name} needs the column {missing[0]!r}; "
            f"the file has {some_names(names)}. Rename the columns"
        )
    return found


def _find_config(
    benchmark: Benchmark, table: InputTable, columns: Mapping[str, str], path: Path
) -> str:
    if len(benchmark.configs) == 1:
        return benchmark.configs[0]
    first = next((row for row in table.rows if isinstance(row, dict)), {})
    for place in (path.stem, str(first.get(columns.get("Source", ""), ""))):
        found = [each for each in benchmark.configs if folded_name(each) in folded_name(place)]
        if len(found) == 1:
            return found[0]
    raise GaokerenaError(
        f"{path}: which part of {benchmark.name} is it? Its name must hold one of: "
        f"{', '.join(benchmark.configs)}"
    )


def _read_row(
    benchmark: Benchmark, cells: Mapping[str, Any], columns: Mapping[str, str]
) -> tuple[dict[str, Any] | None, str]:
    """The row's published values, or None and what is wrong with it."""
    row: dict[str, Any] = {}
    for column in benchmark.columns:
        cell = cells.get(columns.get(column.name, ""))
        try:
            value = _read_cell(cell, column, options=column.name in benchmark.options)
        except (ValueError, KeyError, SyntaxError, MemoryError, RecursionError):
            return None, f"unreadable_{folded_name(column.name)}"
        if value is None and column.required:
            return None, f"missing_{folded_name(column.name)}"
        row[column.name] = value
    if benchmark.only and str(row[benchmark.only[0]]).casefold() not in benchmark.only[1]:
        return None, OF_ANOTHER_BENCHMARK
    return (None, reason) if (reason := _wrong_choice(benchmark, row)) else (row, "")


def _rated(cells: Mapping[str, Any] | str, least: float | None) -> str:
    """Why referees keep a translation out; "" where they do not, or there were none."""
    if least is None or isinstance(cells, str):
        return ""
    for name in (name for name in cells if folded_name(name).endswith("rate")):
        try:
            if not float(cells[name]) >= least:
                return "rated_below"
        except (TypeError, ValueError):
            return "not_rated"
    return ""


def _wrong_choice(benchmark: Benchmark, row: Mapping[str, Any]) -> str:
    """What is wrong with a row's options or key; "" where nothing is, or it has no options."""
    if benchmark.choice is None:
        return ""
    held = [row[name] for name in benchmark.options]
    try:
        options = (
            held[0]
            if isinstance(held[0], list)
            else without_empty_end(["" if option is None else option for option in held])
        )
    except ValueError:
        return "empty_option"
    if len(options) < 2:
        return "too_few_options"
    try:
        place = key_place(row[benchmark.choice], benchmark.key, options)
    except ValueError:
        return "no_such_option"
    return f"missing_{folded_name(benchmark.choice)}" if place is None else ""


def _read_cell(cell: Any, column: Column, *, options: bool) -> Any:
    if pa.types.is_list(column.type):
        return read_options(cell) if options else _read_list(cell)
    if pa.types.is_boolean(column.type) and isinstance(cell, bool):
        return cell
    if isinstance(cell, dict | list) and not column.required:  # a label with its reason
        return json.dumps(cell, ensure_ascii=False)
    text = cell_text(cell, empty=_EMPTY)
    if text is None or pa.types.is_string(column.type):
        return None if text is None else text.strip()
    if pa.types.is_boolean(column.type):
        return _TRUTH[text.strip().casefold()]
    return int(text)


def _read_list(cell: Any) -> list[str] | None:
    """A list, or one that was written down as Python spells it, as pandas does."""
    if isinstance(cell, str) and cell.strip().startswith("["):
        if len(cell) > MAX_LIST_CHARACTERS:
            raise ValueError("too long")
        cell = ast.literal_eval(cell.strip())
    if not isinstance(cell, list):
        if cell_text(cell, empty=_EMPTY) is None:
            return None
        raise ValueError("not a list of texts")
    if not all(isinstance(item, str) and cell_text(item, empty=()) is not None for item in cell):
        raise ValueError("not a list of texts")
    return cell


def _digest(benchmark: Benchmark, config: str, row: Mapping[str, Any]) -> str:
    texts = [
        " ".join(str(row[column.name]).split())
        for column in benchmark.columns
        if column.name != benchmark.choice
        and (column.required or (column.name in benchmark.options and row[column.name]))
    ]
    # The right option is no part of it: a corrected key is a changed row, not another question.
    joined = "\x1f".join((benchmark.name, config, *texts))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
