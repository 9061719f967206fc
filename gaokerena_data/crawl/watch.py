"""Looks at bodies while a crawl runs, so that a layout change costs twenty pages, not a crawl."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from scrapy.http import Response
from web_poet import HttpResponse

from gaokerena_data.crawl.fetching.answers import header_list
from gaokerena_data.crawl.pages import RecordPage, Records
from gaokerena_data.datasets.kind import Record, kind_of

SAMPLE = 20
_TEASER = 0.25  # a text that is less than this part of what texts were
EVERY = 50  # after the first SAMPLE pages, one in so many is looked at


class BodyWatch:
    """Reads a sample of the record pages as they come.

    Args:
        pages: the spider's page objects.
        expected: the share of record pages that held a record in the run before; 1 for a first.
        lengths: characters in the middle one of the texts of the run before, by kind and field.
    """

    def __init__(
        self,
        pages: Sequence[type[RecordPage]],
        expected: float,
        lengths: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self._pages = pages
        self._expected = expected
        self._lengths = lengths or {}
        self._seen = 0
        self._held: deque[Records] = deque(maxlen=SAMPLE)

    def look(self, response: Response) -> str | None:
        """Why the crawl should stop here, or None.

        Args:
            response: a record page's answer, decoded.
        """
        self._seen += 1
        if self._seen > SAMPLE and self._seen % EVERY:
            return None
        self._held.append(read_answer(response, self._pages))
        if len(self._held) < SAMPLE or self._expected < 0.5:
            return None
        if not any(self._held):
            return f"none of the last {SAMPLE} record pages that were looked at holds a record"
        return self._alike() or self._shortened()

    def _alike(self) -> str | None:
        """Whether all hold one text: a wall to log in, a page that asks for patience."""
        if not all_alike(self._held):
            return None
        return f"the last {SAMPLE} record pages that were looked at all hold the same text"

    def _shortened(self) -> str | None:
        """Which text is but a part of what it was: a teaser, a heading."""
        lengths: dict[tuple[str, str], list[int]] = {}
        for record in (record for records in self._held for record in records):
            kind = kind_of(record).name
            for name in self._lengths.get(kind, {}):
                if text := getattr(record, name):
                    lengths.setdefault((kind, name), []).append(len(text))
        for (kind, name), found in lengths.items():
            middle, was = median(found), self._lengths[kind][name]
            if len(found) >= SAMPLE // 2 and middle < _TEASER * was:
                return (
                    f"{name} is {middle:,.0f} characters long in the middle of the last {SAMPLE} "
                    f"record pages that were looked at, {was:,.0f} in the run before"
                )
        return None


def all_alike(pages: Iterable[Records]) -> bool:
    """Whether all pages hold a record, and all say the same."""
    said = {tuple(tuple(main_texts(record).values()) for record in page) for page in pages}
    return len(said) == 1 and said != {()}


def main_texts(record: Record) -> dict[str, str]:
    """What a record says, by field: an article's content, a question and its answer."""
    kind = kind_of(record)
    texts = {name: getattr(record, name) for name in (kind.heading, kind.body) if name != "title"}
    return {name: text for name, text in texts.items() if text}


def read_answer(response: Response, pages: Sequence[type[RecordPage]]) -> Records:
    """The records of an answer as it comes; none where a page object breaks.

    Args:
        response: decoded.
        pages: page objects, tried in order.
    """
    page = HttpResponse(
        url=response.url,
        body=response.body,
        status=response.status,
        headers=header_list(response),
    )
    try:
        return read_page(page, pages)[0]
    except Exception:  # told page by page when the records are extracted
        return []


def read_page(response: HttpResponse, pages: Sequence[type[RecordPage]]) -> tuple[Records, str]:
    """The records of a page, and what made them: the first page object that finds any wins."""
    for page_class in pages:
        page = page_class(response=response)
        if records := page.records():
            return records, page.extractor_used
    return [], ""
