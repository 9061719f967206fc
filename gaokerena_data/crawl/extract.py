"""Records from the archive: no network, and the same bytes every time.

Every record page of the frontier ends either as records or as one row of the ledger. A page that
was fetched several times is read in its newest version that holds a record: a layout that breaks
tomorrow does not take away what was read today.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from web_poet import HttpResponse

from gaokerena_data.crawl.fetching.archive import ArchiveReader, Place
from gaokerena_data.crawl.pages import RecordPage, Records
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.links import Fetched, PageOutcome
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.spiders import SiteSpider
from gaokerena_data.crawl.watch import read_page
from gaokerena_data.datasets.kind import KINDS, kind_of
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.external_sort import MAX_FILES, ExternalSort
from gaokerena_data.ledger import LEDGER_SCHEMA, LedgerRow
from gaokerena_data.records import Provenance, article_id
from gaokerena_data.sources import Source, find_source
from gaokerena_data.workspace import Workspace, atomic_file

CRAWL_STEP = "crawl@1"
EXTRACT_STEP = "extract@1"
NO_RECORD = "no record in the page"
BROKEN = "page object failed"

_WAITING = 2000
_ROW_GROUP = 2_000
_NOT_COVERED = {"id", "thread_id", "source", "provenance", "fetched_at", "answer_position"}


@dataclass(slots=True)
class Coverage:
    """What was read from pages, and which fields they had."""

    pages: int = 0
    pages_with_record: int = 0
    records: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, records: Records) -> None:
        """Count one page and the records it held."""
        self.pages += 1
        self.pages_with_record += bool(records)
        for record in records:
            kind = kind_of(record).name
            self.records[kind] += 1
            filled = self.fields.setdefault(kind, Counter())
            for name in KINDS[kind].schema.names:
                if name not in _NOT_COVERED and getattr(record, name) not in (None, "", []):
                    filled[name] += 1

    def shares(self, kind: str) -> dict[str, float]:
        """The share of records of a kind that have each field."""
        total = self.records[kind]
        names = KINDS[kind].schema.names if total else []
        return {
            name: round(self.fields[kind][name] / total, 4)
            for name in names
            if name not in _NOT_COVERED
        }


@dataclass(slots=True)
class Extraction:
    """What an extraction gave.

    Args:
        site: the site's name.
        records: how many of each kind.
        dropped: how many pages gave none, by reason.
        all: coverage over all pages.
        fresh: coverage over the newest versions of the pages that the last run fetched.
    """

    site: str
    records: dict[str, int]
    dropped: dict[str, int]
    all: Coverage
    fresh: Coverage


def extract_site(workspace: Workspace, name: str) -> Extraction:
    """Extract a site's records anew, as `extract_pages` does.

    Raises:
        GaokerenaError: no such site, it was never crawled, or its archive is damaged.
    """
    use_workspace(workspace)
    return extract_pages(workspace, load_spider(name, workspace))


def extract_pages(workspace: Workspace, spider: type[SiteSpider]) -> Extraction:
    """Write `extracted/KIND/SITE/crawl.parquet` and `crawl.ledger.parquet` from the archive.

    Rows are in id order.

    Raises:
        GaokerenaError: when the site was never crawled, or its archive is damaged.
    """
    # Arrow's own pools keep what was freed; a crawl of weeks on a small machine wants it back.
    pa.set_memory_pool(pa.system_memory_pool())
    source = find_source(spider.name)
    path = workspace.frontier(source.name)
    if not path.exists():
        raise GaokerenaError(
            f"{source.name} has no frontier at {path}: run `gaokerena crawl {source.name}` first"
        )
    everything, fresh = Coverage(), Coverage()
    reasons: Counter[str] = Counter()
    counts: dict[str, int] = {}
    with (
        TemporaryDirectory(prefix=".extract-", dir=workspace.root) as waiting,
        Frontier(path) as frontier,
        ArchiveReader(workspace.archive(source.name)) as archive,
    ):
        parts = MAX_FILES // (len(source.kinds) + 1)  # the records of each kind, and one ledger
        kept = {kind: _Rows(KINDS[kind].schema, Path(waiting), parts) for kind in source.kinds}
        # A page without a record has no kind; it is told once, under the source's first.
        ledgers = {kind: _Rows(LEDGER_SCHEMA, Path(waiting), parts) for kind in source.kinds}
        last_run = frontier.last_run()
        for outcome in frontier.record_pages():
            page = _read(outcome, spider.pages, source, archive)
            if page.newest is not None and outcome.versions[0].run == last_run:
                fresh.add(page.newest)
            if page.newest is not None:
                everything.add(page.records)
            for record in page.records:
                kept[kind_of(record).name].add(record)
            if not page.records:
                row = _ledger_row(source, outcome, page)
                ledgers[source.kinds[0]].add(row)
                reasons[row.reason] += 1
        for kind, rows in kept.items():
            folder = workspace.extracted(kind, source.name)
            counts[kind] = rows.write(folder / "crawl.parquet")
            ledgers[kind].write(folder / "crawl.ledger.parquet")
    return Extraction(source.name, counts, dict(sorted(reasons.items())), everything, fresh)


@dataclass(slots=True)
class _Read:
    records: Records
    newest: Records | None = None  # what the newest version held; None where there is none
    reason: str = NO_RECORD
    detail: str | None = None


def _read(
    outcome: PageOutcome, pages: Sequence[type[RecordPage]], source: Source, archive: ArchiveReader
) -> _Read:
    if not outcome.versions or outcome.state in {states.OPTED_OUT, states.REFUSED}:
        return _Read([], reason=outcome.state, detail=outcome.reason)
    read = _Read([])
    for version in outcome.versions:
        archived = archive.read(Place(version.warc_file, version.warc_offset))
        response = HttpResponse(
            url=version.final_url,
            body=archived.body,
            status=archived.status,
            headers=[
                header for header in archived.headers if header[0].lower() != "content-encoding"
            ],
        )
        try:
            records, extractor = read_page(response, pages)
        except Exception as error:
            # One page of two hundred thousand; it is told in the ledger and in the report.
            read.reason, read.detail = BROKEN, f"{type(error).__name__}: {error}"
            records, extractor = [], ""
        if read.newest is None:
            read.newest = records
        if records:
            read.records = [
                replace(
                    record,
                    fetched_at=version.fetched_at,
                    provenance=_provenance(version, extractor, source),
                )
                for record in records
            ]  # type: ignore[assignment]
            break
    return read


def _provenance(version: Fetched, extractor: str, source: Source) -> Provenance:
    return Provenance(
        final_url=version.final_url,
        status=version.status,
        content_sha256=version.sha256,
        warc_file=version.warc_file,
        warc_offset=version.warc_offset,
        extractor=extractor,
        robots=version.robots,
        opt_out=version.opt_out,
        terms=source.terms,
    )


def _ledger_row(source: Source, outcome: PageOutcome, page: _Read) -> LedgerRow:
    return LedgerRow(
        id=article_id(source.name, outcome.url),  # of a page: the same for every kind
        source=source.name,
        origin=outcome.url,
        decision="dropped",
        step=EXTRACT_STEP if page.newest is not None else CRAWL_STEP,
        reason=page.reason,
        detail=page.detail,
    )


class _Rows:
    """Rows of any number, written in id order.

    They are sorted on disk by the hash in their ids, so that a small part of them is in memory at a
    time.

    Args:
        schema: of the rows.
        folder: an empty one is made in it for what waits.
        parts: in how many files they wait.
    """

    def __init__(self, schema: pa.Schema, folder: Path, parts: int) -> None:
        self._schema = schema
        self._packed: list[Any] = []
        self._sort = ExternalSort(schema, "id", Path(mkdtemp(dir=folder)), parts)
        # The first prefix of each part but the first.
        self._borders = [f"{256 * part // parts:02x}" for part in range(1, parts)]

    def add(self, row: Any) -> None:
        self._packed.append(row)
        if len(self._packed) >= _WAITING:
            self._pack()

    def write(self, path: Path) -> int:
        """Write the file, once all rows were added; returns how many they were."""
        self._pack()
        count = 0
        with (
            atomic_file(path) as part,
            pq.ParquetWriter(part, self._schema, compression="zstd") as writer,
        ):
            group = [self._schema.empty_table()]
            for rows in self._sort.sorted_parts():
                for rows_of_prefix in _by_prefix(rows):
                    group.append(rows_of_prefix)
                    if sum(table.num_rows for table in group) >= _ROW_GROUP:
                        count += self._write_group(writer, group)
                        group = []
            count += self._write_group(writer, group)
        return count

    @staticmethod
    def _write_group(writer: pq.ParquetWriter, group: list[pa.Table]) -> int:
        if not group:
            return 0
        table = pa.concat_tables(group)
        writer.write_table(table)
        return int(table.num_rows)

    def _pack(self) -> None:
        by_part: dict[int, list[Any]] = {}
        for row in self._packed:
            by_part.setdefault(bisect(self._borders, _prefix(row.id)), []).append(asdict(row))
        self._packed = []
        for part, rows in by_part.items():
            self._sort.add(part, pa.Table.from_pylist(rows, schema=self._schema))


def _prefix(record_id: str) -> str:
    """The first two hex digits of the hash in an id: "3f" of "nabz-3f0a..."."""
    return record_id.rpartition("-")[2][:2]


def _by_prefix(rows: pa.Table) -> Iterator[pa.Table]:
    """Sorted rows in pieces of one prefix: a row group ends where one ends."""
    start = 0
    for _, same in groupby(rows["id"].to_pylist(), key=_prefix):
        length = len(list(same))
        yield rows.slice(start, length)
        start += length
