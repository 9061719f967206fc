"""Where in a sentence a name may stand: the places at which single words are judged.

A place is known by what stands beside it, a title, kin, an age, a closing, «هستم», and not by the
word itself. What it holds is mostly no name: `learnt_names` weighs that.
"""

import re
from collections.abc import Iterable, Iterator

from gaokerena_data.text.personal.name_evidence import Slot, is_never_name
from gaokerena_data.text.personal.name_lists import AROUND, is_city, written_given_names
from gaokerena_data.text.personal.name_shape import NOT_IN_WORD, WORD
from gaokerena_data.text.personal.span import places_of

_LADY = "خانوم|خانم|آقای|اقای|آقا|اقا|جناب|سرکار|مرحومه|مرحوم|بانو|دوشیزه"
_LEARNED = "دکتور|دکتر|دکنر|دکتز|پروفسور|پورفسور|پرفسور|پروفسر|پرفسر|مهندس|استاد|سیده|سید|حاجی|حاج"
_TITLE = re.compile(
    rf"(?:(?P<lady>{_LADY})|(?P<learned>{_LEARNED}))(?P<gap>[ \u200c:،.\-/«(]{{0,3}})"
)
_TITLES = (*_LADY.split("|"), *_LEARNED.split("|"))
# Names, and words before, are glued to these.
_GLUED_TITLES = ("دکتر", "خانم", "خانوم", "آقای", "پروفسور")
_BEFORE_TITLE = re.compile(r"[آ-ی]{1,6}\Z")
# What is glued to a title: «ازدکتر».
_GLUED_BEFORE = frozenset(
    (
        *("و", "از", "به", "با", "پیش", "نزد", "خدمت", "توسط", "نظر", "مطب", "سلام", "باسلام"),
        *("سرکار", "جناب", "آقای", "اقای", "خانم", "خانوم", "پاسخ"),
    )
)
_WORDS = re.compile(rf"{WORD}(?: {WORD}){{0,2}}")
_ONE_WORD = re.compile(WORD)
_I_AM = re.compile(r" (?:هستم|هسم)(?![آ-ی\u200c])")
_PARTICLE = re.compile(r" (جان|جون|خانم|خانوم|آقا|خان|بانو)(?![آ-ی\u200c])")
_PARTICLES = ("جان", "جون", "خانم", "خانوم", "آقا", "خان", "بانو")
_KINS = (
    *("پسرم", "دخترم", "همسرم", "شوهرم", "خانمم", "خانومم", "مادرم", "مامانم", "پدرم", "بابام"),
    *("خواهرم", "برادرم", "داداشم", "نامزدم", "دوستم", "فرزندم", "نوزادم", "همکارم", "عروسم"),
    *("دامادم", "کوچولوم", "بیمار", "مریض"),
)
_KIN = re.compile(
    rf"{NOT_IN_WORD}({'|'.join(_KINS)})(?: (?:به نام|بنام|به اسم|اسمش|هم))?[ ،:(«]{{1,3}}"
)
_CALLED = re.compile(
    rf"{NOT_IN_WORD}(?:اسم|نام)(?:م|ش|شو| من| بنده| (?:پسر|دختر|همسر|کوچولو)م| بیمار)"
    r"(?: رو| را| هم)?[ :،«]{1,3}"
)
_AGED = re.compile(rf"{NOT_IN_WORD}({WORD}(?: {WORD})?)[ ،,(]{{1,3}}\d{{1,3}}[ \u200c]?\Z")
_CLOSING_WORD = (
    "(?:تشکر|سپاس|احترام|ارادتمند|ممنونم?|مرسی|متشکرم|سپاسگ[زذ]ارم|باشید|باشی|دعا|خدانگهدار|یاحق|"
    "بدرود|فراوان)"
)
_IS_CLOSING = re.compile(rf"[آ-ی]{{0,3}}{_CLOSING_WORD}(?:فراوان|ازشما)?")
_AFTER_CLOSING = frozenset(("شما", "از", "فراوان", "زحماتتون"))
# «با تشکر از شما احمدی از ساری …», before more.
_CLOSED_FROM = re.compile(
    rf"(?:تشکر|سپاس)(?: (?:از شما|فراوان))?[ ،.]{{1,3}}({WORD}(?: {WORD})?) (?:از|اهل) (?!شما)"
)
_APART = re.compile(r"[\s.،,؛:!؟?()\-]+")
_END_SIGNS = " .،!؟?\n\u200c0123456789"
# «باتشکررضایی»
_GLUED_CLOSING = re.compile(
    r"(?:[آ-ی]*(?:تشکر|سپاس|ارادتمند|احترام|ممنونم|مرسی))(?P<word>(?!گ[زذ]ار)[آ-ی]{3,12})"
)
_LINE = re.compile(rf"(?:^|\n)[ *\-]{{0,4}}({WORD}(?: {WORD}){{0,2}})[ .،]{{0,4}}(?=\n|\Z)")
_MARKS = ".!؟?،,\n:-\0"
_FARTHEST = 70  # characters from a sign to its name
_GROUPS = {
    "title": _TITLES,
    "am": ("هستم", "هسم"),
    "dear": _PARTICLES,
    "kin": _KINS,
    "called": ("اسم", "نام", "اسمم", "اسمش", "اسمشو", "نامم", "نامش"),
}
# As they stand between spaces: to look a text's words up takes less than to look each of them up.
_WRITTEN = {
    f"{before}{word}{after}": group
    for group, words in _GROUPS.items()
    for word in words
    for before in ("", "(")
    for after in ("", *"،.:!؟?-(«)")
}


