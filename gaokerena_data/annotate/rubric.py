"""The rubric as a teacher reads it, with the row that it is to judge."""

import hashlib
import json
from functools import cache
from importlib import resources

from gaokerena_data.annotate.codes import CodeList, Language, codes
from gaokerena_data.annotate.judgement import Judgement
from gaokerena_data.endpoints.reply import whole

# Letters of each text that a teacher reads; what is longer says no more about a row's worth.
MOST_LETTERS = 6_000
_LISTS: tuple[CodeList, ...] = ("specialties", "question_types", "icd11_chapters")
_EXAMPLE = Judgement(
    worth_keeping=True,
    fault=None,
    answers_question=2,
    stands_alone=True,
    medically_sound=3,
    harmful=False,
    complete=True,
    specialty="obgyn",
    question_type="side_effect",
    icd11_chapter="24",
    patient_age=27,
    patient_sex="female",
)
_HEADINGS = {"en": ("Question", "Answer"), "fa": ("پرسش", "پاسخ")}


def prompt_for(question: str, answer: str, language: Language) -> str:
    """What a teacher is asked of one row.

    The texts stand between marks that are made of their digest, so that no text can close its own.

    Args:
        question: without personal data.
        answer: without personal data.
        language: of the rubric.
    """
    texts = [_shortened(whole(text)) for text in (question, answer)]
    fence = "=" * 5 + hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:12]
    row = "".join(
        f"\n## {heading}\n\n{fence}\n{text}\n{fence}\n"
        for heading, text in zip(_HEADINGS[language], texts, strict=True)
    )
    return _rubric(language).replace("{fence}", fence) + row


def again(prompt: str, why: str) -> str:
    """The same, asked of a teacher whose last answer was none."""
    return f"{prompt}\nYour last answer was no such JSON object ({why}). Answer with it alone.\n"


@cache
def _rubric(language: Language) -> str:
    file = resources.files("gaokerena_data.annotate") / f"rubric.{language}.md"
    text = file.read_text("utf-8")
    place = language == "fa"
    faults = "\n".join(f"- `{code}`: {names[place]}" for code, names in codes("faults").items())
    text = text.replace("{faults}", faults)
    for which in _LISTS:
        listed = (f"`{code}` {names[place]}" for code, names in codes(which).items())
        text = text.replace(f"{{{which}}}", "; ".join(listed))
    return text.replace("{example}", json.dumps(_EXAMPLE.model_dump(), ensure_ascii=False))


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + " […]"
