"""The frontier: every page once, in a named state, whatever happens in between."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.queue.states import (
    DONE,
    FAILED,
    FINAL_STATES,
    GONE,
    LEASED,
    OFF_SITE,
    QUEUED,
)
from gaokerena_data.crawl.reading.links import LISTING, RECORD, SITEMAP, Fetched, Link, Page

HOSTS = ("nabz.site",)
NOW = "2026-01-01T00:00:00Z"


def link(name: str, depth: int = 1, **more: object) -> Link:
    return Link(f"https://nabz.site/{name}", RECORD, depth, **more)  # type: ignore[arg-type]


def answer(name: str = "a", **more: object) -> Fetched:
    return Fetched(
        f"https://nabz.site/{name}", 200, NOW, "0" * 64, "f.warc.gz", 0, "allowed", "none",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    with Frontier(tmp_path / "nabz.sqlite", HOSTS) as frontier:
        yield frontier


def names(pages: list[Page]) -> list[str]:
    return [page.url.rpartition("/")[2] for page in pages]


def finish_all(frontier: Frontier, **how: object) -> None:
    while pages := frontier.lease(100, now=0):
        for page in pages:
            frontier.finish(page, DONE, **how)  # type: ignore[arg-type]


def test_pages_are_leased_breadth_first_and_once(frontier: Frontier) -> None:
    frontier.begin_run([link("deep", 2), link("a"), link("b")], NOW)
    assert names(frontier.lease(2, now=0)) == ["a", "b"]
    assert names(frontier.lease(2, now=0)) == ["deep"]
    assert frontier.lease(2, now=0) == []


def test_a_page_is_known_under_all_its_spellings(frontier: Frontier) -> None:
    spelt = [
        Link("http://www.nabz.site/كبد/", RECORD, 1),
        Link("https://nabz.site/کبد?utm_source=x", RECORD, 1),
    ]
    frontier.begin_run(spelt, NOW)
    (page,) = frontier.lease(9, now=0)
    assert page.linked_as == "http://www.nabz.site/كبد/"  # asked for as it was linked first
    assert page.url == "https://nabz.site/%DA%A9%D8%A8%D8%AF"


def test_a_page_that_is_not_found_is_looked_for_under_its_other_spellings(
    frontier: Frontier,
) -> None:
    frontier.begin_run([Link("https://nabz.site/كبد", RECORD, 1)], NOW)
    seen = []
    while pages := frontier.lease(1, now=0):
        seen.append(unquote(pages[0].linked_as))
        if not frontier.try_other_spelling(pages[0]):
            frontier.finish(pages[0], GONE)
    assert seen == ["https://nabz.site/كبد", "https://nabz.site/کبد"]
    assert frontier.counts() == {GONE: 1}


def test_a_spelling_that_turns_up_later_is_tried_once(frontier: Frontier) -> None:
    frontier.begin_run([link("کبد"), link("other")], NOW)
    page, other = frontier.lease(2, now=0)
    assert not frontier.try_other_spelling(page)
    frontier.finish(page, GONE)
    frontier.finish(other, DONE, links=[link("ك‌بد"), link("other")])
    (again,) = frontier.lease(2, now=0)
    assert (again.id, unquote(again.linked_as)) == (page.id, "https://nabz.site/ك‌بد")
    assert not frontier.try_other_spelling(again)
    frontier.finish(again, GONE, links=[link("ك‌بد")])
    assert frontier.open_pages() == 0


def test_links_to_other_hosts_are_final_at_once(frontier: Frontier) -> None:
    frontier.begin_run([Link("https://nabz.site.evil.com/", RECORD, 0)], NOW)
    assert frontier.counts() == {OFF_SITE: 1}
    assert frontier.open_pages() == 0


def test_a_retry_waits_until_it_is_due(frontier: Frontier) -> None:
    frontier.begin_run([link("a")], NOW)
    (page,) = frontier.lease(1, now=0)
    frontier.retry(page, "HTTP 500", due=50)
    assert frontier.lease(1, now=49) == []
    assert frontier.next_due() == 50
    (again,) = frontier.lease(1, now=50)
    assert again.tries == 1


def test_what_was_leased_is_queued_again_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "nabz.sqlite"
    with Frontier(path, HOSTS) as frontier:
        frontier.begin_run([link("a"), link("b")], NOW)
        frontier.lease(1, now=0)
    with Frontier(path, HOSTS) as frontier:
        assert frontier.begin_run([link("c")], NOW) is True  # the seeds are known already
        assert frontier.run == 1
        assert frontier.counts() == {QUEUED: 2}


def test_a_page_its_answer_and_its_links_are_one_transaction(frontier: Frontier) -> None:
    frontier.begin_run([link("a")], NOW)
    (page,) = frontier.lease(1, now=0)
    broken = Link(None, RECORD, 2)  # type: ignore[arg-type]
    with pytest.raises((TypeError, AttributeError)):
        frontier.finish(page, DONE, fetched=answer(), links=[link("b"), broken])
    assert frontier.counts() == {LEASED: 1}
    assert [outcome.versions for outcome in frontier.record_pages()] == [()]


def test_a_new_run_queues_only_what_there_is_reason_to_look_at(frontier: Frontier) -> None:
    frontier.begin_run([link("old"), link("new", lastmod="2026-01-01"), link("lost")], NOW)
    for page in frontier.lease(9, now=0):
        frontier.finish(page, FAILED if "lost" in page.url else DONE, reason="HTTP 500")
    frontier.end_run(NOW, "{}")
    again = [link("old"), link("new", lastmod="2026-02-02"), link("fresh")]
    assert frontier.begin_run(again, NOW) is False
    assert sorted(names(frontier.lease(9, now=0))) == ["fresh", "lost", "new"]


def test_a_listed_page_with_a_validator_is_looked_at_again(frontier: Frontier) -> None:
    listing = Link("https://nabz.site/page/1", LISTING, 0, 0, 1)
    for run in (1, 2):
        frontier.begin_run([listing], NOW)
        (page,) = frontier.lease(1, now=0)
        frontier.finish(page, DONE, links=[link("validated"), link("plain")])
        waiting = frontier.lease(9, now=0)
        assert names(waiting) == (["validated", "plain"] if run == 1 else ["validated"])
        for found in waiting:
            etag = '"1"' if "validated" in found.url else None
            frontier.finish(found, DONE, fetched=answer(etag=etag))
        frontier.end_run(NOW, "{}")


def test_sitemaps_whose_date_stands_are_not_fetched_again(frontier: Frontier) -> None:
    shards = [
        Link(f"https://nabz.site/{name}.xml", SITEMAP, 0, lastmod=date)
        for name, date in (("same", "2026-01-01"), ("moved", "2026-01-01"), ("undated", None))
    ]
    frontier.begin_run(shards, NOW)
    finish_all(frontier)
    frontier.end_run(NOW, "{}")
    later = [shards[0], Link(shards[1].url, SITEMAP, 0, lastmod="2026-01-02"), shards[2]]
    frontier.begin_run(later, NOW)
    assert sorted(names(frontier.lease(9, now=0))) == ["moved.xml", "undated.xml"]


def test_the_journal_is_written_ahead(frontier: Frontier, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "nabz.sqlite") as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


class Crawling(RuleBasedStateMachine):
    """Any order of leases, ends, links, retries and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.frontier = Frontier(Path(self.folder.name) / "nabz.sqlite", HOSTS)
        self.frontier.begin_run([link("0", 0)], NOW)
        self.leased: list[Page] = []
        self.known = {"0"}

    @rule(limit=st.integers(1, 3))
    def lease(self, limit: int) -> None:
        pages = self.frontier.lease(limit, now=1e12)
        assert not {page.id for page in pages} & {page.id for page in self.leased}
        self.leased += pages

    @rule(state=st.sampled_from(FINAL_STATES), found=st.sets(st.integers(0, 12), max_size=4))
    def finish(self, state: str, found: set[int]) -> None:
        if self.leased:
            page = self.leased.pop()
            self.frontier.finish(page, state, links=[link(str(name)) for name in found])
            self.known |= {str(name) for name in found}

    @rule()
    def retry(self) -> None:
        if self.leased:
            self.frontier.retry(self.leased.pop(), "HTTP 500", due=0)

    @rule()
    def restart(self) -> None:
        self.leased.clear()
        assert self.frontier.begin_run([link("0", 0)], NOW)

    @invariant()
    def every_page_is_there_once(self) -> None:
        counts = Counter(outcome.state for outcome in self.frontier.record_pages())
        assert counts == Counter(self.frontier.counts())
        assert sum(counts.values()) == len(self.known)
        assert counts[LEASED] == len(self.leased)

    def teardown(self) -> None:
        self.frontier.close()
        self.folder.cleanup()


Crawling.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestCrawling = Crawling.TestCase


def test_gone_pages_keep_what_was_read(frontier: Frontier) -> None:
    frontier.begin_run([link("a")], NOW)
    finish_all(frontier, fetched=answer())
    frontier.end_run(NOW, "{}")
    frontier.begin_run([], NOW, recheck=True)
    (page,) = frontier.lease(1, now=0)
    frontier.finish(page, GONE, reason="HTTP 404")
    (outcome,) = frontier.record_pages()
    assert (outcome.state, len(outcome.versions)) == (GONE, 1)
