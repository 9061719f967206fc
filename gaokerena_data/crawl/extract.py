"""Records from the archive: no network, and the same bytes every time.

Every record page of the frontier ends either as records or as one row of the ledger. A page that
was fetched several times is read in its newest version that holds a record: a layout that breaks
tomorrow does not take away what was read today.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from web_poet import HttpResponse

from gaokerena_data.crawl.archive_check import find_again
from gaokerena_data.crawl.fetching.archive import Place
from gaokerena_data.crawl.fetching.archive_index import index_archive
from gaokerena_data.crawl.fetching.archive_reader import ArchiveReader, DamagedArchiveError
from gaokerena_data.crawl.pages import RecordPage, Records
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.answers import LOST, Position
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.links import Fetched, PageOutcome
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.spiders import SiteSpider
from gaokerena_data.crawl.waiting_rows import WaitingRows
from gaokerena_data.crawl.watch import main_texts, read_page
from gaokerena_data.datasets.kind import KINDS, kind_of
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.external_sort import MAX_FILES
from gaokerena_data.ledger import LEDGER_SCHEMA, LedgerRow
from gaokerena_data.records import Provenance, article_id
from gaokerena_data.sources import Source, find_source
from gaokerena_data.workspace import Workspace

CRAWL_STEP = "crawl@1"
EXTRACT_STEP = "extract@1"
NO_RECORD = "no record in the page"
BROKEN = "page object failed"
DAMAGED = "damaged in the archive"

_OF_EXTRACTION = {BROKEN, DAMAGED}
_NOT_COVERED = {"id", "thread_id", "source", "provenance", "fetched_at", "answer_position"}


@dataclass(slots=True)
class Coverage:
    """What was read from pages, and which fields they had."""

    pages: int = 0
    pages_with_record: int = 0
    records: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    lengths: dict[str, dict[str, Counter[int]]] = field(default_factory=dict)
    texts: dict[str, Counter[int]] | None = None  # how often each is there; None where not counted

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
            lengths = self.lengths.setdefault(kind, {})
            texts = main_texts(record)
            for name, text in texts.items():
                lengths.setdefault(name, Counter())[len(text)] += 1
            if self.texts is not None:
                self.texts.setdefault(kind, Counter())[hash(tuple(texts.values()))] += 1

    def alike(self) -> dict[str, int]:
        """How many records of each kind hold the text that most of them hold."""
        counts = sorted((self.texts or {}).items())
        return {kind: max(texts.values()) for kind, texts in counts}

    def middle_lengths(self) -> dict[str, dict[str, float]]:
        """Characters in the middle one (the median) of the records' texts, by kind and field."""
        return {
            kind: {name: _median(counts) for name, counts in sorted(lengths.items())}
            for kind, lengths in sorted(self.lengths.items())
        }

    def shares(self, kind: str) -> dict[str, float]:
        """The share of records of a kind that have each field."""
        total = self.records[kind]
        names = KINDS[kind].schema.names if total else []
        return {
            name: round(self.fields[kind][name] / total, 4)
            for name in names
            if name not in _NOT_COVERED
        }


def _median(lengths: Counter[int]) -> float:
    half = lengths.total() / 2
    passed = 0
    for length in sorted(lengths):
        passed += lengths[length]
        if passed >= half:
            return float(length)
    return 0.0


@dataclass(slots=True)
class Extraction:
    """What an extraction gave.

    Args:
        site: the site's name.
        records: how many of each kind.
        dropped: how many pages gave none, by reason.
        all: coverage over all pages.
        fresh: coverage over the newest versions of the pages that the last run fetched.
        damaged: how many pages are queued again because their answer is damaged.
    """

    site: str
    records: dict[str, int]
    dropped: dict[str, int]
    all: Coverage
    fresh: Coverage
    damaged: int = 0

    @property
    def damage(self) -> str | None:
        """What is damaged, and what to do about it, in one line; None where nothing is."""
        if not self.damaged:
            return None
        return (
            f"{self.damaged} archived answers of {self.site} are damaged, their pages are queued "
            f"again (see the ledger). {_remedy(self.site)}"
        )


def _remedy(site: str) -> str:
    return (
        f"Restore the archive's files from a copy and run `gaokerena extract {site}`, or ask the "
        f"site again with `gaokerena crawl {site}`"
    )


def extract_site(workspace: Workspace, name: str) -> Extraction:
    """Extract a site's records anew, as `extract_pages` does.

    Raises:
        GaokerenaError: no such site, it was never crawled, its frontier is damaged, or nothing of
            its archive can be read.
    """
    use_workspace(workspace)
    return extract_pages(workspace, load_spider(name, workspace))


class ExtractionStoppedError(Exception):
    """It was told to end before it was through; the files are as they were."""


