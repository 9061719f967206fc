"""Records of each kind: their fields and their stable ids.

This module is the one truth about columns: between two stages records travel as Arrow tables whose
schema is read from these classes. `datasets/kind.py` says which of them are texts, and what they
are called when they are published.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

# How wide a number is in a table.
Int16 = Annotated[int, pa.int16()]
Int32 = Annotated[int, pa.int32()]
Int64 = Annotated[int, pa.int64()]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record was read: a crawled page, or a row of an older crawl's file.

    Args:
        final_url: the url that answered, after redirects.
        status: the HTTP status of that answer.
        content_sha256: hex digest of the response body.
        warc_file: the archive's file name, relative to the site's archive folder.
        warc_offset: byte offset of the response record in it.
        extractor: the page object or fallback that made the record, with its version.
        robots: the verdict of robots.txt ("allowed", ...).
        opt_out: the text-and-data-mining opt-out that was found, or "none".
        terms: the site's terms as the table of sources states them.
        import_file: file name of an older crawl.
        import_sha256: hex digest of that file.
        import_row: 1-based row in it, its header not counted.
    """

    final_url: str | None = None
    status: Int16 | None = None
    content_sha256: str | None = None
    warc_file: str | None = None
    warc_offset: Int64 | None = None
    extractor: str | None = None
    robots: str | None = None
    opt_out: str | None = None
    terms: str | None = None
    import_file: str | None = None
    import_sha256: str | None = None
    import_row: Int64 | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a medical magazine. Dates are ISO 8601 strings."""

    id: str
    source: str
    content: str
    url: str | None = None
    title: str | None = None
    category: str | None = None
    tags: list[str] = field(default_factory=list)
    author: str | None = None
    published_at: str | None = None
    fetched_at: str | None = None
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """One answer to one patient's question; a question nobody answered has an empty `answer`.

    All answers to one question share `thread_id`. `answer_position` counts from 0 as on the page.
    """

    id: str
    thread_id: str
    source: str
    question: str
    answer: str
    url: str | None = None
    title: str | None = None
    specialty: str | None = None
    answered_by: str | None = None
    verified: bool | None = None
    answer_position: Int32 = 0
    category: str | None = None
    tags: list[str] = field(default_factory=list)
    asked_at: str | None = None
    answered_at: str | None = None
    fetched_at: str | None = None
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """Two answers to one question with options: one that is preferred, one that is rejected.

    Args:
        id: of the pair.
        question_id: of the question, as its file calls it; of its words where no file does.
        source: the source's name.
        prompt: the question with its options.
        chosen: the preferred answer.
        rejected: the other one.
        instruction: what stood before the question in what the student was asked.
        correct_option: the letter of the right option, "A" to "E".
        method: how `chosen` came about: "A", the teacher was told the right option; "B", the
            student tried again after a critique.
        teacher: the model that wrote or criticized.
        student: the model whose answer is rejected.
        teacher_settings: JSON of the teacher's settings.
        student_settings: JSON of the student's.
        url: none; pairs have no page.
        fetched_at: none.
        provenance: where it was read.
    """

    id: str
    question_id: str
    source: str
    prompt: str
    chosen: str
    rejected: str
    instruction: str | None = None
    correct_option: str | None = None
    method: str | None = None
    teacher: str | None = None
    student: str | None = None
    teacher_settings: str | None = None
    student_settings: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class ChainOfThought:
    """A question, the steps that lead to its answer, and the answer.

    `correct_option` is the letter of the right option, null where the question has none; `url` is
    the page that the question was made from.
    """

    id: str
    source: str
    question: str
    chain: str
    answer: str
    correct_option: str | None = None
    url: str | None = None
    teacher: str | None = None
    verified_by: str | None = None
    fetched_at: str | None = None
    provenance: Provenance = field(default_factory=Provenance)


_ARABIC_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u200c": " ", "ـ": None})
_SEPARATOR = "\x1f"


def article_id(source: str, url: str) -> str:
    """The id of the article at a canonical url."""
    return _digest(source, "url", url)


def thread_id(source: str, url: str | None, question: str) -> str:
    """The id that all answers to one question share: its page, or its words where it has none."""
    if url is not None:
        return _digest(source, "url", url)
    return _digest(source, "question", _settled(question))


def answer_id(source: str, url: str, answered_by: str | None, nth: int = 0) -> str:
    """The id of an answer on a page: whose it is, and which of theirs (`nth` counts from 0).

    Neither an edit of the answer nor another doctor's answer above it changes the id.
    """
    return _digest(source, "answer", url, _settled(answered_by or ""), str(nth))


def pair_id(source: str, question: str, answer: str) -> str:
    """The id of a pair from an older crawl that kept no url."""
    return _digest(source, "pair", _settled(question), _settled(answer))


def question_id(source: str, question: str) -> str:
    """The id of a question that its file gives none, by its words."""
    return _digest(source, "question", _settled(question))


def arrow_schema(record: type[Any]) -> pa.Schema:
    """The Arrow schema of a record: its fields in their order, typed as they are annotated."""
    struct = _arrow_type(record)
    return pa.schema([struct.field(place) for place in range(struct.num_fields)])


def _arrow_type(annotated: Any) -> pa.DataType:
    if is_dataclass(annotated):
        hints = get_type_hints(annotated, include_extras=True)
        return pa.struct([(name, _arrow_type(hint)) for name, hint in hints.items()])
    if get_origin(annotated) is Annotated:
        return annotated.__metadata__[0]
    if get_origin(annotated) is list:
        return pa.list_(_arrow_type(*get_args(annotated)))
    if get_origin(annotated) in (Union, UnionType):
        (held,) = (each for each in get_args(annotated) if each is not NoneType)
        return _arrow_type(held)
    return {str: pa.string(), bool: pa.bool_()}[annotated]


def _settled(text: str) -> str:
    # Ids outlive every library: this folding is ours, is small, and must never change.
    folded = unicodedata.normalize("NFKC", text).translate(_ARABIC_LETTERS)
    return " ".join(folded.casefold().split())


def _digest(source: str, *parts: str) -> str:
    digest = hashlib.sha256(_SEPARATOR.join((source, *parts)).encode("utf-8", "surrogatepass"))
    return f"{source}-{digest.hexdigest()[:16]}"
