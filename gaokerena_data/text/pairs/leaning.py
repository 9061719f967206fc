"""Answers that lean on what the question does not hold: a photo, a result sheet, an earlier talk.

Words alone are weak («عکس رنگی» is a procedure, «پیوست» is in «پیوسته»): a thing must be said to
have been sent, to be seen or to be this patient's, and not under an if.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

_B, _E = r"(?<!\w)", r"(?!\w)"
_IMAGE = (
    r"(?:عکس|تصویر|تصاویر|ویدیو|ویدئو|فیلم|فایل|صفحه اسکن)(?: ?ها\w*| ?های\w*|ی|م|ش|شو|شون|مو)?"
)
_SHEET = (
    r"(?:ازمایش\w*|سونو\w*|اکو\w*|ام ?ار ?ا\w*|mri\w*|نوار|گزارش\w*|مدارک|برگه\w*|جواب\w*"
    r"|نتیجه\w*|نتایج"
    r"|رادیو\w*|گرافی\w*|سی ?تی\w*|اسکن\w*|پاتولوژی|اندوسکوپی|نسخه\w*|پرونده\w*|متن\w*|پیام\w*"
    r"|opg\w*)"
)
_THING = rf"(?:{_IMAGE}|{_SHEET}|تست\w*)"
_SENT = (
    r"(?:ارسالی|ارسال شده (?:شما|تان|تون)|ضمیمه شده|پیوست شده|پیوستی|الصاقی|فرستاده شده"
    r"|بارگذاری شده|اپلود شده"
    r"|ارسال (?:کردید|کردین|کرده اید|کردی|فرمودید|فرموده اید|نمودید|نموده اید|داشتید|داشته اید)"
    r"|(?:ضمیمه|اپلود|پیوست|بارگذاری) (?:کردید|کردین|کرده اید|فرمودید|نمودید)"
    r"|فرستادید|فرستادین|فرستاده اید|فرستاده این|گذاشتید|گذاشتین|گذاشته اید)"
)
_SEES = (
    r"(?:دیده|یده|مشاهده|رویت|مشخص|مشهود|پیدا|نمایان|ملاحظه|واضح|معلوم) (?:\w+ )?"
    r"(?:می ?شود|میشه|میشن|می ?شوند|می ?گردد|است|هست|نمی ?شود|نمیشه|شده)"
)
_SENT_THING = re.compile(rf"{_B}{_THING}(?: \w+){{0,6}}? {_SENT}{_E}")
_SEEN_IMAGE = re.compile(
    rf"{_B}(?:در|توی|تو|از روی|طبق|مطابق|براساس|بر اساس) (?:این |همین )?(?:عکس|تصویر|تصاویر|فیلم"
    rf"|ویدیو)"
    rf"(?: ?ها\w*|ی)?(?: (?:شما|تان|تون|فرزند\w*|ایشان|ایشون))?"
    rf"(?: \w+){{0,3}}? (?:{_SEES}|قرمزی|کبودی|ضایع\w*|جوش\w*|تورم|لکه\w*|زخم\w*){_E}"
)
_YOUR_IMAGE = re.compile(
    rf"{_B}(?:عکس|تصویر)(?: ?ها\w*)? ?(?:شما|تون|تان){_E}(?: \w+){{0,5}}? (?:برای|مناسب|واضح"
    rf"|{_SEES})"
)
# What is no picture that somebody sends: procedures, memories, reactions, phones, films one sees.
_NO_IMAGE = re.compile(
    r"رنگی|العمل|برداری|یادگاری|سینما|تلویزیون|پورن|اینستا|پیج|پشت سر|تاثیر|شنت|استنت|سوند|باتری"
    r"|باطری|بالن|وقت گذاشت"
    r"|قرار|لابراتوار|ازمایشگاه|ذهن|معمولا|گاهی|گاها|مغز\b"
)
_IF = re.compile(
    rf"{_B}(?:اگر|اگه|چنانچه|در صورت\w*|درصورت\w*|کاش|ای ?کاش|بهتر بود|می ?توانید|میتوانید"
    rf"|میتونید|می ?تونید|باید|لطفا){_E}"
)
_SAME = r"هم(?:ا|و)ن ?(?:طور|گونه|جور|طوری|گونه ای)(?: ?ی)? ?که"
_TOLD = (
    r"(?:عرض|گفت|گفته|ذکر|اشاره|بیان|توضیح|تاکید|پاسخ|جواب|مطرح)(?: داده)? ?"
    r"(?:شد|شده|شده بود|شده است|کردم|کردیم|کرده ام|کرده ایم|دادم|دادیم|داده ام|نمودم|م|یم|داشتم)"
)
_EARLIER_TALK = (
    # «همان‌طور که در پاسخ قبلی عرض شد»
    re.compile(
        rf"{_B}(?:در|توی|تو|طبق|طی)(?: \w+)? (?:سوال\w*|پاسخ\w*|جواب\w*|پیام\w*|پرسش\w*|مشاوره\w*)"
        rf"(?: ها\w*)?(?: سوال\w*)? (?:قبل\w*|پیشین)(?: (?:نیز|هم|شما|تان|تون"
        rf"|خدمت\w*)){{0,3}} {_TOLD}{_E}"
    ),
    # «همان‌طور که عرض شد» and, of what was said before, «گفتم»
    re.compile(rf"{_B}{_SAME} (?:خدمت\w* )?عرض (?:شد|کردم|کردیم|نمودم|کرده بودم){_E}"),
    re.compile(
        rf"{_B}{_SAME} (?:قبلا|پیشتر|پیش تر)(?: (?:هم|نیز|خدمت\w*|به شما|برای شما|برایتان"
        rf"|براتون)){{0,2}} {_TOLD}{_E}"
    ),
    re.compile(
        rf"{_B}(?:قبلا|پیشتر|پیش تر)(?: (?:هم|نیز|یکبار|یک بار)){{0,2}} (?:خدمت\w*|به شما"
        rf"|برایتان|براتون|به سوال\w*)(?: \w+){{0,3}} {_TOLD}{_E}"
    ),
    re.compile(rf"{_B}(?:چندین|چند) بار (?:\w+ ){{0,2}}(?:پاسخ|جواب) داده شده{_E}"),
    re.compile(
        rf"{_B}(?:قبلا|پیشتر|پیش تر)(?: (?:هم|نیز))? (?:\w+ ){{0,4}}(?:پاسخ|جواب) داده (?:شد|شده"
        rf"|ام){_E}"
    ),
    re.compile(
        rf"{_B}(?:در|طی) (?:تماس|مکالمه|گفتگوی"
        rf"|مشاوره ی?)(?: \w+)? ?تلفنی (?:\w+ ){{0,4}}{_TOLD}{_E}"
    ),
    re.compile(
        rf"{_B}(?:با|ضمن) (?:اجازه|تایید)(?: (?:از|صحبت\w*|فرمایش\w*|نظر\w*"
        rf"|پاسخ\w*)){{0,2}} همکار\w* (?:محترم|عزیز|گرامی)"
    ),
)
# Of the question, where it leans on a talk.
_ASKED_BEFORE = re.compile(
    rf"{_B}(?:سوال\w*|پاسخ\w*|پیام\w*|جواب\w*) قبل ?ی?\w*{_E}|{_B}(?:در ادامه|پیرو|در راستای"
    rf"|به دنباله)(?: ی)? (?:سوال|پاسخ|پیام|پرسش)"
    rf"|{_B}(?:پرسیدم|پرسیده بودم|سوال کردم|سوال کرده بودم|فرستادم){_E}"
    rf"|{_B}(?:فرمودید|فرمودین|فرموده بودید|گفتید|گفتین|گفته بودید|نگفتید){_E}|{_B}(?:مجدد"
    rf"|دوباره) (?:سوال|می ?پرسم)"
    rf"|{_B}(?:همون|همان|همونم|همونیم|همانم)(?: \w+){{0,3}} که (?:پرسید|گفتم|سوال)"
)
_AGAIN = re.compile(rf"{_B}(?:سلام|درود|ادب)(?: و \w+)? (?:مجدد|دوباره)\w*{_E}")
_TO_SEND = re.compile(
    rf"{_B}{_THING}(?: \w+){{0,8}}? (?:(?:ارسال|ضمیمه|اپلود|بارگذاری|پیوست) (?:کنید|کنین|کن"
    rf"|بفرمای?ید|نمای?ید|فرمای?ید|بکنید)"
    rf"|بفرست(?:ید|ین|ی)?|بذارید|بگذارید|بزارید|بزارین){_E}"
)
_SENT_IT = re.compile(
    rf"{_B}{_THING}(?: \w+){{0,6}}? (?:فرستادم|می ?فرستم|(?:ارسال|ضمیمه|پیوست|اپلود|بارگذاری|اتچ) "
    rf"(?:کردم|کرده ام|می ?کنم|شد|شده|شده است|نمودم|گردید)|ارسالی|پیوست|گذاشتم|گذاشته ام|(?:را"
    rf"|رو)? ?(?:می ?بینید|ببینید|ملاحظه)){_E}"
)
_INTERPRET = re.compile(
    rf"{_B}{_SHEET}(?: \w+){{0,5}} (?:تفسیر|تحلیل|ترجمه|معنی|بخونید|بخوانید|چطوره?|چطور است"
    rf"|بفرمایید|بگید|بگین){_E}"
    rf"|{_B}(?:تفسیر|تحلیل|نظرت[وا]ن (?:در ?مورد|راجع|درباره))(?: \w+){{0,4}} {_SHEET}"
    rf"|{_B}این (?:ازمایش|سونو|اکو|نوار|گزارش|عکس|جواب)\w*(?: \w+)? (?:از|شوهر\w*|همسر\w*|پسر\w*"
    rf"|دختر\w*"
    rf"|مادر\w*|پدر\w*|خود\w*|من|منه){_E}"
)
_SHORT_QUESTION = 140  # characters: a longer one tells what the sheet says
# Parts of words, one of which each of the patterns needs.
_SENDING = (
    "ارسال",
    "فرست",
    "ضمیمه",
    "پیوست",
    "اپلود",
    "گذا",
    "ذارید",
    "بزار",
    "اتچ",
    "بین",
    "ملاحظه",
)
_SHOWN = (
    "عکس",
    "تصویر",
    "تصاویر",
    "فیلم",
    "وید",
    "گرافی",
    "ارسال",
    "فرستاد",
    "گذاشت",
    "ضمیمه",
    "opg",
)
_BEFORE = ("قبل", "عرض", "پیشتر", "پیش تر", "پیشین", "تلفنی", "همکار", "بار ")
_ASKING: tuple[str, ...] = (
    "قبل",
    "پرسید",
    "فرمود",
    "گفتید",
    "گفتین",
    "گفته بودید",
    "نگفتید",
    "ادامه",
    "پیرو",
    "راستا",
    "دنباله",
)
_ASKING += ("مجدد", "دوباره", "همون", "همان", "سوال کرد", "فرستادم")
_ANEW = ("مجدد", "دوباره")
_DIGIT = re.compile(r"\d")
_BY_THE_IMAGE = re.compile(
    rf"{_B}(?:طبق|با توجه به|بر ?اساس|مطابق|با بررسی|با مشاهده) (?:این |همین )?(?:عکس|تصویر"
    rf"|تصاویر|گرافی|رادیوگرافی|opg)"
    rf"(?: ?ها\w*|ی)?(?! (?:که|های تجویز)){_E}"
)
_SAYS_OF_A_SHEET = re.compile(
    rf"{_B}(?:در|طبق|با توجه به|بر ?اساس) (?:این |همین )(?:{_IMAGE}|{_SHEET}){_E}"
    rf"|{_B}{_THING} ?(?:شما|تون|تان|ایشان|ایشون){_E}"
    rf"|{_B}(?:در|طبق|با توجه به) (?:عکس|تصویر|تصاویر|گزارش|نوار|مدارک)(?: ?ها\w*|ی)?{_E}"
)


class Leaning(StrEnum):
    """What an answer or its question leans on."""

    IMAGE = "speaks_of_an_attachment"
    TALK = "speaks_of_an_earlier_talk"
    ATTACHED = "asks_about_an_attachment"
    # Weak signs.
    SENT = "says_it_sent_something"
    ASKED = "speaks_of_an_earlier_question"
    AGAIN = "greets_again"
    AGAIN_ASKED = "goes_on_with_a_talk"
    SEND = "asks_to_send"


def leanings(question: str, answer: str) -> Iterator[Leaning]:
    """What a folded question and its folded answer lean on outside of themselves."""
    was_sent = _holds(question, _SENDING) and _SENT_IT.search(question) is not None
    things = _things(answer, question, was_sent)
    if (was_sent or _holds(answer, _SHOWN)) and any(_is_meant(answer, each) for each in things):
        yield Leaning.IMAGE
    if _holds(answer, _BEFORE) and any(pattern.search(answer) for pattern in _EARLIER_TALK):
        yield Leaning.TALK
    asked = _holds(question, _ASKING) and _ASKED_BEFORE.search(question)
    if asked:
        yield Leaning.ASKED
    if _holds(answer, _ANEW) and _AGAIN.search(answer):
        yield Leaning.AGAIN_ASKED if asked else Leaning.AGAIN
    if _holds(answer, _SENDING) and _TO_SEND.search(answer):
        yield Leaning.SEND
    if was_sent:
        yield Leaning.SENT
    if len(question) <= _SHORT_QUESTION and _hangs_on_a_sheet(question):
        yield Leaning.ATTACHED


def _holds(text: str, parts: tuple[str, ...]) -> bool:
    """Most texts hold none of the parts that a pattern needs: they cost nothing more."""
    return any(part in text for part in parts)


def _things(answer: str, question: str, was_sent: bool) -> Iterator[re.Match[str]]:
    """What the answer says of a thing; one that the question sent may be meant by fewer words."""
    yield from _SENT_THING.finditer(answer)
    if not _NO_IMAGE.search(question):
        yield from _SEEN_IMAGE.finditer(answer)
        yield from _YOUR_IMAGE.finditer(answer)
        yield from _BY_THE_IMAGE.finditer(answer)
    if was_sent:
        yield from _SAYS_OF_A_SHEET.finditer(answer)


def _is_meant(answer: str, found: re.Match[str]) -> bool:
    """Whether a thing is one that was sent, and not under an if."""
    before = answer[max(0, found.start() - 60) : found.start()]
    sentence = re.split(r"[.!؟]", before)[-1]
    return not _IF.search(sentence + found[0]) and not _NO_IMAGE.search(
        found[0] + answer[found.end() : found.end() + 8]
    )


def _hangs_on_a_sheet(question: str) -> bool:
    return not _DIGIT.search(question) and _INTERPRET.search(question) is not None
