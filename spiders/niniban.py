"""niniban.com: sections whose pages hold articles and readers' questions alike."""

from gaokerena_data.crawl.pages import ArticlePage, RecordPage
from gaokerena_data.crawl.reading.markup import (
    all_texts,
    block_text,
    first_date,
    first_text,
    last_text,
)
from gaokerena_data.crawl.spiders import ListingSpider
from gaokerena_data.records import QuestionAnswer, answer_id, thread_id
from gaokerena_data.text.bylines import Answered, split_answers, split_questions

_DETAIL = "div#echo_detail"
_TITLE = "h1.title, .news-title, .title, h1"
_CATEGORY = ".news_path a"
_TAGS = ".tags_container a"
_DATE = "time.news_path_time"


class NinibanQuestion(RecordPage):
    """Readers' questions: the marker, the question, then a line that names who answers."""

    extractor = "niniban@2"

    def records(self) -> list[QuestionAnswer]:
        """One record an answer; nothing where the page is an article."""
        page = self.document
        text = "" if self.missing else "\n".join(map(block_text, page.css(_DETAIL)))
        _, *questions = split_questions(text)
        answers_of: dict[str | None, int] = {}
        records: list[QuestionAnswer] = []
        for place, part in enumerate(filter(self.is_readable, questions)):
            question, answers = split_answers(part, nameless=True)
            # A second question on a page is a thread of its own.
            thread = self.canonical if place == 0 else f"{self.canonical}#{place + 1}"
            for position, answer in enumerate(answers or [Answered(None, None, "")]):
                who = answer.answered_by
                nth = answers_of.get(who, 0)
                answers_of[who] = nth + 1
                records.append(
                    QuestionAnswer(
                        id=answer_id(self.source, self.canonical, who, nth),
                        thread_id=thread_id(self.source, thread, question),
                        source=self.source,
                        url=self.canonical,
                        title=first_text(page, _TITLE),
                        question=question,
                        answer=answer.text,
                        answered_by=who,
                        specialty=answer.specialty,
                        answer_position=position,
                        category=last_text(page, _CATEGORY),
                        tags=all_texts(page, _TAGS),
                        asked_at=first_date(page, _DATE),
                    )
                )
        return records


class NinibanArticle(ArticlePage):
    """An article of the magazine."""

    extractor = "niniban@1"
    title = _TITLE
    body = _DETAIL
    category = _CATEGORY
    tags = _TAGS
    published = _DATE


class Niniban(ListingSpider):
    """All 33 sections. Questions are tried first: what has no marker is an article."""

    name = "niniban"
    pages = (NinibanQuestion, NinibanArticle)
    record_url = r"^https://niniban\.com/[^/]+/\d+(?:-[^/]*)?$"
    listing_links = "h3 > a"
    listings = tuple(
        f"https://www.niniban.com/بخش-{section}?page={{page}}"
        for section in (
            *("آمادگی-بارداری-161", "قصد-با-وضعیت-خاص-164", "تعیین-جنسیت-56", "رابطه-با-همسر-163"),
            *("سلامت-زنان-117", "سلامت-مردان-165", "درمان-ناباروری-169", "ناباروری-زنان-166"),
            *("ناباروری-مردان-167", "روشهای-جایگزین-172", "علائم-بارداری-59"),
            *("آزمایشگاه-سونوگرافی-196", "تدارک-قبل-از-تولد-178", "بارداری-سه-ماهه-اول-173"),
            *("بارداری-سه-ماهه-دوم-174", "بارداری-سه-ماهه-سوم-175", "مراقبتهای-بارداری-142"),
            *("بارداری-خاص-177", "علائم-زایمان-76", "متخصص-زنان-زایمان-192"),
            *("آمادگی-برای-زایمان-83", "زایمان-طبیعی-77", "زایمان-سزارین-80"),
            *("زایمان-چندقلویی-180", "زایمان-زودرس-دیررس-79", "بعد-از-زایمان-152"),
            *("سلامت-نوزاد-181", "مراقبت-از-نوزاد-94", "تغذیه-شیردهی-نوزاد-90"),
            *("نوزاد-سبک-زندگی-183", "روانشناسی-نوزاد-182", "رشد-مراقبت-کودک-184"),
            "متخصص-اطفال-205",
        )
    )
