"""A magazine of a few pages, crawled by its sitemaps."""

from collections.abc import Callable, Iterator

import pytest

from gaokerena_data.crawl.report import Report
from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from tests.crawl.raw_site import RawSite, page

TEXT = "ویتامین د را با غذا بخورید تا بهتر جذب شود. " * 8
ARTICLE = page(f"<h1>ویتامین</h1><div class='entry-content'><p>{TEXT}</p></div>")


def sitemap(*urls: str, of: str = "url", root: str = "urlset") -> bytes:
    entries = "".join(f"<{of}><loc>{url}</loc></{of}>" for url in urls)
    xml = f"<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</{root}>"
    return page(xml, kind="application/xml")


@pytest.fixture
def magazine(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[dict[str, bytes]], Report]]:
    """Crawls a salammag of these pages once."""
    pages: dict[str, bytes] = {}
    with RawSite(lambda path: pages.get(path, page("gone", "404 Not Found"))) as site:
        monkeypatch.setenv(CONNECT_ALL, site.address)

        def crawl_once(answers: dict[str, bytes]) -> Report:
            pages.clear()
            pages.update(answers)
            (report,) = crawl_sites(workspace, ["salammag"], Options(delay=0.0))
            return report

        yield crawl_once


Magazine = Callable[[dict[str, bytes]], Report]
