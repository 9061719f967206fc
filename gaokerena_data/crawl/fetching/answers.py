"""What a server's answer means for a crawl. Pure functions."""

import re
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from scrapy.http import Response

from gaokerena_data.crawl.fetching.archive import Headers
from gaokerena_data.crawl.queue import states

RETRY = "retry"
MOVED = "moved"
UNCHANGED = "unchanged"

_GONE = {404, 410, 451}
# 403 is as often a tired firewall as a rule; it is tried again, ever more slowly.
_RETRIED = {403, 408, 425, 429}
_BUSY = {429, 503}


def meaning(status: int, location: str | None) -> str:
    """What a status says of its page: `RETRY`, `MOVED`, `UNCHANGED` or a final state."""
    if status == 304:
        return UNCHANGED
    if status in _GONE:
        return states.GONE
    if status in _RETRIED or status >= 500:
        return RETRY
    if 300 <= status < 400 and location:
        return MOVED
    return states.DONE if 200 <= status < 300 else states.FAILED


def pause(status: int, headers: Headers, now: float) -> float | None:
    """Seconds for which the whole site asks to be left alone; None where it does not.

    Args:
        status: the HTTP status; 429 and 503 may ask for a pause.
        headers: the answer's; `Retry-After` gives seconds or a date (RFC 9110, 10.2.3).
        now: seconds since 1970.

    Returns:
        What `Retry-After` says, 0.0 for a 429 that says nothing.
    """
    if status not in _BUSY:
        return None
    for name, value in headers:
        if name.lower() == "retry-after":
            if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
                return float(value)
            try:
                date = parsedate_to_datetime(value)
            except ValueError:
                continue
            return max(0.0, date.replace(tzinfo=date.tzinfo or UTC).timestamp() - now)
    return 0.0 if status == 429 else None


def header(headers: Headers, name: str) -> str | None:
    """The first header of that name."""
    return next((value for known, value in headers if known.lower() == name), None)


def header_list(response: Response) -> Headers:
    """A response's headers as text; each byte stays one character."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def target(response: Response, location: str) -> str:
    """The absolute url a redirect leads to.

    Servers send Persian paths raw, as UTF-8 bytes, which a header carries as Latin-1.
    """
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return urljoin(response.url, location.strip())
