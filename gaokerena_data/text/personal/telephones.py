"""Telephone numbers in every writing, and what looks like one and is a dose, a count or a range."""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.span import Span, has_any

# What people write between the digits of one number. No slash: that is a date or a ratio.
_GAP = r"[ \u200c\-‐‑–—._()]"
START, END = r"(?<![\d.,/٫])", r"(?![\d/٫]|[.,]\d)"
_COUNTRY = rf"(?:\+ ?|00 ?)98{_GAP}{{0,3}}(?:\(?0\)?{_GAP}?)?"

_AREA = "(?:11|13|17|2[13-8]|3[1458]|4[145]|5[1468]|6[16]|7[1467]|8[1-7])"  # provinces' codes

_MOBILE = re.compile(
    rf"(?<!\d)(?:\({_GAP}?)?(?:{_COUNTRY}|0{_GAP}{{0,2}})9(?:{_GAP}{{0,3}}\d){{9}}(?![\d/٫])"
)
# With any sign between its groups, where these are the groups of a mobile number: «0912/345/6789».
_SIGN = r"[ \u200c\-‐‑–—._()/\\*|~:;,،٫٬+#'`’•·=]"
_GROUPED_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)98{_SIGN}{{0,3}}|0)9\d{{2}}{_SIGN}{{1,3}}"
    rf"(?:\d{{3}}{_SIGN}{{0,3}}(?:\d{{4}}|\d{{2}}{_SIGN}{{1,3}}\d{{2}})|\d{{7}}|"
    rf"\d{{2}}{_SIGN}{{1,3}}\d{{2}}{_SIGN}{{1,3}}\d{{3}}|\d{{4}}{_SIGN}{{1,3}}\d{{3}})(?!\d)"
)
# Without its zero a mobile number is only a number of ten digits that begins with 9.
_BARE_MOBILE = re.compile(rf"{START}(?:98)?9\d{{2}}[ \-]?\d{{3}}[ \-]?\d{{4}}{END}")
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_COUNTRY}{_AREA}|\(?0{_AREA})"
    r"(?:[ \u200c\-‐‑–—_()]{0,3}\d){8}(?![\d/٫]|\.\d)"
    # Written from right to left: the code stands after the number.
    rf"|{START}\d{{8}} ?[-–] ?\(?0{_AREA}\)?(?!\d)"
    # «021/88776655»: the code of a town before a sign is no part of a date or a ratio.
    rf"|{START}\(?0{_AREA}\)?[/.*|:,،\\]\d{{4}}[ \-]?\d{{4}}(?![\d/٫]|[.,]\d)"
)

# A word that calls the number behind it a telephone: surely, or where nothing speaks against it.
_SURELY = "تلفن|تل|تلفکس|فکس|نمابر|زنگ|تماس|دورنگار"
_PERHAPS = "شماره|مطب|منشی|کلینیک|درمانگاه"
_OF_CALLER = r"(?:م|مون|شون|تون|مان|شان|تان|ش|ی|\u200cام|\u200cاش|\u200cهای|های|‌شان)?"
_LOCAL = re.compile(
    rf"(?<![آ-ی\u200c])(?:(?P<surely>{_SURELY})|(?:{_PERHAPS})){_OF_CALLER}(?![آ-ی])"
    r"(?P<between>[^\d\0]{0,25}?)"
    rf"(?P<number>{START}"
    r"(?:[2-9]\d{3}[ \-–]?\d{4}|[2-9]\d{2}[ \-–]\d{2}[ \-–]\d{3}|"
    r"(?P<pairs>[2-9]\d(?:[ \-–]\d\d){3})))"
    rf"{END}"
)
# All that may stand between a word and its own number, so that even «2500-3000» is one.
_DIRECT = re.compile(
    r"[ :：\-–(\n]*(?:(?:مطب|من|ما|ایشان|منزل|ثابت|کلینیک|دکتر|منشی|همراه|شماره|با|به|است|"
    r"هست|بگیرید|بگیر|بزنید|بزنین|محل کار|مرکز|تلفن|تماس)[ :：،.\-\n]*){0,3}"
)
_CALLS = (*_SURELY.split("|"), *_PERHAPS.split("|"))
# Between the word and the number: it counts, measures or numbers something else.
_SOMETHING_ELSE = re.compile(
    r"(?<![آ-ی])(?:واحد|قرص|کپسول|آمپول|ویتامین|دوز|دارو|شربت|اسپرم|پلاکت|گلبول|وزن|قد|قند|فشار|"
    r"عدد|تعداد|بتا|سال|تاریخ|ساعت|صفحه|قیمت|هزینه|مبلغ|پول|تومان|ریال|نسخه|پرونده|آزمایش|نتیجه|"
    r"جواب|سریال|کارت|حساب|گواهی|گواهینامه|مجوز|پروانه|ثبت|فاکتور|فیش|بین|حدود|تقریبا|پلاک|کد|"
    r"پستی|ملی|نظام|مجله|جلد|دی|سی|ای|سطح|میزان|مقدار|کالری|گرم|ان|اف|رسید|بود|شد|شده|متر|عینک|"
    r"لنز|کفش|سایز|شیر|کروموزوم|دیسک)(?:م|ش|ها|های|ی|ات)?(?![آ-ی])|[A-Za-z]{2}"
)
# «مجله پزشکی، شماره …», «سری ساخت، شماره …».
_ISSUE = re.compile(
    r"(?<![آ-ی])(?:مجله|نشریه|ماهنامه|فصلنامه|دوره|جلد|سری|بچ)[ \u200c:،][^\d\n]*\Z"
)
_UNIT_WORDS = (
    "واحد|میلی|گرم|کیلو|عدد|تا|قرص|دانه|میکرو|لیتر|سی ?سی|درصد|تومان|تومن|ریال|هزار|میلیون|"
    "میلیارد|سال|ماه|روز|هفته|ساعت|دقیقه|ثانیه|اسپرم|سلول|پلاکت|گلبول|نفر|بار|مرتبه|کالری|"
    "کیلوکالری|قدم|گام|متر|سانت|کپی|ذره|کلونی|یونیت|آی ?یو|دوز|برابر|"
    "صفحه|برگ|نمونه|مورد|قطره|پاف|ضربان|ضربه|دلار|یورو|تست|جنین|تخمک|فولیکول"
)
_UNIT = re.compile(
    rf"[ \u200c]{{0,2}}(?:(?:{_UNIT_WORDS})(?:م|ی|ه|ش|ها|های|\u200c?گرمی?|لیتر|متر)?(?![آ-ی])|"
    r"(?:در|بر) ?(?:میلی|میکرو|هر|لیتر|سی|دسی)|"
    r"(?:IU|iu|Iu|U|mg|MG|ml|mL|mcg|g|gr|kg|cc|copies|copy|cells|cell|ng|pg|mIU|miu|K|k|M|units?)\b|"
    r"[/%٪×*+<>]|x ?\d)"
)


