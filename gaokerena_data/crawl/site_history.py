"""The runs of one site, one after the other, and its pages that are gone."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.queue.overview import LostPage
from gaokerena_data.crawl.report import Report, load_report
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.sources import find_source
from gaokerena_data.workspace import Workspace

_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a site.

    Args:
        number: counted from 1.
        started_at: ISO time.
        report: what it did; None where it was killed, or its report is damaged.
    """

    number: int
    started_at: str
    report: Report | None

    @property
    def end(self) -> str:
        """How it ended, in a word or two."""
        if self.report is None:
            return "no report"
        told = "complete" if self.report.complete else "incomplete"
        return f"{told}, failed" if self.report.failures else told

    @property
    def records(self) -> int | None:
        """How many records the site had after it."""
        return None if self.report is None else sum(self.report.records.values())

    @property
    def errors(self) -> int | None:
        """How many requests and pages went wrong."""
        if self.report is None:
            return None
        return self.report.retries + self.report.states.get(states.FAILED, 0)

    @property
    def coverage(self) -> float | None:
        """The share of the fields that its fresh records had, of those that any of them had."""
        if self.report is None:
            return None
        shares = [
            share for kind in self.report.coverage.values() for share in kind.values() if share
        ]
        return sum(shares) / len(shares) if shares else None


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """A site over its runs.

    Args:
        site: its name.
        runs: oldest first.
        lost: pages that are gone though a record was read from them, by url.
    """

    site: str
    runs: list[Run]
    lost: list[LostPage]


def site_history(workspace: Workspace, name: str) -> SiteHistory:
    """The runs of a site.

    Args:
        workspace: where its frontier lies.
        name: the source's name, alias or host.

    Raises:
        GaokerenaError: an unknown source, one that was never crawled, or a damaged frontier.
    """
    source = find_source(name)
    path = workspace.frontier(source.name)
    if not path.is_file():
        raise GaokerenaError(
            f"{source.name} was never crawled in {workspace.root}: run `gaokerena crawl "
            f"{source.name}` first"
        )
    with Frontier(path) as frontier:
        rows, lost = frontier.reports(), frontier.lost_pages()
    return SiteHistory(
        source.name, [Run(run, start, _report(text)) for run, start, _, text in rows], lost
    )


def sparkline(values: Sequence[float | None]) -> str:
    """One bar a value, from nothing to the largest; a gap where there is none."""
    most = max((value for value in values if value is not None), default=0)
    return "".join(
        " " if value is None else _BARS[round(value / most * (len(_BARS) - 1)) if most else 0]
        for value in values
    )


def _report(text: str | None) -> Report | None:
    if text is not None:
        with suppress(GaokerenaError):
            return load_report(text)
    return None
