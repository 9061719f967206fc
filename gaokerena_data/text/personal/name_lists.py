"""Which words are names of people, and which are not: lists, endings, and the words of medicine.

given_names.txt lists the given names that are hardly ever ordinary words; the gazetteer of
farsi-faker (16,000 names, ordinary words among them) adds surnames and the given names that count
only before a surname; a surname may also be known by its ending. Against a name speak the words of
medicine (medical_words.txt, medical_terms.txt, the endings of drugs and diseases) and the words
that hazm's dictionary counted.
"""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from gaokerena_data.text.files import listed_words
from gaokerena_data.text.normalization.hazm_path import is_known_word
from gaokerena_data.text.normalization.hazm_tables import hazm_vocabulary
from gaokerena_data.text.personal.cities import cities
from gaokerena_data.text.personal.span import fold

AROUND = "(«.،,:!؟?)»؛"  # signs that stand beside a name without a space
_LONGEST_NAME = 40  # no list has a longer word
_SURNAME_ENDING = re.compile(
    "(?:زاده|پور|نژاد|نیا|وند|لو|یان|منش|پناه|خواه|تبار|نسب|پرست|آبادی|الدینی|اللهی|زاد|چیان|"
    "فرد|فر|مند|بخش|رضایی|علیایی)$"
)
_SURNAME_BEGINNING = re.compile(
    "^(?:میر|پور|حاجی|حاج|سید|ملا|نیک|شاه|شیخ|علی|محمد|حسن|حسین|عبد)..."
)
_COMPOUND = re.compile("^(?:غلام|محمد|علی|امیر|سید|حسین|فاطمه|نور|گل|شیر|ابوال|عبدال|زین|مریم|میر)")
# The second half of a surname that is written apart: «صفار زاده». Those of the first line make
# one of any word, those of the second only follow one.
HALVES = frozenset(["زاده", "نژاد", "پور", "نیا", "وند", "تبار", "نسب", "زادگان"])
LATER_HALVES = HALVES | frozenset(
    ["زاد", "فر", "فرد", "لو", "پناه", "خواه", "پرست", "راد", "مقدم", "اصل", "منش", "آرا"]
)
# Words that are given names right after «سلام» or «من» and before «هستم».
GREETED_NAMES = frozenset(
    [
        *("امید", "بهار", "شادی", "دریا", "باران", "نسیم", "صدف", "آرزو", "ستاره", "خورشید", "پری"),
        *("رها", "آرام", "سایه", "ساحل", "سپیده", "نگاه", "تمنا", "مهر", "آهو", "غنچه", "یاس"),
    ]
)
# A name after these is a place's or a thing's: «بیمارستان علی اصغر».
OF_PLACES = frozenset(
    (
        *("بیمارستان", "درمانگاه", "کلینیک", "خیابان", "دانشگاه", "آزمایشگاه", "ازمایشگاه"),
        *("داروخانه", "مرکز", "میدان", "بلوار", "شهرک", "پارک", "امام", "حضرت", "شهید", "مسجد"),
        *("مدرسه", "ابن", "بوعلی", "برج", "سالن", "موسسه", "بنیاد", "پل", "کوچه", "محله"),
        *(
            "جاده",
            "اتوبان",
            "روستای",
            "سایت",
            "شرکت",
            "برند",
            "ژل",
            "کرم",
            "قرص",
            "قطره",
            "آمپول",
            "داروی",
            "پماد",
        ),
        *("شربت", "مجتمع", "فروشگاه", "هتل"),
    )
)
# What a surname of two words begins with: «میر شکرایی».
FIRST_HALVES = frozenset(
    [
        "میر",
        "پور",
        "حاجی",
        "بنی",
        "آل",
        "شیخ",
        "ملا",
        "امیر",
        "شاه",
        "آقا",
        "ابو",
        "نور",
        "گل",
        "عبد",
    ]
)
# Given names that sentences without any name in them have too: only what stands beside one says
# that it is a name.
_ALSO_WORDS = (
    "شیرین بهمن عسل نادر هستی صادق یاسمین یاسمن امین رویا مسلم ثمین اعظم لاله قربان نسترن ایمان "
    "روزبه پروانه مینا شایان کریم مانی بنفشه تارا کسری آزاده عاطفه نگین سوگند هادی یگانه طاهر "
    "ستایش آوا "
    "آذر ترانه ارغوان شکوفه حجت افسون بهاره فرخ حدیث فرشته نغمه هدی جلال متین سحر یلدا غزل مهر "
    "پویا نوید فرید حامد سامان سپهر اکرم رسول میلاد عالیه شریفه جمیله عطیه رحمت "
    "آذرخش آلاله اشرف انوشه تبسم ترنم توران ثنا جبار حشمت دیبا زینت سلاله سها شاکر شقایق ندا "
    "شوکت شکیب صبا قدیر لیا ماری مانا ماهور محراب مختار مستانه مسیح مظاهر معراج معین "
    "مهرگان میثاق میعاد نفیسه نهال نیایش هاتف هانی هنگامه پردیس چکاوک کریمه کوثر یارا یکتا "
)
# How drugs, diseases, specialties and examinations end, and no Iranian surname.
_MEDICAL_ENDING = re.compile(
    "(?:وفرنیا|وفرنی|فیلیا|مانیا|فوبیا|میالژیا?|پلازی|تونیا|توپنی|مگالی|فاژی|پپسی|آلژی|"
    "وپاتی|پاتیک|پات|اییت|شیت|تیت|ئیت|دیت|نیت|لیت|اکتومی|پلاستی|توسکوپی|سکوپی|گرافی|گراف|گرام|لوژی|"
    "لوژیک|لوژیست|لوژیستی|تراپی|تراپیست|تراپ|پزشک|پزشکی|شناس|شناسی|درمانگر|درمانی|"
    "مایسین|میسین|سیلین|سایکلین|فلوکساسین|کونازول|کنازول|نیدازول|پرازول|بندازول|ازپام|زولام|زپین|"
    "ولول|سارتان|پریل|دیپین|ستاتین|گلیپتین|گلیفلوزین|فورمین|گلیتازون|پارین|تازون|زولون|پردنیزون|"
    "وکستین|پرام|تریپتیلین|پریدون|زاپین|تیاپین|ترتینوئین|یویر|سیلات|سیکلین|بوتامول|کورتیزون|"
    "سترون|سترول|ادیول|فیبرات|ترکسات|کسیژل|ویتامین|اولون|"
    "اسپرمی|گلیسمی|لیپیدمی|سرمی|ناترمی|کالمی|میلز|تومور|کارسینوما?|سارکوما?|لنفوما|ملانوما|وئید|یسم|"
    "وسیس|وزیس|یازیس|یتوز|اسکلروز)$"
)
# What people glue to a word's beginning and end.
_ENDINGS = re.compile(
    "(?:هایشان|هایتان|هایمان|هاشون|هاتون|هامون|هایش|هایم|هام|هاش|های|ها|مون|تون|شون|مان|تان|شان|"
    "اشو|شو|مو|هم|رو|ام|ات|اش|م|ت|ش|و|ه|ی|ای)$"
)
_MEDICAL_SUFFIX = re.compile("(?:هایم|هام|های|ها|تون|شون|مون|ام|ات|اش|م|ت|ش|و|ه)$")
_BEGINNINGS = re.compile("^(?:و|با|ب|به|از|در|که|این|اون|چند|هر|می|نمی|بی|برا|واس)")

