"""What a run did: counts by state, records, field coverage against the run before."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaokerena_data.datasets.kind import KINDS
from gaokerena_data.workspace import atomic_file

if TYPE_CHECKING:  # it brings Scrapy, which `gaokerena status` has no need of
    from gaokerena_data.crawl.extract import Coverage, Extraction

EVIDENCE = 5  # fetched record pages below which nothing is concluded from their bodies
_FALL = 0.5  # a share below this part of what it was has collapsed
_FIRST = 0.5  # the share of pages with a record that a first run must reach


@dataclass(slots=True)
class Report:
    """One run of one site, as the frontier and `frontier/SITE.report.json` keep it.

    Args:
        site: its name.
        run: which run of the site, counted from 1.
        resumed: whether it took up an interrupted run.
        complete: whether nothing is left to fetch.
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

    def read(self, extraction: "Extraction", before: "Report | None") -> None:
        """Take over what the extraction found, and hold it to the run before.

        Args:
            extraction: of the whole archive.
            before: the last run that fetched record pages; None for a first run.
        """
        self.records = extraction.records
        self.dropped = extraction.dropped
        self.fresh_pages = extraction.fresh.pages
        self.fresh_with_record = extraction.fresh.pages_with_record
        self.coverage = _coverage(extraction.fresh)
        self.coverage_before = {} if before is None else before.coverage
        self.failures += failures(self, before)

    @property
    def yield_share(self) -> float | None:
        """The share of freshly fetched record pages that held a record."""
        return self.fresh_with_record / self.fresh_pages if self.fresh_pages else None

    def to_json(self) -> str:
        """The report as JSON, keys in the order of this class."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def save(self, path: Path) -> None:
        """Write the report, whole or not at all."""
        with atomic_file(path) as part:
            part.write_text(self.to_json() + "\n", encoding="utf-8")


def load_report(text: str) -> Report:
    """A report back from its JSON."""
    known: dict[str, Any] = json.loads(text)
    return Report(**known)


def failures(report: Report, before: Report | None) -> list[str]:
    """What collapsed since the run before: a layout that changed empties pages silently.

    Args:
        report: the run's.
        before: the last run that fetched record pages; None for a first run.

    Returns:
        One sentence a finding; none where all is well, or the pages are too few to tell.
    """
    share = report.yield_share
    if share is None or report.fresh_pages < EVIDENCE:
        return []
    known = before.yield_share if before is not None else None
    least = _FIRST if known is None else known * _FALL
    if share < least:
        some = f"{report.fresh_with_record} of {report.fresh_pages}"
        was = "" if known is None else f", {known:.0%} did in the run before"
        return [f"only {some} fetched record pages hold a record{was}"]
    if before is None:
        return []
    return [
        f"{name} is filled in {shares.get(name, 0):.0%} of the {kind} records, "
        f"{before.coverage[kind][name]:.0%} in the run before"
        for kind, shares in report.coverage.items()
        for name in KINDS[kind].required
        if shares.get(name, 0) < _FALL * before.coverage.get(kind, {}).get(name, 0)
    ]


def _coverage(fresh: "Coverage") -> dict[str, dict[str, float]]:
    return {kind: fresh.shares(kind) for kind in sorted(fresh.records)}
