"""A pipeline of translators: options in their place, and legs that do not translate."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.errors import GaokerenaError
from tests.openai_server import chat_server
from training.evaluation.questions.benchmarks import Item
from training.evaluation.systems.endpoint import EndpointModel
from training.evaluation.systems.model import Generation
from training.evaluation.systems.pipeline import Pipeline
from training.evaluation.systems.translator import ChatTranslator, Language, is_in
from training.models.decoding import Decoding

WORDS = {"کبد": "liver", "کلیه": "kidney", "طحال": "spleen", "ریه": "lung", "کدام؟": "which one?"}
ITEM = Item("i", "ibmsee", 1, "کدام؟", ("کبد", "کلیه", "طحال", "ریه"), "B")


class Dictionary:
    """A translator that knows a few words."""

    name = "dictionary"

    def translate(self, texts: Sequence[str], into: Language) -> list[str]:
        if into == "en":
            return [WORDS[text] for text in texts]
        return [text.replace("The answer is", "پاسخ صحیح") for text in texts]


class Copier(Dictionary):
    """A translator that hands back what it got."""

    def translate(self, texts: Sequence[str], into: Language) -> list[str]:
        return list(texts)


class English:
    """An English model that answers by a function of its prompt."""

    name = "english"

    def __init__(self, answer: Callable[[str], str]) -> None:
        self.answer = answer
        self.prompts: list[str] = []

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        self.prompts += prompts
        return [Generation(self.answer(prompt), 3, 0.1) for prompt in prompts]

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        raise NotImplementedError


def test_every_option_keeps_its_letter() -> None:
    model = English(lambda prompt: "The answer is [B]")
    [answer] = Pipeline(model, Dictionary()).answer_choices([ITEM], Decoding())
    assert model.prompts == [
        "\nwhich one? \n\n[A] : liver\n[B] : kidney\n[C] : spleen\n[D] : lung\n"
    ]
    assert answer.text == "پاسخ صحیح [B]"
    assert answer.flags == ()


def test_an_untranslated_question_stops_the_run() -> None:
    pipeline = Pipeline(English(str), Copier(), Dictionary())
    with pytest.raises(GaokerenaError, match="left 5 of 5 texts in Persian"):
        pipeline.answer_choices([ITEM], Decoding())


def test_an_untranslated_leg_is_written_down_when_allowed() -> None:
    model = English(lambda prompt: "The answer is the kidney")
    pipeline = Pipeline(model, Copier(), Copier(), stop_when_untranslated=False)
    [answer] = pipeline.answer_questions(["کلیه درد می‌کند"], Decoding())
    assert answer.flags == ("left in Persian", "left in English")


def test_a_translator_that_loses_a_text_is_an_error() -> None:
    class Loser(Dictionary):
        def translate(self, texts: Sequence[str], into: Language) -> list[str]:
            return super().translate(texts, into)[1:]

    with pytest.raises(GaokerenaError, match="4 translations of 5"):
        Pipeline(English(str), Loser()).answer_choices([ITEM], Decoding())


def test_no_translation_is_no_empty_question() -> None:
    class Silent(Dictionary):
        def translate(self, texts: Sequence[str], into: Language) -> list[str]:
            return [""] * len(texts)

    with pytest.raises(GaokerenaError, match="left 5 of 5 texts"):
        Pipeline(English(str), Silent()).answer_choices([ITEM], Decoding())
    going_on = Pipeline(English(str), Silent(), stop_when_untranslated=False)
    [answer] = going_on.answer_choices([ITEM], Decoding())
    assert "left in Persian" in answer.flags


def test_a_chat_model_translates() -> None:
    def translate(prompt: str) -> str:
        text = prompt.rpartition("\n\n")[2]
        return WORDS.get(text, "پاسخ صحیح [C]")

    with chat_server(translate) as server:
        translator = ChatTranslator(EndpointModel("t", server.url))
        model = English(lambda prompt: "The answer is [C]")
        [answer] = Pipeline(model, translator).answer_choices([ITEM], Decoding())
    assert "[C] : spleen" in model.prompts[0]
    assert answer.text == "پاسخ صحیح [C]"
    assert server.prompts[0].startswith("Translate the following Persian medical text to English")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The patient takes ۵۰۰ mg", "en", True),
        ("بیمار TSH و T4 بالایی دارد", "fa", True),
        ("بیمار تب دارد", "en", False),
        ("the patient تب has", "fa", False),
        ("123 %", "en", True),
    ],
)
def test_script_of_a_leg(text: str, language: Language, expected: bool) -> None:
    assert is_in(text, language) is expected


@given(st.text())
def test_a_text_with_letters_is_in_one_language_at_least(text: str) -> None:
    assert is_in(text, "en") or is_in(text, "fa")
