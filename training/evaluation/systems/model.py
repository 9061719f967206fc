"""What a model is here: it answers prompts, and may score given text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pydantic import BaseModel

from training.models.decoding import Decoding


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote.

    Args:
        text: the new text alone.
        tokens: how many tokens it is, the end token included; 0 where an endpoint does not say.
        seconds: wall time; of a batch, its share.
        flags: what went wrong on the way, "question left in Persian" for one.
        missing: why there is no text, in the words of `endpoints.reply`; None where there is one.
        because: the endpoint's words on that.
        cut_off: whether the text ends where the limit of tokens was reached.
    """

    text: str
    tokens: int
    seconds: float
    flags: tuple[str, ...] = ()
    missing: str | None = None
    because: str = ""
    cut_off: bool = False


def whole_text(answer: Generation) -> str:
    """What a model said; nothing where the limit of tokens cut it off, for its end is not known."""
    return "" if answer.cut_off else answer.text


class Model(Protocol):
    """Anything that answers prompts, each a single user turn."""

    name: str

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        """One answer a prompt, in order; the prompts make one batch."""

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        """For every prompt, the summed log probability of every continuation (natural log)."""


@runtime_checkable
class SchemaModel(Protocol):
    """A model that can be held to a schema of JSON."""

    name: str

    def generate_json(
        self, prompts: Sequence[str], decoding: Decoding, schema: type[BaseModel]
    ) -> list[Generation]:
        """One answer a prompt, in order; JSON of the schema where the model keeps to it."""
