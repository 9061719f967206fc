"""No pattern that meets text from outside may take long over it: time grows as the text does."""

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from parsel import Selector

import gaokerena_data.crawl
import gaokerena_data.imports
import gaokerena_data.text
import spiders
from gaokerena_data.crawl.fetching.optout import (
    meta_opt_out,
    parse_robots_usage,
    parse_tdmrep,
    reserved_path,
)
from gaokerena_data.crawl.fetching.rules import read_rules
from gaokerena_data.crawl.reading.canonical import canonical_url
from gaokerena_data.crawl.reading.dates import iso_date
from gaokerena_data.crawl.reading.markup import block_text
from gaokerena_data.crawl.reading.sitemaps import NoSitemapError, sitemap_entries
from gaokerena_data.crawl.registry import load_spider
from gaokerena_data.sources import crawled_sources

MANY_CASES = True  # see tests/conftest.py


LENGTH = 6_000
SECONDS = 0.1  # what takes the square of the length takes a second and more

# Each repeated, and followed by what no pattern expects there.
PIECES = (
    *("a", "A", "0", "۵", "ا", "ی", "é", " ", "\t", "\n", "\r\n", "\u200c", "\u200f", "\xa0"),
    *(".", "-", "_", "/", "*", "?", "!", ":", ";", ",", "،", "|", "«", "»", "(", ")", "[", "<"),
    *(">", "&", "%", "%D8", "%d8%a7", "=", "+", "@", "#", "$", "^", "~", '"', "'", "\\", "\x00"),
    *("a ", "ا ", "0 ", "0/", "0-", "0:", "00 ", "a-", "a.", "a@", "a@b.", "ا‌", "ا،", "<a ", "a="),
    *("دکتر ", "خانم دکتر ", "پاسخ ", "جواب:", "سوال مخاطب ", "متخصص ", "1 فروردین ", "فروردین 1 "),
    *("2026-01-01", "1402/01/", "10:00:", "ب.ظ ", "user-agent", "user-agent:", "http://a", "<?xml"),
    *("این صفحه ", "صفحه مورد نظر ", "utm_a", "&#1", "&amp", "<loc>", "خطا "),
)