# What is glued to the word behind it: «رابینا» is «را بینا».
_GLUED_WORDS = ("را", "با", "به", "از", "در", "بر", "می", "بی", "که", "هم", "ما", "من", "تا", "نا")


class _Names(NamedTuple):
    given: frozenset[str]  # hardly ever anything else
    sure: frozenset[str]  # of these, those that stand in no sentence without a name
    first: frozenset[str]  # every given name of the gazetteer
    last: frozenset[str]
    ordinary: frozenset[str]
    people: frozenset[str]  # what sort of person somebody is
    stopwords: frozenset[str]
    medical: frozenset[str]


def is_given(word: str) -> bool:
    """Whether a word is a given name, and hardly ever anything else."""
    folded = plain(word)
    return folded in names().given or _is_compound(folded)


def is_sure_given(word: str) -> bool:
    """Whether a word is a given name wherever it stands."""
    folded = plain(word)
    return folded in names().sure or _is_compound(folded)


@cache
def names_alone() -> frozenset[str]:
    """Given names that no dictionary has as words, as they are written: names without any sign."""
    listed = map(fold, listed_words("given_names.txt"))
    return frozenset(
        name
        for name in listed
        if len(plain(name)) > 4
        and is_sure_given(name)
        and not is_ordinary(name)
        and not any(name.startswith(word) and is_ordinary(name[2:]) for word in _GLUED_WORDS)
    )


