"""`gaokerena crawl`, `gaokerena extract`, and the crawl's part of `gaokerena status`."""

from typing import Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, open_workspace


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
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Crawl sites and extract their records; an interrupted crawl goes on where it was."""
    if bool(sites) == every:
        raise typer.BadParameter("name the sites to crawl, or give --all")
    from gaokerena_data.crawl.progress import CrawlDisplay, print_reports
    from gaokerena_data.crawl.run import Options, crawl_sites
    from gaokerena_data.crawl.spider_places import find_spider
    from gaokerena_data.sources import crawled_sources, find_source

    room = open_workspace(workspace)
    names = [each.name for each in crawled_sources() if find_spider(each.name, room)]
    if not every:
        names = [find_source(site).name for site in sites or []]
    options = Options(max_pages=max_pages, delay=delay, recheck=recheck)
    with CrawlDisplay() as progress:
        reports = crawl_sites(room, names, options, progress.show)
    print_reports(reports)
    for name in dict.fromkeys(names):
        if name not in {report.site for report in reports}:
            typer.echo(f"{name}: another process crawled it meanwhile")
    if any(report.failures for report in reports):
        raise typer.Exit(1)


def extract(
    site: Annotated[str, typer.Argument(metavar="SITE", help="A name, alias or host.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Make the records of a site again from its archived pages, without the network."""
    from gaokerena_data.crawl.extract import extract_site
    from gaokerena_data.crawl.progress import print_extraction

    print_extraction(extract_site(open_workspace(workspace), site))
