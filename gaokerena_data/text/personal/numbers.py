"""Numbers that belong to one person: telephones, ids, cards, records.

The regular expressions find candidates in every writing; libraries decide: phonenumbers knows
which telephone numbers exist, fa-redact has the checksums of ids, cards and Sheba. A number
without a checksum or a dialling code counts only beside a word that says what it is.
"""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.span import PersonalData, Span

# What people write between the digits of one number. No slash: that is a date or a ratio.
_GAP = r"[ \u200c\-‐‑–—._()]"
_START, _END = r"(?<![\d.,/٫])", r"(?![\d/٫]|[.,]\d)"
_COUNTRY = rf"(?:\+ ?|00 ?)98{_GAP}{{0,3}}(?:\(?0\)?{_GAP}?)?"

_AREA = "(?:11|13|17|2[13-8]|3[1458]|4[145]|5[1468]|6[16]|7[1467]|8[1-7])"  # provinces' codes

_MOBILE = re.compile(
    rf"(?<!\d)(?:\({_GAP}?)?(?:{_COUNTRY}|0{_GAP}{{0,2}})9(?:{_GAP}{{0,3}}\d){{9}}(?![\d/٫])"
    rf"|{_START}(?:98)?9\d{{2}}[ \-]?\d{{3}}[ \-]?\d{{4}}{_END}"
)
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_COUNTRY}{_AREA}|\(?0{_AREA})"
    r"(?:[ \u200c\-‐‑–—_()]{0,3}\d){8}(?![\d/٫]|\.\d)"
    # Written from right to left: the code stands after the number.
    rf"|{_START}\d{{8}} ?[-–] ?\(?0{_AREA}\)?(?!\d)"
)
_CALL = "تلفن|تماس|تل|شماره|مطب|منشی|کلینیک|نوبت|فکس|نمابر|زنگ|داخلی|همراه"
_LOCAL = re.compile(
    rf"(?:{_CALL})[^\d\n\0]{{0,25}}?(?<![\d.,/٫])([2-9]\d{{3}}[ \-–]?\d{{4}}|"
    rf"[2-9]\d{{2}}[ \-–]\d{{2}}[ \-–]\d{{3}}){_END}"
)

_ID_WORD = r"(?:کد|شماره|شناسه)[ \u200c]?ملی"
_NATIONAL_ID = re.compile(
    rf"{_START}(?:\d{{10}}|\d{{3}}[ \-]\d{{6}}[ \-]\d){_END}|{_START}\d{{3}}[-]\d{{6}}[-]\d{_END}"
)
_NAMED_NATIONAL_ID = re.compile(rf"{_ID_WORD}[^\d\n\0]{{0,20}}(\d(?:[ \-]?\d){{7,9}})(?!\d)")
_CARD = re.compile(rf"{_START}\d{{4}}(?:[ \-_.]?\d{{4}}){{3}}{_END}")
_NAMED_CARD = re.compile(r"کارت[^\d\n\0]{0,25}(\d{4}(?:[ \-_.]?\d{4}){3})(?!\d)")
_SHEBA = re.compile(r"(?<![A-Za-z])[Ii][Rr][ \-]?\d{2}(?:[ \-]?\d){22}(?!\d)")
_NAMED_SHEBA = re.compile(r"شبا[^\dA-Za-z\n\0]{0,20}((?:[Ii][Rr][ \-]?)?\d(?:[ \-]?\d){23})(?!\d)")
_COUNCIL = re.compile(
    # Both begin with the same letter: it is searched for as one.
    r"ن(?:ظام[ \u200c]?پزشکی|(?<![آ-ی]ن)\.? ?پ\.?(?= ?[:\d]))"
    r"(?: ?(?:شماره|کد|ایشان|من|بنده))?[ :;\-–=(]{0,5}((?:[آ-ی]{1,3}[ .\-]{0,2})?\d{3,7})(?!\d)"
)
_RECORD = re.compile(
    r"(?:شماره|کد|ش)[ \u200c.]{0,2}(?:پرونده|پذیرش|بیمه|بیمار|رهگیری|قبض|دفترچه|گزارش|جوابدهی|"
    r"شناسنامه)[^\d\n\0]{0,14}([A-Za-z]{0,3}[ \-]?\d{4,}(?:[\-/]\d{1,6}){0,2})(?!\d)"
)
_POSTAL = re.compile(r"(?:کد|صندوق)[ \u200c]?پستی[^\d\n\0]{0,8}(\d{5}[ \-]?\d{5})(?!\d)")
# No telephone, id, card or Sheba has fewer digits: most texts need no closer look.
_EIGHT_DIGITS = re.compile(r"\d(?:[ \u200c\-‐‑–—._()]{0,6}\d){7}")
_LONG: dict[PersonalData, re.Pattern[str]] = {
    "sheba": _NAMED_SHEBA,
    "card": _NAMED_CARD,
    "national_id": _NAMED_NATIONAL_ID,
}
_SHORT: dict[PersonalData, re.Pattern[str]] = {
    "medical_council": _COUNCIL,
    "record_number": _RECORD,
}


def find_numbers(text: str) -> Iterator[Span]:
    """Spans of numbers in a folded text, from the most certain kind to the least."""
    long = _EIGHT_DIGITS.search(text) is not None
    for kind, pattern in (_LONG | _SHORT if long else _SHORT).items():
        yield from _named(text, pattern, kind)
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
    yield from _telephones(text)
    for match in _NATIONAL_ID.finditer(text):
        if _validates(match.group(), "national_id"):
            yield Span(*match.span(), "national_id")


def _named(text: str, pattern: re.Pattern[str], kind: PersonalData) -> Iterator[Span]:
    for match in pattern.finditer(text):
        yield Span(*match.span(1), kind)


def _telephones(text: str) -> Iterator[Span]:
    for match in _MOBILE.finditer(text):
        if _exists(match.group()):
            yield Span(*match.span(), "mobile")
    for match in _LANDLINE.finditer(text):
        yield Span(*match.span(), "landline")
    yield from _named(text, _LOCAL, "landline")


def _exists(number: str) -> bool:
    import phonenumbers

    plain = re.sub(r"[^\d+]", "", number)
    if plain.startswith("989"):
        plain = f"+{plain}"
    # «+98 (0)912 …»
    plain = re.sub(r"^(\+|00)980", r"\g<1>98", plain)
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(plain, "IR")))
    except phonenumbers.NumberParseException:
        return False


def _validates(number: str, kind: PersonalData) -> bool:
    import fa_redact

    plain = re.sub(r"[^\dA-Za-z]", "", number)
    if kind == "sheba":
        return bool(fa_redact.is_valid_iranian_iban(plain.upper()))
    if kind == "card":
        return bool(fa_redact.is_valid_bank_card_number(plain))
    return bool(fa_redact.is_valid_national_id(plain))
