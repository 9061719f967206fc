"""isovisit.com: questions with Jalali days; its urls are not published and may differ."""

from gaokerena_data.crawl.pages import QuestionPage
from gaokerena_data.crawl.spiders import ListingSpider


class IsovisitQuestion(QuestionPage):
    """A question in the first card, an answer in each of those after it."""

    extractor = "isovisit@1"
    title = "section.section-show-question h1, h1"
    category = "ol.breadcrumb li a"
    tags = ".tags a span"
    question = "section.section-show-question .card .card-body > p"
    asked = "section.section-show-question > div:first-of-type .card-text.fs-14 span"
    answer = "section.section-show-question > div ~ div .card"
    answer_text = ".card-body > p"
    answered_by = ".card-text .fs-16"
    answered = ".card-text.fs-14 span"


class Isovisit(ListingSpider):
    """The pages of questions."""

    name = "isovisit"
    pages = (IsovisitQuestion,)
    # With a number, a slug, or both; «question» in either form.
    record_url = (
        r"/questions?/(?!(?:page|category|categories|tags?|search|ask|new|create)(?:/|$))"
        r"[^/?]+(?:/[^/?]+)?$"
    )
    listings = ("https://isovisit.com/questions?page={page}",)
    listing_links = "a[href*='/question']"
