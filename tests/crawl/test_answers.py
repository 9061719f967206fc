"""What a server's answer means."""

import pytest
from scrapy.http import Response

from gaokerena_data.crawl.fetching.answers import MOVED, RETRY, UNCHANGED, meaning, pause, target
from gaokerena_data.crawl.queue.states import DONE, FAILED, GONE


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (200, None, DONE),
        (206, None, DONE),
        (301, "/x", MOVED),
        (308, "/x", MOVED),
        (302, None, FAILED),
        (304, None, UNCHANGED),
        (400, None, FAILED),
        (403, None, RETRY),
        (404, None, GONE),
        (410, None, GONE),
        (429, None, RETRY),
        (500, None, RETRY),
        (599, None, RETRY),
    ],
)
def test_status(status: int, location: str | None, expected: str) -> None:
    assert meaning(status, location) == expected


@pytest.mark.parametrize(
    ("status", "value", "expected"),
    [
        (429, "120", 120),
        (503, " 7 ", 7),
        (429, "Thu, 01 Jan 1970 00:01:40 GMT", 60),
        (429, "Thu, 01 Jan 1970 00:00:00 GMT", 0),
        (429, "soon", 0),
        (503, "soon", None),
        (500, "120", None),
        (200, "120", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(
    status: int, value: str, expected: float | None
) -> None:
    assert pause(status, [("retry-after", value)], now=40.0) == expected


def test_a_raw_persian_location_is_read_as_utf8() -> None:
    response = Response("https://nabz.site/a/b")
    raw = "/مقاله".encode().decode("latin-1")
    assert target(response, raw) == "https://nabz.site/مقاله"
    assert target(response, "//other.ir/x") == "https://other.ir/x"
    assert target(response, "c") == "https://nabz.site/a/c"
