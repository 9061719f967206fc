"""Names of people after a title; where else a name may stand is said in `introductions`."""

import re
from collections.abc import Iterator
from functools import lru_cache

from gaokerena_data.text.normalization.hazm_tables import hazm_vocabulary
from gaokerena_data.text.personal import name_lists as lists
from gaokerena_data.text.personal.introductions import find_introduced
from gaokerena_data.text.personal.latin_names import find_latin_names
from gaokerena_data.text.personal.name_shape import WORD, name_length, span_of, words_at
from gaokerena_data.text.personal.no_names import (
    is_no_name,
    is_of_usual_word,
    listed_no_names,
    may_be_misspelt,
)
from gaokerena_data.text.personal.span import Span, places_of

_LADY = "خانوم|خانم|آقایان|اقایان|آقای|اقای|آقا|اقا|جناب|سرکار|مرحومه|مرحوم|بانو|دوشیزه"
_LEARNED = (
    "دکتور|دکتر|دکنر|دکتز|پروفسور|پورفسور|پرفسور|پروفسر|پرفسر|مهندس|استاد|سیده|سید(?! ?ال)|حاج|حاجی"
)
# Each pattern is tried where one of its words stands: a search would try it at every character.
_TITLES = (
    *("خانم", "خانوم", "آقا", "اقا", "جناب", "سرکار", "مرحوم", "بانو", "دوشیزه"),
    *("دکتر", "دکتور", "دکنر", "دکتز", "پروفس", "پورفسور", "پرفس", "مهندس", "استاد", "سید", "حاج"),
)
_TITLE_RUN = re.compile(rf"(?:(?P<lady>{_LADY})|(?P<learned>{_LEARNED}))(?P<gap>[ \u200c:]{{0,2}})")
_INITIALS = re.compile(r" ?((?:[آ-ی]\. ?){1,3}|(?!و)[آ-ی] )(?=[آ-ی]{3})")
_SIGN = re.compile(r"[.\-_/](?! )| ?[(«]")
_AND_OTHER = re.compile(
    rf"(?: (?:و|یا) |[،,] ?|-{{1,2}} ?)((?:آل|میر|بنی|حاجی|ملا|شیخ) {WORD}|"
    rf"{WORD}(?: (?:{'|'.join(sorted(lists.HALVES))})(?![آ-ی]))?"
    r"(?= ?[،,.؛\n-]| (?:و|در|از|به|با|را|هم|مراجعه)[ ]|$))"
)
_BEFORE = re.compile(r"[آ-ی]{1,5}\Z")
# What is glued to a title: «ازدکتر», «وآقای».
_GLUED_BEFORE = frozenset(
    [
        *("و", "از", "به", "با", "پیش", "نزد", "خدمت", "توسط", "نظر", "مطب", "سلام", "سرکار"),
        *("جناب", "باسلام", "آقای", "خانم", "پاسخ"),
    ]
)
_DEAR_OR_SPECIALTY = re.compile(
    r" ?(?:(?: |های )(?:عزیز|گرامی|محترم|بزرگوار|ارجمند|عزیزم)(?![آ-ی])|"
    r"[،,:(\-–]? ?(?:متخصص|فوق|فلوشیپ|جراح|نورولوژیست|روانپزشک|روانشناس|"
    r"\w{2,12}(?:لو|ل)ژیست|دندانپزشک|ارتوپد|بورد|رزیدنت|کارشناس|استادیار|دانشیار|دکترای|داروساز))"
)
# Before «دکتر» and a word that no dictionary has, these say that the word is a name.
_SPEAKS_OF_SOMEBODY = re.compile(
    r"(?<![آ-ی])(?:خدمت|پاسخ|توسط|نظر|زیرنظر|نزد|پیش|مطب|نوشته|ترجمه|تالیف|مریض|جناب|سرکار|مرحوم|"
    r"سلام|معرفی|نوبت|پزشکم|جراحم|متخصصم|از|به|با|یا)"
    r"(?: ?(?:آقای|اقای|خانم|خانوم|جناب|سرکار|دکتر|پروفسور|پرفسور|مهندس|استاد))+[ :]*\Z|"
    r"(?:آقای|اقای|خانم|خانوم) (?:دکتر|پروفسور|پرفسور|مهندس) \Z"
)
# With these before «دکتر» the word is a surname, though another with «ی» («دکتر مرامی»).
_AT_SOMEBODYS = re.compile(
    r"(?<![آ-ی])(?:زیر ?نظر|تحت نظر|نزد|توسط|مطب(?: شخصی)?|تشکر از)"
    r"(?: (?:آقای|اقای|خانم|خانوم|جناب|سرکار))* دکتر \Z"
)
_SPEAKS = re.compile("(?:می\u200c?(?:گه|گن|گوی)|گفت|فرمود|نوشت|تجویز)")
# Behind a name, somebody is meant.
_IS_MEANT = re.compile(
    r" ?(?:[.،,:؛!؟?)(\n-]|$)| (?:می\u200c?(?:گه|گن|گوی|گف)|گفت|فرمود|رفت|مراجعه|متخصص|عمل|ویزیت|"
    r"معاینه)"
)
# Before «دکتر», somebody is named, whatever follows.
_IS_CALLED = re.compile(
    r"(?<![آ-ی])(?:آقای|اقای|خانم|خانوم|جناب|خدمت|توسط|نزد|مطب|پاسخ|تشکر از) دکتر \Z"
)
_ADDRESSED = re.compile(r" ?[.،,:!؟?\n]| (?:می\u200c?(?:گه|گن|گوی)|گفت|فرمود)")
# Behind a word with «ی», it is one of many («دکتر … بود»), or what is given or done.
OF_ANYBODY = re.compile(
    r" (?:که|هست|است|رو |را |هم |ن?بود|باش|ن?دا|ن?کرد|(?:ب|ن)?کن|ن?زد|نز|ن?شد|سراغ|معرفی|پیدا|"
    r"نیست|ن?می\u200c?(?:کن|ده|شناس|شه))"
)
_WROTE = re.compile(r"(?:نوشته|ترجمه|تالیف|اثر|کتاب)(?: ?ی)? (?:دکتر|پروفسور|پرفسور|استاد)[ :]*\Z")
# Surnames that are words too: after «دکتر», where somebody is spoken of.
_WORDS_AND_SURNAMES = frozenset(
    (
        *("مرجانی", "زمانی", "نظری", "شریف", "راهی", "روحی", "شادی", "شیرازی", "اصفهانی", "تهرانی"),
        *(
            "حسابی",
            "سبزی",
            "صبوری",
            "قندی",
            "معلم",
            "ملک",
            "ناظر",
            "نرگسی",
            "همت",
            "هنری",
        ),
        *("پیری", "کاردان", "کاری", "سلیم", "الهی", "جوانی", "بخشی", "روشن", "دانش"),
    )
)
_LATIN = re.compile("[A-Za-z]{3}")
_SURNAME_PLACE = re.compile(
    rf" ({WORD})(?= ?[،,./\n\0]| (?:فوق|متخصص|جراح|پزشک|روانپزشک|کارشناس|مراجعه)|$)"
)
_NOT_IN_NAMES = frozenset(
    [
        *("واسه", "واسم", "واسش", "های", "هایی", "هایم", "جان", "جون", "چیست", "چیه", "هست"),
        *("هستن", "هستند", "عزیزم"),
    ]
)


