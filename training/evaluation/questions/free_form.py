"""Patients' questions, to be answered in free form."""

from dataclasses import dataclass

from gaokerena_data.datasets.registry import BENCHMARKS
from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.rows import read_rows


@dataclass(frozen=True, slots=True)
class Question:
    """A patient's question with the doctor's answer."""

    id: str
    question: str
    reference: str


def load_questions(source: str, split: str = "test") -> list[Question]:
    """Patients' questions and doctors' answers: columns `Question`, `Answer` and, if any, `id`.

    The columns of benchmarks in free form go by the names that these declare.

    Args:
        source: a file (xlsx, csv, jsonl, json, parquet), a released folder, or a Hub repository.
        split: which split of a dataset.

    Raises:
        GaokerenaError: the source cannot be read or lacks a column.
    """
    free = [benchmark for benchmark in BENCHMARKS.values() if benchmark.answer]
    questions = ("question", *(benchmark.question.casefold() for benchmark in free))
    answers = ("answer", *(str(benchmark.answer).casefold() for benchmark in free))
    found = []
    for number, cells in enumerate(read_rows(source, split), start=1):
        question = next((cells[name] for name in questions if cells.get(name)), None)
        if not question:
            raise GaokerenaError(f"{source}, row {number} has no Question")
        reference = next((cells[name] for name in answers if cells.get(name)), "")
        identity = str(cells.get("id") or number)
        found.append(Question(identity, str(question), str(reference)))
    return found
