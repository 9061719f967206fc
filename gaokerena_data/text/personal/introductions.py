"""Names of people without a title: introduced, of kin, addressed, signed, with an age."""

import re
from collections.abc import Callable, Iterator

from gaokerena_data.text.personal import name_lists as lists
from gaokerena_data.text.personal.name_shape import (
    NOT_IN_WORD,
    WORD,
    name_length,
    span_of,
    surname_length,
    words_at,
)
from gaokerena_data.text.personal.no_names import is_no_name, is_of_usual_word
from gaokerena_data.text.personal.span import Span, has_any, places_of

_KIN = (
    "پسرم|دخترم|همسرم|شوهرم|خانمم|خانومم|مادرم|مامانم|پدرم|بابام|خواهرم|برادرم|داداشم|نامزدم|دوستم|فرزندم|"
    "نوزادم|بچه‌ام|نوه‌ام|عروسم|دامادم|عمه‌ام|خاله‌ام|همکارم|رفیقم|خواهرزاده‌ام|برادرزاده‌ام|"
    "عمویم|عموم|داییم|دایی‌ام|مامان|مامانه|مادر|بابای|خاله|عمه|دایی|عمو|زن‌داداشم|زن داداشم"
)
_INTRODUCTION = re.compile(
    rf"{NOT_IN_WORD}(?:"
    rf"(?:(?:به )?اسم|(?:به |ب)?نام)(?:ش|م| کوچی?کم| من| بنده| ایشون| ایشان| بیمار|"
    rf" و نام خانوادگی| خانوادگی| کودک| (?:پسر|دختر|همسر|شوهر|مادر|پدر|خواهر|برادر|فرزند)(?:م|ش)?)?"
    r"(?: رو| را| هم)?|من|بنده|اینجانب)[ :\-]{1,3}"
)
_INTRODUCTIONS = ("اسم", "نام", "به نام", "بنام", "به اسم", "من", "بنده", "اینجانب")
_SAYS_ONES_NAME = re.compile(
    rf"{NOT_IN_WORD}(?:اسم|نام)(?:م| من| بنده| کوچی?کم| (?:پسر|دختر)(?:م|ش))(?: رو| را| هم)? "
)
_FAMILY = re.compile(rf"{NOT_IN_WORD}(?:نام خانوادگی(?:م|ش| من)?|فامیلی(?:م|ش)) ")
_IS = re.compile(r" (?:هستش|هست|است|ست|می ?باشد)(?![آ-ی])")
_GLUED_COPULA = re.compile("(?<=[آ-ی]{3})\u200c?(?:ه|ست|اس|س)$")
_I_AM_GLUED = re.compile(
    r"(?<![آ-ی])(?:من|بنده|اینجانب|سلام)[ ،.]{1,2}([آ-ی]{3,12}?)(?:\u200cام|م)(?![آ-ی\u200c])"
)
# «محسن کریمی‌ام»
_WHOLE_GLUED = re.compile(
    rf"{NOT_IN_WORD}(?P<given>[آ-ی]{{2,15}}) (?P<family>[آ-ی]{{3,20}})\u200cام(?![آ-ی\u200c])"
)
_OF_KIN = re.compile(
    rf"{NOT_IN_WORD}(?:{_KIN})(?: (?:هم|آقا|اقا|خانم))?"
    rf"(?: (?:به نام|بنام|به اسم|اسمش))?[ ،:(«]{{1,3}}"
)
_OF_KINS = tuple(_KIN.split("|"))
_FIELD = re.compile(
    rf"{NOT_IN_WORD}(?:(?:نام|اسم)(?: (?:من|بیمار|پدر|مادر|همسر|کودک|(?P<family>و نام خانوادگی|"
    r"و فامیلی?|خانوادگی)))?|فامیلی?|شهرت)(?:م|ش)? ?[:：] ?"
)
_FIELDS = ("نام", "اسم", "فامیل", "شهرت")
_FIELD_NAME = re.compile(
    rf"{WORD}(?: (?!نام|فامیل|شهرت|نام خانوادگی|سن |کد |شماره|تاریخ){WORD}){{0,3}}"
)
_CLOSING = re.compile(
    rf"(?:{NOT_IN_WORD}|(?<=با)|(?<=م))"
    r"(?:(?:تشکر|سپاس|احترام)(?:م)?(?: فراوان)?|ارادتمند(?: شما)?|ممنون(?:م)?|"
    r"مرسی|متشکرم?|سپاس ?گ[زذ]ارم?|"
    r"موفق باشید|سلامت باشید|شاد باشید|پایدار باشید|دوستدار شما|التماس دعا)[ ،,.:\-\n!]{1,5}"
)
_CLOSINGS = (
    *("تشکر", "سپاس", "احترام", "ارادتمند", "ممنون", "موفق باشید", "سلامت باشید", "شاد باشید"),
    *("متشکر", "مرسی", "پایدار باشید", "دوستدار شما", "التماس دعا"),
)
_I_AM = re.compile(r" هستم(?![آ-ی\u200c])")
_GREETED = re.compile(rf"(?:^|[.؛،,!\n]|سلام|(?<![آ-ی])من|شما|بنده)[ ؛،.]{{0,3}}({WORD})\Z")
_GREETING = re.compile(r"(?:^|سلام|وقت بخیر|خسته نباشید|(?<![آ-ی])(?:من|بنده))[ ؛،.!\n]{1,3}\Z")
# «سرکلاژی هستم», «پلیکیستیکم هستم»: what somebody has, not who.
_ENDING_OF_STATE = re.compile("(?:ی|یم|م|ام|یک|یکم)$")
_FROM = re.compile(r" (?:از|اهل|ساکن|متولد|\d)")
_PARTICLE = re.compile(
    r" (?:(?P<dear>جان|جون)|خانم|خانوم|آقا|خان|بانو|عزیزم?|پسرم|دخترم)(?![آ-ی\u200c])"
)
_PARTICLES = (
    *(" خانم", " خانوم", " جان", " جون", " آقا", " خان ", " بانو", " عزیز", " پسرم", " دخترم"),
)
_WORDS_BEFORE = re.compile(rf"(?:{NOT_IN_WORD}{WORD} ){{1,4}}\Z")
_WORD_BEFORE = re.compile(rf"{NOT_IN_WORD}{WORD}\Z")
_LONGEST_SIGNATURE = 80  # characters
# Who answered or wrote.
_AUTHOR = re.compile(
    r"(?<![آ-ی])(?:پاسخ(?: از)?|ترجمه(?:ی)?|نوشته(?:ی)?|تالیف|به قلم|مترجم|اثر)[ :]{1,2}"
)
_PUBLISHED = re.compile(
    rf"((?!دکتر|استاد|پروفسور){WORD}(?: {WORD}){{0,2}}?)"
    r"[ ،؛]{1,2}(?:از |و |با )?(?:نشر|نسل نو|انتشارات|ترجمه)"
)
_AUTHORS = ("پاسخ", "ترجمه", "نوشته", "تالیف", "به قلم", "مترجم", "اثر ")
_FARTHEST = 100  # characters before «هستم» in which a name begins
# After these, and only after these, one given name says who somebody is.
_COPULA = re.compile(
    r" ?(?:هستم|هستش|هست|است|ست(?![آ-ی])|ام|م|می ?باش\w*|متولد|ساکن|گذاشت\w*|[.،,\n(]|$|"
    r"\d{1,2} ?(?:سال|ماه|روز))"
)
_ENDS_TEXT = re.compile(r"(?: (?:از|اهل|ساکن) [آ-ی]{2,15})?[ .،!\n]*\d{0,2}(?:$|\n|\0)")
_AGED = re.compile(rf"{NOT_IN_WORD}({WORD}(?: {WORD}){{0,3}})[ ،,(]{{1,3}}\d{{1,3}}[ \u200c]?\Z")
# «… کریمیان از مرند» at the end.
_FROM_TOWN = re.compile(rf"(?:[.!؟?،,\n]| ) ?({WORD}) (?:از|ار|اهل|ساکن) {WORD}[ .\n]*\Z")
_LAST_WORDS = re.compile(rf"([\n.!؟?،,]\s*| )({WORD}(?: {WORD}){{0,2}})[ .\n]*\Z")
_FIRST_PERSON = frozenset(["من", "بنده", "اینجانب", "سلام", "باسلام", "منم", "اسمم"])
_PARENTS = frozenset(["مادر", "مامان", "مامانه", "بابای", "پدر"])


