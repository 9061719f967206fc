"""Spellings of one page that links, sessions and keyboards make."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.crawl.reading.canonical import canonical_url, host_of

MANY_CASES = True  # see tests/conftest.py


PAGE = "https://nabz.site/x/y"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://nabz.site//x//y",
        "https://nabz.site/x///y//",
        "https://nabz.site/x/y;jsessionid=0A1B2C",
        "https://nabz.site/x;JSESSIONID=0A1B2C/y",
        "https://nabz.site/x/y%3Bjsessionid=0A1B2C",
        "https://nabz.site/x/y?PHPSESSID=abc",
        "https://nabz.site/x/y?phpsessid=abc&utm_source=x",
        "https://nabz.site/x/y?ASPSESSIONIDQABC=1",
        "https://nabz.site/x/y?ref=home",
        "https://nabz.site/x/y?srsltid=AfmBOoq",
        "https://nabz.site/x/y?gad_source=1&gbraid=2",
        "https://nabz.site./x/y",
        "https://www.nabz.site.:443/x/y",
        "https://nabz.site/x/y.",
        "https://nabz.site/x/y./",
    ],
)
def test_it_is_one_page(spelling: str) -> None:
    assert canonical_url(spelling) == PAGE
    assert host_of(spelling) == "nabz.site"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("خانۀ", "خانهٔ"),  # heh with a hamza of its own
        ("خانۀ", "خانە\u0654"),
        ("مسئله", "مسي\u0654له"),
        ("مسئله", "مسی\u0654له"),
        ("مؤثر", "مو\u0654ثر"),
    ],
)
def test_a_hamza_above_a_letter_is_written_in_two_ways(one: str, other: str) -> None:
    assert one != other
    for spelled in (other, quote(other)):
        assert canonical_url(f"https://nabz.site/{spelled}") == canonical_url(
            f"https://nabz.site/{one}"
        )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://nabz.site/x/y", "https://nabz.site/xy"),
        ("https://nabz.site/x?id=1", "https://nabz.site/x?id=2"),
        ("https://nabz.site/x?sid=1", "https://nabz.site/x?sid=2"),
        ("https://nabz.site/x;v=1", "https://nabz.site/x;v=2"),
        ("https://nabz.site/x.html", "https://nabz.site/x"),
        ("https://nabz.site/خانه", "https://nabz.site/خانۀ"),
    ],
)
def test_these_are_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@given(st.text("/.;?=aه\u0654ئی:", max_size=30))
def test_a_canonical_url_stays_what_it_is(rest: str) -> None:
    once = canonical_url(f"https://nabz.site/{rest}")
    assert canonical_url(once) == once
