"""The paper's prompts, word for word, and how options are set under a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from gaokerena_data.choices.mentions import LETTERS

CHOICES = (
    "\nبه پرسش زیر به پاسخ بدهید و تنها از زبان فارسی استفاده کنید!\n"
    "## پرسش\n{question} \n\n\n## گزینه ها\n{choices} \n\n\n\n\n"
)
# What stands behind a translator: the English medical model reads the bare question.
CHOICES_ENGLISH = "\n{question} \n\n{choices}\n"
# For log-likelihood: the same question, ended where the letter is to come.
SCORED_END = "\n\nپاسخ صحیح:"
CHOICES_SCORED = CHOICES.rstrip() + SCORED_END
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


def choices_prompt(
    question: str,
    options: Sequence[str],
    template: str = CHOICES,
    labels: Sequence[str] = LETTERS,
) -> str:
    """The prompt of a multiple-choice question, its options set as `[A] : ...`."""
    lines = [f"[{label}] : {option}" for label, option in zip(labels, options, strict=False)]
    return template.format(question=question, choices="\n".join(lines))


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """How a multiple-choice question is put; by default as the paper puts it.

    Args:
        template: with places for `{question}` and `{choices}`.
        labels: of the options, in order.
    """

    template: str = CHOICES
    labels: Sequence[str] = LETTERS

    def prompt(self, question: str, options: Sequence[str]) -> str:
        """What is asked for a free answer."""
        return choices_prompt(question, options, self.template, self.labels)

    def scored_prompt(self, question: str, options: Sequence[str]) -> str:
        """The same, ended where the label is to come."""
        return self.prompt(question, options).rstrip() + SCORED_END


PAPER_FORM = ChoiceForm()


def free_form_prompt(question: str) -> str:
    """The prompt of a patient's question."""
    return FREE_FORM.format(question=question)
