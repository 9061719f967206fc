"""Training data in a file of one's own, JSON Lines or Parquet: every row checked, by its number."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import sha256_file
from training.messages import MESSAGES, read_conversation, read_text
from training.runs.recipe import DatasetSettings, Stage

SUFFIXES = (".jsonl", ".ndjson", ".json", ".parquet")


def data_file(name: str) -> Path | None:
    """The file that a dataset's name means, None where it means a folder or a repository.

    Raises:
        GaokerenaError: there is no such file, or it is of another format.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return None
    if path.suffix.lower() in SUFFIXES:
        if not path.is_file():
            raise GaokerenaError(f"dataset.name: there is no file {name}")
        return path
    if path.is_file():
        raise GaokerenaError(f"dataset.name: {name} is none of {', '.join(SUFFIXES)}")
    return None


def locate_file(path: Path, settings: DatasetSettings) -> dict[str, Any]:
    """What `run.json` says of a file: its name, and the sha256 of its bytes.

    Raises:
        GaokerenaError: the recipe asks for a part of it by a name that only releases know.
    """
    for key, value, usual in (
        ("revision", settings.revision, None),
        ("config", settings.config, None),
        ("split", settings.split, "train"),
    ):
        if value != usual:
            raise GaokerenaError(
                f"dataset.{key}={value}: {path} is a file, which has no {key}s: leave it "
                f"{'null' if usual is None else usual}"
            )
    return {
        "name": path.name,
        "revision": None,
        "sha": _sha256(path, (state := path.stat()).st_mtime_ns, state.st_size),
    }


@lru_cache(maxsize=32)  # asked for by every check before a start
def _sha256(path: Path, _written: int, _size: int) -> str:
    return sha256_file(path)


def check_file(path: Path, stage: Stage) -> None:
    """Read every row of a file, as training will.

    Raises:
        GaokerenaError: one cannot be read, or is not what the stage trains on; the first of them.
    """
    state = path.stat()
    _check(path, stage, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)  # a start asks twice: before the heavy imports, and when it reads
def _check(path: Path, stage: Stage, _written: int, _size: int) -> None:
    if not sum(1 for _ in rows_of_file(path, stage)):
        raise GaokerenaError(f"{path}: there is no row in it")


def load_file(path: Path, stage: Stage, sha: str) -> Any:
    """A file as a `datasets.Dataset`: column `content`, or `messages`, or what the file has.

    Args:
        path: of the file.
        stage: what its rows are for.
        sha: of its bytes, by which the cache knows it.

    Raises:
        GaokerenaError: see `check_file`.
    """
    from datasets import Dataset

    check_file(path, stage)  # `datasets` would wrap what is wrong with a row
    return Dataset.from_generator(
        _generate, gen_kwargs={"path": str(path), "stage": stage, "sha": sha}, features=_form(stage)
    )


def _generate(path: str, stage: Stage, sha: str) -> Iterator[dict[str, Any]]:
    del sha  # one of the arguments that the cache is named after
    yield from rows_of_file(Path(path), stage)


def _form(stage: Stage) -> Any:
    from datasets import Features, Value

    text = Value("string")
    forms = {
        "pretrain": Features({"content": text}),
        "instruct": Features({MESSAGES: [{"role": text, "content": text}]}),
    }
    return forms.get(stage)


def rows_of_file(path: Path, stage: Stage) -> Iterator[dict[str, Any]]:
    """The rows of a file in its order, in the one form that the stage trains on.

    Raises:
        GaokerenaError: with the file and the number of the line or row.
    """
    readers: dict[str, Callable[[Path], Iterator[tuple[str, Any]]]]
    readers = {".parquet": _parquet_rows, ".json": _json_rows}
    for where, row in readers.get(path.suffix.lower(), _json_lines)(path):
        if not isinstance(row, dict):
            raise GaokerenaError(f"{where}: no JSON object")
        if stage == "pretrain":
            yield {"content": read_text(row, where)}
        elif stage == "instruct":
            yield {MESSAGES: read_conversation(row, where)}
        else:
            yield row


def _json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                where = f"{path}: line {number}"
                yield where, _parsed(line, where)


def _json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    rows = _parsed(path.read_bytes(), str(path))
    if not isinstance(rows, list):
        raise GaokerenaError(f"{path}: no JSON list of rows; with a row a line, call it .jsonl")
    for number, row in enumerate(rows, start=1):
        yield f"{path}: row {number}", row


def _parsed(content: bytes, where: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise GaokerenaError(f"{where}: not UTF-8") from None
    except RecursionError:
        raise GaokerenaError(f"{where}: nested too deep to be read") from None
    except ValueError as error:
        raise GaokerenaError(f"{where}: not JSON ({error})") from None


def _parquet_rows(path: Path) -> Iterator[tuple[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1_000):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}: row {number}", row
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise GaokerenaError(f"{path}: cannot be read as Parquet ({reason_of(error)})") from None
