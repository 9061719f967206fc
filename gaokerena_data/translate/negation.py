"""What an English sentence denies, and whether its Persian translation does."""

import re
from functools import cache

from gaokerena_data.translate.numbers import COUNTED
from gaokerena_data.translate.sentences import aligned

_DENIES = re.compile(
    r"\b(?:not(?! only)|no(?!\.\s?\d)|never|none|nor|neither|without(?! (?:a )?prescription)|"
    r"cannot|nothing|"
    r"nobody)\b|n['’]t\b|\b(?:do|does|did|is|are|was|were|wo|ca|could|should|would|has|have|"
    r"had)nt\b",
    re.IGNORECASE,
)
# Of those, what stands by a verb of its own: two of them are two in Persian.
_DENIES_VERB = re.compile(
    r"(?<!whether or )(?<!why )\b(?:(?:do|does|did|is|are|was|were|must|should|can|could|will|"
    r"would|may|"
    r"might|has|have|had) not(?! only)|cannot)\b|\w+n['’]t\b",
    re.IGNORECASE,
)
_MAY_DENY = re.compile(
    r"-free\b|\b(?:avoid|unable|fail|lack|absen|contraindicat|unlikely|rarely|hardly|barely|"
    r"scarcely|seldom|stop|free of|refrain|prevent|negative|prohibit|forbid|discontinu|except|"
    r"unless|until|instead|rather than|other|alternativ|un[a-z]{4,}|non[- ]?[a-z]+|"
    r"in(?:abil|suffic|adequa|compat|effect|appropr|activ|complet|fertil|visib|cur)|"
    r"dis(?:contin|appear)|ir(?:regul|rever)|im(?:poss|prob|mature|mobil)|"
    r"a(?:septic|symptom|nuri|rrhythm|menorrh|trop|gene)|deny|denie[sd]|"
    r"[a-z]{3,}less\b|abnormal|imbalanc|poor|atypic|insecur|free\b|\w+-naive|off|away|keep out|"
    r"miss|skip|"
    r"only|less|few|little|zero|against|warn|doubt|refus|rule[sd]? out|exclu)",
    re.IGNORECASE,
)
_STEMS = (
    "کن|کرد|خور|نوش|گیر|گرفت|ده|داد|رو|رفت|زن|زد|گذار|گذاشت|خواه|خواست|توان|یاب|یافت|پرداز|گرد|"
    "گشت|شو|شد|باش|بود|دار|داشت|مان|بین|دید|شناس|کش|ریز|ریخت|پوش|بند|بست|رس|یفت|یا|یاور|ینداز|ساز|"
    "ساخت|پذیر|بر|گو|گفت|شنو|خواب|گنج|انجام|پرس|ترس|چسب|چرخ|خار|سوز|فشار|مال|نش|سنج|یفزا|یست"
)
_PERSIAN_DENIES = re.compile(
    rf"(?<![آ-ی])(?:نه(?! تنها)(?![ \u200c]{COUNTED})|"
    r"نیست\w*|نباید|نمی[\u200c ]?\w+|"
    rf"ن(?:{_STEMS})(?:م|ی|د|ید|یم|ند|ه|یدن|ن)?|نکرده\w*|بدون(?! نسخه)|هیچ\w*|هرگز|عدم|غیر(?!ه)\w*|"
    r"فاقد|منع|ممنوع\w*|نا(?:مناسب|کافی|توان|منظم|ممکن|امن)\w*|منفی|مگر|(?:به[\u200c ]?)?جز(?!ء)|"
    r"خودداری|پرهیز|اجتناب)(?![آ-ی])|^\W*خیر(?=\W|$)"
)
_ADDED = re.compile(r"(?<![آ-ی])(?:نه تنها|بدون نسخه)")
_POSSIBLY_DENIED = re.compile(r"(?<![آ-ی\u200c])ن[آ-ی]{2,10}(?![آ-ی])")
_ENDINGS = ("ید", "یم", "ند", "م", "ی", "د", "ه", "")
# English words that deny without "not" -> what Persian says them with, if not with "not".
_IMPLIED = tuple(
    (re.compile(rf"\b(?:{english})", re.IGNORECASE), re.compile(persian))
    for english, persian in (
        (r"except(?! for the| when)\b(?! that)", (r"جز|استثنا|مگر|غیر|نادرست|غلط|اشتباه|سوا|"
            r"به[\u200c ]?غیر")),
        (r"avoid(?:ed|ing|s)?\b",
         (r"پرهیز|اجتناب|خودداری|دور|حذر|جلوگیری|پیشگیری|محدود|صرف[\u200c ]?نظر|ترک|حذف|قطع|مانع|"
         r"کاهش|"
         r"پیش[\u200c ]?گیری|کنار|ممانعت|مصون|امتناع|کم|فرار")),
        (r"contraindicat", r"منع|ممنوع|کنترااند|خطر|مضر|توصیه|جایز"),
        (r"unsafe\b", r"(?<!بی )(?<!بی\u200c)(?<!بی)خطر|ناامن|نا\u200cامن|مضر|آسیب|زیان"),
        (r"unable\b", r"ناتوان|عاجز|قاصر|دشوار|اختلال|مشکل|سخت"),
        (r"unless\b", r"مگر|جز|به شرط|در صورتی|غیر"),
        (r"denies\b", r"انکار|(?<![آ-ی])رد[ \u200c]|منکر|تکذیب|نفی"),
        (r"stop (?:tak|us|smok|drink|eat|the|your|giv)",
         r"قطع|متوقف|توقف|ترک|کنار|پایان|دست|خاتمه|تمام|مانع|حذف|بس |رها|جلو"),
        (r"discontinu", r"قطع|متوقف|توقف|ترک|کنار|پایان|دست|خاتمه|ادامه ن|حذف"),
        (r"rarely\b|\bseldom\b", r"نادر|ندرت|کم|گاه|محدود|معدود|انگشت"),
    )
)  # fmt: skip
_UNLESS, _IS_UNLESS = (
    re.compile(r"\bunless\b", re.IGNORECASE),
    re.compile("مگر|جز|شرط|صورتی|غیر|تا (?:زمان|وقت)|استثنا"),
)
_CLAUSE = re.compile(r"\s*(?:[,;]? but |; |: | اما |، ولی | ولی |؛ )", re.IGNORECASE)
_CONTRAST = re.compile(r"\bbut\b", re.IGNORECASE)


