"""What was taken down, looked up in tables: its ids and pages, and the words it is known by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.purge.frontiers import with_pages
from gaokerena_data.purge.sought import Sought, words_of_urls
from gaokerena_data.purge.words import Words, words_of
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.takedowns.places import read_columns
from gaokerena_data.takedowns.requests import settled_url
from gaokerena_data.workspace import Workspace

_ROWS = 10_000  # whose texts are in memory at one time


@dataclass(frozen=True, slots=True)
class _Rows:
    """A part of a table, with the reason to take each row out."""

    table: pa.Table
    reasons: list[str | None]
    texts: tuple[str, ...]

    def sought(self) -> pa.Table:
        return self.table.filter(pa.array([each is not None for each in self.reasons]))

    def texts_of_others(self) -> Iterator[str]:
        others = self.table.filter(pa.array([each is None for each in self.reasons]))
        for name in self.texts:
            yield from _values(others, name)


def requested(matcher: TakedownMatcher) -> Sought:
    """What requests name by themselves."""
    ids = {each.target for each in matcher.requests if each.kind == "id"}
    urls = {settled_url(each.target) for each in matcher.requests if each.kind == "url"}
    hosts = {each.target for each in matcher.requests if each.kind == "host"}
    return Sought(Words(), frozenset(ids), frozenset(urls), frozenset(hosts))


def collect(workspace: Workspace, matcher: TakedownMatcher) -> Sought:
    """What of a workspace's tables was taken down.

    Words that a record says which stays are not among those that are looked for.
    """
    root = workspace.root
    extracted = sorted(root.glob("extracted/*/*/*.parquet"))
    others = [
        file
        for folder in ("extracted/*/*/whole", "benchmarks/*", "curated/**", "releases/**")
        for file in sorted(root.glob(f"{folder}/*.parquet"))
    ]
    sought = requested(matcher)
    if matcher.is_empty:
        return sought
    sought = look_up((*extracted, *others), matcher, sought)
    for file in sorted(root.glob("frontier/*.sqlite")):
        sought = with_pages(file, sought)
    sought = sought.with_words(sought.words.joined(words_of_urls(sought.urls)))
    return without_kept(extracted, matcher, sought) if sought.words else sought


def look_up(files: Iterable[Path], matcher: TakedownMatcher, sought: Sought) -> Sought:
    """What is sought, with all that the rows of tables tell of it."""
    for file in files:
        for rows in _rows(file, matcher):
            sought = sought.joined(_told(rows.sought(), rows.texts))
    return sought


def without_kept(files: Iterable[Path], matcher: TakedownMatcher, sought: Sought) -> Sought:
    """What is sought, without words that rows say which stay."""
    kept = (
        text for file in files for rows in _rows(file, matcher) for text in rows.texts_of_others()
    )
    return sought.with_words(sought.words.without(kept))


def _rows(file: Path, matcher: TakedownMatcher) -> Iterator[_Rows]:
    """A table in parts; one that is damaged, or holds no texts, has none."""
    if file.name.endswith("ledger.parquet"):
        return
    try:
        with pq.ParquetFile(file) as opened:
            columns = read_columns(opened.schema_arrow)
            if columns is None:
                return
            titles = {"title"} & set(opened.schema_arrow.names)
            for batch in opened.iter_batches(_ROWS):
                batch.validate(full=True)  # a text that is none breaks what reads it
                table = pa.Table.from_batches([batch])
                texts = (*columns.texts, *sorted(titles - set(columns.texts)))
                yield _Rows(table, columns.reasons(matcher, table), texts)
    except (pa.ArrowException, OSError):
        return  # whoever walks over all files tells of it


def _told(table: pa.Table, texts: tuple[str, ...]) -> Sought:
    """What rows tell of themselves."""
    ids = {each for name in ("id", "thread_id") for each in _values(table, name)}
    urls = {settled_url(each) for each in _values(table, "url")}
    if "provenance" in table.column_names and table.num_rows:
        final = pc.struct_field(table["provenance"], "final_url")
        urls |= {settled_url(each) for each in final.to_pylist() if each}
    words = words_of(text for name in texts for text in _values(table, name))
    return Sought(words, frozenset(ids), frozenset(urls))


def _values(table: pa.Table, name: str) -> list[str]:
    if name not in table.column_names:
        return []
    return [each for each in table[name].to_pylist() if isinstance(each, str) and each]
