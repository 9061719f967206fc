"""A page's bytes as text, by what they are rather than by what their labels say."""

import codecs
import re

from w3lib.encoding import html_to_unicode

from gaokerena_data.text.script import PERSIAN_LETTERS

_GOOD_FOR_A_BAD = 20  # valid UTF-8 letters for each bad byte: old encodings give one or two
# What Persian was written in before Unicode, the usual one first.
_OLD = ("windows-1256", "iso-8859-6", "mac_farsi")
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_PERSIAN = re.compile(rf"[{PERSIAN_LETTERS}\u06f0-\u06f9\u0660-\u0669،؛؟٪«»ـ…\u200b-\u200f\xa0]")
_BYTES_OF_OLD = "gaokerena bytes of windows-1256"
_MOSTLY = 0.8  # of what is not ASCII


def decode_page(body: bytes, content_type: str = "") -> str:
    """The text of a page.

    UTF-8 is read as UTF-8 whatever its labels say, also where a few bytes of it are bad (they
    become U+FFFD): Persian in an old encoding is practically never valid UTF-8 by accident. Else
    the declared encoding counts, where it gives Persian; else the old one that does, or UTF-8 and
    an old one in one page, as where old comments stand under a new template. Pages in other
    languages are read as they are declared.

    Args:
        body: the response's bytes, decompressed.
        content_type: what its header says.
    """
    if body.count(0) > len(body) // 20:  # every second byte of markup in UTF-16 is 0
        return max((body.decode(name, "replace") for name in _WIDE), key=_persian_part)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("utf-8-sig", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if len(_NOT_ASCII.findall(text)) - bad >= _GOOD_FOR_A_BAD * bad:
        return text
    declared = html_to_unicode(content_type, body, default_encoding="utf-8")[1]
    mixed = body.decode("utf-8-sig", _BYTES_OF_OLD)
    if _persian_part(declared) >= max(_MOSTLY, _persian_part(mixed)):
        return declared
    old = [body.decode(name, "replace") for name in _OLD]
    best = max([*old, mixed], key=_persian_part)
    return best if _persian_part(best) >= _MOSTLY else declared


def _bytes_of_old(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 as the usual old encoding reads them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(_OLD[0], "replace"), error.end


codecs.register_error(_BYTES_OF_OLD, _bytes_of_old)


def _persian_part(text: str) -> float:
    """Which part of what is not ASCII is Persian."""
    found = len(_NOT_ASCII.findall(text))
    return len(_PERSIAN.findall(text)) / found if found else 0.0
