"""Multiple-choice benchmarks, as the registry of benchmarks declares them.

They are read from a released folder, from the Hub, or from the authors' own spreadsheets.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.datasets.registry import BENCHMARKS
from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.duplicates import Place
from training.evaluation.questions.paper import SUBJECTS, subject_named
from training.evaluation.questions.rows import read_rows
from training.evaluation.reading.mentions import LETTERS
from training.evaluation.reading.spreadsheets import letter, read_sheet

# What a file may call its columns whatever the benchmark; a declared name comes before these.
_QUESTION = ("question",)
_OPTIONS = tuple(f"option{place}" for place in range(1, len(LETTERS) + 1))
_ANSWER = ("answer", "correct answer")


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
    """

    id: str
    subject: str
    row: int
    question: str
    options: tuple[str, ...]
    correct: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One subject of a benchmark, and what its columns may be called, in lower case."""

    subject: str
    config: str
    question: tuple[str, ...]
    options: tuple[str, ...]
    answer: tuple[str, ...]


def choice_benchmarks() -> dict[str, tuple[str, ...]]:
    """The benchmarks that are answered by choosing an option, each with its subjects.

    The paper's subjects come first, in its order.
    """
    return {
        name: tuple(part.subject for part in _parts(name))
        for name, benchmark in BENCHMARKS.items()
        if benchmark.choice is not None
    }


def load_benchmark(name: str, source: str) -> list[Item]:
    """The items of a benchmark, subject by subject, the paper's first and in its order.

    Args:
        name: of a declared benchmark with options, such as "mmlu_medical_fa".
        source: a folder of the authors' spreadsheets, a released folder, or a Hub repository
            (`org/name`), whose configs are the subjects.

    Raises:
        GaokerenaError: the name is unknown, the source is missing, or a row has no right answer.
    """
    known = choice_benchmarks()
    if name not in known:
        raise GaokerenaError(f"no benchmark {name!r}: choose from {', '.join(known)}")
    sheets = load_sheets(Path(source)) if Path(source).is_dir() else {}
    items: list[Item] = []
    for part in _parts(name):
        if part.subject in sheets:
            items.extend(sheets[part.subject])
        elif sheets:
            raise GaokerenaError(f"{source} has no spreadsheet of {part.subject}: {name} needs it")
        else:
            rows = read_rows(source, "test", config=part.config)
            items.extend(_items(part, enumerate(rows, start=1)))
    return items


def load_sheets(folder: Path) -> dict[str, list[Item]]:
    """The spreadsheets of subjects in a folder, by subject; empty where there are none.

    A file is named for its subject; those of the paper go by several names.
    """
    parts = {part.subject: part for name in choice_benchmarks() for part in _parts(name)}
    found: dict[str, list[Item]] = {}
    for path in sorted(folder.glob("*.xlsx")):
        subject = (
            path.stem.casefold() if path.stem.casefold() in parts else subject_named(path.stem)
        )
        if subject in parts and not path.name.startswith("~$"):
            found[subject] = _items(parts[subject], read_sheet(path))
    return {subject: found[subject] for subject in sorted(found, key=_paper_order)}


def place_items(sheets: Mapping[str, list[Item]]) -> list[tuple[Place, str, tuple[str, ...]]]:
    """Place, question and options of every item, as duplicates are looked for."""
    return [
        (Place(item.subject, item.row), item.question, item.options)
        for items in sheets.values()
        for item in items
    ]


def _parts(name: str) -> list[_Part]:
    """The subjects of a benchmark with options: its configs, or itself where it has only one."""
    benchmark = BENCHMARKS[name]
    single = len(benchmark.configs) == 1
    parts = [
        _Part(
            name if single else config,
            config,
            _lower(benchmark.question, *_QUESTION),
            _lower(*benchmark.options, *_OPTIONS),
            _lower(benchmark.choice or "", *_ANSWER),
        )
        for config in benchmark.configs
    ]
    return sorted(parts, key=lambda part: _paper_order(part.subject))


def _lower(*columns: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column.casefold() for column in columns))


def _paper_order(subject: str) -> int:
    return SUBJECTS.index(subject) if subject in SUBJECTS else len(SUBJECTS)


def _items(part: _Part, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Item]:
    items = []
    times: dict[str, int] = {}
    for number, row in rows:
        options = row.get("options") or [
            row[column] for column in part.options if str(row.get(column) or "").strip()
        ]
        correct = letter(_first(row, part.answer), len(options))
        question = str(_first(row, part.question) or "")
        if not question or len(options) < 2 or correct is None:
            raise GaokerenaError(
                f"{part.subject}, row {number}: a question, two options and the right one's letter "
                "or number are needed"
            )
        words = "\x1f".join((question, *map(str, options)))
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        times[digest] = times.get(digest, 0) + 1
        made = f"{part.subject}-{digest}" + (f"-{times[digest]}" if times[digest] > 1 else "")
        identity = str(row.get("id") or made)
        texts = tuple(map(str, options))
        items.append(Item(identity, part.subject, number, question, texts, correct))
    return items


def _first(row: Mapping[str, Any], columns: Iterable[str]) -> Any:
    """The first cell that is filled, of several columns."""
    return next((row[column] for column in columns if row.get(column)), None)
