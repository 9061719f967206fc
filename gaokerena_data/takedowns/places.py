"""Where texts lie in a workspace as rows of a table, and which of their columns say what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.configs import SCORES_SCHEMA
from gaokerena_data.datasets.registry import DATASETS, use_workspace
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.workspace import Workspace

type Stage = Literal["extracted", "benchmarks", "curated", "releases"]

ROWS_AT_ONCE = 2_000
_PAIRS = (("question", "answer"), ("Question", "Answer"))
# What is no text that somebody wrote: nobody is known by "cardiology" or "female".
_NAMES = {
    *("id", "thread_id", "question_id", "url", "source", "Source", "subject"),
    *("correct_option", "method", "teacher", "student", "teacher_settings", "student_settings"),
    *("verified_by", "fetched_at"),
    *SCORES_SCHEMA.names,
}
_PATTERNS: tuple[tuple[Stage, str], ...] = (
    ("extracted", "extracted/*/*/*.parquet"),
    ("extracted", "extracted/*/*/whole/*.parquet"),
    ("benchmarks", "benchmarks/*/*.parquet"),
    ("curated", "curated/*/*.parquet"),
    ("curated", "curated/*/*/*.parquet"),
    ("releases", "releases/*/*/*/*.parquet"),
)


@dataclass(frozen=True, slots=True)
class TextColumns:
    """What the columns of a table are.

    Args:
        id: with the ids of its rows.
        thread: with those of their threads, if it has it.
        url: with their pages, if it has it.
        texts: those with texts: a question and an answer, a title and a content, or any others.
        kind: of what its rows are; None for the questions of a benchmark.
    """

    id: str
    thread: str | None
    url: str | None
    texts: tuple[str, ...]
    kind: Literal["pair", "article"] | None

    @property
    def names(self) -> list[str]:
        """The columns by which a row is known."""
        return [each for each in (self.id, self.thread, self.url) if each is not None]

    def reasons(self, matcher: TakedownMatcher, table: pa.Table) -> list[str | None]:
        """Why each row may not be published, None where nobody asked."""
        found: list[str | None] = [None] * table.num_rows
        for row, request in self.by_texts(matcher, table).items():
            found[row] = request
        for row, reason in self.by_names(matcher, table).items():
            found[row] = reason
        return found

    def by_names(self, matcher: TakedownMatcher, table: pa.Table) -> dict[int, str]:
        """Row -> reason, of those that are named."""
        thread, url = (table[name] if name else None for name in (self.thread, self.url))
        return matcher.by_names(table[self.id], url, thread)

    def by_texts(self, matcher: TakedownMatcher, table: pa.Table) -> dict[int, str]:
        """Row -> reason, of those that say what was taken down."""
        if self.kind is not None:
            heading, body = (table[name] for name in self.texts)
            found = matcher.by_texts(heading, body, is_pair=self.kind == "pair")
            return {row: meant.request.reason for row, meant in found.items()}
        reasons: dict[int, str] = {}
        for name in self.texts:
            every = enumerate(matcher.of_texts(table[name]))
            reasons |= {row: reason for row, reason in every if reason is not None}
        return reasons


@dataclass(frozen=True, slots=True)
class TextTable:
    """A Parquet file with texts.

    Args:
        path: of the file.
        stage: which part of the workspace it lies in.
        place: what people call it: datasets with a comma between them, a dataset and a version, or
            a folder.
        columns: what its columns are.
    """

    path: Path
    stage: Stage
    place: str
    columns: TextColumns

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Its rows, some at a time.

        Raises:
            GaokerenaError: it cannot be read.
        """
        try:
            with pq.ParquetFile(self.path, page_checksum_verification=True) as file:
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(columns)):
                    batch.validate(full=True)
                    yield pa.Table.from_batches([batch])
        except (pa.ArrowException, OSError, UnicodeError) as error:
            raise GaokerenaError(f"{self.path}: cannot be read ({reason_of(error)})") from None


def read_columns(schema: pa.Schema) -> TextColumns | None:
    """What the columns of a table are; None where it has no texts by which a row could be known."""
    names = [field.name for field in schema if field.type in (pa.string(), pa.large_string())]
    if "id" not in names:
        return None
    thread, url = (name if name in names else None for name in ("thread_id", "url"))
    if thread is None and "question_id" in names:
        thread = "question_id"
    for pair in _PAIRS:
        if set(pair) <= set(names):
            return TextColumns("id", thread, url, pair, "pair")
    if {"title", "content"} <= set(names):
        return TextColumns("id", thread, url, ("title", "content"), "article")
    texts = tuple(name for name in names if name not in _NAMES)
    return TextColumns("id", thread, url, texts, None) if texts else None


def text_tables(workspace: Workspace) -> Iterator[TextTable]:
    """Every Parquet file of a workspace that has rows with texts, but for caches.

    Raises:
        GaokerenaError: one cannot be read.
    """
    use_workspace(workspace)
    root = workspace.root
    for stage, pattern in _PATTERNS:
        for path in sorted(root.glob(pattern)):
            if path.name.endswith("ledger.parquet"):
                continue
            try:
                columns = read_columns(pq.read_schema(path))
            except (pa.ArrowException, OSError, UnicodeError) as error:
                raise GaokerenaError(f"{path}: cannot be read ({reason_of(error)})") from None
            if columns is not None:
                yield TextTable(path, stage, _place(path.relative_to(root)), columns)


def _place(path: Path) -> str:
    stage, first, second = path.parts[:3]
    if stage == "extracted":
        datasets = [
            each.name
            for each in DATASETS.values()
            if each.kind.name == first and second in each.sources
        ]
        return ", ".join(datasets) or f"{stage}/{first}/{second}"
    if stage == "benchmarks":
        return first
    if stage == "curated":
        return path.parent.as_posix()
    return f"{first} {second}: {Path(*path.parts[3:]).as_posix()}"