def is_first(word: str) -> bool:
    """Whether a word can be a given name."""
    return plain(word) in names().first


def is_last(word: str) -> bool:
    """Whether a word can be a surname: by the gazetteer, or by its ending."""
    return _is_last(plain(word))


def is_sort_of_person(word: str) -> bool:
    """Whether a word says what sort of person somebody is (سالمند), and who only after «دکتر»."""
    return plain(word) in names().people


def is_ordinary(word: str) -> bool:
    """Whether a word, with what may be glued to it, is one of the language or of medicine."""
    return _is_ordinary(plain(word))


@lru_cache(maxsize=1 << 12)
def name_before_glued(word: str) -> str:
    """The name with which a word begins that lacks its space («صادقیاواسط»), or nothing."""
    folded, lists = plain(word), names()
    for i in range(len(folded) - 2, 4, -1):
        known = folded[:i] in lists.last or folded[:i] in lists.given
        if known and not _is_word(folded[:i]) and _is_word(folded[i:]):
            return word[:i] if word[:i] == folded[:i] else ""
    return ""


def is_glued_name(word: str) -> bool:
    """Whether a given name and a surname lack their space («مجیدبهاری»)."""
    folded, lists = plain(word), names()
    return not _is_ordinary(folded) and any(
        folded[:i] in lists.sure and (folded[i:] in lists.last or folded[i:] in lists.given)
        for i in range(4, len(folded) - 2)
    )


def is_counted(word: str) -> bool:
    """Whether a word, without what may be glued to it, is one of the language or of medicine."""
    return _is_word(plain(word))


def is_unknown(word: str) -> bool:
    """Whether no dictionary has a word, in any form, and nothing in it is of medicine."""
    folded = plain(word)
    return len(folded) > 3 and not is_known_word(folded) and not _is_ordinary(folded)


@lru_cache(maxsize=1 << 12)
def is_glued(word: str) -> bool:
    """Whether a word is two others without their space («عزیزپسر»)."""
    folded = plain(word)
    return any(
        _is_ordinary(folded[:i]) and _is_ordinary(folded[i:]) for i in range(3, len(folded) - 2)
    )


def is_misspelt(word: str) -> bool:
    """Whether a word is a usual one, or one of medicine, with one letter wrong («تغدیه»)."""
    folded = plain(word)
    without = _deletions(folded)
    return folded in _usual_with_gaps() or not without.isdisjoint(_usual_with_gaps())


def is_of_city(word: str) -> bool:
    """Whether a word that is no other says of which city somebody is: «بوکانی»."""
    folded = plain(word)
    stem = folded.removesuffix("ی")
    return stem != folded and stem in _cities() and not _is_word(folded)


def is_city(word: str) -> bool:
    """Whether a word that is no other names a city."""
    return plain(word) in _cities()


def is_medical(word: str) -> bool:
    """Whether a word is one of medicine: listed, or with the ending of a drug or a disease."""
    return _is_medical(plain(word))


def may_be_surname(word: str) -> bool:
    """Whether a word right after a given name is its surname though no list has it."""
    folded, lists = plain(word), names()
    if len(folded) < 3 or folded in lists.stopwords or folded.startswith(("می", "نمی")):
        return False
    return folded in lists.last or (not is_known_word(word) and not _is_ordinary(folded))


def begins_as_surname(word: str) -> bool:
    """Whether an unlisted word begins as surnames do: «میرشکرایی»."""
    return _SURNAME_BEGINNING.match(plain(word)) is not None


def ends_as_surname(word: str) -> bool:
    """Whether a word that is no other ends as surnames do."""
    return _ends_as_surname(plain(word))


def plain(name: str) -> str:
    """A word in the form in which names are compared."""
    return _spelling(name[:_LONGEST_NAME])


@lru_cache(maxsize=1 << 14)
def _is_compound(folded: str) -> bool:
    """«غلامعلی», «محمدپارسا»: a given name with another one before it."""
    rest = _COMPOUND.sub("", folded)
    return len(rest) > 2 and rest != folded and rest in names().given


