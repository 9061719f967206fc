"""Points for the languages of the Arabic script: what letters, words and endings speak for.

A detector of 176 languages reads Azeri, short Sorani or Persian from an Urdu keyboard as whatever
it has seen most of. Its answer is one voice here; a word that one language alone has is another.
"""

import re
from collections import defaultdict
from functools import cache

from gaokerena_data.text.files import listed_lines

# Letters that a language has and Persian does not. Some are of several languages.
LETTERS = {
    "ur": "ٹڈڑںۓۃ",
    "ps": "ټډړږښځڅېۍڼګ",
    "ckb": "ڕڵۆێڤ",
    "ku": "ڕۆێڤ",
    "ug": "ۇۈۋڭېۆ",
    "sd": "ٻڀٺٿڄڃڇڊڌڍڏڙڦڪڳڱڻ۾۽",
}
# Other keyboards' letters in Persian texts, and what Persian writes for them.
URDU_KEYBOARD = str.maketrans("ہۂھے", "هههی")
_KEYBOARDS = str.maketrans("ہۂھەۀےۓێيىېكڪ", "هههههییییییکک")
_SPELLING = str.maketrans("يىكڪ", "ییکک")
_FOREIGN = re.compile(f"[{''.join(sorted(set(''.join(LETTERS.values()))))}ہۂھەے]")
_NOT_ARABIC = re.compile("[پچژگ]")
_TOKEN = re.compile(r"[^\W\d_]+")

# Words that show a language by their shape. For Azeri: vowels that Persian spelling does not have
# (گؤز, یئمک), stems with whatever follows them, and endings (گؤزلریمیزدن, ائدیرسینیز).
_AZERI_VOWELS = "ائ(?!مه|تلاف)|اؤ|[یدگبچکو]ئ|سئ(?!و)|[تگدبسچیکق]ؤ[^ا]"
_AZERI_STEMS = (
    "یاخشی|آغری|اوشا[قغ]|قولا[قغ]|یوخ|چوخ|وار(?:دی|یم|می|ین|سا)|اول(?:دو|مو|ور|ما|سا|ار|ان|دی|سون)|"
    "گل(?:دی|یر|می|مه)|بیل(?:می|یر|مه)|ایست[هیم]|ایچ(?:یر|مک|دی|مه|ین|سین)|آپار|قورو|سونر|قاباق|"
    "یاغی|آ[تن]ام|بالام|باجی(?:م|سی)|باشی(?:م|ن)|دیش(?:یم|لر|ین)|دیز(?:یم|لر|ین)|قار(?:ین|نی)|"
    "قانی(?:م|ن)|اور[هگ]?گی|بویرک|آیا[قغ](?:ی|لا)|ایشتا|خسته(?:لن|لی)|دونن|بوگون|ایندی|هانسی|هارا|"
    "نئ[چجی]|منیم|سنین|اونون|بونون|بیزیم|سیزین"
)
_AZERI_ENDINGS = (
    "ل[اه]?ر(?:ین|ینی|ینه|ینا|ینده|یندا|یمیز|ینیز|ده|دا|دن|دان|دیر|یم|لا|له)|"
    "م[یو]ش(?:دیر|دور|دی|دیم|دیلر|ام|م|سن)|[یو]بدیر|[یو]بلر|ییب|ییر|اجاق|اجاغ|[یرل]ه?جک|جاغام|"
    "[^گ]یرام|یرسن|یرسینیز|یریک|یریق|یرلر|یردی|میرم|میرام|سینیز|سونوز|یمیز|ینیز|"
    "[لمنرتد]ماغ[ای]?|ماقدان|ماقدا|مکدن|مکده|یندا|یندان|یندن|سیندا|سینده|سیندن|سیندان|سینی|سینا|"
    "لیگی|لیغی|لوغو|لوگو|م[اه]?لی(?:یم|ییق|ییک|دیر|سان)|لییم|ییق|ورام|ورسان|یمدا|یمده|یمدن|یمدان|"
    "ندیر|یدیر|ودور|خدور|.لیر|.نیر|یرسان|[تیلرم]اندا|ماسی|سیزلی[قغک]|سوزلو[قغک]|[اه]رمی|یرمی|[لچغ]د[یو]م?"
)
# A word may show both a stem and an ending: each is a point.
_AZERI = (
    re.compile(f"^(?:{_AZERI_VOWELS}|{_AZERI_STEMS})"),
    re.compile(f"..(?:{_AZERI_ENDINGS})$"),
)
_SHAPES = {
    "ar": re.compile(
        "^(?:[وفبل]|لل)?ال(?!ان$|بته$|کل|تهاب|تیام|صاق|گو|کت|زام|هام|بوم|ماس|هه|یاف|رژ)[^پچژگ]{3,}$|"
        "[ةأإ]"
    ),
    "ckb": re.compile("^ئ.|ە."),
    "ku": re.compile("^ئ.|ە.|^(?!دە|نا)..+ێن?$"),
    "ur": re.compile("[بپتجچدکگٹڈ]ھ"),
    "ug": re.compile("^(?=.*[ەۆۇۈې]).*[يىك]"),
    "fa": re.compile(
        "^ن?می.+(?:م|د|ه|ید|یم|ند|ن|ین)$|..(?:های|هایی|هام|هاش|ترین|شون|مون|تون|گی|ستم|ستید)$"
    ),
}
_LETTER, _WORD, _SHAPE = 3.0, 1.0, 1.3


