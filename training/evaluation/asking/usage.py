"""What answers took: seconds, tokens and dollars a question, as far as the files tell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gaokerena_data.endpoints.cost import count_tokens
from gaokerena_data.errors import GaokerenaError
from training.evaluation.questions.prompts import choices_prompt
from training.evaluation.reading.answers import ChoiceAnswer

type Prices = Mapping[str, tuple[float, float]]


def parse_price(text: str) -> tuple[str, tuple[float, float]]:
    """`SYSTEM=IN,OUT`: dollars for a million tokens read, and for a million written.

    Raises:
        GaokerenaError: it is something else.

    Example:
        >>> parse_price("gpt-4o=2.5,10")
        ('gpt-4o', (2.5, 10.0))
    """
    name, _, prices = text.rpartition("=")
    try:
        read, written = map(float, prices.split(","))
    except ValueError:
        read = written = -1.0
    if not name or not (0 <= read < np.inf and 0 <= written < np.inf):
        raise GaokerenaError(
            f"{text!r} is no price: write SYSTEM=IN,OUT, in dollars a million tokens"
        )
    return name, (read, written)


def measure_usage(
    subject: str, system: str, answers: Sequence[ChoiceAnswer], prices: Prices
) -> dict[str, Any] | None:
    """Seconds, tokens and dollars a question of one answer file; None where it tells nothing.

    Seconds of a question that was asked in a batch are its share of the batch. Tokens read are
    those of the prompt of `choices`, by the packaged tokenizer; tokens written are the model's own.
    An endpoint that does not count them leaves 0, and then there is no price.
    """
    seconds = [answer.seconds for answer in answers if answer.seconds is not None]
    tokens = [answer.tokens for answer in answers if answer.tokens is not None]
    if not seconds and not any(tokens):
        return None
    price = prices.get(system)
    dollars = None
    if price is not None and answers and len(tokens) == len(answers) and any(tokens):
        read = count_tokens([choices_prompt(a.question, a.options) for a in answers])
        dollars = (read * price[0] + sum(tokens) * price[1]) / 1e6 / len(answers)
    return {
        "subject": subject,
        "system": system,
        "questions": len(answers),
        "seconds": float(np.mean(seconds)) if seconds else None,
        "median_seconds": float(np.median(seconds)) if seconds else None,
        "tokens": float(np.mean(tokens)) if any(tokens) else None,
        "dollars": dollars,
    }
