"""What a run did: counts by state, records, what was read held against the runs before."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import atomic_file

if TYPE_CHECKING:  # it brings Scrapy, which `gaokerena status` has no need of
    from gaokerena_data.crawl.extract import Coverage, Extraction

INTERRUPTED = "interrupted"


@dataclass(slots=True)
class Report:
    """One run of one site, as the frontier and `frontier/SITE.report.json` keep it.

    Args:
        site: its name.
        run: which run of the site, counted from 1.
        resumed: whether it took up an interrupted run.
        complete: whether nothing is left to fetch, and every listing and sitemap was read.
        stopped: why it ended early, if it did.
        started_at: ISO time.
        seconds: how long it took.
        requests: pages asked for, retries among them.
        retries: how many of them were second and later tries.
        bytes: bytes that came.
        states: pages by state.
        records: records by kind.
        dropped: record pages without a record, by reason.
        fresh_pages: record pages that this run fetched anew.
        fresh_with_record: how many of them held a record.
        coverage: share of fresh records with each field, by kind.
        coverage_before: the same of the last run that fetched record pages.
        failures: what is wrong enough to stop for.
        fresh_records: records of the pages that this run fetched anew, by kind.
        lengths: characters in the middle one of the fresh records' texts, by kind and field.
        trouble: what of the site's or the network's was in the way; None where nothing was.
        as_wanted: whether it ended early because it was told beforehand how far to go.
        unread_lists: url and reason of listings and sitemaps that are asked for again by the next
            run: nothing is known of what they lead to.
        asked_delay: what robots.txt asks to leave between two requests, in words.
        lost_pages: how many pages are gone though a record was read from them.
        empty_lists: url and reason of listings that show no record while others of the site do.
        alike: how many of the fresh records hold one and the same text, by kind.
    """

    site: str
    run: int
    resumed: bool
    complete: bool
    stopped: str | None
    started_at: str
    seconds: float
    requests: int
    retries: int
    bytes: int
    states: dict[str, int]
    records: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    fresh_pages: int = 0
    fresh_with_record: int = 0
    coverage: dict[str, dict[str, float]] = field(default_factory=dict)
    coverage_before: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    fresh_records: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, dict[str, float]] = field(default_factory=dict)
    trouble: str | None = None
    as_wanted: bool = False
    unread_lists: list[tuple[str, str]] = field(default_factory=list)
    asked_delay: str | None = None
    lost_pages: int = 0
    empty_lists: list[tuple[str, str]] = field(default_factory=list)
    alike: dict[str, int] = field(default_factory=dict)

    def read(self, extraction: "Extraction", before: "Report | None") -> None:
        """Take over what the extraction found.

        Args:
            extraction: of the whole archive.
            before: the report of the last run from which a site's fields are known.
        """
        self.records = extraction.records
        self.dropped = extraction.dropped
        self.fresh_pages = extraction.fresh.pages
        self.fresh_with_record = extraction.fresh.pages_with_record
        self.coverage = _coverage(extraction.fresh)
        self.fresh_records = dict(sorted(extraction.fresh.records.items()))
        self.lengths = extraction.fresh.middle_lengths()
        self.alike = extraction.fresh.alike()
        self.coverage_before = {} if before is None else before.coverage
        self.trouble = self.trouble or extraction.damage

    @property
    def yield_share(self) -> float | None:
        """The share of freshly fetched record pages that held a record."""
        return self.fresh_with_record / self.fresh_pages if self.fresh_pages else None

    @property
    def ended_well(self) -> bool:
        """Whether nothing needs a person: it is complete, or as far as it was to go."""
        return not self.failures and self.trouble is None and (self.complete or self.as_wanted)

    def without_a_record(self) -> str:
        """What became of the pages of a run that found no record."""
        told = ", ".join(f"{count:,} {state}" for state, count in self.states.items())
        return f"no page with a record was found, of {told or 'no page at all'}"

    def to_json(self) -> str:
        """The report as JSON, keys in the order of this class."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def save(self, path: Path) -> None:
        """Write the report, whole or not at all."""
        with atomic_file(path) as part:
            part.write_text(self.to_json() + "\n", encoding="utf-8")


def load_report(text: str) -> Report:
    """A report back from its JSON; what later versions add to it is passed over.

    Raises:
        GaokerenaError: when it is none.
    """
    try:
        return _reader().validate_json(text)
    except ValueError as error:
        raise GaokerenaError(
            f"the report of a run is damaged ({reason_of(error)}): the next crawl writes it anew"
        ) from error


@cache
def _reader() -> TypeAdapter[Report]:
    """Made once, where a report is read: making it takes as long as reading thousands of them."""
    return TypeAdapter(Report)


def last_steady(earlier: Sequence[Report]) -> Report | None:
    """The report of the last run that fetched something, and found nothing wrong."""
    return next((run for run in reversed(earlier) if run.fresh_pages and not run.failures), None)


def _coverage(fresh: "Coverage") -> dict[str, dict[str, float]]:
    return {kind: fresh.shares(kind) for kind in sorted(fresh.records)}