def find_introduced(text: str) -> Iterator[Span]:
    """Spans of names that no title announces, in a folded text."""
    if ":" in text:
        yield from _read(text, _FIELDS, _FIELD, _in_field)
    yield from _read(text, (" هستم",), _I_AM, _before_i_am)
    # A name that signs ends the text, or a line.
    signed = text if "\n" in text else text[-_LONGEST_SIGNATURE:]
    if has_any(signed, _CLOSINGS):
        yield from _read(text, _CLOSINGS, _CLOSING, _signed)
    for place in places_of(text, ("ساله", "سالمه", "سالشه")):
        yield from _aged(text, place)
    yield from _read(text, ("من ", "من،", "بنده ", "اینجانب ", "سلام"), _I_AM_GLUED, _glued)
    for match in _WHOLE_GLUED.finditer(text) if "\u200cام" in text else ():
        if lists.is_given(match["given"]) and lists.is_last(match["family"]):
            yield Span(match.start("given"), match.end("family"), "name")
    yield from _read(text, ("اسم", "نام"), _SAYS_ONES_NAME, _called)
    yield from _read(text, ("نام خانوادگی", "فامیلی"), _FAMILY, _family)
    if has_any(text, ("پاسخ", "نشر", "انتشارات", "نسل نو")):
        yield from _read(text, _AUTHORS, _AUTHOR, _author)
    # All others need a given name: most texts have none.
    given = lists.written_given_names().intersection(text.split())
    if given:
        yield from _read(text, _INTRODUCTIONS, _INTRODUCTION, _introduced)
        yield from _read(text, _OF_KINS, _OF_KIN, _of_kin)
        yield from _read(text, _PARTICLES, _PARTICLE, _before_particle)
        yield from _last_line(text)
        yield from _whole_names(text, given)
        yield from _alone(text, given)
    from_town = _FROM_TOWN.search(text, max(len(text) - 60, 0))
    if from_town and lists.is_last(from_town[1]) and not lists.is_ordinary(from_town[1]):
        yield Span(*from_town.span(1), "name")