def find_slots(text: str) -> Iterator[Slot]:
    """The words of a folded text at which a name may stand; some come more than once.

    Words that are never names are left out.
    """
    words = text.split()
    signs: dict[str, set[str]] = {}
    for written in _WRITTEN.keys() & words:
        signs.setdefault(_WRITTEN[written], set()).add(written)
    places = {group: sorted(set(places_of(text, tuple(found)))) for group, found in signs.items()}
    yield from _after_titles(text, places.get("title", ()))
    yield from _around_signs(text, places)
    yield from _at_end(text)
    if "تشکر" in text or "سپاس" in text:
        for closed in _CLOSED_FROM.finditer(text):
            words = closed[1].split(" ")
            yield from _numbered("end closing", closed.start(1), words, from_end=True)
    if "\n" in text:
        for line in _LINE.finditer(text):
            yield from _numbered("line", line.start(1), line[1].split(" "), from_end=True)
    given = written_given_names().intersection(words)
    for name in sorted({word.strip(AROUND) for word in given}):
        for place in places_of(text, (name,)):
            if not (_in_word(text[place - 1 : place]) or _in_word(text[place + len(name) :][:1])):
                yield Slot("given", 0, place, name)


def _around_signs(text: str, places: dict[str, list[int]]) -> Iterator[Slot]:
    """After kin and «اسمم», before «هستم», «جان» and an age."""
    for place in places.get("am", ()):
        if _I_AM.match(text, place - 1):
            yield from _before("am", text, place - 1, 2)
    for place in places.get("dear", ()):
        if particle := _PARTICLE.match(text, place - 1):
            yield from _before(f"dear {particle[1][:2]}", text, place - 1, 1)
    for place in places.get("kin", ()):
        if kin := _KIN.match(text, place + (text[place] == "(")):
            kind = "patient" if kin[1] in ("بیمار", "مریض") else "kin"
            yield from _after(kind, text, kin.end(), 2)
    for place in places.get("called", ()):
        if called := _CALLED.match(text, place + (text[place] == "(")):
            yield from _after("called", text, called.end(), 2)
    for place in places_of(text, ("ساله", "سالمه", "سالشه")):
        if aged := _AGED.search(text, max(place - _FARTHEST, 0), place):
            yield from _numbered("aged", aged.start(1), aged[1].split(" "), from_end=True)


