"""One saved page a site (written by us, from what is known of the sites), field by field."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from web_poet import HttpResponse

from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.sources import crawled_sources
from tests.spiders.saved_pages import BOOKKEEPING, PAGES, read

SAVED = sorted(PAGES.glob("*.html"))


@pytest.mark.parametrize("saved", SAVED, ids=lambda path: path.stem)
def test_a_saved_page_gives_every_field_it_shows(saved: Path) -> None:
    expected = json.loads(saved.with_suffix(".json").read_text("utf-8"))
    page = read(saved, expected["url"])
    assert page is not None
    made = [asdict(record) for record in page.records()]
    assert all(record["fetched_at"] is None for record in made)
    assert [
        {name: value for name, value in record.items() if name not in BOOKKEEPING}
        for record in made
    ] == expected["records"]
    assert page.extractor_used == expected["extractor"]


@pytest.mark.parametrize("saved", SAVED, ids=lambda path: path.stem)
def test_a_page_without_its_body_gives_no_record(saved: Path) -> None:
    expected = json.loads(saved.with_suffix(".json").read_text("utf-8"))
    spider = load_spider(saved.stem.partition("_")[0])
    bare = "<html><head><title>مجله</title></head><body><h1>عنوان</h1></body></html>"
    for page_object in spider.pages:
        response = HttpResponse(url=expected["url"], body=bare.encode(), status=200)
        assert page_object(response=response).records() == []


def test_every_site_has_a_saved_page() -> None:
    assert {path.stem.partition("_")[0] for path in SAVED} == {
        source.name for source in crawled_sources()
    }
