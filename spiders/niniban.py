"""niniban.com: sections whose pages hold articles and readers' questions alike."""

import re

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

# «سوال مخاطب نی‌نی‌بان», on any keyboard, with half-spaces or spaces.
_GAP = r"[\s\u200c]*"
_YEH = "[یيى]"
_MARKER = re.compile(
    rf"س[ؤو]ال{_GAP}مخاطب{_GAP}ن{_YEH}{_GAP}ن{_YEH}{_GAP}بان{_GAP}[:：،\-–]?{_GAP}"
)
# «پاسخ دکتر …، متخصص …:» on a line of its own; nobody has described it, so it is read widely.
_ANSWER = re.compile(
    r"^(?:پاسخ|جواب)\b[^:\n]{0,120}:?$"
    r"|^(?:خانم |آقای )?دکتر\b[^:\n]{3,90}:$"
    rf"|^(?:پاسخ|جواب){_GAP}:",
    re.MULTILINE,
)
_NAME = re.compile(r"((?:خانم |آقای )?دکتر\s[^،,():]+)")
_SPECIALTY = re.compile(r"((?:فوق[\s\u200c]?)?(?:تخصص|متخصص|کارشناس|ماما|روانشناس)[^،,():]*)")

_DETAIL = "div#echo_detail"
_TITLE = "h1.title, .news-title, .title, h1"
_CATEGORY = ".news_path a"
_TAGS = ".tags_container a"
_DATE = "time.news_path_time"


class NinibanQuestion(RecordPage):
    """Readers' questions: the marker, the question, then a line that names who answers."""

    extractor = "niniban@1"

    def records(self) -> list[QuestionAnswer]:
        """One record an answer; nothing where the page is an article."""
        page = self.document
        text = "" if self.missing else "\n".join(map(block_text, page.css(_DETAIL)))
        _, *questions = _MARKER.split(text)
        answers_of: dict[str | None, int] = {}
        records: list[QuestionAnswer] = []
        for place, part in enumerate(filter(None, map(str.strip, questions))):
            question, answers = _parts(part)
            # A second question on a page is a thread of its own.
            thread = self.canonical if place == 0 else f"{self.canonical}#{place + 1}"
            for position, (who, specialty, answer) in enumerate(answers):
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
                        answer=answer,
                        answered_by=who,
                        specialty=specialty,
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


def _parts(text: str) -> tuple[str, list[tuple[str | None, str | None, str]]]:
    """A question, and its answers as who, specialty and text; one empty answer where none is."""
    headings = list(_ANSWER.finditer(text))
    if not headings:
        return text, [(None, None, "")]
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    answers = []
    for heading, end in zip(headings, ends, strict=True):
        name, specialty = _NAME.search(heading[0]), _SPECIALTY.search(heading[0])
        answers.append(
            (
                " ".join(name[1].split()) if name else None,
                " ".join(specialty[1].split()) if specialty else None,
                text[heading.end() : end].strip(),
            )
        )
    return text[: headings[0].start()].strip(), [each for each in answers if each[2]]
