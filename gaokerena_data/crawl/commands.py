"""`gaokerena crawl`, `gaokerena extract`, and the crawl's part of `gaokerena status`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.options import (
    DEFAULT_WORKSPACE,
    WorkspaceOption,
    existing_workspace,
    open_workspace,
)

if TYPE_CHECKING:
    from gaokerena_data.crawl.run import Options
    from gaokerena_data.workspace import Workspace


def crawl(
    sites: Annotated[
        list[str] | None,
        typer.Argument(metavar="SITE...", help="Names, aliases or hosts; see --all."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every site, side by side.")] = False,
    max_pages: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Ask for at most N pages of each site, this time."),
    ] = None,
    delay: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="Between two requests to a site; robots.txt may ask for more.",
        ),
    ] = 1.0,
    recheck: Annotated[
        bool,
        typer.Option(help="Ask again for every known page, whether it changed."),
    ] = False,
    max_delay: Annotated[
        float,
        typer.Option(
            min=1,
            metavar="SECONDS",
            help="A site whose robots.txt asks for more between two requests is left alone.",
        ),
    ] = 120.0,
    count_fall: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help="The share of its records that a site may lose against its last runs; more is a "
            "failure.",
        ),
    ] = 0.1,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Crawl nothing: ask for a few pages of each site and compare them with what they "
            "gave before.",
        ),
    ] = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Crawl sites and extract their records; an interrupted crawl goes on where it was."""
    if bool(sites) == every:
        raise typer.BadParameter("name the sites to crawl, or give --all")
    from gaokerena_data.crawl.run import Options
    from gaokerena_data.crawl.spider_places import find_spider
    from gaokerena_data.sources import crawled_sources, find_source

    room = open_workspace(workspace)
    names = [each.name for each in crawled_sources() if find_spider(each.name, room)]
    if not every:
        names = [find_source(site).name for site in sites or []]
    options = Options(
        max_pages=max_pages,
        delay=delay,
        recheck=recheck,
        longest_delay=max_delay,
        count_fall=count_fall,
    )
    (_check if check else _crawl)(room, names, options)


def _crawl(room: "Workspace", names: Sequence[str], options: "Options") -> None:
    from gaokerena_data.crawl.run import SitesFailedError, crawl_sites
    from gaokerena_data.crawl.told.progress import CrawlDisplay, print_reports

    try:
        with CrawlDisplay() as progress:
            reports = crawl_sites(room, names, options, progress.show)
    except SitesFailedError as error:
        if error.reports:
            print_reports(error.reports)
        raise
    print_reports(reports)
    for name in dict.fromkeys(names):
        if name not in {report.site for report in reports}:
            typer.echo(f"{name}: another process crawled it meanwhile")
    if not all(report.ended_well for report in reports):
        raise typer.Exit(1)


def _check(room: "Workspace", names: Sequence[str], options: "Options") -> None:
    from gaokerena_data.crawl.checks.checking import check_sites
    from gaokerena_data.crawl.told.check_printing import print_checks

    checks = check_sites(room, names, options)
    print_checks(checks)
    if not all(check.ended_well for check in checks):
        raise typer.Exit(1)


def extract(
    site: Annotated[str, typer.Argument(metavar="SITE", help="A name, alias or host.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Make the records of a site again from its archived pages, without the network."""
    from gaokerena_data.crawl.extract import extract_site
    from gaokerena_data.crawl.told.progress import print_extraction

    extraction = extract_site(existing_workspace(workspace), site)
    print_extraction(extraction)
    if extraction.damage is not None:
        raise GaokerenaError(extraction.damage)
