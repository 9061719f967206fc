"""Answers that say nothing of what was asked: they greet, ask back, refuse or send elsewhere.

Each sentence is judged by all of its words. Words that only greet or send to a doctor are listed; a
sentence with any other word says something, and one of those is enough for an answer.
"""

import re
from enum import StrEnum

from gaokerena_data.text.pairs.folding import fold, sentences_of, word_list, words_of

_LONGEST_QUESTION = 25  # words: a longer run up to a question mark tells something before it asks
_LONGEST_REFUSAL = 22
_LONGEST_SITE_REFUSAL = 45
_MOST_BEFORE_A_QUESTION = 6
_NOT_IDLE = re.compile(
    # «لازم نیست مراجعه کنید» is an answer, and so is «مشکلی نیست».
    r"(?<!\w)(?:نیاز|نیازی|لازم|ضروری|ضرورت|ضرورتی|الزامی|مشکل|مشکلی) (?:\w+ ){0,5}"
    r"(?:نیست|ندارد|ندارید|نداره)(?!\w)"
)
_REFUSES = re.compile(
    r"(?<!\w)(?:مجاز|قادر) به(?: \w+){1,16} (?:نیستیم|نیستم|نمی ?باشیم)(?!\w)"
    r"|(?<!\w)(?:نظر|پاسخ\w*|راهنمایی|مشاوره|تجویز|تفسیر|قضاوت)(?: \w+){0,8} "
    r"(?:امکان ?پذیر|مقدور|ممکن|میسر) (?:نیست|نمی ?باشد|نمیباشد)(?!\w)"
    r"|(?<!\w)(?:نمی ?توان(?:م|یم)?|نمی ?تون(?:م|یم)|نمی ?ش(?:ود|ه)|نتوان)(?: \w+){0,10} "
    r"(?:نظر\w*|راهنمایی\w*|کمک\w*|پاسخ\w*|جواب\w*|تجویز\w*|تفسیر\w*|تحلیل\w*|قضاوت\w*)(?!\w)"
    r"|(?<!\w)(?:نظر|پاسخ|کمک|قضاوت)ی(?: \w+){0,3} نمی ?(?:توان|تون|ش(?:ود|ه))"
    r"|(?<!\w)(?:به صورت مجازی|در این سایت|در این مکان|در این فضا)(?: \w+){0,20} (?:نیستیم|نیستم"
    r"|نمی ?\w+)"
)
# Of a sentence with no other word than those of referrals: «از آزمایش خون نمی‌توان جنسیت را تشخیص
# داد» is an answer.
_NO_DIAGNOSIS = re.compile(
    r"(?<!\w)(?:نمی ?توان|نمی ?تون|نمی ?ش(?:ود|ه)|نتوان)\w*(?: \w+){0,6} تشخیص"
    r"|(?<!\w)تشخیص\w*(?: \w+){0,6} (?:نمی ?توان|نمی ?ش(?:ود|ه)|امکان ?پذیر نیست|مقدور نیست"
    r"|ممکن نیست)"
)
_SITE_REFUSES = re.compile(
    r"(?<!\w)مجاز به(?: \w+){1,16} (?:نیستیم|نمی ?باشیم)(?!\w)"
    r"|(?<!\w)امکان (?:تحلیل|تفسیر|پاسخ\w*|اظهار|تشخیص|مشاوره|معرفی|تجویز)(?: \w+){0,20} "
    r"(?:وجود ندارد|نیست|نداریم|ندارد)(?!\w)"
    r"|(?<!\w)(?:مجازی|اینترنتی|تلفنی)(?: \w+){0,3} قابل (?:تفسیر|تشخیص|پاسخ\w*) نیست(?!\w)"
)
_TO_BE_SEEN = re.compile(
    r"(?<!\w)(?:دیده|رویت|ببین\w*|بدان\w*)(?: \w+){0,5} تا بتوان\w*(?!\w)"
    r"|(?<!\w)(?:نتیجه|نتایج|جواب|ازمایش|مدارک|بررسی)\w*(?: \w+){0,4} (?:پزشک|دکتر|متخصص)\w* "
    r"(?:دیده شو\w*|ببین\w*)(?!\w)"
)
_REASONS = re.compile(
    r"(?<!\w)(?:ممکن است|ممکنه|احتمال\w*|به علت|به دلیل|باعث|می ?تواند|میتونه|البته|ولی|اما"
    r"|اگر)(?!\w)"
)
_ASKS_FOR_MORE = re.compile(
    r"(?<!\w)(?:اطلاعات\w*|توضیح\w*|شرح حال\w*)(?: \w+){0,5} "
    r"(?:ناقص\w*|کامل\w*|بیشتر\w*|بدهید|بدید|بنویسید|کافی|نداری[دم]|نکرده|نکردید|واضح"
    r"|نامفهوم)(?!\w)"
    r"|(?<!\w)(?:ذکر|مشخص|بیان|عنوان) نکرد\w*|(?<!\w)(?:ننوشت\w*|نگفت\w*|نفرستاد\w*"
    r"|نفرمود\w*)(?!\w)"
    r"|(?<!\w)(?:بفرستید|بفرستین|بنویسید|ارسال (?:کنید|فرمایید|بفرمایید|نمایید))(?!\w)"
    r"|(?<!\w)(?:متوجه|منظور\w*)(?: \w+){0,4} (?:نشدم|نشدیم|نمی ?شوم|نمیشم|چیست|چیه)(?!\w)"
)
_CONTACT = re.compile(
    r"\[(?:تلفن|پیام رسان|شناسه کاربری|نشانی|ایمیل|پیوند)\]"
    r"|(?<!\w)(?:کانال|پیج|صفحه|وب ?سایت|تلگرام|اینستاگرام|واتساپ|واتس اپ|دایرکت)(?: \w+)? (?:من"
    r"|ما|بنده|اینجانب|خودم|زیر)(?!\w)"
    r"|(?<!\w)(?:با|به) (?:مطب|کلینیک|شماره|منشی)(?: \w+){0,4} (?:تماس|پیام|زنگ)(?!\w)"
    r"|(?<!\w)(?:از|در) اینجا بخوانید(?!\w)"
)
_CONTACTS = (
    "[",
    "کانال",
    "پیج",
    "صفحه",
    "سایت",
    "گرام",
    "واتس",
    "دایرکت",
    "مطب",
    "کلینیک",
    "شماره",
    "منشی",
    "اینجا",
)
_INDIRECT = re.compile(
    r"(?<!\w)(?:تا (?:\w+ )?(?:مشخص|معلوم)|بررسی (?:شود|کنید)|مراجعه|بهتر است|باید)(?!\w)"
)
_ASKS_WHERE_TO_GO = re.compile(
    r"(?<!\w)(?:چه|کدام|کدوم|کدامیک) (?:نوع )?(?:دکتر\w*|پزشک\w*|متخصص\w*|تخصص\w*|دکترایی|جراح)"
    r"|(?<!\w)(?:متخصص|دکتر|پزشک) (?:چی|کجا)(?!\w)"
    r"|(?<!\w)(?:به|پیش|نزد) (?:کی|چه کسی)(?!\w)|کجا|(?<!\w)(?:ادرس|اهدا\w*)(?!\w)"
    r"|(?<!\w)(?:مراجعه کنم|مراجعه کنیم)(?!\w)"
    r"|(?<!\w)(?:برم|بریم|بروم|ببرم|ببرمش) (?:\w+ ){0,2}(?:دکتر|پزشک|متخصص|بیمارستان|اورژانس)(?!\w)"
    r"|(?<!\w)(?:دکتر|پزشک|متخصص|بیمارستان|اورژانس) (?:\w+ ){0,2}(?:برم|بریم|بروم|ببرم|ببرمش)(?!\w)"
    r"|(?<!\w)(?:معاینه|ویزیت) (?:\w+ ){0,3}(?:لازم|نیاز)"
)