def other_negation(source: str, translation: str) -> str | None:
    """A negation that a translation lost or added, told by sentences or else over the whole."""
    for before, after in aligned(source, translation):
        ours, theirs = bool(_DENIES.search(before)), denials_of(after)
        if ours and not theirs:
            return "a negation is lost"
        if theirs and not ours and not _MAY_DENY.search(before):
            return "a negation is added"
        if len(_DENIES_VERB.findall(before)) > max(theirs, 1):
            return "a negation is lost"
        if not theirs and any(
            english.search(before) and not persian.search(after) for english, persian in _IMPLIED
        ):
            return "a negation is lost"
        if _UNLESS.search(before) and theirs < 2 and not _IS_UNLESS.search(after):
            return "a negation is lost"
        if _moved(before, after):
            return "a negation has moved"
    return None


def denials_of(text: str) -> int:
    """How many words of a Persian text deny."""
    text = _ADDED.sub(" ", text)
    known = sum(1 for _ in _PERSIAN_DENIES.finditer(text))
    taken = {found.group() for found in _PERSIAN_DENIES.finditer(text)}
    return known + sum(
        found.group() not in taken and _is_denied_verb(found.group())
        for found in _POSSIBLY_DENIED.finditer(text)
    )


def _moved(before: str, after: str) -> bool:
    """Whether one side of a "but" is no longer denied."""
    ours, theirs = _CLAUSE.split(before), _CLAUSE.split(after)
    if len(ours) != 2 or len(theirs) != 2 or not _CONTRAST.search(before):
        return False
    denied = [bool(_DENIES.search(part)) for part in ours]
    denies = [denials_of(part) > 0 for part in theirs]
    return any(one and not other for one, other in zip(denied, denies, strict=True))


def _is_denied_verb(word: str) -> bool:
    if word in _begun_with_n():
        return False
    rest = word.removeprefix("ن")
    stems = _verb_stems()
    return any(
        (stem := rest.removesuffix(ending)) in stems and len(stem) + len(ending) > 2
        for ending in _ENDINGS[:3]
        if rest.endswith(ending)
    )


@cache
def _verb_stems() -> frozenset[str]:
    """Stems as they stand after ن-, with those of their causatives: «خاران» of «خار»."""
    from hazm import verbs_list

    stems = {part.strip() for pair in verbs_list() for part in pair.split("#") if " " not in part}
    stems = {
        re.sub("^[آا](?=[آ-ی]{2})", "یا" if part[0] == "آ" else "ی", part) for part in stems if part
    }
    stems |= {f"{stem}ان" for stem in stems} | {f"{stem}اند" for stem in stems}
    return frozenset(stem for stem in stems if stem != "ی")


@cache
def _begun_with_n() -> frozenset[str]:
    """Forms of verbs that themselves begin with ن, which deny nothing: «نوشید», «نشستند»."""
    from hazm import verbs_list

    stems = {part.strip() for pair in verbs_list() for part in pair.split("#")}
    return frozenset(stem + ending for stem in stems if stem.startswith("ن") for ending in _ENDINGS)
