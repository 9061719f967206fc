"""Answer files in the form of the authors' spreadsheets."""

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

OPTIONS = {"A": "کبد", "B": "کلیه", "C": "طحال", "D": "ریه"}
HEADER = [
    "Question", "question_choices", "correct_answer", "model_prompt", "AI_answer",
    "AI_chosen_answer",
]  # fmt: skip


def write_sheet(path: Path, rows: Iterable[list[object]], header: list[str] = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def row(answer: str, human: str, correct: str = "A", question: str = "کدام؟") -> list[object]:
    return [question, str(OPTIONS), correct, "", answer, human]
