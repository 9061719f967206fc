"""Do two forms of a model say the same? Their logits on a few fixed texts, compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

# Invented. Formal and informal Persian, Latin names, digits of both kinds, and some English.
TEXTS = (
    "فشار خون بالا اغلب نشانه‌ای ندارد و با اندازه‌گیری منظم شناخته می‌شود.",
    "سلام دکتر، سه روزه گلودرد دارم و تب ۳۸.۵؛ استامینوفن ۵۰۰ می‌خورم ولی فایده نداره",
    "مصرف هم‌زمان warfarin و aspirin خطر خون‌ریزی را بیشتر می‌کند (INR بالای 3).",
    "A resting heart rate above 100 beats per minute is called tachycardia.",
)
QUESTION = "برای کم‌خونی فقر آهن چه غذاهایی بخورم و بعد از چند هفته آزمایش را تکرار کنم؟"

# Largest difference over largest logit. What one merge costs: 1e-7 in float32 (reordered sums), a
# rounding of every weight in the half precisions.
TOLERANCES = {torch.float32: 1e-4, torch.float16: 2e-2, torch.bfloat16: 5e-2}
# Between an adapter beside weights of 4 bits and the same beside the whole ones.
FOUR_BIT_TOLERANCE = 0.3


@dataclass(frozen=True, slots=True)
class Parity:
    """How far two forms are apart.

    Args:
        tokens: places that were compared.
        difference: the largest absolute difference of a logit.
        relative: the same over the largest absolute logit.
        same_top_token: share of the places where both would say the same next token.
    """

    tokens: int
    difference: float
    relative: float
    same_top_token: float


def sample_inputs(tokenizer: Any) -> list[torch.Tensor]:
    """Token ids of the fixed texts, `(1, tokens)` each, and of a question as a chat turn."""
    encoded = [tokenizer(text, return_tensors="pt")["input_ids"] for text in TEXTS]
    if tokenizer.chat_template:
        turn = [{"role": "user", "content": QUESTION}]
        framed = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
        encoded.append(
            tokenizer(framed, return_tensors="pt", add_special_tokens=False)["input_ids"]
        )
    return encoded


def logits_of(model: Any, inputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """Logits at all places of all inputs in float32, `(tokens, vocabulary)`."""
    model.eval()
    with torch.inference_mode():
        rows = [model(input_ids=ids.to(model.device)).logits[0].float().cpu() for ids in inputs]
    return torch.cat(rows)


def compare(one: torch.Tensor, other: torch.Tensor) -> Parity:
    """Compare two results of `logits_of` on the same inputs.

    Args:
        one: `(tokens, vocabulary)`; differences are related to its largest logit.
        other: the same shape.

    Example:
        Two places, a vocabulary of two: in the second one the other form says the other token.

        >>> one = torch.tensor([[4.0, 1.0], [2.0, 1.5]])
        >>> other = torch.tensor([[4.0, 1.0], [2.0, 2.5]])
        >>> compare(one, other)
        Parity(tokens=2, difference=1.0, relative=0.25, same_top_token=0.5)
    """
    difference = float((one - other).abs().max())
    return Parity(
        tokens=len(one),
        difference=difference,
        relative=difference / max(float(one.abs().max()), 1e-9),
        same_top_token=float((one.argmax(-1) == other.argmax(-1)).float().mean()),
    )