@lru_cache(maxsize=1 << 14)
def _is_last(folded: str) -> bool:
    lists = names()
    if len(folded) < 3 or folded in lists.ordinary or _is_medical(folded):
        return False
    return folded in lists.last or _ends_as_surname(folded)


def _ends_as_surname(folded: str) -> bool:
    # «نیازمند», «اسکیزوفرنیا»: words end so too.
    return (
        len(folded) > 5
        and _SURNAME_ENDING.search(folded) is not None
        and folded not in names().people
        and not _is_medical(folded)
        and (folded in names().last or not is_known_word(folded))
    )


@lru_cache(maxsize=1 << 14)
def _is_ordinary(folded: str) -> bool:
    if _is_word(folded):
        return True
    shorter = {_ENDINGS.sub("", folded), _BEGINNINGS.sub("", folded)}
    shorter |= {_ENDINGS.sub("", word) for word in shorter}
    return any(len(word) > 2 and _is_word(word) for word in shorter)


def _is_word(folded: str) -> bool:
    lists = names()
    return (
        folded in lists.ordinary
        or folded in lists.people
        or folded in counted_words()
        or folded in hazm_vocabulary().verbs
        or _is_medical(folded)
    )


@lru_cache(maxsize=1 << 14)
def _is_medical(folded: str) -> bool:
    lists = names().medical
    stem = _MEDICAL_SUFFIX.sub("", folded)
    if folded in lists or (len(stem) > 3 and stem in lists):
        return True
    return len(folded) > 5 and _MEDICAL_ENDING.search(folded) is not None


@lru_cache(maxsize=1 << 16)  # words come again and again
def _spelling(name: str) -> str:
    return fold(name).replace("\u200c", "").replace("ئی", "یی").replace("وو", "و")


@cache
def counted_words() -> dict[str, int]:
    """How often hazm's corpus has its words: its dictionary has inflections and names too."""
    # hazm's own file, found without importing it, which takes seconds.
    found = find_spec("hazm")
    folder = Path(found.origin).parent if found and found.origin else Path()
    lines = (folder / "data" / "words.dat").read_text("utf-8").split("\n")
    counted = (line.split("\t") for line in lines if "\t0\t" not in line and "\t" in line)
    return {_spelling.__wrapped__(word): int(count) for word, count, *_ in counted}


@cache
def _usual_with_gaps() -> frozenset[str]:
    """The usual words of four letters and more, and each of them without one of its letters."""
    lists = names()
    usual = [word for word in lists.medical | lists.ordinary if len(word) > 3]
    return frozenset(usual).union(*map(_deletions, usual))


def _deletions(word: str) -> frozenset[str]:
    return frozenset(word[:i] + word[i + 1 :] for i in range(len(word)))


@cache
def names() -> _Names:
    """The lists."""
    from farsi_faker import FarsiFaker

    faker = FarsiFaker(seed=0)
    given = frozenset(map(plain, listed_words("given_names.txt")))
    stopwords = frozenset(map(plain, hazm_vocabulary().stopwords))
    ordinary = frozenset(map(plain, listed_words("ordinary_words.txt"))) | stopwords
    medical = (*listed_words("medical_words.txt"), *listed_words("personal/medical_terms.txt"))
    return _Names(
        given,
        given - frozenset(map(plain, _ALSO_WORDS.split())),
        given | _single_words((*faker._male_names, *faker._female_names)),
        _single_words(faker._last_names),
        ordinary - given,
        frozenset(map(plain, listed_words("personal/people_words.txt"))),
        stopwords,
        frozenset(map(plain, medical)) - given,
    )


@cache
def written_given_names() -> frozenset[str]:
    """The given names, and two of them written as one, as words between spaces are."""
    # Few, so that looking every word of every text up in them stays quick.
    given = names().given | frozenset(map(fold, listed_words("given_names.txt")))
    compounds = {name for name in names().first if _is_compound(name)}
    before = {sign + name for sign in "(«." for name in given}
    after = {name + sign for sign in "،.,:)»؛" for name in given | before}
    return given | compounds | before | after


@cache
def _cities() -> frozenset[str]:
    return frozenset(plain(city.name) for city in cities() if not city.is_word)


def _single_words(listed: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(name) for name in listed if " " not in name and len(name) > 2)
