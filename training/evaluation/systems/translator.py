"""What translates for a pipeline: a chat model asked to, or an encoder-decoder (`seq2seq`)."""

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from training.evaluation.questions.prompts import TRANSLATE_TO_ENGLISH, TRANSLATE_TO_PERSIAN
from training.evaluation.systems.model import Model
from training.models.decoding import Decoding

type Language = Literal["en", "fa"]
_TEMPLATES: dict[Language, str] = {"en": TRANSLATE_TO_ENGLISH, "fa": TRANSLATE_TO_PERSIAN}
_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff]")
_LATIN = re.compile(r"[A-Za-z]")
# A translation may keep drug names and codes in the other script, but not be made of it.
_LEAST = 0.5


class Translator(Protocol):
    """Translates texts into one language."""

    name: str

    def translate(self, texts: Sequence[str], into: Language) -> list[str]:
        """One translation a text, in order."""


class ChatTranslator:
    """A chat model asked to translate."""

    def __init__(self, model: Model, decoding: Decoding | None = None) -> None:
        self.model = model
        self.name = model.name
        self._decoding = decoding or Decoding()

    def translate(self, texts: Sequence[str], into: Language) -> list[str]:
        """One translation a text, in order, all in one batch."""
        prompts = [_TEMPLATES[into].format(text=text) for text in texts]
        return [answer.text for answer in self.model.generate(prompts, self._decoding)]


def is_in(text: str, language: Language) -> bool:
    """Whether most letters of a text are of a language's script; a text without letters is."""
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if arabic + latin == 0:
        return True
    wanted = latin if language == "en" else arabic
    return wanted / (arabic + latin) >= _LEAST
