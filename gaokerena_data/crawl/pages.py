"""Page objects: a page of a site becomes records, as a pure function of its url and body.

A site's page object is a few CSS selectors on `ArticlePage` or `QuestionPage`. Every selector may
list alternatives with commas; the first in the page's order that holds text wins.
"""

import re
from dataclasses import asdict
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar

from parsel import Selector
from web_poet import WebPage

from gaokerena_data.crawl.reading.canonical import canonical_url
from gaokerena_data.crawl.reading.markup import (
    all_texts,
    block_text,
    first_block,
    first_date,
    first_text,
    has_persian,
    last_text,
    page_text,
    without_controls,
)
from gaokerena_data.crawl.reading.structured import read_described
from gaokerena_data.records import (
    Article,
    QuestionAnswer,
    answer_id,
    article_id,
    thread_id,
)

type Records = list[Article] | list[QuestionAnswer]

_PERSIAN_SCRIPT = {"fa", "ar", "ckb", "ps", "ur"}
_HALF_SPACE = "\u200c"
_RARE_LETTERS = "ꙮꙬꙭꚚꚛ"
# A generic extractor always finds something; below this many characters it is no article.
_LEAST = 100
# A heading that is nothing but «the page (you asked for) was not found»: a patient's question may
# well be about something that was not found.
_PARTS_OF_TITLE = re.compile(r" ?[|»«:–—] ?| - ")  # of a text whose spaces are single
_MISSING = re.compile(
    r"(?:متاسفانه |خطا )?(?:این )?(?:صفحه|مطلب|مقاله|نوشته|سوال|پرسش|محتوا|نتیجه)[یا\u200c]*"
    r"(?: (?:مورد|نظر|شما|درخواستی|درخواست|شده|در|سایت|اینجا|این|با|آدرس|نشانی|دیگر|ای))*"
    r" (?:یافت نشد|پیدا نشد|وجود ندارد|حذف شده(?: است)?)[.!]*"
    r"|(?:خطای )?(?:404|۴۰۴)(?: not found)?|(?:page )?not found",
    re.IGNORECASE,
)


class RecordPage(WebPage[dict[str, Any]]):
    """One page of a site.

    Attributes:
        extractor: the source's name and this page object's version, like `drhast@1`. The version
            goes up whenever the records made from the same page would differ.
        language: of the site. A text without one letter of Persian's script, from a site in "fa",
            "ar" or another language that is written in it, is no record.
    """

    extractor: ClassVar[str]
    language: ClassVar[str] = "fa"

    def records(self) -> Records:
        """Every record of the page, in its order; empty where the page holds none."""
        raise NotImplementedError

    @property
    def extractor_used(self) -> str:
        """What made the records: this page object, and what it fell back to."""
        return self.extractor if self.completed == self.selected else f"{self.extractor}+schema.org"

    @property
    def source(self) -> str:
        """The name of the source, as in the table of sources."""
        return self.extractor.partition("@")[0]

    @cached_property
    def canonical(self) -> str:
        """The url that ids are derived from."""
        return canonical_url(str(self.url))

    @cached_property
    def document(self) -> Selector:
        """The page, decoded by what its bytes are rather than by what its headers say."""
        return Selector(text=page_text(self.response), base_url=str(self.url))

    @cached_property
    def selected(self) -> dict[str, Any]:
        """The fields that a page may also state in schema.org's words, as selectors find them."""
        return {}

    @cached_property
    def completed(self) -> dict[str, Any]:
        """The same fields, with schema.org's words where selectors find nothing."""
        if all(self.selected.values()):
            return self.selected
        said = read_described(self.document)
        stated = asdict(said) | {"asked_at": said.published_at}
        return {name: value or stated[name] for name, value in self.selected.items()}

    def is_readable(self, *texts: str) -> bool:
        """Whether one of the texts of a record is in the site's script."""
        return self.language not in _PERSIAN_SCRIPT or any(map(has_persian, texts))

    @property
    def missing(self) -> bool:
        """Whether the page says «not found» while its status says 200 (a soft 404)."""
        headings = (first_text(self.document, "title"), first_text(self.document, "h1"))
        return any(
            _MISSING.fullmatch(part)
            for heading in headings
            for part in _PARTS_OF_TITLE.split(heading or "")
        )


class ArticlePage(RecordPage):
    """One article of a magazine.

    Attributes:
        body: the node that holds the text. Without it there is no record.
        lead: a paragraph above the body that the article begins with.
        title, category, author: nodes with one text each; `category` is the innermost.
        tags: one node a tag.
        published: nodes or attributes (`::attr(content)`) with the date of publication.
        strip: nodes inside the body that are no part of the article.
        cut_at: the article ends where one of these sentences begins.
    """

    body: ClassVar[str]
    lead: ClassVar[str] = ""
    title: ClassVar[str] = "h1"
    category: ClassVar[str] = ""
    author: ClassVar[str] = 'meta[name="author"]::attr(content)'
    tags: ClassVar[str] = ""
    published: ClassVar[str] = (
        'meta[property="article:published_time"]::attr(content), time::attr(datetime)'
    )
    strip: ClassVar[str] = ""
    cut_at: ClassVar[tuple[str, ...]] = ()

    def records(self) -> list[Article]:
        """The article, or nothing."""
        content = "" if self.missing else self.content()
        if not content or not self.is_readable(content):
            return []
        return [
            Article(
                id=article_id(self.source, self.canonical),
                source=self.source,
                url=self.canonical,
                content=content,
                category=last_text(self.document, self.category),
                **self.completed,
            )
        ]

    @cached_property
    def selected(self) -> dict[str, Any]:
        """The title, tags, author and day of the article."""
        page = self.document
        return {
            "title": first_text(page, self.title),
            "tags": all_texts(page, self.tags),
            "author": first_text(page, self.author),
            "published_at": first_date(page, self.published),
        }

    def content(self) -> str:
        """The article's text, one line a paragraph; empty where the body is not found."""
        for node in self.document.css(self.body):
            text = block_text(node, self.strip)
            for ending in self.cut_at:
                text = text.partition(ending)[0].rstrip()
            if text:
                lead = first_block(self.document, self.lead)
                return f"{lead}\n{text}" if lead and lead not in text else text
        return ""


