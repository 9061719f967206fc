"""`gaokerena demo`: the whole way of a record, on the replica sites, without the internet."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.crawl.told.progress import CrawlDisplay
from gaokerena_data.curate.run import curate
from gaokerena_data.curate.told.printing import print_curation
from gaokerena_data.datasets.medical_corpus import MEDICAL_CORPUS
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.demo.replica import Replica
from gaokerena_data.demo.sites import SITES
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.folder import publish_to_folder
from gaokerena_data.progress import show_progress
from gaokerena_data.release.build import release
from gaokerena_data.release.printing import print_release
from gaokerena_data.tables import count_table, make_console
from gaokerena_data.workspace import Workspace, make_folder

VERSION = "1.0.0"
SEED = 1


def run_demo(workspace: Workspace) -> None:
    """Crawl, curate, release, publish to a folder, and load what was published.

    Args:
        workspace: its folder must be empty, absent, or that of an earlier demo.

    Raises:
        GaokerenaError: when the folder holds anybody's real work, or a stage fails.
    """
    _start_afresh(workspace)
    console = make_console(markup=True)
    began = time.monotonic()
    sites = [site.name for site in SITES]
    console.print(f"[bold]1. Crawl[/bold] {len(sites)} replica sites on this machine")
    with Replica(seed=SEED) as replica, _connected_to(replica.address), CrawlDisplay() as progress:
        reports = crawl_sites(workspace, sites, Options(delay=0), progress.show)
    console.print(
        count_table(
            "Crawled",
            ("site", "requests", "pages", "records"),
            [
                (
                    report.site,
                    report.requests,
                    report.states.get("done", 0),
                    sum(report.records.values()),
                )
                for report in reports
            ],
        )
    )
    published = {}
    for dataset in (MF3QA.name, MEDICAL_CORPUS.name):  # what the replica has records for
        console.print(f"\n[bold]2. Curate[/bold] {dataset}")
        with show_progress(Console(stderr=True)) as told:
            print_curation(curate(workspace, dataset, told, workers=1))
        console.print(f"\n[bold]3. Release[/bold] {dataset} {VERSION}")
        made = release(workspace, dataset, VERSION)
        print_release(made)
        published[dataset] = workspace.root / "published" / dataset
        publish_to_folder(made.folder, published[dataset])
    console.print("\n[bold]4. Load[/bold] what was published, as anybody would")
    _show_loaded(console, published)
    console.print(f"\nThe whole way took {time.monotonic() - began:.0f} s. Look at:")
    for what, where in (
        ("a dataset card", published["mf3qa"] / "README.md"),
        ("why each record was kept or dropped", workspace.curated("mf3qa") / "ledger.parquet"),
        ("the raw pages", workspace.root / "archive"),
    ):
        console.print(f"  {where}  {what}")


def _show_loaded(console: Console, published: Mapping[str, Path]) -> None:
    from datasets import disable_progress_bars, load_dataset

    disable_progress_bars()
    rows = []
    for name, folder in published.items():
        dataset = load_dataset(str(folder), cache_dir=str(folder.parent / ".cache"))
        rows += [
            (name, split, data.num_rows, ", ".join(data.column_names))
            for split, data in dataset.items()
        ]
    console.print(count_table("load_dataset", ("dataset", "split", "rows", "columns"), rows))


@contextmanager
def _connected_to(address: str) -> Iterator[None]:
    before = os.environ.get(CONNECT_ALL)
    os.environ[CONNECT_ALL] = address
    try:
        yield
    finally:
        if before is None:
            del os.environ[CONNECT_ALL]
        else:
            os.environ[CONNECT_ALL] = before


def _start_afresh(workspace: Workspace) -> None:
    mark = workspace.root / ".demo"
    if mark.exists():
        shutil.rmtree(workspace.root)
    elif workspace.root.is_dir() and any(workspace.root.iterdir()):
        raise GaokerenaError(
            f"{workspace.root}: holds other work; name a folder for the demo with --workspace"
        )
    make_folder(workspace.root)
    mark.touch()
