"""Rows of xlsx, csv, jsonl and parquet files, read with care: such files come from anywhere."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.imports.cells import BrokenCell
from gaokerena_data.imports.columns import folded_name
from gaokerena_data.imports.delimited import read_lines, read_text
from gaokerena_data.imports.workbook import Sheet, read_workbook

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class InputTable:
    """Column names, and every row as the cells under them.

    A row that could not be read at all is a string: what is wrong with it.

    Args:
        columns: as the file spells them.
        rows: a cell that could not be read is a `BrokenCell`.
        notes: what was done to the file's rows, for people.
    """

    columns: list[str]
    rows: list[dict[str, Any] | str]
    notes: tuple[str, ...] = ()


def read_table(path: Path) -> InputTable:
    """Read a table by its file's ending.

    Args:
        path: a file that ends in .xlsx, .csv, .tsv, .jsonl or .parquet.

    Returns:
        All its rows in order; blank lines at the end of a sheet or file are not rows.

    Raises:
        GaokerenaError: when the file is missing, of another kind, or not what its ending says.
    """
    readers = {
        ".xlsx": _read_xlsx,
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".jsonl": _read_jsonl,
        ".parquet": _read_parquet,
    }
    if path.is_dir():
        raise GaokerenaError(f"{path}: is a folder; give the files in it ({path}/*)")
    if not path.exists():
        raise GaokerenaError(f"{path}: no such file")
    if not path.is_file():
        raise GaokerenaError(f"{path}: is neither a file nor a folder")
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise GaokerenaError(f"{path}: cannot read this kind of file; give {', '.join(readers)}")
    if path.stat().st_size == 0:
        raise GaokerenaError(f"{path}: the file is empty")
    table = reader(path)
    seen: dict[str, str] = {}
    for column in table.columns:
        twin = seen.setdefault(folded_name(column) or column, column)
        if twin is not column:
            raise GaokerenaError(
                f"{path}: columns {twin!r} and {column!r} have one name; rename one of them"
            )
    return table


def _read_xlsx(path: Path) -> InputTable:
    filled = read_workbook(path)
    if not filled:
        raise GaokerenaError(f"{path}: no sheet holds a row")
    if len(filled) > 1:
        names = ", ".join(repr(sheet.name) for sheet in filled)
        raise GaokerenaError(f"{path}: {len(filled)} sheets hold rows ({names}); keep one a file")
    sheet = filled[0]
    top = next(place for place, row in enumerate(sheet.rows) if not _is_blank(row))
    notes = _fill_merged(sheet, top)
    header, *body = sheet.rows[top:]
    columns = _named(["" if name is None else str(name) for name in header])
    return InputTable(columns, [dict(zip(columns, row, strict=True)) for row in body], notes)


def _is_blank(row: Sequence[Any]) -> bool:
    return all(cell == "" for cell in row)


def _fill_merged(sheet: Sheet, header: int) -> tuple[str, ...]:
    """Write the value of a merged cell into every row that it spans, in its own column.

    One question beside several answers is written like that. What a merged cell covers of other
    columns stays empty: a question is no answer.
    """
    filled = 0
    for top, left, bottom, _ in sheet.merged:
        last = min(bottom, len(sheet.rows) - 1)
        if top <= header or left >= len(sheet.rows[header]):  # the header's are none of ours
            continue
        for row in range(top + 1, last + 1):
            sheet.rows[row][left] = sheet.rows[top][left]
            filled += 1
    return (f"{filled:,} cells filled from the merged ones above them",) if filled else ()


def _read_csv(path: Path) -> InputTable:
    header, lines = read_lines(path)
    columns = _named(header)
    rows: list[dict[str, Any] | str] = [
        dict(zip(columns, cells, strict=True))
        if len(cells) == len(columns)
        else f"{len(cells)} cells under {len(columns)} columns"
        for cells in lines
    ]
    return InputTable(columns, rows)


def _named(header: Sequence[str]) -> list[str]:
    return [name or f"Unnamed: {place}" for place, name in enumerate(header)]


def _read_jsonl(path: Path) -> InputTable:
    columns: dict[str, None] = {}
    rows = list(_parse_lines(read_text(path)))
    for row in rows:
        if isinstance(row, dict):
            columns.update(dict.fromkeys(row))
    if not columns:
        raise GaokerenaError(f"{path}: not a jsonl file: no line is a JSON object")
    return InputTable(list(columns), rows)


def _parse_lines(text: str) -> Iterator[dict[str, Any] | str]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            yield "not a line of JSON"
            continue
        yield row if isinstance(row, dict) else "not a JSON object"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a name that it gives twice holds nothing that can be trusted."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = BrokenCell("two values under one name") if name in found else value
    return found


def _read_parquet(path: Path) -> InputTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
        names = table.column_names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"{path}: not a parquet file that can be read ({reason})") from None
    if len(set(names)) < table.num_columns:
        raise GaokerenaError(f"{path}: two columns have one name; rename one of them")
    cells = [_cells(table.column(place)) for place in range(table.num_columns)]
    rows: list[dict[str, Any] | str] = [
        dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)
    ]
    return InputTable(names, rows)


def _cells(column: "pa.ChunkedArray") -> list[Any]:
    try:
        cells: list[Any] = column.to_pylist()
    except Exception:  # one value out of its type's range spoils them all: see which
        return [_cell(scalar) for scalar in column]
    return cells


def _cell(scalar: "pa.Scalar") -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return BrokenCell("bytes that are not UTF-8")
    except Exception as error:  # whatever Arrow says of it
        return BrokenCell(f"a {scalar.type} that cannot be read ({reason_of(error)})")
