"""Multiple-choice benchmarks, as the registry of benchmarks declares them.

They are read from a file, a folder of files, a released folder, or the Hub.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.datasets.benchmark import Benchmark
from gaokerena_data.datasets.choice import key_place, read_options, without_empty_end
from gaokerena_data.datasets.registry import BENCHMARKS
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.outside_text import tell
from training.evaluation.questions.duplicates import Place
from training.evaluation.questions.paper import SUBJECTS, subject_named
from training.evaluation.questions.rows import config_names, read_file, read_rows, test_files
from training.evaluation.reading.spreadsheets import text_of

# What a file may call its columns whatever the benchmark; a declared name comes before these.
_QUESTION = ("question",)
_OPTIONS = tuple(f"option{place}" for place in range(1, len(LETTERS) + 1))
_ANSWER = ("answer", "correct answer")
_NO_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One multiple-choice question.

    Args:
        id: the released one; of a spreadsheet's row, its subject and a digest of its words.
        subject: a config of the benchmark; of one that has a single config, its own name.
        row: its 1-based row; in a spreadsheet, the row a spreadsheet program shows.
        question: as printed.
        options: in their order.
        correct: the letter of the right option.
        topic: the specialty or subject that its file names, where the benchmark has such a column.
    """

    id: str
    subject: str
    row: int
    question: str
    options: tuple[str, ...]
    correct: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One subject of a benchmark: a config of it, or all of one that has a single config."""

    subject: str
    config: str
    benchmark: Benchmark

    @property
    def title(self) -> str:
        """What people call it."""
        single = len(self.benchmark.configs) == 1
        return self.benchmark.title if single else f"{self.benchmark.title}: {self.config}"


def choice_benchmarks() -> dict[str, tuple[str, ...]]:
    """The benchmarks that are answered by choosing an option, each with its subjects.

    The paper's subjects come first, in its order.
    """
    return {
        name: tuple(part.subject for part in _parts(benchmark))
        for name, benchmark in BENCHMARKS.items()
        if benchmark.choice is not None
    }


def choice_parts() -> dict[str, Part]:
    """Every subject of the benchmarks with options, by its name."""
    return {
        part.subject: part
        for benchmark in BENCHMARKS.values()
        if benchmark.choice is not None
        for part in _parts(benchmark)
    }


def subject_of(name: str) -> str | None:
    """The subject that a file or folder is named for: a declared one, else as the paper calls it.

    `kopp_larger` is a subject of its own, `kopp` the paper's IBMSEE; None for no subject.
    """
    folded = _NO_SIGNS.sub("", name.casefold())
    declared = {_NO_SIGNS.sub("", subject.casefold()): subject for subject in choice_parts()}
    return declared.get(folded) or subject_named(name)


def load_benchmark(name: str, source: str) -> list[Item]:
    """The items of a benchmark, subject by subject, the paper's first and in its order.

    Rows without a key are left out, and told of on stderr.

    Args:
        name: of a declared benchmark with options, such as "mmlu_medical_fa".
        source: a file (xlsx, csv, tsv, jsonl, json, parquet), a folder of such files, a released
            folder, or a Hub repository (`org/name`), whose configs are the subjects.

    Raises:
        GaokerenaError: the name is unknown, the source is missing, or a row is no question.
    """
    known = choice_benchmarks()
    if name not in known:
        raise GaokerenaError(f"no benchmark {name!r}: choose from {', '.join(known)}")
    parts = _parts(BENCHMARKS[name])
    files = _files_of(parts, Path(source)) if Path(source).is_dir() else {}
    items: list[Item] = []
    for part in parts:
        if part.subject in files:
            items.extend(_read_files(part, files[part.subject]))
        elif files:
            raise GaokerenaError(f"{source} has no file of {part.subject}: {name} needs it")
        elif Path(source).is_file():
            if len(parts) > 1:
                raise GaokerenaError(
                    f"{source} is one file, and {name} has {len(parts)} parts: give the folder"
                )
            items.extend(_read_files(part, [Path(source)]))
        else:
            items.extend(_items(part, enumerate(_published(part, source), start=1)))
    if not items:
        raise GaokerenaError(f"{source} has no question of {name}: is it another benchmark?")
    return items


def load_sheets(folder: Path) -> dict[str, list[Item]]:
    """The files of subjects in a folder, by subject; empty where there are none.

    A file is named for its subject; those of the paper go by several names.
    """
    parts = choice_parts()
    found: dict[str, list[Path]] = {}
    for path in test_files(folder):
        subject = subject_of(path.stem)
        if subject in parts:
            found.setdefault(subject, []).append(path)
    ordered = sorted(found, key=_paper_order)
    return {subject: _read_files(parts[subject], found[subject]) for subject in ordered}


def place_items(sheets: Mapping[str, list[Item]]) -> list[tuple[Place, str, tuple[str, ...]]]:
    """Place, question and options of every item, as duplicates are looked for."""
    return [
        (Place(item.subject, item.row), item.question, item.options)
        for items in sheets.values()
        for item in items
    ]


def _published(part: Part, source: str) -> Iterator[dict[str, Any]]:
    """The rows of a release or of the Hub: of the config, or of every one where none is called so.

    Raises:
        GaokerenaError: there are several configs, and nothing says which one is meant.
    """
    benchmark = part.benchmark
    configs = config_names(source) if "/" in source or Path(source).is_dir() else [part.config]
    if part.config in configs or len(configs) == 1:
        configs = [part.config]
    elif benchmark.only is None:
        raise GaokerenaError(
            f"{source} has the configs {', '.join(configs)}, and none is called {part.config!r}: "
            f"give the file of {part.subject}"
        )
    for config in configs:
        yield from read_rows(source, benchmark.split, config=config)


def _parts(benchmark: Benchmark) -> list[Part]:
    """The subjects of a benchmark with options: its configs, or itself where it has only one."""
    single = len(benchmark.configs) == 1
    parts = [
        Part(benchmark.name if single else config, config, benchmark)
        for config in benchmark.configs
    ]
    return sorted(parts, key=lambda part: _paper_order(part.subject))


def _files_of(parts: Sequence[Part], folder: Path) -> dict[str, list[Path]]:
    """The files of a folder by subject; a benchmark of one part may have files of any name."""
    files = test_files(folder)
    wanted = {part.subject for part in parts}
    named = {path: subject_of(path.stem) for path in files}
    found: dict[str, list[Path]] = {}
    for path, subject in named.items():
        if subject in wanted:
            found.setdefault(str(subject), []).append(path)
    if not found and len(parts) == 1 and not any(named.values()):
        found = {parts[0].subject: files} if files else {}
    if files and not found:
        raise GaokerenaError(f"{folder} has no file of {parts[0].subject}: name one for it")
    return found


def _read_files(part: Part, paths: Sequence[Path]) -> list[Item]:
    rows = (row for path in paths for row in read_file(path))
    return _items(part, rows)


def _paper_order(subject: str) -> int:
    return SUBJECTS.index(subject) if subject in SUBJECTS else len(SUBJECTS)


def _items(part: Part, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Item]:
    items: list[Item] = []
    times: Counter[str] = Counter()
    keyless: list[int] = []
    for number, row in rows:
        if not _is_of(part.benchmark, row):
            continue
        question, options, place = _read_row(part, number, row)
        if place is None:
            keyless.append(number)
            continue
        words = "\x1f".join((question, *options))
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        identity = str(row.get("id") or f"{part.subject}-{digest}")
        times[identity] += 1
        identity += f"-{times[identity]}" if times[identity] > 1 else ""
        topic = part.benchmark.topic and str(row.get(part.benchmark.topic.casefold()) or "").strip()
        letter = LETTERS[place]
        items.append(Item(identity, part.subject, number, question, options, letter, topic or None))
    if keyless:
        some = ", ".join(map(str, keyless[:5])) + (", ..." if len(keyless) > 5 else "")
        tell(
            f"{part.subject}: {len(keyless)} of {len(keyless) + len(items)} questions have no key "
            f"and are left out (row {some})",
            err=True,
        )
    return items


def _is_of(benchmark: Benchmark, row: Mapping[str, Any]) -> bool:
    if benchmark.only is None:
        return True
    column, values = benchmark.only
    if column.casefold() not in row:
        raise GaokerenaError(
            f"{benchmark.name} needs the column {column!r}, which says of which rows it is made"
        )
    return str(row[column.casefold()]).strip().casefold() in values


def _read_row(
    part: Part, number: int, row: Mapping[str, Any]
) -> tuple[str, tuple[str, ...], int | None]:
    """Question, options, and the place of the right one, None where the row has no key."""
    benchmark = part.benchmark
    key = _first(row, _lower(benchmark.choice or "", *_ANSWER))
    question = str(_first(row, _lower(benchmark.question, *_QUESTION)) or "")
    try:
        options = tuple(_options(benchmark, row))
        place = key_place(key, benchmark.key, options)
    except ValueError as error:
        raise GaokerenaError(
            f"{part.subject}, row {number}: {error}; the right option's {_KEYS[benchmark.key]} is "
            "needed"
        ) from None
    if not question.strip() or len(options) < 2:
        raise GaokerenaError(
            f"{part.subject}, row {number}: a question, two options and the right one's "
            f"{_KEYS[benchmark.key]} are needed"
        )
    return question, options, place


_KEYS = {
    "from_1": "number, from 1",
    "from_0": "number, from 0",
    "letter": "letter",
    "text": "text",
}


def _options(benchmark: Benchmark, row: Mapping[str, Any]) -> list[str]:
    if isinstance(row.get("options"), list | Mapping):  # our own answer files
        return read_options(row["options"])
    if len(benchmark.options) == 1:
        return read_options(row.get(benchmark.options[0].casefold()))
    declared = [column.casefold() for column in benchmark.options]
    columns = declared if any(column in row for column in declared) else _OPTIONS
    return without_empty_end([text_of(row.get(column)) for column in columns])


def _lower(*columns: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column.casefold() for column in columns if column))


def _first(row: Mapping[str, Any], columns: Iterable[str]) -> Any:
    """The first cell that is filled, of several columns; a zero is filled."""
    cells: Iterator[Any] = (row[column] for column in columns if column in row)
    return next((cell for cell in cells if cell not in (None, "")), None)
