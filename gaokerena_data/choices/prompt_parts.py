"""A prompt with a multiple-choice question taken apart: instruction, question, options.

The same instruction stands before every question of a set of pairs. It is kept beside them, so that
texts are compared by what is asked, not by what is asked of everyone.
"""

import re
from dataclasses import dataclass

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.mentions import LETTERS, label_place

# «## پرسش», "### Question:" alone on a line.
_HEADING = re.compile(r"^[#*\s]*(?:پرسش|سؤال|سوال|question)[*\s]*[::]?[*\s]*$", re.IGNORECASE)
_OPTIONS_HEADING = re.compile(
    r"^[#*\s]*(?:گزینه[\s\u200c]?ها[یي]?|choices|options)[*\s]*[::]?[*\s]*$", re.IGNORECASE
)
_OPTION = re.compile(
    r"^\s{0,8}(?:\[\s?(?P<box>[A-Za-z]|الف|[بجده]|\d)\s?\]\s?[::.)-]?"
    r"|\(?(?P<bare>[A-Za-z]|الف|[بجده]|\d)\s?[).::-])\s+(?P<text>\S.*)$"
)


@dataclass(frozen=True, slots=True)
class PromptParts:
    """The parts of a prompt.

    Args:
        instruction: what stands before the question's heading, the heading included; "" where
            there is no heading.
        question: without the options.
        options: their texts in order; none where fewer than two were found.
        body: all of the prompt but its instruction.
    """

    instruction: str
    question: str
    options: tuple[str, ...]
    body: str


def prompt_parts(prompt: str) -> PromptParts:
    r"""Take a prompt apart.

    Args:
        prompt: as a student was asked; options stand one a line, each behind its label
            (`[A] :`, `B)`, `الف)`, `1.`).

    Example:
        >>> parts = prompt_parts("گام به گام\n## پرسش\nکدام بزرگ‌تر است؟\n[A] : کبد\n[B] : طحال")
        >>> parts.question, parts.options
        ('کدام بزرگ‌تر است؟', ('کبد', 'طحال'))
    """
    lines = prompt.strip().splitlines()
    start = next((n + 1 for n, line in enumerate(lines) if _HEADING.match(line)), 0)
    instruction, rest = "\n".join(lines[:start]), lines[start:]
    question, options = _options(rest)
    return PromptParts(instruction, question, options, "\n".join(rest).strip())


def _options(lines: list[str]) -> tuple[str, tuple[str, ...]]:
    found: list[str] = []
    first = len(lines)
    for number, line in enumerate(lines):
        match = _OPTION.match(line)
        place = label_place(fold(match["box"] or match["bare"])) if match else None
        if match and place == 0:
            found, first = [match["text"].strip()], number
        elif match and found and place == len(found) < len(LETTERS):
            found.append(match["text"].strip())
        elif found and line.strip():
            found[-1] = f"{found[-1]} {line.strip()}"
    if len(found) < 2:
        found, first = [], len(lines)
    asked = [line for line in lines[:first] if not _OPTIONS_HEADING.match(line)]
    return "\n".join(asked).strip(), tuple(found)
