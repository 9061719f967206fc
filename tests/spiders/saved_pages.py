"""Saved pages, one or more a site, and the page objects that read them."""

from pathlib import Path

from web_poet import HttpResponse

from gaokerena_data.crawl.pages import RecordPage
from gaokerena_data.crawl.registry import load_spider

PAGES = Path(__file__).parent / "pages"
BOOKKEEPING = {"fetched_at", "provenance"}


def read(saved: Path, url: str) -> RecordPage | None:
    """The page object of the site that makes records of a saved page."""
    spider = load_spider(saved.stem.partition("_")[0])
    response = HttpResponse(url=url, body=saved.read_bytes(), status=200)
    for page_object in spider.pages:
        page = page_object(response=response)
        if page.records():
            return page
    return None
