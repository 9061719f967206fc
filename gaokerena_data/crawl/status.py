"""Where every site's crawl stands, from the files in a workspace."""

from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.report import Report, load_report
from gaokerena_data.crawl.spider_places import PACKAGED, find_spider
from gaokerena_data.datasets.record_files import count_rows
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.sources import crawled_sources
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site.

    Args:
        site: its name.
        runs: how many runs were begun; 0 where it was never crawled.
        pages: pages by state.
        records: extracted records by kind.
        finished_at: when the last run that came to its end did, as ISO time.
        next: what to do next, as one sentence or command.
        damaged: whether its frontier or its records cannot be read: `next` says so.
    """

    site: str
    runs: int
    pages: dict[str, int]
    records: dict[str, int]
    finished_at: str | None
    next: str
    damaged: bool = False


def crawl_status(workspace: Workspace) -> list[SiteStatus]:
    """The status of every site that can be crawled, in the order of the table of sources."""
    return [_status_or_damage(workspace, source.name) for source in crawled_sources()]


def _status_or_damage(workspace: Workspace, site: str) -> SiteStatus:
    """The status of a site; what is damaged of it is told beside the others, not in their place."""
    try:
        return _status(workspace, site)
    except (GaokerenaError, OSError) as error:
        return SiteStatus(site, 0, {}, {}, None, str(error), damaged=True)


def _status(workspace: Workspace, site: str) -> SiteStatus:
    path = workspace.frontier(site)
    if not path.exists():
        has_spider = find_spider(site, workspace) is not None
        begin = f"gaokerena crawl {site}" if has_spider else f"gaokerena import {site} FILE"
        return SiteStatus(site, 0, {}, {}, None, begin)
    with Frontier(path) as frontier:
        pages = frontier.counts()
        runs = frontier.reports()
    saved = path.with_suffix(".report.json")
    last = _last_report(saved) if saved.exists() else None
    finished = [end for _, _, end, _ in runs if end is not None]
    return SiteStatus(
        site=site,
        runs=len(runs),
        pages=pages,
        records=_records(workspace, site),
        finished_at=finished[-1] if finished else None,
        next=_next(workspace, site, pages, last),
    )


def _last_report(saved: Path) -> Report | None:
    """The report beside a frontier; a damaged one tells nothing, and the next crawl writes it."""
    try:
        return load_report(saved.read_text("utf-8", errors="replace"))
    except (GaokerenaError, OSError):
        return None


def _records(workspace: Workspace, site: str) -> dict[str, int]:
    files = workspace.root.glob(f"extracted/*/{site}/crawl.parquet")
    return {file.parents[1].name: count_rows(file) for file in sorted(files)}


def _next(workspace: Workspace, site: str, pages: dict[str, int], last: Report | None) -> str:
    if last is not None and last.failures:
        packaged = (PACKAGED / f"{site}.py").is_file()
        file = f"spiders/{site}.py" if packaged else workspace.sites / f"{site}.py"
        return f"mend {file}, then gaokerena extract {site}"
    if any(pages.get(state) for state in states.OPEN_STATES):
        return f"gaokerena crawl {site} (goes on)"
    return f"gaokerena crawl {site} (what is new)"
