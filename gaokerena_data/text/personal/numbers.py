"""Numbers that belong to one person: telephones, ids, cards, records.

The regular expressions find candidates in every writing; libraries decide: phonenumbers knows
which telephone numbers exist, fa-redact has the checksums of ids, cards and Sheba. A number
without a checksum or a dialling code counts only beside a word that says what it is.
"""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.birth_dates import find_birth_dates
from gaokerena_data.text.personal.span import PersonalData, Span, has_any, places_of
from gaokerena_data.text.personal.spoken_numbers import find_spoken_numbers
from gaokerena_data.text.personal.telephones import END, START, counts_something, find_telephones

_ALONE = r"(?<![آ-ی\u200c])"  # a word that names a number has a beginning

_ID_WORD = rf"{_ALONE}(?:(?:کد|شماره|شناسه|ش\.?)[ \u200c]?ملی|پاسپورت|گذرنامه)"
_NATIONAL_ID = re.compile(
    rf"{START}(?:\d{{10}}|\d{{3}}[ \-]\d{{6}}[ \-]\d){END}|{START}\d{{3}}[-]\d{{6}}[-]\d{END}"
)
_NAMED_NATIONAL_ID = re.compile(rf"{_ID_WORD}[^\d\n\0]{{0,20}}(\d(?:[ \-]?\d){{7,9}})(?!\d)")
_NAMED_ACCOUNT = re.compile(
    rf"{_ALONE}(?:شماره|ش\.?) ?حساب[^\d\n\0]{{0,20}}(\d(?:[ \-./]?\d){{7,17}})(?!\d)"
)
_CARD = re.compile(rf"{START}\d{{4}}(?:[ \-_.]?\d{{4}}){{3}}{END}")
_NAMED_CARD = re.compile(
    rf"{_ALONE}کارت(?!ن)[^\d\n\0]{{0,25}}(\d{{4}}(?:[ \-_.]?\d{{4}}){{3}})(?!\d)"
)
_SHEBA = re.compile(r"(?<![A-Za-z])[Ii][Rr][ \-]?\d{2}(?:[ \-]?\d){22}(?!\d)")
_NAMED_SHEBA = re.compile(
    rf"{_ALONE}شبا[^\dA-Za-z\n\0]{{0,20}}((?:[Ii][Rr][ \-]?)?\d(?:[ \-]?\d){{23}})(?!\d)"
)
_COUNCIL = re.compile(
    # Both begin with the same letter: it is searched for as one.
    r"ن(?:ظام[ \u200c]?پزشکی|(?<![آ-ی]ن)\.? ?پ\.?(?= ?[:\d]))"
    r"(?: ?(?:شماره|کد|ایشان|من|بنده))?[ :;\-–=(]{0,5}((?:[آ-ی]{1,3}[ .\-]{0,2})?\d{3,7})(?!\d)"
)
_INSURANCE = "تامین اجتماعی|تأمین اجتماعی|سلامت|تکمیلی|خدمات درمانی|ایران|ایرانیان|دانا"
_OF_RECORD = "پرونده|پذیرش|بیمه|بیمار|رهگیری|قبض|دفترچه|گزارش|جوابدهی|شناسنامه|بستری|مراجعه|نوبت"
_RECORD_NUMBER = r"(?:[A-Za-z]{1,3}[ \-]?)?\d{1,12}(?:[ ]?[\-/_.][ ]?\d{1,10}){0,3}"
_RECORD = re.compile(
    rf"{_ALONE}(?:شماره|کد|ش\.?|شناسه)(?:[ \u200c]?ی )?[ \u200c.]{{0,2}}(?:{_OF_RECORD}|ش(?![آ-ی]))"
    r"(?:م|ام|ش|ی|\u200cام)?(?![آ-ی])"
    rf"(?P<between>[^\d\n\0]{{0,14}}?)(?P<number>(?<![A-Za-z\d]){_RECORD_NUMBER})(?!\d)"
)
_RECORD_WORDS = ("شماره", "کد", "شناسه", "ش.", "ش پ", "ش ش")
_FILE = re.compile(
    rf"{_ALONE}(?:پرونده|دفترچه|بیمه)(?:\u200cام|ام|م|ش|ی)?"
    rf"(?: (?:من|ام|بنده|بیمار|پزشکی|ایشان|بیمه|{_INSURANCE})){{0,3}}[ :#]{{1,3}}"
    rf"(?P<between>(?:(?:به )?(?:شماره|کد)[ :#]{{1,3}})?)(?P<number>{_RECORD_NUMBER})(?!\d)"
)
_LATIN_RECORD = re.compile(
    r"(?:\bMRN|[Pp]atient (?:ID|id|[Nn]o)|(?:[Ff]ile|[Rr]ecord|[Aa]dmission) "
    r"(?:[Nn]o|[Nn]umber|ID))"
    rf"\.?(?P<between>[ :#]{{1,3}})(?P<number>{_RECORD_NUMBER})(?!\d)"
)
_LATIN_WORDS = ("MRN", "atient ", "ile ", "ecord ", "dmission ")
_NO_RECORD = re.compile(
    r"(?<![آ-ی])(?:سال|تاریخ|ساعت|روز|ماه|مورخ|سن|تعداد|هزینه|مبلغ|بود|شد)(?![آ-ی])"
)
_YEAR = re.compile(r"(?:1[34]|20)\d\d(?:[/\-.]\d{1,2}){0,2}\Z|\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2,4}\Z")
_POSTAL = re.compile(r"(?:کد|صندوق)[ \u200c]?پستی[^\d\n\0]{0,8}(\d{5}[ \-]?\d{5})(?!\d)")
# No number of a person has fewer digits, no telephone, id, card or Sheba: most texts need no
# closer look.
_FOUR_DIGITS = re.compile(r"\d(?:[\-/_. ]{0,3}\d){3}")
_EIGHT_DIGITS = re.compile(r"\d(?:[ \u200c\-‐‑–—._()/\\*|~:;,،٫٬+#'`’•·=]{0,6}\d){7}")
_LONG: dict[PersonalData, re.Pattern[str]] = {
    "sheba": _NAMED_SHEBA,
    "card": _NAMED_CARD,
    "national_id": _NAMED_NATIONAL_ID,
}


