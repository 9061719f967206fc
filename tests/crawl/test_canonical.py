"""One spelling for every url."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.crawl.reading.canonical import canonical_url, host_of

ARTICLE = "https://hidoctor.ir/357156_" + quote("گلودرد‌ها".replace("\u200c", "")) + ".html"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.hidoctor.ir/357156_گلودرد‌ها.html/",
        "http://hidoctor.ir/357156_گلودردها.html",
        "HTTPS://WWW.HIDOCTOR.IR:443/357156_گلودرد‌ها.html/?utm_source=telegram#comments",
        f"https://hidoctor.ir/357156_{quote('گلودرد‌ها')}.html/?fbclid=abc",
        f"https://hidoctor.ir/357156_{quote('گلودردها').lower()}.html",
    ],
)
def test_every_spelling_of_a_page_has_one_canonical_url(spelling: str) -> None:
    assert canonical_url(spelling) == ARTICLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://nabz.site/ديابت-كودك", "https://nabz.site/دیابت-کودک"),
        ("https://nabz.site/a?b=2&a=1", "https://nabz.site/a?a=1&b=2"),
        ("https://nabz.site", "http://www.nabz.site/"),
        ("https://nabz.site/آب", "https://nabz.site/آب"),
        ("https://nabz.site/?q=ي", "https://nabz.site?q=ی"),
    ],
)
def test_spellings_of_the_same_page(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://nabz.site/a", "https://nabz.site/A"),
        ("https://nabz.site/a/b", "https://nabz.site/a%2Fb"),
        ("https://nabz.site/?page=1", "https://nabz.site/?page=2"),
        ("https://nabz.site/", "https://blog.nabz.site/"),
        ("https://nabz.site/", "https://nabz.site:8443/"),
        ("https://nabz.site/سیر", "https://nabz.site/شیر"),
    ],
)
def test_pages_that_are_not_the_same(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", ["mailto:dr@example.ir", "javascript:void(0)", "", "/q/abc"])
def test_what_is_no_web_address_stays_as_it_is(url: str) -> None:
    assert canonical_url(url) == url


def test_bytes_of_an_old_encoding_are_left_alone() -> None:
    assert canonical_url("http://nabz.site/%e3%d2") == "https://nabz.site/%E3%D2"


PATHS = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "Zs"]), max_size=20)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_canonical_url_is_its_own_canonical_url(path: str, query: str) -> None:
    once = canonical_url(f"http://www.Example.ir/{quote(path)}?{quote(query)}=1")
    assert canonical_url(once) == once
    assert once.isascii()


@given(PATHS)
def test_percent_encoding_makes_no_difference(path: str) -> None:
    assert canonical_url(f"https://a.ir/{path}x") == canonical_url(f"https://a.ir/{quote(path)}x")


def test_the_host_is_written_as_in_the_table_of_sources() -> None:
    assert host_of("https://WWW.Doctor-Yab.ir:80/faq") == "doctor-yab.ir"
    assert host_of("not a url") == ""
