"""Rows of xlsx, csv, jsonl and parquet files, read with care: such files come from anywhere."""

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of

# A spreadsheet is a zip archive: these bounds refuse one made to fill the memory.
MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_UNPACKED_RATIO = 200
MAX_CELL_CHARACTERS = 10_000_000


@dataclass(frozen=True, slots=True)
class InputTable:
    """Column names, and every row as the cells under them.

    A row that could not be read at all is a string: what is wrong with it.
    """

    columns: list[str]
    rows: list[dict[str, Any] | str]


def read_table(path: Path) -> InputTable:
    """Read a table by its file's ending.

    Args:
        path: a file that ends in .xlsx, .csv, .jsonl or .parquet.

    Returns:
        All its rows in order; blank lines at the end of a sheet or file are not rows.

    Raises:
        GaokerenaError: when the file is missing, of another kind, or not what its ending says.
    """
    readers = {
        ".xlsx": _read_xlsx,
        ".csv": _read_csv,
        ".jsonl": _read_jsonl,
        ".parquet": _read_parquet,
    }
    if not path.is_file():
        raise GaokerenaError(f"{path}: no such file")
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise GaokerenaError(f"{path}: cannot read this kind of file; give {', '.join(readers)}")
    if path.stat().st_size == 0:
        raise GaokerenaError(f"{path}: the file is empty")
    table = reader(path)
    seen: dict[str, str] = {}
    for column in table.columns:
        twin = seen.setdefault(column.strip().casefold(), column)
        if twin is not column:
            raise GaokerenaError(
                f"{path}: columns {twin!r} and {column!r} have one name; rename one of them"
            )
    return table


def _read_xlsx(path: Path) -> InputTable:
    from python_calamine import CalamineWorkbook

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = path.stat().st_size
    except zipfile.BadZipFile:
        raise GaokerenaError(f"{path}: not an xlsx file; save it from Excel as .xlsx") from None
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_UNPACKED_RATIO * packed:
        raise GaokerenaError(
            f"{path}: unpacks from {packed:,} to {unpacked:,} bytes, which no honest sheet does"
        )
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    # The reader is compiled code: a file made to break it can also panic, which is no Exception.
    except BaseException as error:
        raise GaokerenaError(f"{path}: not an xlsx file that can be read ({error})") from None
    filled = [(name, rows) for name, rows in sheets if rows]
    if not filled:
        raise GaokerenaError(f"{path}: no sheet holds a row")
    if len(filled) > 1:
        names = ", ".join(repr(name) for name, _ in filled)
        raise GaokerenaError(f"{path}: {len(filled)} sheets hold rows ({names}); keep one a file")
    header, *body = filled[0][1]
    columns = [
        str(name) if name != "" else f"Unnamed: {place}" for place, name in enumerate(header)
    ]
    return InputTable(columns, [dict(zip(columns, row, strict=True)) for row in body])


def _read_csv(path: Path) -> InputTable:
    text = _decode(path)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise GaokerenaError(f"{path}: not a csv file that can be read ({error})") from None
    columns = [name or f"Unnamed: {place}" for place, name in enumerate(lines[0])]
    rows: list[dict[str, Any] | str] = []
    for cells in lines[1:]:
        if len(cells) == len(columns):
            rows.append(dict(zip(columns, cells, strict=True)))
        elif cells:
            rows.append(f"{len(cells)} cells under {len(columns)} columns")
    return InputTable(columns, rows)


def _read_jsonl(path: Path) -> InputTable:
    columns: dict[str, None] = {}
    rows = list(_parse_lines(_decode(path)))
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
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield "not a line of JSON"
            continue
        yield row if isinstance(row, dict) else "not a JSON object"


def _read_parquet(path: Path) -> InputTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"{path}: not a parquet file that can be read ({reason})") from None
    if len(set(table.column_names)) < table.num_columns:
        raise GaokerenaError(f"{path}: two columns have one name; rename one of them")
    return InputTable(table.column_names, table.to_pylist())


def _decode(path: Path) -> str:
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise GaokerenaError(
            f"{path}: not {encoding} text at byte {error.start:,}; save it as UTF-8"
        ) from None
    if "\0" in text:
        raise GaokerenaError(f"{path}: holds NUL characters, so it is not a text file")
    return text
