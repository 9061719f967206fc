"""How somebody is reached on the net: e-mail, handles, messengers, links to a patient's file."""

import re
from collections.abc import Iterator

from gaokerena_data.text.personal.span import Span, has_any, places_of

_LATIN = re.compile("[A-Za-z]")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"«»()،؛\0]+", re.ASCII)
_BARE_LINK = re.compile(
    r"(?<![\w.@/\-])[A-Za-z0-9\-]{1,40}(?:\.[A-Za-z0-9\-]{1,40}){0,3}"
    r"\.(?:ir|com|org|net|me|co|info)/[^\s<>\"«»()،؛\0]+",
    re.ASCII,
)
_MESSENGER_HOST = re.compile(
    r"(?:^|[/.])(?:t\.me|telegram\.me|wa\.me|chat\.whatsapp\.com|api\.whatsapp\.com|"
    r"instagram\.com|eitaa\.com|rubika\.ir|ble\.ir|splus\.ir|imo\.im)/",
    re.IGNORECASE,
)
# A link that carries a patient's key: a parameter that is called so, or a key in an address of a
# laboratory's or a hospital's results. A link may be as long as a text: where a parameter ends is
# seen first, lest it be asked of every word in it.
_PATIENT_KEY = re.compile(
    r"[?&;/](?=[\w.\-]*+=[\w\-])[\w.\-]*?(?:"
    r"patient|encounter|mrn|national|melli|admission|reception|paziresh|javab|"
    r"visit_?id|record_?(?:id|no)|file_?(?:id|no)|barcode|tracking|rahgiri|parvande)|"
    r"[?&;](?:mobile|phone|tel)=\+?\d{6,}|[?&;](?:token|access_?key|hash)=[\w\-]{6,}|"
    r"/q/(?=\w*[A-Za-z])\w{3,}/?$",
    re.IGNORECASE,
)
_OF_RESULTS = re.compile(
    r"(?:[/.]|\b)(?:his|pacs|ris|emr|ehr|lis|labs?|javab\w*|result\w*|patient\w*|"
    r"parvande\w*|jawab\w*|dicom|study|imaging|test-?results?|report-?viewer)(?=[./:?])",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"[?&;][\w.\-]*(?:id|no|num|code|key|uid|name|user|q|study|series|exam|image|report|ref|sid|"
    r"pid)=[^&\s]{0,200}?\d|/[\w\-]*\d{4,}|"
    r"/(?=[\w\-]*\d)(?=[\w\-]*[A-Za-z])[\w\-]{5,}/?$",
    re.IGNORECASE,
)
# What all may read: a magazine, a doctor's page, an article.
_PUBLIC = re.compile(
    r"/(?:news|article\w*|blog|mag|magazine|post|posts|doctor\w*|dr|physician\w*|question\w*|tag|"
    r"topic|forum|product\w*|wiki|pubmed|journal\w*|doi|category|page|content|fa/news)(?:[/\-?]|$)|"
    r"(?:news|blog|mag|wiki\w{0,40}|pubmed|doi|journal\w{0,40})\.",
    re.IGNORECASE,
)

_LOCAL_PART = re.compile(r"[A-Za-z0-9_.+\-]+")
_DOMAIN = re.compile(
    r"@ ?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w@])|"
    r"@ ?(?:gmail|yahoo|hotmail|outlook|chmail)(?![\w@.])",
    re.ASCII | re.IGNORECASE,
)
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.])[A-Za-z0-9][\w.+\-]{1,40} ?(?:\[at\]|\(at\)|\bat\b) ?"
    r"(?:gmail|yahoo|hotmail|outlook|chmail|mail)(?: ?(?:\.|\[dot\]|\(dot\)|\bdot\b) ?)com",
    re.ASCII | re.IGNORECASE,
)
_SPOKEN_AT = re.compile(
    r"(?<![\w.])[A-Za-z0-9][\w.+\-]{1,40} ?(?:@|\[at\]|\(at\)|\bat\b|ات ?ساین|اد ?ساین|ات|اَت) ?"
    r"(?:gmail|yahoo|hotmail|outlook|chmail|جی\u200c? ?میل|یاهو|هات ?میل|اوت ?لوک|چاپار)"
    r" ?(?:\.|\[dot\]|\(dot\)|\bdot\b|دات|نقطه|داد) ?(?:com|ir|org|کام|آی ?آر|ir)(?![A-Za-zآ-ی])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/])@[A-Za-z_][A-Za-z0-9_.]{2,31}(?![\w.]*@)", re.ASCII)

# Written from right to left, its sign comes last.
_TURNED_HANDLE = re.compile(
    r"(?<![\w.@/])(?=\w{0,31}[_.])[A-Za-z][A-Za-z0-9_.]{2,31}@(?![\w@.])", re.ASCII
)

