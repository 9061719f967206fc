"""Personal data in a raw Persian text: where it is, and the text without it.

Run it **before** normalization, which takes numbers and links apart. Detectors run from the most
certain to the least, and each sees only what the ones before it left, so a mobile number inside
an address is a mobile number.
"""

from collections.abc import Callable, Iterable

from gaokerena_data.text.personal.contacts import find_contacts
from gaokerena_data.text.personal.learnt_names import find_learnt_names
from gaokerena_data.text.personal.names import find_names
from gaokerena_data.text.personal.numbers import find_numbers
from gaokerena_data.text.personal.places import find_places
from gaokerena_data.text.personal.span import PersonalData, Span, fold

__all__ = ["PLACEHOLDERS", "PersonalData", "Span", "find_personal_data", "redact"]

PLACEHOLDERS: dict[PersonalData, str] = {
    "mobile": "[تلفن]",
    "landline": "[تلفن]",
    "national_id": "[کد ملی]",
    "card": "[شماره کارت]",
    "sheba": "[شماره شبا]",
    "medical_council": "[شماره نظام پزشکی]",
    "record_number": "[شماره پرونده]",
    "postal_code": "[کد پستی]",
    "email": "[ایمیل]",
    "patient_link": "[پیوند پرونده]",
    "handle": "[شناسه کاربری]",
    "messenger": "[پیام‌رسان]",
    "address": "[نشانی]",
    "birth_date": "[تاریخ تولد]",
    "name": "[نام]",
}

_DETECTORS: tuple[Callable[[str], Iterable[Span]], ...] = (
    find_contacts,
    find_numbers,
    find_places,
    find_names,
    find_learnt_names,
)


def find_personal_data(
    text: str, second_net: Callable[[str], list[Span]] | None = None
) -> list[Span]:
    """Every span of personal data in a raw text, in order, none overlapping another.

    >>> find_personal_data("شماره من ۰۹۱۲۳۴۵۶۷۸۹ است، روزی ۲۰۰۰ واحد")
    [Span(start=9, end=20, kind='mobile')]

    Found are telephone numbers in every writing, national ids, bank cards, Sheba, medical council
    and record numbers, postal codes, e-mail addresses, links to a patient's file, @handles and
    invitations to messengers, postal addresses, and names after a title, in an introduction or a
    signature, dates of birth. Doses, ages, laboratory values, dates and quantities are not taken.

    Args:
        text: the text as crawled; the time is linear in its length.
        second_net: finds more spans (see `text.personal.name_model`); those that overlap what the
            rules found are left out.

    Returns:
        Spans whose `start` and `end` are offsets into `text`.
    """
    folded = fold(text)
    found: list[Span] = []
    for detect in _DETECTORS:
        spans = list(detect(folded))
        if spans:
            new = _disjoint(spans)
            folded = _blank(folded, new)
            found += new
    if second_net is not None:
        found += (
            span
            for span in second_net(text)
            if not any(span.start < other.end and other.start < span.end for other in found)
        )
    return sorted(found)


def redact(text: str) -> str:
    """The text with every span of personal data replaced by a typed placeholder.

    >>> redact("شماره من ۰۹۱۲۳۴۵۶۷۸۹ است، روزی ۲۰۰۰ واحد")
    'شماره من [تلفن] است، روزی ۲۰۰۰ واحد'
    """
    return replace_spans(text, find_personal_data(text))


def replace_spans(text: str, spans: list[Span]) -> str:
    """The text with the spans that were found in it replaced by their placeholders."""
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += (text[end : span.start], PLACEHOLDERS[span.kind])
        end = span.end
    return "".join((*pieces, text[end:]))


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, the longer of two that start together, none over another."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _blank(text: str, spans: list[Span]) -> str:
    """The text of the same length, with a character that no detector reads in the spans."""
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += (text[end : span.start], "\0" * (span.end - span.start))
        end = span.end
    return "".join((*pieces, text[end:]))
