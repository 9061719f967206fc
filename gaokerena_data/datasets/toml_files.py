"""TOML files that people write, read with errors that name the key."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gaokerena_data.errors import GaokerenaError

_MOST_BYTES = 1_000_000

# What pydantic says, for people who write TOML.
_SAID = {
    "extra_forbidden": "no such key here, or none of its steps reads it",
    "missing": "is missing",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false",
    "string_type": "must be a text, in quotes",
    "list_type": "must be a list: [...]",
    "dict_type": "must be a table: write its keys one by one",
    "model_type": "must be a table: write its keys one by one",
    "string_pattern_mismatch": "is not written as it must be",
}


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        GaokerenaError: it is none.
    """
    if not file.is_file() or file.stat().st_size > _MOST_BYTES:
        raise GaokerenaError(f"{file}: must be a file of at most {_MOST_BYTES:,} bytes")
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GaokerenaError(f"{file}: not TOML that can be read ({error})") from None


def validated[M: BaseModel](model: type[M], table: Any, file: Path, *above: str) -> M:
    """A table as what it must be.

    Args:
        model: what it must be.
        table: as it was read.
        file: where it stands, for the error.
        above: names of the tables that it stands in.

    Raises:
        GaokerenaError: an unknown key or a value out of range, by its name.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise GaokerenaError(f"{file}: {first_problem(error, *above)}") from None


def first_problem(error: ValidationError, *above: str) -> str:
    """The first thing that is wrong with a table, as "key: what"."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in (*above, *first["loc"]) if part != "[key]")
    said = _SAID.get(first["type"], first["msg"].removeprefix("Value error, "))
    pattern = first.get("ctx", {}).get("pattern")
    return f"{key}: {said}" + (f" ({pattern})" if pattern else "")
