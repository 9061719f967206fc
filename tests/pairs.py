"""Invented forum pairs: some clean, some with every fault that a rule must find."""

import pyarrow.parquet as pq

from gaokerena_data.datasets.kind import QUESTION_ANSWER
from gaokerena_data.records import QuestionAnswer, pair_id, thread_id
from gaokerena_data.workspace import Workspace

SUBJECTS = [
    "سردرد یک‌طرفه همراه با تهوع",
    "سوزش معده بعد از غذا",
    "ریزش مو پس از زایمان",
    "درد زانو هنگام بالا رفتن از پله",
    "تپش قلب در حالت استراحت",
    "خشکی چشم و قرمزی پلک",
    "نامنظم شدن عادت ماهیانه",
    "کمردرد بعد از نشستن طولانی",
    "سرفه خشک شبانه",
    "جوش‌های صورت و پوست چرب",
    "بی‌خوابی و اضطراب",
    "گرفتگی عضلات ساق پا",
]
CAUSES = [
    "کم‌آبی بدن و مصرف زیاد قهوه",
    "کمبود ویتامین D3 و کلسیم",
    "استرس‌های روزمره و خواب نامناسب",
    "کم‌خونی ناشی از فقر آهن",
    "اختلال در کار غده تیروئید",
    "عفونت ویروسی که خودبه‌خود خوب می‌شود",
    "رفلاکس اسید معده به مری",
]
ADVICE = [
    "قرص استامینوفن ۵۰۰ میلی‌گرم هر ۸ ساعت در صورت نیاز بخورید",
    "آزمایش TSH و CBC را ناشتا انجام بدهید",
    "روزی سی دقیقه پیاده‌روی آرام داشته باشید",
    "از غذاهای چرب و سرخ‌شده دو هفته پرهیز کنید",
    "فشار خون را صبح و شب اندازه بگیرید و یادداشت کنید",
    "شب‌ها زودتر بخوابید و تلفن همراه را کنار بگذارید",
    "قطره اشک مصنوعی هر چهار ساعت یک قطره بریزید",
]


# Of a gaokerena.toml, where invented words are not to be judged by a scorer.
NOT_JUDGED = "[mf3qa.scores]\nmin_worth = 0.0\n"


def question(number: int) -> str:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return (
        f"سلام دکتر، {20 + number} ساله‌ام و {number + 2} روز است {subject} دارم، مورد {number} "
        "خطرناک است؟"
    )


def answer(number: int) -> str:
    """A distinct answer of more than 45 words."""
    subject = SUBJECTS[(number * 5) % len(SUBJECTS)]
    cause = CAUSES[(number * 3) % len(CAUSES)]
    first, second = ADVICE[number % 7], ADVICE[(number // 7 + number + 1) % 7]
    return (
        f"با سلام و احترام. درباره پرسش شماره {number} شما، {subject} معمولا به علت {cause} پیش "
        f"می‌آید و در بیشتر موارد نگران‌کننده نیست. پیشنهاد من این است که {first} و همچنین "
        f"{second}. اگر تا {number + 3} روز دیگر بهتر نشدید، یا تب بالای ۳۸.۵ درجه و درد شدید "
        f"اضافه شد، حتما به پزشک متخصص مراجعه کنید تا معاینه شوید."
    )


def pair(source: str, asked: str, answered: str) -> QuestionAnswer:
    return QuestionAnswer(
        id=pair_id(source, asked, answered),
        thread_id=thread_id(source, None, asked),
        source=source,
        question=asked,
        answer=answered,
    )


def write_records(workspace: Workspace, records: list[QuestionAnswer]) -> None:
    """Write records where a crawl's extraction would."""
    for source in {record.source for record in records}:
        folder = workspace.extracted("question_answer", source)
        folder.mkdir(parents=True, exist_ok=True)
        mine = [record for record in records if record.source == source]
        pq.write_table(QUESTION_ANSWER.table(mine), folder / "crawl.parquet")


def clean_records() -> list[QuestionAnswer]:
    """Forty niniban, twenty drhast, ten doctoryab pairs that no rule has anything against."""
    sources = ["niniban"] * 40 + ["drhast"] * 20 + ["doctoryab"] * 10
    return [pair(source, question(n), answer(n)) for n, source in enumerate(sources)]