class GuessedArticlePage(ArticlePage):
    """An article of a site whose markup nobody has described: likely selectors, then trafilatura.

    The record says which of the two made it, so that selectors can be written for a site once its
    pages have been seen. A site whose selectors are known has no such second way: there a body
    that is not found means that the layout changed, and must be loud.
    """

    body: ClassVar[str] = "div.content, .entry-content"
    category: ClassVar[str] = ".breadcrumb a, .breadcrumbs a, nav[aria-label=breadcrumb] a"
    tags: ClassVar[str] = 'a[rel~="tag"]'

    @property
    def extractor_used(self) -> str:
        """The page object where its selectors found the body, else trafilatura and its version."""
        used = super().extractor_used
        if super().content() or not self.content():
            return used
        return used.replace(self.extractor, f"trafilatura-{version('trafilatura')}", 1)

    def content(self) -> str:
        """The text under the likely selectors, or what trafilatura takes for the main text."""
        return super().content() or self._generic

    @cached_property
    def _generic(self) -> str:
        # Imported here: it takes most of a second, and most sites never need it.
        from trafilatura import extract

        html = str(self.document.get())
        # It drops half-spaces as unprintable, and so would glue words together: a letter that
        # the page does not use stands in for them.
        stand_in = next((letter for letter in _RARE_LETTERS if letter not in html), "ꙮ")
        text = extract(html.replace(_HALF_SPACE, stand_in), include_comments=False)
        title = first_text(self.document, self.title)
        found = without_controls(text or "").replace(stand_in, _HALF_SPACE)
        found = found.removeprefix(f"{title}\n")
        return found if len(found) >= _LEAST else ""


class QuestionPage(RecordPage):
    """One patient's question with the answers to it.

    Attributes:
        question: the node of the question's text. Without it there is no record.
        title, category, asked: nodes with one text each.
        tags: one node a tag.
        answer: one node an answer. The selectors below are searched inside it.
        answer_text: the text of the answer; empty means the whole node.
        answered_by, specialty, answered: who answered, as what, and when.
        verified: a node that is there when the site vouches for the doctor; empty: never said.
        strip: nodes inside questions and answers that are no part of their text.
    """

    question: ClassVar[str]
    answer: ClassVar[str]
    title: ClassVar[str] = "h1"
    category: ClassVar[str] = ""
    tags: ClassVar[str] = ""
    asked: ClassVar[str] = ""
    answer_text: ClassVar[str] = ""
    answered_by: ClassVar[str] = ""
    specialty: ClassVar[str] = ""
    answered: ClassVar[str] = ""
    verified: ClassVar[str] = ""
    strip: ClassVar[str] = ""

    def records(self) -> list[QuestionAnswer]:
        """One record an answer; one with an empty answer where nobody has answered yet."""
        page = self.document
        question = "" if self.missing else first_block(page, self.question, self.strip)
        if not question:
            return []
        records: list[QuestionAnswer] = []
        answers_of: dict[str | None, int] = {}
        for node in page.css(self.answer):
            text = self._answer_text(node)
            if not text:
                continue
            who = first_text(node, self.answered_by)
            nth = answers_of.get(who, 0)
            answers_of[who] = nth + 1
            records.append(self._record(question, text, node, nth=nth, position=len(records)))
        records = records or [self._record(question, "", None)]
        return [each for each in records if self.is_readable(each.question, each.answer)]

    def _answer_text(self, node: Selector) -> str:
        if self.answer_text:
            return first_block(node, self.answer_text, self.strip)
        return block_text(node, self.strip)

    def _record(
        self, question: str, text: str, node: Selector | None, *, nth: int = 0, position: int = 0
    ) -> QuestionAnswer:
        page = self.document
        who = first_text(node, self.answered_by)
        vouched = None
        if node is not None and self.verified:
            vouched = bool(node.css(self.verified))
        return QuestionAnswer(
            id=answer_id(self.source, self.canonical, who, nth),
            thread_id=thread_id(self.source, self.canonical, question),
            source=self.source,
            url=self.canonical,
            question=question,
            answer=text,
            answered_by=who,
            specialty=first_text(node, self.specialty),
            verified=vouched,
            answer_position=position,
            category=last_text(page, self.category),
            answered_at=first_date(node, self.answered),
            **self.completed,
        )

    @cached_property
    def selected(self) -> dict[str, Any]:
        """The title, tags and day of the question."""
        page = self.document
        return {
            "title": first_text(page, self.title),
            "tags": all_texts(page, self.tags),
            "asked_at": first_date(page, self.asked),
        }
