"""Looks at bodies while a crawl runs, so that a layout change costs twenty pages, not a crawl."""

from collections import deque
from collections.abc import Sequence

from scrapy.http import Response
from web_poet import HttpResponse

from gaokerena_data.crawl.fetching.answers import header_list
from gaokerena_data.crawl.pages import RecordPage, Records

SAMPLE = 20
EVERY = 50  # after the first SAMPLE pages, one in so many is looked at


class BodyWatch:
    """Reads a sample of the record pages as they come.

    Args:
        pages: the spider's page objects.
        expected: the share of record pages that held a record in the run before; 1 for a first.
    """

    def __init__(self, pages: Sequence[type[RecordPage]], expected: float) -> None:
        self._pages = pages
        self._expected = expected
        self._seen = 0
        self._held: deque[bool] = deque(maxlen=SAMPLE)

    def look(self, response: Response) -> str | None:
        """Why the crawl should stop here, or None.

        Args:
            response: a record page's answer, decoded.
        """
        self._seen += 1
        if self._seen > SAMPLE and self._seen % EVERY:
            return None
        self._held.append(self._holds_record(response))
        if len(self._held) < SAMPLE or any(self._held) or self._expected < 0.5:
            return None
        return f"none of the last {SAMPLE} record pages that were looked at holds a record"

    def _holds_record(self, response: Response) -> bool:
        page = HttpResponse(
            url=response.url,
            body=response.body,
            status=response.status,
            headers=header_list(response),
        )
        try:
            return bool(read_page(page, self._pages)[0])
        except Exception:  # told page by page when the records are extracted
            return False


def read_page(response: HttpResponse, pages: Sequence[type[RecordPage]]) -> tuple[Records, str]:
    """The records of a page, and what made them: the first page object that finds any wins."""
    for page_class in pages:
        page = page_class(response=response)
        if records := page.records():
            return records, page.extractor_used
    return [], ""