def count_foreign_letters(text: str) -> int:
    """How many letters of a text Persian lacks, or another keyboard writes for its own."""
    return len(_FOREIGN.findall(text))


def points(text: str) -> defaultdict[str, float]:
    """Points that a text in the Arabic script has for each language, by ISO 639 code.

    Letters that Persian lacks, words from `language_words.txt` and shapes of words count; a word
    of Persian counts with another keyboard's letters too. A language
    that nothing speaks for is not in it.

    Args:
        text: raw; the time is linear in its length.
    """
    found: defaultdict[str, float] = defaultdict(float)
    listed, letters = _languages_of_words(), _languages_of_letters()
    for match in _TOKEN.finditer(text):
        token = match[0]
        plain = token.translate(_SPELLING)
        folded = token.translate(_KEYBOARDS)
        languages = listed.get(plain, frozenset())
        if folded != plain and "fa" in listed.get(folded, ()):
            languages = languages | {"fa"}
        for language in languages:
            found[language] += _WORD
        for language in {each for letter in token for each in letters.get(letter, ())}:
            found[language] += _LETTER
        if "fa" not in languages:
            found["azb"] += _SHAPE * sum(shape.search(plain) is not None for shape in _AZERI)
            for language, shape in _SHAPES.items():
                if shape.search(token if language == "ug" else plain):
                    found[language] += _SHAPE
    return found


def can_be_arabic(text: str) -> bool:
    """Whether every letter of a text is one of Arabic's."""
    return not (_NOT_ARABIC.search(text) or count_foreign_letters(text))


def is_persian_word(word: str) -> bool:
    """Whether it is one of the usual words of Persian texts, or of medicine."""
    return "fa" in _languages_of_words().get(word.translate(_SPELLING), ())


def word_shares(text: str, *languages: str) -> list[float]:
    """The share of a text's words that each list knows, from 0 to 1."""
    words = _TOKEN.findall(text.lower())
    known = [_languages_of_words().get(word, frozenset()) for word in words]
    return [sum(each in some for some in known) / max(len(words), 1) for each in languages]


@cache
def _languages_of_words() -> dict[str, frozenset[str]]:
    languages: dict[str, set[str]] = {}
    current = ""
    # Words of medicine are Persian's, whoever else has them.
    for line in (*listed_lines("language_words.txt"), "[fa]", *listed_lines("medical_words.txt")):
        if line.startswith("["):
            current = line.strip("[]")
        else:
            for word in line.replace("\u200c", " ").split():
                languages.setdefault(word, set()).add(current)
    return {word: frozenset(some) for word, some in languages.items()}


@cache
def _languages_of_letters() -> dict[str, tuple[str, ...]]:
    every = sorted(set("".join(LETTERS.values())))
    return {
        letter: tuple(language for language, alphabet in LETTERS.items() if letter in alphabet)
        for letter in every
    }
