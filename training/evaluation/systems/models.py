"""What answers prompts: a transformers model, with an adapter or without, or an endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gaokerena_data.errors import GaokerenaError
from training.extras import needs_extra


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote.

    Args:
        text: the new text alone.
        tokens: how many tokens it is, the end token included; 0 where an endpoint does not say.
        seconds: wall time; of a batch, its share.
        flags: what went wrong on the way, "question left in Persian" for one.
    """

    text: str
    tokens: int
    seconds: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to generate. Temperature 0 is greedy; anything above samples, from `seed`."""

    max_new_tokens: int = 1024
    temperature: float = 0.0
    repetition_penalty: float = 1.0
    seed: int = 0


class Model(Protocol):
    """Anything that answers prompts, each a single user turn."""

    name: str

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        """One answer a prompt, in order; the prompts make one batch."""

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        """For every prompt, the summed log probability of every continuation (natural log)."""


def open_model(
    name: str,
    *,
    adapter: str | None = None,
    endpoint: str | None = None,
    key_variable: str = "OPENAI_API_KEY",
    chat: bool = True,
) -> Model:
    """Open a model by name.

    Args:
        name: a folder, a Hub repository, or with `endpoint` the name the endpoint knows.
        adapter: folder or repository of a LoRA adapter to put on it.
        endpoint: base url of an OpenAI-compatible server, up to `/v1`.
        key_variable: the environment variable that holds the endpoint's key, if it needs one.
        chat: set prompts as a user turn of the chat template where the model has one.

    Raises:
        GaokerenaError: the model cannot be opened, or the extra `evaluate` is not installed.
    """
    if endpoint is not None:
        from training.evaluation.systems.endpoint import Endpoint

        if adapter is not None:
            raise GaokerenaError("an endpoint takes no adapter: load it where the endpoint runs")
        return Endpoint(name, endpoint, key_variable=key_variable)
    with needs_extra("evaluate", ", or give --endpoint"):
        from training.evaluation.systems.local_model import LocalModel
    return LocalModel(name, adapter=adapter, chat=chat)
