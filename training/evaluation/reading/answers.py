"""Files of multiple-choice answers: the authors' spreadsheets, and the lines our own runs append.

A spreadsheet has one row a question with `Question, question_choices, correct_answer, AI_answer`
and, where somebody read the answers, `AI_chosen_answer` (a letter or "invalid").
"""

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.choices.reading import ChoiceReading, option_texts, read_choice
from gaokerena_data.endpoints.json_lines import read_json_lines
from gaokerena_data.errors import GaokerenaError
from training.evaluation.reading.spreadsheets import letter, read_sheet, text_of

INVALID = "invalid"
SCORED = "log_likelihood"
_COLUMNS = {"question", "question_choices", "correct_answer", "ai_answer"}


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    """One answer to one multiple-choice question.

    Args:
        row: where it stands in its file: the row a spreadsheet program shows, or the line.
        question: the question as the model was asked it.
        options: the options' texts in order.
        correct: the letter of the right option.
        answer: what the model wrote; empty where options were scored by log-likelihood.
        human: the letter a person read, "invalid", or None where nobody read it.
        scored: the letter that log-likelihood chose, where there was no text to read.
        missing: why the model gave no answer, as `endpoints.reply` calls it; None where it did.
        reader: the letter that a judge model read, "invalid", or None where none was asked.
        id: the item's, where the file says it.
        topic: the item's specialty or subject, where it is known.
        seconds: how long the answer took; None where the file does not say.
        tokens: how many the model wrote; None where the file does not say.
    """

    row: int
    question: str
    options: tuple[str, ...]
    correct: str
    answer: str
    human: str | None = None
    scored: str | None = None
    missing: str | None = None
    reader: str | None = None
    id: str | None = None
    topic: str | None = None
    seconds: float | None = None
    tokens: int | None = None

    @property
    def reading(self) -> ChoiceReading:
        """What log-likelihood chose, or what the rules read in the answer."""
        if self.scored:
            return ChoiceReading(self.scored, SCORED, 1.0)
        return read_choice(self.answer, self.options, self.question)

    @property
    def chosen(self) -> str | None:
        """The letter chosen, by the rules alone; None for none."""
        return self.reading.letter

    def doubtful(self, threshold: float) -> bool:
        """Whether the rules read nothing here, or are to be believed less than `threshold`."""
        reading = self.reading
        return reading.letter is None or reading.confidence < threshold

    def checked(self, threshold: float) -> str | None:
        """The letter chosen, by the reader where the rules are in doubt; without one, None."""
        if not self.doubtful(threshold):
            return self.chosen
        return None if self.reader in {None, INVALID} else self.reader


def read_answer_file(path: Path) -> list[ChoiceAnswer]:
    """The answers of one model to one benchmark, in the file's order.

    Args:
        path: `.xlsx` as the authors published them, or `.jsonl` as `evaluate choices` writes it.

    Raises:
        GaokerenaError: the file is missing, is neither, lacks a column, or a row cannot be read.
    """
    if not path.is_file():
        raise GaokerenaError(f"no answer file {path}: give an .xlsx or .jsonl file of answers")
    readers = {".jsonl": _lines, ".xlsx": _rows}
    if path.suffix not in readers:
        raise GaokerenaError(f"{path} is neither .xlsx nor .jsonl: answer files are one of the two")
    answers = list(readers[path.suffix](path))
    if not answers:
        raise GaokerenaError(f"{path} holds no answers: leave it out, or ask the questions first")
    return answers


def _rows(path: Path) -> Iterator[ChoiceAnswer]:
    for number, row in read_sheet(path):
        if missing := sorted(_COLUMNS - row.keys()):
            raise GaokerenaError(
                f"{path} has no column {', '.join(missing)}: is it an answer file?"
            )
        options = _options(row["question_choices"])
        correct = letter(row["correct_answer"], len(options or ()))
        if correct is None or options is None:
            raise GaokerenaError(
                f"{path}, row {number}: question_choices must be a dict of options and "
                "correct_answer one of their letters"
            )
        human = row.get("ai_chosen_answer")
        yield ChoiceAnswer(
            row=number,
            question=row["question"],
            options=options,
            correct=correct,
            answer=row["ai_answer"],
            human=None if human is None else letter(human, len(options)) or INVALID,
        )


def _options(cell: str) -> tuple[str, ...] | None:
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(value, dict | list) or len(value) < 2:
        return None
    try:
        return tuple(map(text_of, option_texts(value)))
    except GaokerenaError:
        return None


def _lines(path: Path) -> Iterator[ChoiceAnswer]:
    entries = list(read_json_lines(path))
    last = {str(entry.get("id")): number for number, entry in entries}
    answered: dict[str, int] = {}
    for number, entry in entries:
        if entry.get("unanswered") and last[str(entry.get("id"))] > number:
            continue  # it was asked again
        if entry.get("id") is not None:
            before = answered.setdefault(str(entry["id"]), number)
            if before != number:
                raise GaokerenaError(
                    f"{path}: the id {entry['id']} stands there twice, in lines {before} and "
                    f"{number}: take one of them out"
                )
        try:
            options = _texts(entry["options"])
            yield ChoiceAnswer(
                row=number,
                question=_text(entry["question"]),
                options=options,
                correct=_one_of(entry["correct"], LETTERS[: len(options)]),
                answer=_text(entry["answer"] or ""),
                human=entry.get("human"),
                scored=entry.get("scored"),
                missing=entry.get("missing"),
                id=entry.get("id"),
                topic=entry.get("topic"),
                seconds=_amount(entry.get("seconds")),
                tokens=_count(entry.get("tokens")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise GaokerenaError(
                f"{path}, line {number} is no answer: a question, its options, the letter of the "
                f"right one and an answer are needed ({error})"
            ) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) < 2:
        raise TypeError("options must be a list of at least two texts")
    return tuple(map(_text, value))


def _one_of(value: object, letters: str) -> str:
    if _text(value) not in tuple(letters):
        raise ValueError(f"correct is {value!r}, and the options are {letters[0]} to {letters[-1]}")
    return _text(value)


def _count(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"tokens is {value!r}")
    return value


def _amount(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"seconds is {value!r}")
    return value
