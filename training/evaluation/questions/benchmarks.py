"""Multiple-choice benchmarks: `mmlu_medical_fa` (six subjects) and `ibmsee`.

They are read from a released folder, from the Hub, or from the authors' own spreadsheets.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.duplicates import Place
from training.evaluation.questions.paper import IBMSEE, MMLU, SUBJECTS, subject_named
from training.evaluation.questions.rows import read_rows
from training.evaluation.reading.answers import letter, read_sheet
from training.evaluation.reading.mentions import LETTERS

BENCHMARKS: dict[str, tuple[str, ...]] = {"mmlu_medical_fa": MMLU, "ibmsee": (IBMSEE,)}


@dataclass(frozen=True, slots=True)
class Item:
    """One multiple-choice question.

    Args:
        id: the released one; of a spreadsheet's row, its subject and a digest of its words.
        subject: one of the six of MMLU, or "ibmsee".
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


def load_benchmark(name: str, source: str) -> list[Item]:
    """The items of a benchmark, subject by subject in the paper's order.

    Args:
        name: "mmlu_medical_fa" or "ibmsee".
        source: a folder of the authors' spreadsheets, a released folder, or a Hub repository
            (`org/name`), whose configs are the subjects.

    Raises:
        GaokerenaError: the name is unknown, the source is missing, or a row has no right answer.
    """
    if name not in BENCHMARKS:
        raise GaokerenaError(f"no benchmark {name!r}: choose from {', '.join(BENCHMARKS)}")
    sheets = load_sheets(Path(source)) if Path(source).is_dir() else {}
    items: list[Item] = []
    for subject in BENCHMARKS[name]:
        if subject in sheets:
            items.extend(sheets[subject])
        elif sheets:
            raise GaokerenaError(f"{source} has no spreadsheet of {subject}: {name} needs it")
        else:
            rows = read_rows(source, "test", config=subject)
            items.extend(_items(subject, enumerate(rows, start=1)))
    return items


def load_sheets(folder: Path) -> dict[str, list[Item]]:
    """The authors' spreadsheets in a folder, by subject; empty where there are none."""
    found: dict[str, list[Item]] = {}
    for path in sorted(folder.glob("*.xlsx")):
        subject = subject_named(path.stem)
        if subject is not None and not path.name.startswith("~$"):
            found[subject] = _items(subject, read_sheet(path))
    return {subject: found[subject] for subject in SUBJECTS if subject in found}


def place_items(sheets: Mapping[str, list[Item]]) -> list[tuple[Place, str, tuple[str, ...]]]:
    """Place, question and options of every item, as duplicates are looked for."""
    return [
        (Place(item.subject, item.row), item.question, item.options)
        for items in sheets.values()
        for item in items
    ]


def _items(subject: str, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Item]:
    items = []
    times: dict[str, int] = {}
    for number, row in rows:
        options = row.get("options") or [
            row[f"option{place}"]
            for place in range(1, len(LETTERS) + 1)
            if str(row.get(f"option{place}") or "").strip()
        ]
        correct = letter(row.get("answer") or row.get("correct answer"))
        question = str(row.get("question", ""))
        if not question or len(options) < 2 or correct is None:
            raise GaokerenaError(
                f"{subject}, row {number}: a question, two options and an answer (A..E or 1..5) "
                "are needed"
            )
        words = "\x1f".join((question, *map(str, options)))
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        times[digest] = times.get(digest, 0) + 1
        made = f"{subject}-{digest}" + (f"-{times[digest]}" if times[digest] > 1 else "")
        identity = str(row.get("id") or made)
        items.append(Item(identity, subject, number, question, tuple(map(str, options)), correct))
    return items
