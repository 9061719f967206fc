"""One test over all spiders: a new site is held to the same rules by being there."""

import re
from pathlib import Path
from typing import get_type_hints

import pytest
from parsel import Selector

from gaokerena_data.crawl.pages import ArticlePage, QuestionPage
from gaokerena_data.crawl.reading.canonical import host_of
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.crawl.spiders import (
    ListingSpider,
    QuestionGraphSpider,
    SitemapSpider,
    SiteSpider,
)
from gaokerena_data.records import Article, QuestionAnswer
from gaokerena_data.sources import crawled_sources, find_source

FILES = sorted(
    path.stem
    for path in (Path(__file__).parents[2] / "spiders").glob("*.py")
    if path.stem != "__init__"
)


def test_every_site_has_one_spider_file_and_no_file_is_left_over() -> None:
    assert sorted(source.name for source in crawled_sources()) == FILES


@pytest.fixture(params=FILES)
def spider(request: pytest.FixtureRequest) -> type[SiteSpider]:
    return load_spider(request.param)


def test_the_file_the_name_and_the_class_agree(spider: type[SiteSpider]) -> None:
    assert spider.__module__ == f"spiders.{spider.name}"
    assert spider.__name__ == spider.name.title()
    assert spider.__doc__


def test_it_starts_somewhere_and_only_on_its_own_hosts(spider: type[SiteSpider]) -> None:
    seeds = list(spider().seeds())
    assert seeds
    assert len({seed.url for seed in seeds}) == len(seeds)
    hosts = find_source(spider.name).hosts
    for seed in seeds:
        assert seed.url.startswith("https://")
        assert host_of(seed.url) in hosts
        assert not spider().is_record(seed.url)


def test_it_declares_one_way_to_find_pages(spider: type[SiteSpider]) -> None:
    assert issubclass(spider, ListingSpider) != issubclass(spider, SitemapSpider)
    re.compile(spider.record_url)
    if issubclass(spider, ListingSpider):
        assert all("{page}" in template for template in spider.listings)
        assert declared_css(spider.listing_links)
    if issubclass(spider, QuestionGraphSpider):
        assert declared_css(spider.record_links)
    if issubclass(spider, SitemapSpider):
        assert all(re.search(r"\.xml(\.gz)?$", url) for url in spider.sitemaps)


def test_its_page_objects_declare_their_selectors(spider: type[SiteSpider]) -> None:
    assert spider.pages
    for page in spider.pages:
        assert re.fullmatch(rf"{spider.name}@\d+", page.extractor)
        if issubclass(page, QuestionPage):
            assert declared_css(page.question)
            assert declared_css(page.answer)
        elif issubclass(page, ArticlePage):
            assert declared_css(page.body)
        selectors = [
            value
            for name, value in vars(page).items()
            if isinstance(value, str) and not name.startswith("_") and name != "extractor"
        ]
        assert all(declared_css(selector) for selector in selectors)


def test_its_page_objects_make_the_kinds_its_source_is_listed_with(
    spider: type[SiteSpider],
) -> None:
    made = {get_type_hints(page.records)["return"] for page in spider.pages}
    kinds = {"article": list[Article], "question_answer": list[QuestionAnswer]}
    assert made == {kinds[kind] for kind in find_source(spider.name).kinds}


def declared_css(selector: str) -> bool:
    Selector(text="<p>").css(selector)  # raises where the selector is not valid
    return bool(selector.strip())
