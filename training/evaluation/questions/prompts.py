"""The paper's prompts, word for word, and how options are set under a question."""

from collections.abc import Sequence

from training.evaluation.reading.mentions import LETTERS

CHOICES = (
    "\nبه پرسش زیر به پاسخ بدهید و تنها از زبان فارسی استفاده کنید!\n"
    "## پرسش\n{question} \n\n\n## گزینه ها\n{choices} \n\n\n\n\n"
)
# What stands behind a translator: the English medical model reads the bare question.
CHOICES_ENGLISH = "\n{question} \n\n{choices}\n"
# For log-likelihood: the same question, ended where the letter is to come.
CHOICES_SCORED = CHOICES.rstrip() + "\n\nپاسخ صحیح:"
FREE_FORM = (
    "شما یک پزشک حاذق هستید و در حوزه پزشکی دانش بسیار بالایی دارید "
    "لطفا هر آنچه در مورد پرسش مطرح شده میدانید بگویید\nپرسش:{question}"
)
TRANSLATE_TO_ENGLISH = (
    "Translate the following Persian medical text to English. "
    "Keep whatever stands in [[double brackets]] as it is. "
    "Answer with the translation and nothing else.\n\n{text}"
)
TRANSLATE_TO_PERSIAN = (
    "Translate the following English medical text to Persian. "
    "Keep whatever stands in [[double brackets]] as it is. "
    "Answer with the translation and nothing else.\n\n{text}"
)


def choices_prompt(question: str, options: Sequence[str], template: str = CHOICES) -> str:
    """The prompt of a multiple-choice question, its options set as `[A] : ...`."""
    lines = [f"[{letter}] : {option}" for letter, option in zip(LETTERS, options, strict=False)]
    return template.format(question=question, choices="\n".join(lines))


def free_form_prompt(question: str) -> str:
    """The prompt of a patient's question."""
    return FREE_FORM.format(question=question)
