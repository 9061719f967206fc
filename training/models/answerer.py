"""Whoever answers a conversation, and how that is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from training.models.decoding import Decoding


@dataclass(slots=True)
class Usage:
    """Filled while an answer is written.

    Attributes:
        tokens_in: of the prompt.
        tokens_out: of the answer so far.
        cut_off: whether the limit of tokens ended it.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    cut_off: bool = False


class Answerer(Protocol):
    """A model that answers a conversation, piece by piece."""

    def answer(
        self,
        messages: Sequence[dict[str, str]],
        decoding: Decoding | None = None,
        usage: Usage | None = None,
    ) -> Iterator[str]:
        """Pieces of the next turn. Closing the iterator stops it."""
        ...