def _read(
    text: str,
    words: tuple[str, ...],
    sign: re.Pattern[str],
    read: Callable[[str, re.Match[str]], Iterator[Span]],
) -> Iterator[Span]:
    """What is read where a sign stands, which begins with one of the words."""
    for place in places_of(text, words):
        if match := sign.match(text, place):
            yield from read(text, match)


def _author(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«پاسخ …», «ترجمه …»: a given name and a surname, or before a publisher any words."""
    words = words_at(text, sign.end())
    if words and lists.is_given(words[0]) and (count := name_length(words)) > 1:
        yield span_of(sign.end(), words[:count])
    elif published := _PUBLISHED.match(text, sign.end()):
        yield Span(*published.span(1), "name")


def _introduced(text: str, sign: re.Match[str]) -> Iterator[Span]:
    start = sign.end()
    words = words_at(text, start)
    count = name_length(words)
    if not count or not lists.is_given(words[0]):
        return
    span = span_of(start, words[:count])
    copula = _COPULA.match(text, span.end)
    # «من بهمن ۹۵ …» is a month.
    if count > 1 or (copula and (lists.is_sure_given(words[0]) or "هست" in copula.group())):
        yield span


def _called(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«اسمم … است», «اسم من …ه»: a name though no list has it, or with «ه» glued to it."""
    start, words = sign.end(), words_at(text, sign.end())
    if not words or lists.is_given(words[0]):
        return
    glued = _GLUED_COPULA.sub("", words[0])
    if glued != words[0] and lists.is_first(glued):
        yield Span(start, start + len(glued), "name")
    elif _IS.match(text, start + len(words[0])) and (
        lists.is_first(words[0]) or not lists.is_ordinary(words[0])
    ):
        yield span_of(start, words[:1])


def _family(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«نام خانوادگی …» without a colon: a surname, though it is a word too."""
    words = words_at(text, sign.end())
    if words and lists.plain(words[0]) in lists.names().last:
        yield span_of(sign.end(), words[:1])


def _glued(_text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«من سارام», «من علی‌ام»."""
    if lists.is_sure_given(sign[1]) and lists.plain(f"{sign[1]}م") not in lists.counted_words():
        yield Span(*sign.span(1), "name")


def _in_field(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«نام: … نام خانوادگی: …»: any words but those of the language."""
    start = sign.end()
    match = _FIELD_NAME.match(text, start)
    words = match.group().split(" ") if match else []
    count = name_length(words)
    if not count:
        while count < min(len(words), 3) and not lists.is_ordinary(words[count]):
            count += 1
    # «نام بیمار: یزدان شریفی»: the whole field, though its surname is a word too.
    while 0 < count < len(words) and _is_family(words[count]):
        count += 1
    if count:
        yield span_of(start, words[:count])
    elif words and sign["family"] and _is_family(words[0]):
        yield span_of(start, words[:1])


def _is_family(word: str) -> bool:
    return lists.is_last(word) or word.endswith("ی") or not lists.is_ordinary(word)


def _of_kin(text: str, sign: re.Match[str]) -> Iterator[Span]:
    start = sign.end()
    words = words_at(text, start)
    # «دوستم (بهار)», «پسرم به نام نوید»: no word but a name stands so.
    surely = sign.group().endswith(("(", "«", "نام ", "اسم "))
    if not words or _is_phrase(words):
        return
    if not (lists.is_given(words[0]) if surely else lists.is_sure_given(words[0])):
        return
    yield span_of(start, words[: max(name_length(words), 1)])


def _from_somewhere(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«سلام، … هستم از یزد»: a name though no list has it."""
    match = _GREETED.search(text, max(sign.start() - 40, 0), sign.start())
    if match is None:
        return
    word = match[1]
    unknown = word in lists.GREETED_NAMES or (
        len(word) > 3
        and not lists.is_counted(word)
        and not lists.is_glued(word)
        and not lists.is_misspelt(word)
    )
    if unknown or lists.is_given(word):
        yield Span(*match.span(1), "name")


def _greets(text: str, end: int, word: str) -> bool:
    """Whether «سلام …», with a word that no dictionary has, stands there."""
    start = end - len(word)
    return (
        _GREETING.search(text, max(start - 20, 0), start) is not None
        and (lists.is_unknown(word) or word in lists.GREETED_NAMES)
        and not lists.is_sort_of_person(word)
        and not lists.is_medical(_ENDING_OF_STATE.sub("", word))
    )


def _is_phrase(words: list[str]) -> bool:
    """«علی رغم», «علی الخصوص»."""
    return words[0] == "علی" and any(word.startswith(("رغم", "ال")) for word in words[1:2])


def _before_i_am(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«نیلوفر صفوی هستم», «مصطفی زاده هستم»: the name ends where «هستم» begins."""
    end = sign.start() + 1
    match = _WORDS_BEFORE.search(text, max(end - _FARTHEST, 0), end)
    words = match.group().split() if match else []
    for start in range(max(len(words) - 3, 0), len(words)):
        rest = words[start:]
        given = lists.is_given(rest[0])
        known = given or lists.ends_as_surname(rest[-1]) or rest[-1] in lists.HALVES
        if rest[0] in _FIRST_PERSON or not known or name_length(rest) != len(rest):
            continue
        alone = len(rest) == 1 and not lists.is_sure_given(rest[0])
        if alone and start and words[start - 1] not in _FIRST_PERSON | _PARENTS:
            continue  # «آدم صادق هستم»
        yield Span(end - len(" ".join(rest)) - 1, end - 1, "name")
        return
    from_somewhere = _FROM.match(text, sign.end()) is not None
    from_somewhere |= bool(words) and _is_made_as_surname(words[-1])
    if from_somewhere or (words and words[-1] and _greets(text, sign.start(), words[-1])):
        yield from _from_somewhere(text, sign)


def _is_made_as_surname(word: str) -> bool:
    """«حسنخانی»."""
    made = lists.begins_as_surname(word) and word.endswith("ی")
    return made and len(word) > 6 and not lists.is_ordinary(word)


def _before_particle(text: str, sign: re.Match[str]) -> Iterator[Span]:
    """«نیلوفر جان», «علی آقا»."""
    end, dear = sign.start(), sign["dear"] is not None
    match = _WORD_BEFORE.search(text, max(end - _FARTHEST, 0), end)
    if match and (lists.is_given(match.group()) if dear else lists.is_sure_given(match.group())):
        yield Span(*match.span(), "name")


def _signed(text: str, sign: re.Match[str]) -> Iterator[Span]:
    start = sign.end()
    words = words_at(text, start)
    count = name_length(words)
    if (
        not count
        and len(words) < 3
        and all(lists.is_unknown(word) and len(word) < 13 for word in words)
    ):
        count = len(words)
    if not count and len(words) == 1 and words[0].endswith("ی"):
        count = int(not (is_no_name(words[0]) or is_of_usual_word(words[0])))
    if count:
        span = span_of(start, words[:count])
        ends = _ENDS_TEXT.match(text, span.end) is not None
        if ends and not any(
            not (lists.is_given(word) or lists.is_last(word))
            and (lists.is_glued(word) or lists.is_misspelt(word))
            for word in words[:count]
        ):
            yield span


def _aged(text: str, end: int) -> Iterator[Span]:
    """«مریم احمدی، ۲۸ ساله»."""
    match = _AGED.search(text, max(end - 60, 0), end)
    if match is None:
        return
    words = match[1].split(" ")
    for start in range(len(words)):
        rest = words[start:]
        whole = len(rest) > 1 and (lists.is_first(rest[0]) and lists.is_last(rest[-1]))
        whole = whole and not lists.is_sort_of_person(rest[-1]) and name_length(rest) == len(rest)
        if whole or (len(rest) == 1 and lists.is_sure_given(rest[0])):
            yield Span(match.end(1) - len(" ".join(rest)), match.end(1), "name")
            return
    # «سارام، ۲۵ ساله»
    last = words[-1].removesuffix("م")
    if last != words[-1] and len(last) > 2 and lists.is_sure_given(last):
        yield Span(match.end(1) - len(last) - 1, match.end(1) - 1, "name")


def _last_line(text: str) -> Iterator[Span]:
    """A name alone at the end of a text, or a whole one, is who wrote it."""
    match = _LAST_WORDS.search(text, max(len(text) - 40, 0))
    words = match[2].split(" ") if match else []
    for start in range(len(words)):
        rest = words[start:]
        alone = start == 0 and match is not None and match[1].strip(" ") != ""
        whole = len(rest) > 1 and lists.is_given(rest[0]) and lists.is_last(rest[-1])
        if (whole or (alone and lists.is_sure_given(rest[0]))) and name_length(rest) == len(rest):
            end = match.end(2) if match else 0
            yield Span(end - len(" ".join(rest)), end, "name")
            return


def _whole_names(text: str, given: frozenset[str]) -> Iterator[Span]:
    """A given name and a surname, wherever they stand."""
    for name in filter(lists.is_sure_given, {word.strip(lists.AROUND) for word in given}):
        for place in places_of(text, (name,)):
            end = place + len(name)
            if text[end : end + 1] != " " or (place and _in_word(text[place - 1])):
                continue
            words = words_at(text, place)
            family = surname_length(words[1:], after_given=False)
            if not family or lists.is_given(words[1]) or lists.is_sort_of_person(words[1]):
                continue
            before = _WORD_BEFORE.search(text, max(place - 20, 0), max(place - 1, 0))
            if before is None or before.group() not in lists.OF_PLACES:
                yield span_of(place, words[: 1 + family])


def _alone(text: str, given: frozenset[str]) -> Iterator[Span]:
    """A given name that is never anything else, without any sign: «… که رادمهر را …»."""
    for name in {word.strip(lists.AROUND) for word in given} & lists.names_alone():
        for place in places_of(text, (name,)):
            end = place + len(name)
            if (place and _in_word(text[place - 1])) or _in_word(text[end : end + 1]):
                continue
            before = _WORD_BEFORE.search(text, max(place - 20, 0), max(place - 1, 0))
            if before is None or before.group() not in lists.OF_PLACES:
                yield Span(place, end, "name")


def _in_word(character: str) -> bool:
    return character != "" and ("آ" <= character <= "ی" or character == "\u200c")