def find_names(text: str) -> Iterator[Span]:
    """Spans of people's names in a folded text, without their titles."""
    seen: set[int] = set()
    for place in sorted(set(places_of(text, _TITLES))):
        if place and "آ" <= text[place - 1] <= "ی" and not _is_glued(text, place):
            continue
        if place not in seen:
            yield from _titled(text, place, seen)
    yield from find_introduced(text)
    if _LATIN.search(text):
        yield from find_latin_names(text)


def _is_glued(text: str, place: int) -> bool:
    before = _BEFORE.search(text, max(place - 5, 0), place)
    return before is not None and before.group() in _GLUED_BEFORE


def _titled(text: str, place: int, seen: set[int]) -> Iterator[Span]:
    """The name after a title, or after several: «جناب آقای دکتر سید …»."""
    end, learned, gap = place, False, " "
    words: list[str] = []
    while match := _TITLE_RUN.match(text, end):
        seen.add(end)  # a title in a row of them begins no other row
        learned |= match["learned"] is not None
        words = words_at(text, match.end())
        if not match["gap"] and (not words or not _stands_glued(words, learned=learned)):
            if not words and (sign := _SIGN.match(text, match.end())):
                yield from _after_sign(text, sign.end())
            if not words or end == place:
                return
            words = words_at(text, end)  # «دکتر آقایی»: no title, but how the name begins
            break
        end, gap = match.end(), match["gap"]
    if initials := _INITIALS.match(text, end):
        yield from _after_initials(text, initials)
        return
    if not words:
        if sign := _SIGN.match(text, end):
            yield from _after_sign(text, sign.end())
        return
    if not learned and lists.is_sort_of_person(words[0]):
        return
    count = name_length(words)
    if not count:
        for span in _unlisted_name(text, place, end, words, (learned, gap)):
            yield span
            yield from _others(text, span.end)
        return
    if count == 1 and not learned and lists.is_medical(words[0]):
        return
    span = _with_rest(text, span_of(end, words[:count]), words, count)
    yield span
    yield from _others(text, span.end)


