"""Postal addresses: a street with what narrows it down."""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.span import Span, has_any, places_of

_CITIES = (
    "تهران|مشهد|اصفهان|شیراز|تبریز|کرج|قم|اهواز|کرمانشاه|ارومیه|رشت|زاهدان|همدان|کرمان|یزد|اردبیل|"
    "بندرعباس|اراک|زنجان|سنندج|قزوین|خرم\u200c?آباد|گرگان|ساری|بجنورد|بوشهر|بیرجند|ایلام|شهرکرد|"
    "سمنان|یاسوج|کاشان|بابل|آمل|دزفول|نیشابور|سبزوار|کیش|ورامین|شهریار"
)
_STREET = (
    r"خیابان|خیابون|خ\.|بلوار|بزرگراه|اتوبان|چهار ?راه|سه ?راه(?:ی)?|کوچه|کوی|شهرک|فلکه|"
    r"میدان(?! دید| بینایی|[ \u200c]?های| مغناطیس| عمل)|محله"
)
_DETAIL = (
    r"پلاک(?= ?[:#]? ?\d)|طبقه(?![ \u200c]?بندی)(?= ?(?:\d|اول|دوم|سوم|چهارم|پنجم|ششم|هم\u200c?کف))"
    r"|واحد(?= ?[:#]? ?\d)(?! ?\d+ (?:انسولین|خون|در))|ساختمان|مجتمع|پاساژ|برج|نبش|بن\u200c? ?بست|"
    r"نرسیده به|روبه ?روی|روبروی|رو به روی|جنب(?! و)|ابتدای|انتهای|بالاتر از|پایین ?تر از|بعد از|"
    r"قبل از|پشت|داخل|کد پستی|بین"
)
# Words of a place that narrow a street down; the others of _DETAIL only continue an address.
_NARROWING = re.compile(
    "پلاک|طبقه|واحد|ساختمان|مجتمع|پاساژ|برج|نبش|بن|نرسیده|روبه|روبروی|رو به|جنب|بالاتر|پایین"
)
_PART = re.compile(rf"(?<![آ-ی\u200c])(?:(?P<street>{_STREET})|(?:{_DETAIL}))(?![آ-ی\u200c])")
_STREET_AT = re.compile(rf"(?<![آ-ی\u200c])(?:{_STREET})(?![آ-ی\u200c])")
# Where an address cannot go on.
_BREAK = re.compile(
    r"[!؟?\n\0؛()«»]|\.(?! ?\d)|(?<![آ-ی])(?:است|هست|که|تا|رفتم|رفتیم|بود)(?![آ-ی])"
)
_FARTHEST = 45  # characters between two parts of one address
_TAIL = re.compile(
    r"(?:[ :.#]{0,3}(?:شماره )?(?:\d+|[آ-ی\u200c]+))"
    r"(?: (?!و |است|هست|که|مراجعه|تماس|تلفن|ساعت|روزهای|از |تا |در |را |می)[آ-ی\u200c]+| \d+)"
    r"{0,2}"
)
_NAMED = re.compile(
    r"(?:آدرس|نشانی)(?:[ \u200c](?:مطب|منزل|ما|کلینیک|محل کار|دقیق|من|بیمار))?"
    r"(?: (?:ما|من|ایشان))? ?[:：\-–]+ ?([^\n!؟?\0]{8,160})"
)
_NAME_AFTER = re.compile(
    r"[ :]{1,2}(?!(?:و|یا|ها|های|که|را|رو|بود|است)[ \u200c])(?:[آ-ی\u200c]{2,}|\d)"
)
_CITY_BEFORE = re.compile(rf"(?:(?:استان|شهر) )?(?:{_CITIES})[ ،,\-–]{{1,3}}$")
_PLACE_OR_NUMBER = re.compile(rf"(?:{_STREET})|(?:{_DETAIL})|\d")
# No address is without one of these, which begin a street.
_STREETS = (
    *("خیاب", "خ.", "بلوار", "بزرگراه", "اتوبان", "چهار", "سه", "کوچه", "کوی", "شهرک", "فلکه"),
    *("میدان", "محله"),
)


def find_places(text: str) -> Iterator[Span]:
    """Spans of postal addresses in a folded text.

    An address is a street, square or quarter followed closely by another one or by what narrows
    it down (a number, floor, building, "opposite …"), or what follows «آدرس:».
    """
    for match in _NAMED.finditer(text) if has_any(text, ("آدرس", "نشانی")) else ():
        stated = re.split(r"\.(?! ?\d)(?<!خ\.)", match[1])[0].rstrip(" ،,")
        if _PLACE_OR_NUMBER.search(stated):
            yield Span(match.start(1), match.start(1) + len(stated), "address")
    if not any(_STREET_AT.match(text, place) for place in places_of(text, _STREETS)):
        return
    chain: list[re.Match[str]] = []
    for part in _PART.finditer(text):
        if chain and not _continues(text, chain[-1].end(), part.start()):
            yield from _address(text, chain)
            chain = []
        if chain or part["street"]:
            chain.append(part)
    if chain:
        yield from _address(text, chain)


def _continues(text: str, end: int, start: int) -> bool:
    if start - end > _FARTHEST:
        return False
    return _BREAK.search(text, end, start) is None


def _address(text: str, chain: list[re.Match[str]]) -> Iterator[Span]:
    # «خیابان و کوچه» says nothing; a street has a name or a number.
    streets = sum(
        part["street"] is not None and _NAME_AFTER.match(text, part.end()) is not None
        for part in chain
    )
    if not streets:
        return
    if streets < 2 and not any(_NARROWING.match(part.group()) for part in chain):
        return
    tail = _TAIL.match(text, chain[-1].end())
    start = chain[0].start()
    city = _CITY_BEFORE.search(text[max(start - 30, 0) : start])
    if city:
        start -= len(city.group())
    yield Span(start, tail.end() if tail else chain[-1].end(), "address")
