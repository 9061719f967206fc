"""Where everything in a workspace stands: sources, datasets, and what is to be done next."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.datasets.extracted import count_records, tell_in_no_dataset
from gaokerena_data.datasets.registry import DATASETS, use_workspace
from gaokerena_data.datasets.settings import default_table, own_table
from gaokerena_data.errors import GaokerenaError, damage_told
from gaokerena_data.release.losses import count_inputs, find_losses
from gaokerena_data.release.versions import released_versions
from gaokerena_data.sources import SOURCES
from gaokerena_data.workspace import Workspace

_AS_BELOW = "damaged: see below"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source.

    Args:
        name: its name.
        pages: crawled pages; None for a source without a frontier.
        records: extracted and imported records of all kinds.
        crawled_at: when its last whole crawl ended, as ISO time.
        next: the command that brings it on; empty where nothing is to be done.
    """

    name: str
    pages: int | None
    records: int
    crawled_at: str | None
    next: str


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """One dataset.

    Args:
        name: its name.
        kept: records in its splits; None where it was never curated.
        records: records that went into its last curation.
        released: its newest version, or None.
        next: the command that brings it on; empty where nothing is to be done.
    """

    name: str
    kept: int | None
    records: int
    released: str | None
    next: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything in a workspace.

    Args:
        sources: every source that is known.
        datasets: every dataset that is declared.
        in_no_dataset: one line on the records of each source that no dataset takes.
        lost: one line on each source of a dataset that has shrunk since its last version.
        damaged: one line on each thing that cannot be read.
    """

    sources: list[SourceStatus]
    datasets: list[DatasetStatus]
    in_no_dataset: list[str]
    lost: list[str]
    damaged: list[str]


def read_status(workspace: Workspace) -> Status:
    """Read the status from the files that the stages left."""
    from gaokerena_data.crawl.status import crawl_status

    use_workspace(workspace)
    crawls = {each.site: each for each in crawl_status(workspace)}
    sources = []
    damaged: list[str] = []
    for name, source in SOURCES.items():
        crawl = crawls.get(name)
        crawled = crawl is not None and crawl.runs > 0
        records, damage = _count(workspace, name, source.kinds)
        if crawl is not None and crawl.damaged:
            damage = crawl.next
        if damage is not None:
            damaged.append(damage)
        sources.append(
            SourceStatus(
                name,
                sum(crawl.pages.values()) if crawl is not None and crawled else None,
                records,
                crawl.finished_at if crawl is not None else None,
                _AS_BELOW
                if damage is not None
                else crawl.next
                if crawl is not None and (crawled or not records)
                else "",
            )
        )
    datasets = [_dataset(workspace, declaration) for declaration in DATASETS.values()]
    lost = [line for each in DATASETS.values() for line in _losses(workspace, each)]
    return Status(sources, datasets, tell_in_no_dataset(workspace), lost, damaged)


def published_urls(workspace: Workspace, source: str) -> set[str]:
    """The urls of a source's rows in the newest release of every dataset that takes it."""
    import pyarrow.parquet as pq

    use_workspace(workspace)
    found: set[str] = set()
    for declaration in DATASETS.values():
        versions = released_versions(workspace, declaration.name)
        if source not in declaration.sources or not versions:
            continue
        folder = workspace.release(declaration.name, str(versions[-1]))
        for file in sorted(folder.rglob("*.parquet")):
            with damage_told(file, "restore it from a copy, or from the Hub"):
                if "url" not in pq.read_schema(file).names:
                    continue
                urls = pq.read_table(file, columns=["url"], partitioning=None)["url"]
                found.update(url for url in urls.unique().to_pylist() if url)
    return found


def _count(workspace: Workspace, source: str, kinds: Iterable[str]) -> tuple[int, str | None]:
    """The records of a source, and what is damaged of them: it hides nothing else."""
    try:
        return sum(count_records(workspace, kind, source) for kind in kinds), None
    except GaokerenaError as error:
        return 0, str(error)


def _losses(workspace: Workspace, declaration: Declaration) -> list[str]:
    """What a release of a dataset would stop at."""
    versions = released_versions(workspace, declaration.name)
    most = default_table(declaration).get("max_source_loss")
    most = own_table(declaration, workspace).get("max_source_loss", most)
    if not versions or most is None:
        return []
    kind = declaration.kind.name
    try:
        had = count_inputs(workspace.release_ledger(declaration.name, str(versions[-1])))
        now = {each: count_records(workspace, kind, each) for each in declaration.sources}
    except GaokerenaError:  # it is told where it is damaged
        return []
    return [
        f"{declaration.name}: since {versions[-1]} {line}" for line in find_losses(had, now, most)
    ]


def _dataset(workspace: Workspace, declaration: Declaration) -> DatasetStatus:
    name = declaration.name
    versions = released_versions(workspace, name)
    newest = str(versions[-1]) if versions else None
    run_file = workspace.curated(name) / "run.json"
    counts = [_count(workspace, source, [declaration.kind.name]) for source in declaration.sources]
    inputs = sum(count for count, _ in counts)
    for _, damage in counts:
        if damage is not None:
            return DatasetStatus(name, None, inputs, newest, _AS_BELOW)
    if not run_file.is_file():
        return DatasetStatus(name, None, 0, newest, f"gaokerena curate {name}" if inputs else "")
    try:
        with damage_told(run_file, f"run `gaokerena curate {name}` again"):
            run = json.loads(run_file.read_text("utf-8"))
            records = int(run["records"])
            kept = sum(row["rows"] for row in run["funnel"] if row["decision"] == "kept")
    except GaokerenaError:  # what it says is what is next
        return DatasetStatus(name, None, inputs, newest, f"gaokerena curate {name}")
    ahead = "" if records == inputs else f"gaokerena curate {name}"
    if not ahead and newest is None:
        ahead = f"gaokerena release {name} 1.0.0"
    return DatasetStatus(name, kept, records, newest, ahead)