def _unlisted_name(
    text: str, place: int, end: int, words: list[str], title: tuple[bool, str]
) -> Iterator[Span]:
    """The name after a title that no list has, or in which a space is missing."""
    learned, gap = title
    if not gap:  # what is glued has been looked at
        if learned and not is_no_name(words[0]):
            yield span_of(end, words[:1])
    elif count := _unlisted(text, place, end, words, learned=learned):
        yield span_of(end, words[:count])
    elif learned and (name := lists.name_before_glued(words[0])):
        yield Span(end, end + len(name), "name")


def _others(text: str, end: int) -> Iterator[Span]:
    """«دکتر مرادی، کریمی و …»: those who share one title."""
    while (other := _AND_OTHER.match(text, end)) and _is_another(other[1]):
        yield Span(*other.span(1), "name")
        end = other.end()


def _is_another(name: str) -> bool:
    *half, word = name.split(" ")
    if half and word in lists.HALVES:
        return True
    if half:
        return lists.is_first(word) or not lists.is_ordinary(word)
    return (
        lists.is_last(word)
        and not lists.is_sort_of_person(word)
        and lists.plain(word) not in lists.counted_words()
    )


def _after_initials(text: str, initials: re.Match[str]) -> Iterator[Span]:
    """«دکتر م.ر. صادقی»: the initials and the surname."""
    words = words_at(text, initials.end())
    count = name_length(words)
    if not count and words and "." in initials[1] and not _may_not_follow(words[0]):
        count = int(not lists.is_ordinary(words[0]))
    if count:
        yield Span(initials.start(1), span_of(initials.end(), words[:count]).end, "name")


def _after_sign(text: str, start: int) -> Iterator[Span]:
    """«دکتر.کریمی», «دکتر-کریمی»: only what lists know as a name."""
    words = words_at(text, start)
    if count := name_length(words):
        yield span_of(start, words[:count])


def _with_rest(text: str, span: Span, words: list[str], count: int) -> Span:
    """The span with what is left of a name that lists know in part: «مرجان قاجار، متخصص …»."""
    while count < min(len(words), 4) and not _may_not_follow(words[count]):
        word = words[count]
        ends = _SURNAME_PLACE.match(text, span.end) is not None
        if count == 1 and lists.is_given(words[0]):
            follows = ends or lists.may_be_surname(word) or lists.is_first(word)
        else:
            follows = lists.is_last(word) or (ends and word.endswith("ی"))
        if not follows:
            break
        count += 1
        span = span_of(span.start, words[:count])
    return span


@lru_cache(maxsize=1 << 14)
def _may_not_follow(word: str) -> bool:
    folded, known = lists.plain(word), lists.names()
    return (
        len(folded) < 3
        or folded in _NOT_IN_NAMES
        or folded.startswith(("دکتر", "های"))
        or folded in known.ordinary
        or folded in hazm_vocabulary().verbs
        or lists.is_medical(word)
    )


def _stands_glued(words: list[str], *, learned: bool) -> bool:
    """Whether what is glued to a title is a name («دکترکریمی»), and no ending of it."""
    word = words[0]
    folded = lists.plain(word)
    given = len(folded) > 3 and learned and lists.is_sure_given(word)
    if not given and (len(folded) < 3 or _may_not_follow(word)):
        return False
    if learned and lists.ends_as_surname(word):
        return True
    if lists.is_given(word) or (len(words) > 1 and words[1] in lists.HALVES):
        return lists.is_given(word) or lists.is_last(word)
    if learned and len(folded) > 4 and folded.endswith("ی") and not is_of_usual_word(word):
        return not is_no_name(word) and not may_be_misspelt(word)
    if folded in lists.names().last:
        return learned or folded not in lists.counted_words()
    return len(folded) > 5 and lists.begins_as_surname(word) and not lists.is_ordinary(word)


