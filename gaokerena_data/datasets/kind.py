"""Kinds of records: which of a record's fields are its texts, and what they are published as.

One text announces the other in every kind, and the same two are called by three pairs of words:

- by the record's own fields: question and answer, title and content;
- `heading` and `body` wherever a rule or a measure does not care which kind it has before it;
- by the published columns: `Question` and `Answer`, `title` and `content`.

A kind is where they meet; nothing else translates one into another.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cached_property
from typing import Any

import pyarrow as pa

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import (
    Article,
    ChainOfThought,
    PreferencePair,
    Provenance,
    QuestionAnswer,
    answer_id,
    arrow_schema,
    article_id,
    pair_id,
    question_id,
    thread_id,
)

type Record = Article | QuestionAnswer | PreferencePair | ChainOfThought
type Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of records.

    Args:
        name: also the name of their folder in `extracted/`.
        record: their class; its fields are the columns of an extracted file.
        heading: the field with the text that announces the other one.
        body: the field with the long text, by which records are measured.
        compared: which of the two ("heading", "body") must be alike in duplicates; candidates
            are looked for in the last.
        thread: the field that records of one thread share; None where each stands alone.
        published: published column -> field: drop-in for the authors' own Hub repositories.
        required: fields without which a row of a file is no record.
        identify: the ids of a record, from its source's name and its fields.
        others: further fields with texts, which are cleaned as the two are.
    """

    name: str
    record: type[Article | QuestionAnswer | PreferencePair | ChainOfThought]
    heading: str
    body: str
    compared: tuple[str, ...]
    thread: str | None
    published: Mapping[str, str]
    required: tuple[str, ...]
    identify: Callable[[str, Cells], dict[str, str]]
    others: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """Of an extracted file."""
        return arrow_schema(self.record)

    @property
    def texts(self) -> tuple[str, str]:
        """The fields with the heading and the body."""
        return self.heading, self.body

    def columns_of(self, *fields: str) -> tuple[str, ...]:
        """What these fields are called where they are published."""
        return tuple(column for column, field in self.published.items() if field in fields)

    @cached_property
    def may_lack_heading(self) -> bool:
        """Whether a record without a heading has null there, not an empty text."""
        by_name = {each.name: each for each in fields(self.record)}
        return by_name[self.heading].default is not MISSING

    def make(self, cells: Cells, source: str, provenance: Provenance) -> Record:
        """A record of a source.

        Args:
            cells: by field; what is None there is left at the field's default. An `id` that is
                among them stays.
            source: the source's name.
            provenance: where it was read.
        """
        own = {each.name for each in fields(self.record)} - {"source", "provenance"}
        given = {name: cells[name] for name in own if cells.get(name) is not None}
        ids = self.identify(source, cells)
        return self.record(**(ids | given), source=source, provenance=provenance)

    def table(self, records: Iterable[Record]) -> pa.Table:
        """Records as one Arrow table, in the order given."""
        return pa.Table.from_pylist([asdict(record) for record in records], schema=self.schema)


def _identify_article(source: str, cells: Cells) -> dict[str, str]:
    url = cells.get("url")
    return {"id": article_id(source, url) if url else pair_id(source, "", cells["content"])}


def _identify_pair(source: str, cells: Cells) -> dict[str, str]:
    url, question, answer = cells.get("url"), cells["question"], cells["answer"]
    return {
        "id": answer_id(source, url, cells.get("answered_by"))
        if url
        else pair_id(source, question, answer),
        "thread_id": thread_id(source, url, question),
    }


def _identify_preference(source: str, cells: Cells) -> dict[str, str]:
    prompt = cells["prompt"]
    answers = f"{cells['chosen']}\x1f{cells['rejected']}"
    asked = cells.get("question_id") or question_id(source, prompt)
    return {"id": pair_id(source, prompt, answers), "question_id": asked}


def _identify_chain(source: str, cells: Cells) -> dict[str, str]:
    return {"id": pair_id(source, cells["question"], cells["chain"])}


ARTICLE = Kind(
    name="article",
    record=Article,
    heading="title",
    body="content",
    # An article that is printed twice often has two titles: its content decides.
    compared=("body",),
    thread=None,
    published={
        "id": "id",
        "content": "content",
        "title": "title",
        "source": "source",
        "url": "url",
        "category": "category",
        "tags": "tags",
        "author": "author",
        "published_at": "published_at",
        "fetched_at": "fetched_at",
    },
    required=("content",),
    identify=_identify_article,
)

QUESTION_ANSWER = Kind(
    name="question_answer",
    record=QuestionAnswer,
    heading="question",
    body="answer",
    compared=("heading", "body"),
    thread="thread_id",
    published={
        "id": "id",
        "Question": "question",
        "Answer": "answer",
        "Source": "source",
        "url": "url",
        "specialty": "specialty",
        "answered_by": "answered_by",
        "fetched_at": "fetched_at",
    },
    required=("question", "answer"),
    identify=_identify_pair,
)

PREFERENCE_PAIR = Kind(
    name="preference_pair",
    record=PreferencePair,
    heading="prompt",
    body="chosen",
    others=("rejected", "instruction"),
    compared=("heading", "body"),
    thread="question_id",
    published={
        "id": "id",
        "question_id": "question_id",
        "instruction": "instruction",
        "prompt": "prompt",
        "chosen": "chosen",
        "rejected": "rejected",
        "correct_option": "correct_option",
        "method": "method",
        "teacher": "teacher",
        "student": "student",
        "teacher_settings": "teacher_settings",
        "student_settings": "student_settings",
        "Source": "source",
    },
    required=("prompt", "chosen", "rejected"),
    identify=_identify_preference,
)

CHAIN_OF_THOUGHT = Kind(
    name="chain_of_thought",
    record=ChainOfThought,
    heading="question",
    body="chain",
    others=("answer",),
    compared=("heading", "body"),
    thread=None,
    published={
        "id": "id",
        "question": "question",
        "chain": "chain",
        "answer": "answer",
        "correct_option": "correct_option",
        "Source": "source",
        "url": "url",
        "teacher": "teacher",
        "verified_by": "verified_by",
    },
    required=("question", "chain", "answer"),
    identify=_identify_chain,
)

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (ARTICLE, QUESTION_ANSWER, PREFERENCE_PAIR, CHAIN_OF_THOUGHT)
}


def find_kind(name: str) -> Kind:
    """The kind of that name.

    Raises:
        GaokerenaError: when there is none; the message lists the names.
    """
    if name not in KINDS:
        raise GaokerenaError(f"no kind is called {name!r}; give one of: {', '.join(KINDS)}")
    return KINDS[name]


def kind_of(record: Record) -> Kind:
    """The kind of a record."""
    return next(kind for kind in KINDS.values() if isinstance(record, kind.record))