def _after_titles(text: str, places: Iterable[int]) -> Iterator[Slot]:
    seen: set[int] = set()
    glued = places_of(text, _GLUED_TITLES)
    for place in sorted({place + (text[place] == "(") for place in (*places, *glued)}):
        before = _BEFORE_TITLE.search(text, max(place - 6, 0), place)
        if place in seen or (before and before.group() not in _GLUED_BEFORE):
            continue
        end, gap, learned, lady = place, " ", False, False
        while gap and (title := _TITLE.match(text, end)):
            seen.add(end)
            end, gap = title.end(), title["gap"]
            learned |= title["learned"] is not None
            lady |= title["lady"] is not None
        if learned or lady:
            kind = "title " + "l" * learned + "y" * lady
            kind += "" if gap else " glued"
            yield from _after(kind + ("," if gap.strip(" \u200c") else ""), text, end, 3)


def _at_end(text: str) -> Iterator[Slot]:
    """What ends a text: after a closing, a mark, or anything."""
    start = max(len(text) - _FARTHEST, 0)
    end = start + len(text[start:].rstrip(_END_SIGNS))
    words, place = _words_before(text, end, 3)
    if len(words) > 1 and is_city(words[-1]):  # «باتشکر کریمی تهران»
        words, place = _words_before(text, end - len(words[-1]) - 1, 3)
    for word in words[-2:]:
        if glued := _GLUED_CLOSING.fullmatch(word):
            yield Slot("end glued", -1, text.rindex(word) + glued.start("word"), glued["word"])
    if all(map(is_never_name, words)):
        return
    kind = "end closing" if _closes(text, place) else "end"
    for i, word in enumerate(words):
        if _IS_CLOSING.fullmatch(word):
            place += len(" ".join(words[: i + 1])) + 1
            kind, words = "end closing", words[i + 1 :]
            break
    if kind == "end" and (not text[:place].strip(" ") or text[place - 1] in _MARKS):
        kind = "end mark"
    if kind != "end":
        yield from _numbered(kind, place, words, from_end=True)


def _closes(text: str, end: int) -> bool:
    """Whether a closing stands before `end`: «با تشکر از شما. »."""
    before = _APART.split(text[max(end - 30, 0) : end].rstrip(" ،,.:-\n!"))
    while before and before[-1] in _AFTER_CLOSING:
        before.pop()
    return bool(before) and _IS_CLOSING.fullmatch(before[-1]) is not None


def _after(kind: str, text: str, start: int, most: int) -> Iterator[Slot]:
    if words := _WORDS.match(text, start):
        yield from _numbered(kind, start, words.group().split(" ")[:most])


def _before(kind: str, text: str, end: int, most: int) -> Iterator[Slot]:
    words, start = _words_before(text, end, most)
    yield from _numbered(kind, start, words, from_end=True)


def _words_before(text: str, end: int, most: int) -> tuple[list[str], int]:
    """Up to so many words that end at `end` with one space between them, and where they begin."""
    words: list[str] = []
    start = end
    for word in reversed(text[max(end - _FARTHEST, 0) : end].rsplit(" ", most)[-most:]):
        own = _APART.split(word)[-1]
        if not own or _ONE_WORD.fullmatch(own) is None:
            break
        words.insert(0, own)
        start -= len(own) + (start != end)
        if own != word:
            break
    return words, start


def _numbered(kind: str, start: int, words: list[str], *, from_end: bool = False) -> Iterator[Slot]:
    for i, word in enumerate(words):
        if not (
            is_never_name(word) or word.startswith(_GLUED_TITLES)
        ):  # «خانم دکترکریمی»: the name alone is a slot
            yield Slot(kind, i - len(words) if from_end else i, start, word)
        start += len(word) + 1


def _in_word(character: str) -> bool:
    return character != "" and ("آ" <= character <= "ی" or character == "\u200c")
