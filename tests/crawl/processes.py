"""Crawls in processes of their own, which a test may kill."""

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from gaokerena_data.crawl.lock import SiteLock
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
    """Begin to crawl `sites` at a replica's address.

    Args:
        root: of the workspace.
        address: HOST:PORT.
        sites: their names.
        told: a file; it is there, empty, as soon as the crawl begins, and holds the names of the
            sites that this process crawled when it has ended.
    """
    process = _PROCESSES.Process(target=_crawl, args=(root, address, list(sites), told))
    process.start()
    return process


def wait_for_requests(process: ForkServerProcess, requests: Callable[[], int], before: int) -> None:
    """Return when a crawl has come as far as the network: there are more than `before`."""
    wait_until(lambda: not process.is_alive() or requests() > before, "the crawl asks for a page")


def crawl_in_two_processes(
    workspace: Workspace, address: str, orders: tuple[Sequence[str], Sequence[str]], folder: Path
) -> list[list[str]]:
    """Have two processes crawl the same sites at the same time; which each of them crawled.

    All sites are locked until both have begun: else the first is done with some, on a busy
    machine, before the second looks.
    """
    locks = [SiteLock(workspace, site) for site in orders[0]]
    assert all(lock.take() for lock in locks)
    told = [folder / "0.json", folder / "1.json"]
    started = [
        start_crawl(workspace.root, address, order, file)
        for order, file in zip(orders, told, strict=True)
    ]
    wait_until(lambda: all(file.exists() for file in told), "both crawls have begun")
    time.sleep(1)  # until they have looked at the locks
    for lock in locks:
        lock.free()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0, 0]
    return [json.loads(file.read_text("utf-8")) for file in told]


def _crawl(root: Path, address: str, sites: list[str], told: Path | None) -> None:
    os.environ[CONNECT_ALL] = address
    if told is not None:
        told.touch()
    reports = crawl_sites(Workspace(root), sites, Options(delay=0.0))
    if told is not None:
        told.write_text(json.dumps([report.site for report in reports]))
