"""Crawls in processes of their own, which a test may kill."""

import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.sources import crawled_sources
from gaokerena_data.workspace import Workspace
from tests.waiting import wait_until

# One process imports everything once and forks: a start takes milliseconds.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [__name__, *(f"spiders.{source.name}" for source in crawled_sources())]
)


def start_crawl(
    root: Path, address: str, sites: Sequence[str], told: Path | None = None
) -> ForkServerProcess:
    """Begin to crawl `sites` at a replica's address; the names of those done go to `told`."""
    process = _PROCESSES.Process(target=_crawl, args=(root, address, list(sites), told))
    process.start()
    return process


def wait_for_requests(process: ForkServerProcess, requests: Callable[[], int], before: int) -> None:
    """Return when a crawl has come as far as the network: there are more than `before`."""
    wait_until(lambda: not process.is_alive() or requests() > before, "the crawl asks for a page")


def _crawl(root: Path, address: str, sites: list[str], told: Path | None) -> None:
    os.environ[CONNECT_ALL] = address
    reports = crawl_sites(Workspace(root), sites, Options(delay=0.0))
    if told is not None:
        told.write_text(json.dumps([report.site for report in reports]))