class Empty(StrEnum):
    """What an answer does in place of answering."""

    GREETS = "only_greets"
    ASKS = "only_asks_back"
    REFUSES = "only_refuses"
    REFERS = "only_refers"
    CONTACTS = "only_gives_a_contact"


class _Says(StrEnum):
    SOMETHING = "something"
    GREETING = "greeting"
    REQUEST = "request"
    REFUSAL = "refusal"
    REFERRAL = "referral"
    CONTACT = "contact"
    IDLE = "idle"  # of the words of a referral, and none by itself


def says_nothing(question: str, answer: str) -> Empty | None:
    """What an answer does in place of answering; None where a sentence of it says something.

    That a doctor is to be seen is an answer to whom to see, or whether.
    """
    said: set[_Says] = set()
    for sentence, asks in sentences_of(answer):
        says = _says(sentence, asks)
        if says is _Says.SOMETHING:
            return None
        said.add(says)
    if _Says.REQUEST in said:
        return Empty.ASKS
    if _Says.CONTACT in said:
        return Empty.CONTACTS
    if _Says.REFUSAL in said:
        return Empty.REFUSES
    if _Says.REFERRAL in said:
        return None if _ASKS_WHERE_TO_GO.search(fold(question)) else Empty.REFERS
    return Empty.GREETS if said == {_Says.GREETING} else None


def gives_contact(folded: str) -> bool:
    """Whether a folded answer holds a telephone, a page or a practice to turn to."""
    return any(part in folded for part in _CONTACTS) and _CONTACT.search(folded) is not None


def _says(sentence: str, asks: bool) -> _Says:
    words = words_of(sentence)
    found = set(words)
    if found <= word_list("greeting"):
        return _Says.GREETING
    if asks and _only_asks(sentence, words):
        return _Says.REQUEST
    if _CONTACT.search(sentence) and len(words) <= _LONGEST_REFUSAL:
        return _Says.CONTACT
    if _NOT_IDLE.search(sentence):
        return _Says.SOMETHING
    is_idle = found <= word_list("greeting") | word_list("referral")
    short = len(words) <= _LONGEST_REFUSAL and not _REASONS.search(sentence)
    if _SITE_REFUSES.search(sentence) and len(words) <= _LONGEST_SITE_REFUSAL:
        return _Says.REFUSAL
    if is_idle and _NO_DIAGNOSIS.search(sentence):
        return _Says.REFUSAL
    if (is_idle or short) and (_REFUSES.search(sentence) or _TO_BE_SEEN.search(sentence)):
        return _Says.REFUSAL
    if _ASKS_FOR_MORE.search(sentence) and (is_idle or short):
        return _Says.REQUEST
    if not is_idle:
        return _Says.SOMETHING
    return _Says.REFERRAL if found & word_list("referral_cue") else _Says.IDLE


def _only_asks(sentence: str, words: list[str]) -> bool:
    """Whether nothing is told before the question, nor is it one about what is to be found out."""
    begins = words.index("ایا") if "ایا" in words else 0
    return (
        len(words) <= _LONGEST_QUESTION
        and begins <= _MOST_BEFORE_A_QUESTION
        and not _INDIRECT.search(sentence)
    )