class NothingReadError(GaokerenaError, ExtractionStoppedError):
    """No record can be read any more; the files are as they were."""


def extract_pages(
    workspace: Workspace, spider: type[SiteSpider], go_on: Callable[[], bool] | None = None
) -> Extraction:
    """Write `extracted/KIND/SITE/crawl.parquet` and `crawl.ledger.parquet` from the archive.

    Rows are in id order. A page whose answers are damaged in the archive has a row in the ledger,
    and is queued again.

    Args:
        workspace: where the archive lies.
        spider: the site's.
        go_on: asked at every page whether to go on.

    Raises:
        ExtractionStoppedError: `go_on` said no.
        GaokerenaError: when the site was never crawled, its frontier is damaged, or nothing of its
            archive can be read: then the records stay as they were.
    """
    # Arrow's own pools keep what was freed; a crawl of weeks on a small machine wants it back.
    pa.set_memory_pool(pa.system_memory_pool())
    source = find_source(spider.name)
    path = workspace.frontier(source.name)
    if not path.exists():
        raise GaokerenaError(
            f"{source.name} has no frontier at {path}: run `gaokerena crawl {source.name}` first"
        )
    everything, fresh = Coverage(), Coverage(texts={})
    reasons: Counter[str] = Counter()
    counts: dict[str, int] = {}
    with (
        TemporaryDirectory(prefix=".extract-", dir=workspace.root) as waiting,
        Frontier(path) as frontier,
        ArchiveReader(workspace.archive(source.name)) as archive,
    ):
        frontier.check()
        find_again(frontier, archive.folder)
        parts = MAX_FILES // (len(source.kinds) + 1)  # the records of each kind, and one ledger
        kept = {
            name: WaitingRows(KINDS[name].schema, Path(waiting), parts) for name in source.kinds
        }
        # A page without a record has no kind; it is told once, under the source's first.
        ledgers = {kind: WaitingRows(LEDGER_SCHEMA, Path(waiting), parts) for kind in source.kinds}
        damaged: list[Position] = []
        last_run = frontier.last_run()
        for outcome in frontier.record_pages():
            if go_on is not None and not go_on():
                raise ExtractionStoppedError
            page = _read(outcome, spider.pages, source, archive)
            damaged += page.damaged
            if page.newest is not None and page.newest_run == last_run:
                fresh.add(page.newest)
            if page.newest is not None:
                everything.add(page.records)
            for record in page.records:
                kept[kind_of(record).name].add(record)
            if not page.records:
                row = _ledger_row(source, outcome, page)
                ledgers[source.kinds[0]].add(row)
                reasons[row.reason] += 1
        frontier.lose_answers(damaged)
        lost = frontier.damaged_pages()
        if lost and not everything.pages_with_record:
            raise NothingReadError(
                f"{archive.folder}: no record can be read from it, {lost} answers are damaged or "
                f"gone. The records of {source.name} stay as they were. {_remedy(source.name)}"
            )
        for kind, rows in kept.items():
            folder = workspace.extracted(kind, source.name)
            counts[kind] = rows.write(folder / "crawl.parquet")
            ledgers[kind].write(folder / "crawl.ledger.parquet")
    index_archive(archive.folder)
    return Extraction(source.name, counts, dict(sorted(reasons.items())), everything, fresh, lost)


@dataclass(slots=True)
class _Read:
    records: Records
    newest: Records | None = None  # what the newest version held; None where there is none
    reason: str = NO_RECORD
    detail: str | None = None
    newest_run: int | None = None  # the run that fetched the newest version
    damaged: list[Position] = field(default_factory=list)


def _read(
    outcome: PageOutcome, pages: Sequence[type[RecordPage]], source: Source, archive: ArchiveReader
) -> _Read:
    if not outcome.versions or outcome.state in {states.OPTED_OUT, states.REFUSED}:
        if (outcome.reason or "").startswith(LOST):
            return _Read([], reason=DAMAGED, detail=(outcome.reason or "").removeprefix(LOST))
        return _Read([], reason=outcome.state, detail=outcome.reason)
    read = _Read([])
    for version in outcome.versions:
        place = Place(version.warc_file, version.warc_offset)
        try:
            archived = archive.read(place)
        except DamagedArchiveError:
            read.damaged.append((place.file, place.offset))
            if read.newest is None:
                read.reason, read.detail = DAMAGED, f"{place.file} at byte {place.offset}"
            continue
        except GaokerenaError as error:
            read.reason, read.detail = BROKEN, str(error)
            continue
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
            read.newest, read.newest_run = records, version.run
            if read.reason == DAMAGED:
                read.reason, read.detail = NO_RECORD, None
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
        step=CRAWL_STEP
        if page.newest is None and page.reason not in _OF_EXTRACTION
        else EXTRACT_STEP,
        reason=page.reason,
        detail=page.detail,
    )