def _unlisted(text: str, place: int, start: int, words: list[str], *, learned: bool) -> int:
    """How many words after a title are a name that no list has."""
    for count in range(1, len(words) + 1):
        if _may_not_follow(words[count - 1]) or words[count - 1].startswith(("می\u200c", "نمی")):
            break
        end = span_of(start, words[:count]).end
        if _DEAR_OR_SPECIALTY.match(text, end) and _reads_as_name(words[:count]):
            return count
    if learned:
        announced = _DEAR_OR_SPECIALTY.match(text, start + len(words[0])) is not None
        before = text[max(place - 30, 0) : start]
        count = _unlisted_learned(before, words, announced=announced)
        return count or _open(text, before, start, words)
    word = words[0]
    second = words[1] if len(words) > 1 and not _may_not_follow(words[1]) else ""
    if word in lists.FIRST_HALVES and second and not lists.is_ordinary(second):
        return 2
    if word.endswith("ی") and len(word) > 3 and not (_may_not_follow(word) or is_no_name(word)):
        man = text.startswith(("آقای", "اقای"), place)
        made = not is_of_usual_word(word) and not may_be_misspelt(word)
        addressed = _ADDRESSED.match(text, start + len(word)) is not None
        if (man or made) if addressed else (man and made):
            return 1
    begins = lists.begins_as_surname(word) and len(word) > 6 and not lists.is_ordinary(word)
    return int(begins and not _may_not_follow(word))


def _unlisted_learned(before: str, words: list[str], *, announced: bool) -> int:
    """The same after «دکتر» and its like.

    Args:
        before: what stands before the words, their title included.
        words: that follow the title.
        announced: a specialty, or «عزیز», follows the first.
    """
    word = words[0]
    too = lists.plain(word) in _WORDS_AND_SURNAMES
    if not too and word not in lists.FIRST_HALVES and _may_not_follow(word):
        return 0
    second = words[1] if len(words) > 1 and not _may_not_follow(words[1]) else ""
    follows = second and (
        lists.is_first(second) or lists.is_last(second) or not lists.is_counted(second)
    )
    if word in lists.FIRST_HALVES and follows:
        return 2
    spoken_of = _SPEAKS_OF_SOMEBODY.search(before) is not None
    speaks = len(words) > 1 and _SPEAKS.match(words[1]) is not None
    if too and (spoken_of or announced or speaks) and words[1:2] != ["که"]:
        return 1
    if _may_not_follow(word):
        return 0
    if second and lists.is_first(word) and _may_follow_given(second):
        return 2
    if _WROTE.search(before) and not word.startswith(("می", "نمی")):
        return 1
    if lists.is_of_city(word):
        return 1
    at_somebodys = _AT_SOMEBODYS.search(before) is not None and len(word) > 4
    if at_somebodys and word.endswith("ی") and not lists.is_counted(word):
        return 1
    if lists.is_ordinary(word) or len(word) < 4 or lists.plain(word) in listed_no_names():
        return 0
    if before.rstrip().endswith(("سید", "سیده")) or (
        lists.begins_as_surname(word) and len(word) > 5
    ):
        return 1
    if (
        spoken_of
        and not word.startswith(("ببخش", "این"))
        and not word.endswith(("تون", "من", "از", "را"))
    ):
        return int(not lists.is_glued(word) and not lists.is_misspelt(word))
    return 0


def _open(text: str, before: str, start: int, words: list[str]) -> int:
    """The same, of words that may be any name: all that are of no closed class."""
    word = words[0]
    if len(words) > 1 and _begins_name(word, words[1]):
        return 2
    if _may_not_follow(word) or is_no_name(word):
        return 0
    named = word.endswith("ی") and _IS_CALLED.search(before) is not None
    if not named and (len(word) < 4 or may_be_misspelt(word)):
        return 0
    end = start + len(word)
    meant = _IS_MEANT.match(text, end) is not None
    called = named or _SPEAKS_OF_SOMEBODY.search(before) is not None
    if word.endswith("ی"):
        anybody = OF_ANYBODY.match(text, end) is not None
        found = not anybody or (called and not is_of_usual_word(word))
    else:
        found = called or (meant and not lists.is_unknown(word))
    if not found:
        return 0
    return 1 + int(len(words) > 1 and (words[1] in lists.LATER_HALVES or lists.is_last(words[1])))


def _begins_name(word: str, second: str) -> bool:
    """Whether a word and the given name or surname after it are one: «ملک منصور»."""
    if lists.plain(word) in _WORDS_AND_SURNAMES:
        return lists.is_sure_given(second)
    known = lists.is_sure_given(second) or lists.ends_as_surname(second)
    return known and not _may_not_follow(word) and lists.plain(word) not in listed_no_names()


def _may_follow_given(word: str) -> bool:
    return lists.is_last(word) or lists.begins_as_surname(word) or lists.is_unknown(word)


def _reads_as_name(words: list[str]) -> bool:
    if not any(lists.is_counted(word) for word in words):
        return len(words[0]) > 3
    last = lists.is_last(words[-1]) or words[-1] in lists.LATER_HALVES
    return len(words) > 1 and (last or lists.is_first(words[0]))
