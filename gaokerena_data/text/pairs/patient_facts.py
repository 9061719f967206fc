"""What an answer knows of a patient whose question does not say it.

Forums ask for age and weight in a form of their own, which is seldom printed with the question.
"""

import re

_B, _E = r"(?<!\w)", r"(?!\w)"
_YOURS = r"(?:شما|تان|تون|ایشان|ایشون|همسر\w*|پدر\w*|مادر\w*|بیمار)"
_WHY = r"(?:با ?توجه به|به ?خاطر|به دلیل|به علت|نظر به)(?: اینکه)?"
_MUCH = r"(?:پایین|بالا|بالای|کم|زیاد|جوان)"
_AGE_IN_FIGURES = re.compile(
    rf"{_B}(?:شما|ایشان|ایشون) (?:\w+ ){{0,2}}\d+ ساله (?:هست\w*|اید|است){_E}"
    rf"|{_B}سن \d+ سال ذکر شده"
)
_AGE = re.compile(
    rf"{_B}{_WHY} سن(?:تان|تون)?(?: (?:و (?:جنس\w*|سابقه|چاقی|وزن|اضافه|شرح|قد)|{_MUCH}|{_YOURS}))"
    rf"|{_B}{_WHY} سن(?:تان|تون){_E}|{_B}در سن {_YOURS}{_E}|{_B}سن {_MUCH} {_YOURS}{_E}"
)
_ITS_AGE = re.compile(
    r"\d|(?<!\w)(?:سن\w{0,3}|ساله\w*|سالگی|سالم\w*|سالش\w*|متولد|دهه|نوزاد\w*|شیرخوار\w*|کودک\w*"
    r"|بچه\w*|پسر\w*|دختر\w*"
    r"|پیر\w*|جوان\w*|نوجوان\w*|مسن|یایس\w*|دبیرستان\w*|کنکور\w*|مدرسه|دانشجو\w*|سالمند\w*)(?!\w)"
)
_OF_A_PREGNANCY = re.compile(r"(?: \w+)? ?(?:بارداری\w*|حاملگی\w*|جنین\w*|رحم\w*)")
_WEIGHT = re.compile(
    rf"{_B}{_WHY} (?:قد و )?(?:وزن|اضافه وزن|کمبود وزن|چاقی|لاغری)(?:تان|تون"
    rf"| (?:{_MUCH} ?(?:تان|تون)?|مختصر\w*|{_YOURS})){_E}"
    rf"|{_B}{_WHY} (?:قد\w* و )?(?:وزنتان|وزنتون|قدتان|قدتون|قد شما){_E}"
    rf"|{_B}(?:اضافه|کمبود) وزن(?:تان|تون|(?: شدید| زیاد)? شما|ی? (?:\w+ )?دار(?:ید|ین)"
    rf"|ی که دار(?:ید|ین)){_E}"
    rf"|{_B}وزن {_MUCH} {_YOURS}{_E}|{_B}وزن(?:تان|تون) (?:خیلی )?(?:زیاد|بالا|کم)(?:ه|ست"
    rf"| است)?{_E}"
)
_ITS_WEIGHT = re.compile(
    r"وزن|کیلو|چاق|لاغر|bmi|kg|رژیم|(?<!\w)قد(?:م|ش)?(?!\w)|تپل|اضافه", re.IGNORECASE
)
# Of a child whose question holds no weight in figures: «قد و وزن فرزند شما روی صدک ۵۰ است».
_PERCENTILE = re.compile(
    rf"{_B}(?:قد|وزن)(?: و (?:قد|وزن))?(?: \w+){{0,3}} شما(?: \w+){{0,6}} صدک{_E}"
)
_IN_FIGURES = re.compile(
    r"(?<![\d./٫])\d[\d./٫]* ?(?:و نیم )?(?:کیلو\w*|گرم\w*|kg|گرمه|ک(?!\w))"
    r"|وزن\w*(?: \w+){0,4} \d|\d{4}|صدک",
    re.IGNORECASE,
)
_IF = re.compile(
    rf"{_B}(?:اگر|اگه|چنانچه|در ?صورت\w*|باید|بستگی|بسته|معمولا|هر|افراد|کسانی|خانم هایی|گفت"
    rf"|نسبت){_E}"
)
_UNKNOWN = re.compile(
    r"(?: \w+){0,6} (?:نگفت\w*|نفرمود\w*|ننوشت\w*|ذکر نکرد\w*|مشخص نیست|تعیین|تنظیم|متفاوت"
    r"|انتخاب می)"
)
_CLAUSE = re.compile(r"[.!؟;]")


def knows_the_age(question: str, answer: str) -> bool:
    """Whether a folded answer says how old a patient is of whose age the question tells nothing."""
    return "سال" in answer and _knows(question, answer, _AGE_IN_FIGURES, _ITS_AGE)


def reasons_by_age(question: str, answer: str) -> bool:
    """Whether a folded answer reasons by an age of which its folded question tells nothing.

    Readers mind this in every other row only: «در سن شما» may say no more than "at any age".
    """
    return "سن" in answer and _knows(question, answer, _AGE, _ITS_AGE)


def knows_the_weight(question: str, answer: str) -> bool:
    """Whether a folded answer reasons by a weight of which its folded question tells nothing."""
    if not any(part in answer for part in ("وزن", "قد", "چاقی", "لاغری")):
        return False  # as in most answers
    return _knows(question, answer, _WEIGHT, _ITS_WEIGHT) or _knows(
        question, answer, _PERCENTILE, _IN_FIGURES
    )


def _knows(question: str, answer: str, known: re.Pattern[str], told: re.Pattern[str]) -> bool:
    for found in known.finditer(answer):
        if told.search(question):
            return False
        before = _CLAUSE.split(answer[max(0, found.start() - 80) : found.start()])[-1]
        after = answer[found.end() : found.end() + 60]
        if not (_IF.search(before) or _UNKNOWN.match(after) or _OF_A_PREGNANCY.match(after)):
            return True
    return False
