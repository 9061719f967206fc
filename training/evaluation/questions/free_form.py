"""Patients' questions, to be answered in free form."""

from dataclasses import dataclass

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

    Args:
        source: a `.xlsx` or `.jsonl` file, a released folder, or a Hub repository.
        split: which split of a dataset.

    Raises:
        GaokerenaError: the source cannot be read or lacks a column.
    """
    found = []
    for number, cells in enumerate(read_rows(source, split), start=1):
        if not cells.get("question"):
            raise GaokerenaError(f"{source}, row {number} has no Question")
        reference = cells.get("answer") or cells.get("free_form_answer") or ""
        identity = str(cells.get("id") or number)
        found.append(Question(identity, str(cells["question"]), str(reference)))
    return found