def texts() -> Iterator[str]:
    for piece in PIECES:
        many = piece * (LENGTH // len(piece))
        yield many
        yield f"{many}\x01"
        yield f"\x01{many}"


def modules() -> Iterator[str]:
    for package in (gaokerena_data.crawl, gaokerena_data.text, gaokerena_data.imports, spiders):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield found.name


def literals(source: str) -> Iterator[tuple[str | bytes, bool]]:
    """Patterns that stand in calls, as in `re.search(r"...", text)`, and whether they match."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "compile"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str | bytes)
        ):
            yield node.args[0].value, node.func.attr in {"match", "fullmatch"}


def patterns() -> dict[str, tuple[re.Pattern[str] | re.Pattern[bytes], bool]]:
    """Every pattern, and whether it is only ever held against the beginning of a text."""
    found: dict[str, tuple[re.Pattern[str] | re.Pattern[bytes], bool]] = {}
    for name in modules():
        module = importlib.import_module(name)
        source = Path(str(module.__file__)).read_text("utf-8")
        for attribute, value in vars(module).items():
            if isinstance(value, re.Pattern):
                uses = set(re.findall(rf"\b{attribute}\.([a-z]+)\b", source))
                windows = re.findall(rf"\b{attribute}\.search\(text, max\(", source)
                if uses == {"search"} and len(windows) == source.count(f"{attribute}."):
                    continue  # only ever held against some characters before a place
                anchored = bool(uses) and uses <= {"match", "fullmatch"}
                found.setdefault(f"{value.pattern!r}", (value, anchored))
        for literal, anchored in literals(source):
            found.setdefault(f"{literal!r}", (re.compile(literal), anchored))
    for site in crawled_sources():
        spider = load_spider(site.name)
        for written in (spider.record_url, getattr(spider, "other_sitemaps", "x")):
            found.setdefault(f"{written!r}", (re.compile(written), False))
    return found


class TooLongError(Exception):
    pass


def seconds(work: Callable[[], object], limit: float = 1.0) -> float:
    """How long it takes; it is stopped where it takes longer than the limit."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    began = time.process_time()
    try:
        work()
    except TooLongError:
        return limit
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return time.process_time() - began


def applied(
    pattern: re.Pattern[str] | re.Pattern[bytes], text: str, *, anchored: bool
) -> Callable[[], object]:
    given: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
    held: Any = pattern
    if anchored:
        return lambda: (held.match(given), held.fullmatch(given))
    return lambda: held.sub(given[:0], given)


@pytest.mark.thorough
def test_every_pattern_takes_time_as_its_text_is_long() -> None:
    slow = []
    every = patterns()
    assert len(every) > 60
    for name, (pattern, anchored) in every.items():
        for text in texts():
            took = seconds(applied(pattern, text, anchored=anchored))
            if took > SECONDS:  # a busy machine?
                took = seconds(applied(pattern, text, anchored=anchored))
            if took > SECONDS:
                slow.append(f"{name[:90]} on {text[:12]!r}: {took:.1f} s")
                break
    assert not slow, "\n".join(slow)


def swallow(work: Callable[[], object]) -> Callable[[], None]:
    def quietly() -> None:
        with suppress(NoSitemapError, ValueError):
            work()

    return quietly


def blocks(text: str) -> str:
    html = f"<div>{text}<sup>{text}</sup><b>{text}</b></div>".replace("\x00", "")
    return block_text(Selector(text=html, type="html"))


READERS: dict[str, Callable[[str], object]] = {
    "iso_date": iso_date,
    "canonical_url": lambda text: canonical_url(f"https://nabz.site/{text}?{text}"),
    "tdmrep": lambda text: parse_tdmrep(text.encode("utf-8", "replace")),
    "robots": lambda text: read_rules(200, text.encode(), 200, b"").refuses("https://a.ir/x"),
    "usage": lambda text: parse_robots_usage(text.encode(), "gaokerena-data"),
    "block_text": blocks,
    "controls between spaces": lambda text: blocks(text.replace("a", " \x01")),
    "meta": lambda text: meta_opt_out(f"<meta name='noai' content='{text}'>".encode()),
    "sitemap": lambda text: list(sitemap_entries(text.encode(), "https://a.ir/s.xml", 2083)),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_what_reads_text_from_outside_takes_time_as_it_is_long(
    reader: Callable[[str], object],
) -> None:
    slow = []
    for text in list(texts())[::3]:
        took = seconds(swallow(lambda: reader(text)))  # noqa: B023
        if took > 2 * SECONDS:
            slow.append(f"{text[:12]!r}: {took:.1f} s")
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize("stars", [3, 6, 40, 1000])
def test_stars_in_an_opt_out_cost_nothing(stars: int) -> None:
    path = "/" + "a" * 2000
    usage = f"User-agent: *\nContent-Usage: /{'*a' * stars}b train-ai=n\n".encode()
    rules = parse_robots_usage(usage, "gaokerena-data")
    tdm = parse_tdmrep(b'[{"location": "/%sb", "tdm-reservation": 1}]' % (b"*a" * stars))
    assert seconds(lambda: reserved_path(rules, path) or reserved_path(tdm, path)) < SECONDS
    robots = read_rules(200, f"User-agent: *\nDisallow: /{'*a' * stars}b\n".encode(), None, b"")
    assert seconds(lambda: robots.refuses(f"https://a.ir{path}")) < SECONDS


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("/a*", "/abc", True),
        ("/a*c", "/abcd", True),
        ("/a*c$", "/abcd", False),
        ("/a*c$", "/abcc", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*", "/x", True),
        ("*.html$", "/x/y.html", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a**b", "/ab", True),
        ("/ab*ab$", "/ab", False),
        ("/a.c", "/abc", False),
        ("", "/x", True),
        ("$", "/x", False),
    ],
)
def test_a_pattern_covers_the_paths_it_says(pattern: str, path: str, covered: bool) -> None:
    rules = parse_tdmrep(f'[{{"location": "{pattern}", "tdm-reservation": 1}}]'.encode())
    assert reserved_path(rules, path) == covered
