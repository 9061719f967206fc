"""Files of a benchmark as its questions; every row that is none gets a ledger row instead."""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.benchmark import Benchmark, Column
from gaokerena_data.datasets.registry import find_benchmark
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.tables import InputTable, read_table
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.workspace import Workspace, atomic_file, sha256_file

STEP = "import_benchmark@1"
MAX_LIST_CHARACTERS = 100_000
_EMPTY = {"", "nan", "none", "null"}


@dataclass(frozen=True, slots=True)
class BenchmarkImport:
    """What an import made: rows = records + rows of the ledger, always."""

    path: Path
    config: str
    rows: int
    records: int
    ledger: pa.Table
    ignored_columns: list[str]


def import_benchmark(workspace: Workspace, name: str, path: Path) -> BenchmarkImport:
    """Turn one file of a benchmark into its questions, in the order of the file.

    Writes `benchmarks/NAME/CONFIG.parquet` with the ledger of refused rows beside it; the file's
    name and hash stand in the parquet's metadata. The same file gives the same bytes.

    Args:
        workspace: where to write.
        name: of the benchmark.
        path: an xlsx, csv, jsonl or parquet file; the config is found in its name, or in the
            cells of its `Source` column.

    Raises:
        GaokerenaError: unknown benchmark, unreadable file, a column missing, no such config.
    """
    benchmark = find_benchmark(name)
    table = read_table(path)
    columns = _match_columns(benchmark, table.columns, path)
    config = _find_config(benchmark, table, columns, path)
    rows: list[dict[str, Any]] = []
    refused: list[LedgerRow] = []
    seen: Counter[str] = Counter()
    for number, cells in enumerate(table.rows, start=1):
        row, reason = (
            (None, cells) if isinstance(cells, str) else _read_row(benchmark, cells, columns)
        )
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
    ledger = ledger_table(refused)
    write_ledger(ledger, target.with_suffix(".ledger.parquet"))
    schema = benchmark.schema.with_metadata({"file": path.name, "sha256": sha256_file(path)})
    with atomic_file(target) as part:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), part, compression="zstd")
    ignored = [column for column in table.columns if column not in columns.values()]
    return BenchmarkImport(target, config, len(table.rows), len(rows), ledger, ignored)


def _match_columns(benchmark: Benchmark, names: list[str], path: Path) -> dict[str, str]:
    by_name = {_folded(name): name for name in names}
    found = {
        column.name: by_name[_folded(column.name)]
        for column in benchmark.columns
        if _folded(column.name) in by_name
    }
    missing = [c.name for c in benchmark.columns if c.required and c.name not in found]
    if missing:
        raise GaokerenaError(
            f"{path}: {benchmark.name} needs the column {missing[0]!r}; "
            f"the file has {', '.join(names)}. Rename the columns"
        )
    return found


def _find_config(
    benchmark: Benchmark, table: InputTable, columns: Mapping[str, str], path: Path
) -> str:
    if len(benchmark.configs) == 1:
        return benchmark.configs[0]
    first = next((row for row in table.rows if isinstance(row, dict)), {})
    for place in (path.stem, str(first.get(columns.get("Source", ""), ""))):
        found = [config for config in benchmark.configs if _folded(config) in _folded(place)]
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
        try:
            value = _read_cell(cells.get(columns.get(column.name, "")), column)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None, f"unreadable_{_folded(column.name)}"
        if value is None and column.required:
            return None, f"missing_{_folded(column.name)}"
        row[column.name] = value
    if benchmark.choice is not None and row[benchmark.choice] not in range(
        1, len(benchmark.options) + 1
    ):
        return None, "no_such_option"
    return row, ""


def _read_cell(cell: Any, column: Column) -> Any:
    if pa.types.is_list(column.type):
        return _read_list(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    if text.casefold() in _EMPTY:
        return None
    return int(text) if pa.types.is_integer(column.type) else text


def _read_list(cell: Any) -> list[str] | None:
    """A list, or one that was written down as Python spells it, as pandas does."""
    if isinstance(cell, str) and cell.strip().startswith("["):
        if len(cell) > MAX_LIST_CHARACTERS:
            raise ValueError("too long")
        cell = ast.literal_eval(cell.strip())
    if cell is None or (isinstance(cell, str) and cell.strip().casefold() in _EMPTY):
        return None
    if not isinstance(cell, list) or not all(isinstance(item, str) for item in cell):
        raise ValueError("not a list of texts")
    return cell


def _digest(benchmark: Benchmark, config: str, row: Mapping[str, Any]) -> str:
    texts = [
        " ".join(str(row[column.name]).split())
        for column in benchmark.columns
        if column.required and column.name != benchmark.choice
    ]
    # The right option is no part of it: a corrected key is a changed row, not another question.
    joined = "\x1f".join((benchmark.name, config, *texts))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.strip().casefold())
