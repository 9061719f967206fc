"""Rubrics: what a good answer to a question does and does not do, as HealthBench has them; scales.

A criterion has points; what an answer must not do has negative ones. A scale is asked of every
answer, and each of its numbers has an anchor that says what it stands for, as MedJudge's have.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from gaokerena_data.choices.folding import fold
from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.free_form import Question
from training.evaluation.questions.rows import read_file

EXAMPLE = "example"
_ROLES = {"user": "بیمار", "assistant": "پاسخ‌گو", "system": "دستور"}
_APART = re.compile(r"\s*[,،;؛|]\s*")
_MINUS = re.compile("[−–‒]")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that an answer does or does not.

    Args:
        text: what it is, in a sentence.
        points: what it adds where the answer does it; negative for what it must not do.
        tags: what it is counted under.
    """

    text: str
    points: float
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RubricItem:
    """A question, or a conversation that ends in one, with its criteria.

    Args:
        id: of the question.
        question: its text; a conversation with a line for each turn.
        criteria: one positive one at least.
        tags: what the question is counted under.
    """

    id: str
    question: str
    criteria: tuple[Criterion, ...]
    tags: tuple[str, ...] = ()

    @property
    def most(self) -> float:
        """The points of an answer that does all it should."""
        return sum(criterion.points for criterion in self.criteria if criterion.points > 0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A named scale of whole numbers, each with its anchor.

    Args:
        name: short, as tables call it.
        asks: what is asked of the answer.
        anchors: number -> what it stands for, the lowest first.
    """

    name: str
    asks: str
    anchors: Mapping[int, str]

    def __str__(self) -> str:
        """The scale as a grader or a clinician reads it."""
        lines = [f"{number}: {anchor}" for number, anchor in self.anchors.items()]
        return "\n".join((self.asks, *lines))


def read_rubric(location: str) -> list[RubricItem]:
    """The items of a rubric file.

    Args:
        location: `.jsonl` or `.json` with one object a question: `question` or `prompt` (a text,
            or turns of `role` and `content`), `rubrics` or `criteria` (each with `criterion`,
            `points` and, if any, `tags`), and if any `id` or `prompt_id`, `tags` or
            `example_tags`; `.xlsx`, `.csv` or `.tsv` with one row a criterion: `question`,
            `criterion`, `points`, and if any `id`, `tags`, `question_tags`. The name "example" is
            the packaged example.

    Raises:
        GaokerenaError: the file cannot be read, or what stands in it is no rubric; by its row.
    """
    found: dict[str, RubricItem] = {}
    for place, row in _rows(location, "rubric_example.jsonl"):
        where = f"{location}, row {place}"
        item = _item(where, place, row)
        known = found.get(item.id)
        if known is None:
            found[item.id] = item
        elif "criterion" in row and known.question == item.question:
            tags = tuple(dict.fromkeys((*known.tags, *item.tags)))
            criteria = (*known.criteria, *item.criteria)
            found[item.id] = RubricItem(item.id, item.question, criteria, tags)
        else:
            raise GaokerenaError(
                f"{where}: {item.id} is the id of two questions; give each its own"
            )
    if not found:
        raise GaokerenaError(f"{location} holds no question: see docs/evaluation.md for its form")
    for item in found.values():
        _check(location, item)
    return list(found.values())


def read_scales(location: str) -> list[Scale]:
    """The scales of a file with `name`, `asks` and `anchors` (number -> text) in each line.

    In a spreadsheet or csv each row is one anchor: `name`, `asks`, `number`, `anchor`. The name
    "example" is the packaged example.

    Raises:
        GaokerenaError: the file cannot be read, or a scale has fewer than two anchors.
    """
    anchors: dict[str, dict[int, str]] = {}
    asks: dict[str, str] = {}
    for place, row in _rows(location, "scales_example.jsonl"):
        where = f"{location}, row {place}"
        name, given = _text(row, "name"), row.get("anchors")
        if not isinstance(given, Mapping):
            given = {row.get("number"): row.get("anchor")}
        if not name:
            raise GaokerenaError(f"{where}: a scale needs a name")
        asks[name] = asks.get(name) or _text(row, "asks")
        for number, anchor in given.items():
            value = _number(where, number)
            if not value.is_integer() or not str(anchor or "").strip():
                raise GaokerenaError(f"{where}: every anchor is a whole number with its text")
            if int(value) in anchors.setdefault(name, {}):
                raise GaokerenaError(f"{where}: {name} has two anchors for {int(value)}")
            anchors[name][int(value)] = str(anchor).strip()
    few = [name for name in asks if len(anchors.get(name, {})) < 2 or not asks[name]]
    if few or not asks:
        which = few[0] if few else "no scale"
        raise GaokerenaError(f"{location}: {which}: a scale asks something and has two anchors")
    return [Scale(name, asks[name], dict(sorted(anchors[name].items()))) for name in asks]


def questions_of(items: Sequence[RubricItem]) -> list[Question]:
    """The questions of a rubric as systems are asked them; they have no doctor's answer."""
    return [Question(item.id, item.question, "") for item in items]


def _rows(location: str, example: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if location == EXAMPLE:
        packaged = files("training.evaluation.questions").joinpath(example)
        yield from read_file(Path(str(packaged)))
        return
    path = Path(location)
    if not path.is_file():
        raise GaokerenaError(f"no file {location}: give a rubric file, or the word {EXAMPLE}")
    yield from read_file(path)


def _item(where: str, place: int, row: Mapping[str, Any]) -> RubricItem:
    asked = row.get("prompt") if row.get("question") in (None, "") else row.get("question")
    question = _conversation(asked)
    if not question:
        raise GaokerenaError(f"{where} has no question")
    listed = row.get("rubrics") or row.get("criteria")
    if "criterion" in row:
        name = _text(row, "id") or question
        alone = (_criterion(where, row),)
        return RubricItem(name, question, alone, _tags(row.get("question_tags")))
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise GaokerenaError(f"{where} has no criteria: a list under `rubrics` or `criteria`")
    criteria = tuple(_criterion(where, each) for each in listed)
    name = _text(row, "id") or _text(row, "prompt_id") or str(place)
    tags = _tags(row.get("example_tags") or row.get("tags"))
    return RubricItem(name, question, criteria, tags)


def _criterion(where: str, row: Mapping[str, Any]) -> Criterion:
    text = _text(row, "criterion")
    if not text:
        raise GaokerenaError(f"{where}: a criterion has no text")
    points = _number(where, row.get("points"))
    if points == 0:
        raise GaokerenaError(f"{where}: a criterion of 0 points counts nothing; take it out")
    return Criterion(text, points, _tags(row.get("tags")))


def _check(location: str, item: RubricItem) -> None:
    if item.most <= 0:
        raise GaokerenaError(
            f"{location}, {item.id}: no criterion has positive points, so no answer can be scored"
        )


def _conversation(asked: Any) -> str:
    """A question, or turns with who speaks before each; a patient's only turn is its text."""
    if isinstance(asked, Mapping):
        asked = [asked]
    if not isinstance(asked, list):
        return str(asked or "").strip()
    turns = [
        (str(turn.get("role") or "user"), str(turn.get("content") or "").strip())
        for turn in asked
        if isinstance(turn, Mapping)
    ]
    turns = [(role, text) for role, text in turns if text]
    if len(turns) == 1 and turns[0][0] == "user":
        return turns[0][1]
    return "\n".join(f"{_ROLES.get(role, role)}: {text}" for role, text in turns)


def _number(where: str, value: Any) -> float:
    try:
        number = float(_MINUS.sub("-", fold(str(value))))
    except ValueError:
        number = float("nan")
    if isinstance(value, bool) or not abs(number) < 1e6:
        raise GaokerenaError(f"{where}: {str(value)[:40]!r} is no number of points") from None
    return number


def _tags(value: Any) -> tuple[str, ...]:
    found = value if isinstance(value, list) else _APART.split(str(value or ""))
    return tuple(dict.fromkeys(text for each in found if (text := str(each).strip())))


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) if row.get(name) is not None else "").strip()