def find_telephones(text: str) -> Iterator[Span]:
    """Spans of telephone numbers in a folded text."""
    for match in _MOBILE.finditer(text):
        if _exists(match.group()):
            yield Span(*match.span(), "mobile")
    for match in _GROUPED_MOBILE.finditer(text):
        if _exists(match.group()):
            yield Span(*match.span(), "mobile")
    for match in _BARE_MOBILE.finditer(text):
        if not counts_something(text, match.end()) and _exists(match.group()):
            yield Span(*match.span(), "mobile")
    for match in _LANDLINE.finditer(text):
        if not _is_range(match.group()):
            yield Span(*match.span(), "landline")
    if has_any(text, _CALLS):
        yield from _local_numbers(text)


def counts_something(text: str, end: int) -> bool:
    """Whether a unit, or what is counted, stands behind a number that ends there."""
    return _UNIT.match(text, end) is not None


def _local_numbers(text: str) -> Iterator[Span]:
    """Numbers without an area's code, beside a word that calls them telephones."""
    for match in _LOCAL.finditer(text):
        between, number = match["between"], match["number"]
        before = text[max(match.start() - 20, 0) : match.start()]
        if _SOMETHING_ELSE.search(between) or _ISSUE.search(before):
            continue
        direct = match["surely"] is not None and _DIRECT.fullmatch(between) is not None
        unit = _UNIT.match(text, match.end())
        # «تلفن … تا ساعت ۸»
        if unit and not (direct and unit.group().strip() == "تا"):
            continue
        if (not direct or match["pairs"]) and (_is_range(number) or _is_round(number)):
            continue
        if match["pairs"] and not direct:
            continue
        yield Span(*match.span("number"), "landline")


def _is_range(number: str) -> bool:
    """«2500-3000»: two numbers of which the second is larger, both round."""
    parts = re.split("[-–]", number)
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
        return False
    low, high = (int(part) for part in parts)
    return low < high and low % 10 == high % 10 == 0 and len(parts[0]) <= 4


def _is_round(number: str) -> bool:
    plain = re.sub(r"\D", "", number)
    return plain.endswith("0000") or all(int(plain[i : i + 2]) % 5 == 0 for i in range(0, 8, 2))


def _exists(number: str) -> bool:
    import phonenumbers

    plain = re.sub(r"[^\d+]", "", re.sub(r"(?<=.)\+", "", number))
    if plain.startswith("989"):
        plain = f"+{plain}"
    # «+98 (0)912 …»
    plain = re.sub(r"^(\+|00)980", r"\g<1>98", plain)
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(plain, "IR")))
    except phonenumbers.NumberParseException:
        return False
