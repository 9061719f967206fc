"""Opt-outs, wherever a site states one."""

import pytest

from gaokerena_data.crawl.fetching.optout import (
    header_opt_out,
    meta_opt_out,
    parse_robots_usage,
    parse_tdmrep,
    reserved_path,
)
from gaokerena_data.crawl.fetching.rules import read_rules
from tests.crawl.conftest import Crawl
from tests.crawl.small_forum import Answer, SmallForum


@pytest.mark.parametrize(
    "header",
    [
        ("TDM-Reservation", "1"),
        ("Content-Usage", "train-ai=n"),
        ("content-usage", "search=y, train-genai=n"),
        ("Content-Usage", "bots=n"),
        ("Content-Signal", "search=yes, ai-train=no"),
        ("X-Robots-Tag", "noindex, noai"),
        ("X-Robots-Tag", "otherbot: noai"),
    ],
)
def test_a_header_opts_out(header: tuple[str, str]) -> None:
    assert header_opt_out([("Server", "nginx"), header]) is not None


@pytest.mark.parametrize(
    "header",
    [
        ("TDM-Reservation", "0"),
        ("Content-Usage", "train-ai=y"),
        ("Content-Usage", "search=n"),
        ("Content-Signal", "ai-train=yes, ai-input=no"),
        ("Content-Usage", "bots=n, train-ai=y"),
        ("X-Robots-Tag", "noindex, noimageai"),
        ("X-Robots-Tag", "noaiport"),
    ],
)
def test_a_header_does_not(header: tuple[str, str]) -> None:
    assert header_opt_out([header]) is None


@pytest.mark.parametrize(
    ("meta", "opts_out"),
    [
        ('<META NAME="TDM-Reservation" CONTENT="1">', True),
        ('<meta name="robots" content="index, NoAI">', True),
        ('<meta name="gaokerena-data" content="noai">', True),
        ('<meta name="content-usage" content="train-ai=n">', True),
        ('<meta name="tdm-reservation" content="0">', False),
        ('<meta name="robots" content="noimageai">', False),
        ('<meta name="description" content="درباره noai و tdm-reservation">', False),
        ("<p>noai</p>", False),
    ],
)
def test_a_meta_element(meta: str, opts_out: bool) -> None:
    page = f"<html><head>{meta}</head><body>متن</body></html>".encode()
    assert (meta_opt_out(page) is not None) == opts_out


def test_tdmrep_covers_paths_in_its_order() -> None:
    rules = parse_tdmrep(
        b'[{"location": "/blog/open/*", "tdm-reservation": 0},'
        b' {"location": "/blog/*.html$", "tdm-reservation": 1}, "?", {"no": "location"}]'
    )
    assert reserved_path(rules, "/blog/a.html")
    assert not reserved_path(rules, "/blog/open/a.html")
    assert not reserved_path(rules, "/blog/a.html/comments")
    assert not reserved_path(rules, "/q/a")


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[[", b"\xff", b"[" * 100_000])
def test_what_is_no_tdmrep_reserves_nothing(body: bytes) -> None:
    assert parse_tdmrep(body) == []


ROBOTS = b"""
User-agent: *
Disallow: /admin
Content-Usage: train-ai=y
Content-Usage: /forum/ train-ai=n

User-agent: otherbot
User-agent: secondbot
Content-Usage: train-ai=n
"""


def test_usage_lines_of_robots_belong_to_their_group() -> None:
    rules = read_rules(200, ROBOTS, None, b"")
    assert rules.opts_out("https://a.ir/blog/1") is None
    named = parse_robots_usage(ROBOTS, "otherbot")
    assert reserved_path(named, "/blog/1")
    assert reserved_path(parse_robots_usage(ROBOTS, "secondbot"), "/")


def test_the_longest_path_of_robots_decides() -> None:
    rules = parse_robots_usage(ROBOTS, "gaokerena-data")
    assert reserved_path(rules, "/forum/1")
    assert not reserved_path(rules, "/blog/1")


@pytest.mark.parametrize(
    ("line", "opts_out"),
    [
        ("Content-Signal: search=yes, ai-train=no", True),
        ("content-signal: ai-train=no,ai-input=yes", True),
        ("Content-Signal: /q/ ai-train=no", True),
        ("Content-Signal: search=no", False),
        ("Content-Signal: ai-train=yes", False),
    ],
)
def test_a_content_signal_opts_a_site_out(
    forum: SmallForum, crawl: Crawl, line: str, opts_out: bool
) -> None:
    forum.pages["/robots.txt"] = Answer(f"User-agent: *\n{line}\nAllow: /\n")
    report = crawl()
    assert report.ended_well is not opts_out
    assert bool(forum.paths("/q/")) is not opts_out


@pytest.mark.parametrize("status", [500, 503, 429, None])
def test_a_robots_file_that_cannot_be_had_refuses_everything(status: int | None) -> None:
    rules = read_rules(status, b"User-agent: *\nAllow: /\n", None, b"")
    assert rules.refuses("https://a.ir/") is not None


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_missing_robots_file_allows_everything(status: int) -> None:
    rules = read_rules(status, b"User-agent: *\nDisallow: /\n", None, b"")
    assert rules.refuses("https://a.ir/") is None


def test_robots_rules_and_delay_are_those_of_our_name() -> None:
    robots = (
        b"User-agent: *\nDisallow: /\n\n"
        b"User-agent: Gaokerena-Data\nCrawl-delay: 7\nRequest-rate: 1/30\nDisallow: /private\n"
    )
    rules = read_rules(200, robots, 200, b'[{"location": "/", "tdm-reservation": 1}]')
    assert rules.refuses("https://a.ir/private/1") is not None
    assert rules.refuses("https://a.ir/open") is None
    assert rules.crawl_delay == 30
    assert rules.opts_out("https://a.ir/open") == "tdmrep.json"
