"""What asking will cost, told before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

_ENCODING = "o200k_base"


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate: requests, tokens, and dollars at the prices given.

    Args:
        requests: how many.
        tokens_in: of the prompts, by the packaged tokenizer o200k_base; a model's own may differ.
        tokens_out: of the answers.
        dollars: None where a price is not known.
    """

    requests: int
    tokens_in: int
    tokens_out: int
    dollars: float | None

    def __str__(self) -> str:
        """What a person is told before anything is sent."""
        dollars = "give --price-in and --price-out for dollars"
        if self.dollars is not None:
            dollars = f"about {self.dollars:,.2f} dollars"
        return (
            f"{self.requests:,} requests: about {self.tokens_in:,} tokens to read and "
            f"{self.tokens_out:,} to write, {dollars}"
        )


def estimate_cost(
    prompts: Sequence[str],
    tokens_out: int,
    *,
    price_in: float | None = None,
    price_out: float | None = None,
) -> Cost:
    """What some prompts will cost.

    Args:
        prompts: what will be sent.
        tokens_out: of one answer, on average.
        price_in: dollars a million tokens read.
        price_out: dollars a million tokens written.
    """
    read, written = count_tokens(prompts), tokens_out * len(prompts)
    dollars = None
    if price_in is not None and price_out is not None:
        dollars = (read * price_in + written * price_out) / 1e6
    return Cost(len(prompts), read, written, dollars)


def count_tokens(texts: Sequence[str]) -> int:
    """Tokens of all texts together, by the tokenizer that lies in the package."""
    import bpe_openai

    encoding = bpe_openai.get_encoding(_ENCODING)
    return sum(len(encoding.encode_ordinary(text)) for text in texts)