def find_numbers(text: str) -> Iterator[Span]:
    """Spans of numbers in a folded text, from the most certain kind to the least."""
    yield from find_birth_dates(text)
    yield from find_spoken_numbers(text)
    if has_any(text, ("م پزشک", "م\u200cپزشک", "ن.پ", "ن پ", "ن. پ")):
        for match in _COUNCIL.finditer(text):
            yield Span(*match.span(1), "medical_council")
    if _FOUR_DIGITS.search(text) is None:
        return
    long = _EIGHT_DIGITS.search(text) is not None
    if long:
        for kind, pattern in _LONG.items():
            yield from _named(text, pattern, kind)
        if "حساب" in text:
            yield from _named(text, _NAMED_ACCOUNT, "sheba")
    yield from _records(text)
    if "پستی" in text:
        yield from _named(text, _POSTAL, "postal_code")
    if long:
        yield from _long_numbers(text)


def _long_numbers(text: str) -> Iterator[Span]:
    for match in _SHEBA.finditer(text):
        if _validates(match.group(), "sheba"):
            yield Span(*match.span(), "sheba")
    for match in _CARD.finditer(text):
        if _validates(match.group(), "card"):
            yield Span(*match.span(), "card")
    yield from find_telephones(text)
    for match in _NATIONAL_ID.finditer(text):
        counted = counts_something(text, match.end()) or match.group().endswith("0000")
        if not counted and _validates(match.group(), "national_id"):
            yield Span(*match.span(), "national_id")


def _named(text: str, pattern: re.Pattern[str], kind: PersonalData) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if not counts_something(text, match.end(1)):
            yield Span(*match.span(1), kind)


def _records(text: str) -> Iterator[Span]:
    for place in places_of(text, _RECORD_WORDS):
        match = _RECORD.match(text, place)
        if match and not _NO_RECORD.search(match["between"]) and _is_record(text, match, 4):
            yield Span(*match.span("number"), "record_number")
    for place in places_of(text, ("پرونده", "دفترچه", "بیمه")):
        match = _FILE.match(text, place)
        # «پرونده‌ام ۱۳۹۸», «بیمه ۸۰۰۰۰۰۰»: without «شماره» few digits, or a premium, are none.
        named = match is not None and match["between"] != ""
        if text.startswith("بیمه", place) and not named:
            continue
        if match and _is_record(text, match, 4 if named else 5):
            yield Span(*match.span("number"), "record_number")
    for match in _LATIN_RECORD.finditer(text) if has_any(text, _LATIN_WORDS) else ():
        if _is_record(text, match, 4):
            yield Span(*match.span("number"), "record_number")


def _is_record(text: str, match: re.Match[str], least: int) -> bool:
    digits = re.sub(r"\D", "", match["number"])
    if len(digits) < least or counts_something(text, match.end("number")):
        return False
    alone = len(digits) == 4 and not match["between"].strip(" :#")
    return alone or not _YEAR.match(match["number"])


def _validates(number: str, kind: PersonalData) -> bool:
    import fa_redact

    plain = re.sub(r"[^\dA-Za-z]", "", number)
    if kind == "sheba":
        return bool(fa_redact.is_valid_iranian_iban(plain.upper()))
    if kind == "card":
        return bool(fa_redact.is_valid_bank_card_number(plain))
    return bool(fa_redact.is_valid_national_id(plain))