_MESSENGERS = (
    r"تلگرام(?:ی|م)?|واتس?[ \u200c]?(?:اپ|آپ|ساپ)|اینستا(?:گرام)?|ایتا|روبیکا|دایرکت|telegram|"
    r"whats ?app|instagram"
)
_NAMED_HANDLE = re.compile(
    rf"(?:آیدی|ایدی|پیج|کانال|نام کاربری|یوزرنیم|{_MESSENGERS}|\b(?:id|insta|ig|tg)\b)"
    r"[^A-Za-z0-9\n\0]{0,15}"
    r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]{0,30}_[A-Za-z0-9_.]{1,30}|[A-Za-z][A-Za-z0-9]*[_.0-9][A-Za-z0-9_.]{2,30}|[a-z]{6,30})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_INVITATIONS = (
    r"پیام (?:بده|بدید|بدین|بدهید|دهید|بفرست|بگذار|بذار)\w*|عضو (?:شو|بش)\w*|جوین|دنبال کن\w*|"
    r"فالو|مراجعه (?:کن|نما|فرما|بفرما)\w*|در (?:ارتباط|تماس|خدمت) (?:باش|هست)\w*|"
    r"(?:ارسال|سوال) (?:کنید|کنین|نمایید|بفرمایید)|بفرستید|بفرستین|سر بزن\w*|تماس بگیر\w*|"
    r"پاسخ\w* (?:هستم|می\u200c?دهم)"
)
_INVITATION = re.compile(
    rf"(?<![آ-یA-Za-z])(?:(?:کانال|گروه|پیج|پی\u200c?وی) )?(?:{_MESSENGERS})(?![آ-یA-Za-z])"
    rf"[^.!؟?\n\0]{{0,45}}?(?:{_INVITATIONS})",
    re.IGNORECASE,
)

_MESSENGER = re.compile(rf"(?<![آ-یA-Za-z])(?:{_MESSENGERS})(?![آ-یA-Za-z])", re.IGNORECASE)

# Whether a text has one of the words without which a pattern cannot match is known a hundred times
# as soon as that it does not match.
_LINK_SIGNS = ("://", "www.")
_BARE_LINK_SIGNS = (".ir/", ".com/", ".org/", ".net/", ".me/", ".co/", ".info/")
_MAIL_SIGNS = ("mail", "yahoo", "outlook", "میل", "یاهو", "لوک", "چاپار")
_MESSENGER_SIGNS = ("تلگرام", "وات", "اینستا", "ایتا", "روبیکا", "دایرکت")
_LATIN_SIGNS = ("telegram", "whats", "insta", "id:", "id :", "ig:", "tg:")
_HANDLE_SIGNS = ("آیدی", "ایدی", "پیج", "کانال", "نام کاربری", "یوزرنیم")


def find_contacts(text: str) -> Iterator[Span]:
    """Spans of links, e-mail addresses, handles and invitations in a folded text."""
    if _LATIN.search(text):
        yield from _with_latin_letters(text)
    elif _stands(text, _MESSENGER, _MESSENGER_SIGNS):
        for match in _INVITATION.finditer(text):
            yield Span(*match.span(), "messenger")


def _with_latin_letters(text: str) -> Iterator[Span]:
    if has_any(text, _LINK_SIGNS):
        yield from _links(text, _LINK)
    if "/" in text and has_any(text, _BARE_LINK_SIGNS):
        yield from _links(text, _BARE_LINK)
    if "@" in text:
        yield from _emails(text)
        for match in _HANDLE.finditer(text):
            yield Span(match.start(), match.start() + len(match.group().rstrip(".")), "handle")
        for match in _TURNED_HANDLE.finditer(text):
            yield Span(*match.span(), "handle")
    lower = text.lower()
    if has_any(lower, _MAIL_SIGNS):
        for pattern in (_SPELLED_EMAIL, _SPOKEN_AT):
            for match in pattern.finditer(text):
                yield Span(*match.span(), "email")
    latin = has_any(lower, _LATIN_SIGNS)
    if latin or _stands(text, _NAMED_HANDLE, (*_MESSENGER_SIGNS, *_HANDLE_SIGNS)):
        for match in _NAMED_HANDLE.finditer(text):
            yield Span(match.start(1), match.start(1) + len(match[1].rstrip(".")), "handle")
    if latin or _stands(text, _MESSENGER, _MESSENGER_SIGNS):
        for match in _INVITATION.finditer(text):
            yield Span(*match.span(), "messenger")


def _stands(text: str, pattern: re.Pattern[str], words: tuple[str, ...]) -> bool:
    """Whether the pattern matches where one of the words begins."""
    return any(pattern.match(text, place) for place in places_of(text, words))


def _links(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        link = match.group().rstrip(".,:;!?؟")
        end = match.start() + len(link)
        if _MESSENGER_HOST.search(link):
            yield Span(match.start(), end, "messenger")
        elif _is_of_patient(link):
            yield Span(match.start(), end, "patient_link")


def _is_of_patient(link: str) -> bool:
    if _PATIENT_KEY.search(link):
        return True
    return bool(_OF_RESULTS.search(link) and _KEY.search(link) and not _PUBLIC.search(link))


def _emails(text: str) -> Iterator[Span]:
    # From each @ outwards: a pattern that starts with the name would be quadratic.
    for match in _DOMAIN.finditer(text):
        before = text[max(match.start() - 65, 0) : match.start()].removesuffix(" ")
        gap = match.start() - max(match.start() - 65, 0) - len(before)
        local = _LOCAL_PART.match(before[::-1])
        if local:
            yield Span(match.start() - gap - len(local.group()), match.end(), "email")
