"""Articles of the magazines, each from nothing but a seed and a number.

Of every eight articles one is syndicated (the same text in all magazines, or nearly), one is no
article on medicine, and one is too short; a few are not Persian.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import jdatetime

from gaokerena_data.crawl.reading.dates import JALALI_MONTHS
from gaokerena_data.demo.noise import PERSIAN_DIGITS
from gaokerena_data.demo.threads import NEWEST
from gaokerena_data.demo.topics import Topic, all_topics
from gaokerena_data.demo.writing import Composition, compose

_NOT_MEDICINE = (
    Composition(
        "جدول پخش مسابقات فوتبال امشب",
        "امشب چهار بازی از هفته بیستم لیگ برتر فوتبال برگزار می‌شود و دو بازی پخش زنده دارد.",
        (
            ("برنامه بازی‌ها", ("ساعت ۱۸:۳۰ تیم شمال و تیم جنوب", "ساعت ۲۰:۱۵ تیم شرق و تیم غرب")),
            ("گزارشگر", ("گزارش این بازی‌ها از شبکه ورزش پخش می‌شود.",)),
        ),
    ),
    Composition(
        "فروش ویژه آخر هفته",
        "افزودن به سبد خرید. قیمت: ۷۰۰,۰۰۰ تومان. ارسال رایگان برای خریدهای بالای یک میلیون تومان.",
        (
            ("مشخصات کالا", ("رنگ: مشکی", "وزن: ۳۵۰ گرم", "گارانتی: ۱۸ ماه", "موجود در انبار")),
            ("نظرات خریداران", ("هنوز نظری ثبت نشده است. اولین نفر باشید.",)),
        ),
    ),
    Composition(
        "نتایج مسابقه عکاسی پاییز",
        "برندگان مسابقه عکاسی پاییز اعلام شدند و جایزه‌ها تا پایان ماه فرستاده می‌شود.",
        (("برندگان", ("نفر اول: شرکت‌کننده شماره ۱۲", "نفر دوم: شرکت‌کننده شماره ۷")),),
    ),
)
_NOT_PERSIAN = (
    Composition(
        "What is a migraine?",
        "A migraine (میگرن) is a throbbing headache on one side of the head, often with nausea.",
        (
            (
                "Treatment",
                (
                    "Take ibuprofen 400 mg early and rest in a dark room.",
                    "See a doctor if the headache is sudden and severe.",
                ),
            ),
        ),
    ),
    Composition(
        "ما هو مرض السكري؟",
        "مرض السكري هو ارتفاع مستوى السكر في الدم بسبب نقص الأنسولين أو مقاومة الجسم له.",
        (
            (
                "العلاج",
                (
                    "يجب على المريض ممارسة الرياضة وتناول الدواء بانتظام.",
                    "يُنصح بقياس السكر مرتين في الأسبوع على الأقل.",
                ),
            ),
        ),
    ),
)
_AUTHORS = ("تحریریه", "سارا نمونه‌نویس", "گروه پزشکی مجله")
_CORRECTION = "این مطلب پس از انتشار، با راهنمایی‌های تازه پزشکان بازبینی و کامل شده است."


@dataclass(frozen=True, slots=True)
class Published:
    """An article as a magazine publishes it."""

    number: int
    topic: Topic
    composition: Composition
    author: str
    day: date
    metas: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The title."""
        return self.composition.title

    @property
    def category(self) -> str:
        """The magazine's category."""
        return self.topic.category

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags."""
        return self.topic.tags

    @property
    def moment(self) -> str:
        """When it was published, as ISO 8601 with an offset."""
        return f"{self.day.isoformat()}T09:{self.number % 60:02}:00+03:30"

    @property
    def words(self) -> str:
        """The day in words, like «۱۱ مرداد ۱۴۰۲»."""
        return jalali_words(self.day)

    @property
    def numbers(self) -> str:
        """The day in numbers, like «۱۴۰۲/۰۵/۱۱»."""
        return jalali_numbers(self.day)


def article(seed: int, site: str, number: int) -> Published:
    """The article of that number in a magazine; the same for ever."""
    rng = Random(f"{seed} {site} article {number}")  # noqa: S311
    kind, round_ = number % 8, number // 8
    topics = all_topics()
    topic = topics[(rng.randrange(len(topics)) + number) % len(topics)]
    composition = compose(rng, topic)
    if kind == 3:
        shared = Random(f"{seed} syndicated {round_}")  # noqa: S311
        topic = topics[shared.randrange(len(topics))]
        composition = compose(shared, topic)
        if len(site) % 2:  # half of the magazines put their own words in front
            composition = replace(composition, lead=f"به گزارش مجله ما، {composition.lead}")
    elif kind == 5:
        composition = _NOT_MEDICINE[(round_ + len(site)) % len(_NOT_MEDICINE)]
    elif kind == 6:
        composition = replace(composition, sections=composition.sections[-1:])
    elif kind == 7 and len(site) % 3 == 0:
        composition = _NOT_PERSIAN[(round_ + len(site) // 3) % 2]
    day = NEWEST - timedelta(days=3 * number % 3000 + len(site))
    return Published(number, topic, composition, rng.choice(_AUTHORS), day)


def corrected(published: Published) -> Published:
    """The same article after its magazine added a part to it."""
    made = published.composition
    sections = (*made.sections, ("بازبینی", (_CORRECTION,)))
    return replace(published, composition=replace(made, sections=sections))


def jalali_words(day: date) -> str:
    """A day like «۱۱ مرداد ۱۴۰۲»."""
    jalali = jdatetime.date.fromgregorian(date=day)
    month = JALALI_MONTHS[jalali.month - 1][0]
    return f"{jalali.day} {month} {jalali.year}".translate(PERSIAN_DIGITS)


def jalali_numbers(day: date) -> str:
    """A day like «۱۴۰۲/۰۵/۱۱»."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return f"{jalali.year}/{jalali.month:02}/{jalali.day:02}".translate(PERSIAN_DIGITS)
