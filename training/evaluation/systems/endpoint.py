"""A model behind an OpenAI-compatible endpoint, asked as any other model is."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from gaokerena_data.endpoints.endpoint import Endpoint
from gaokerena_data.endpoints.parameters import Options
from gaokerena_data.endpoints.reply import Reply
from gaokerena_data.errors import GaokerenaError
from training.evaluation.systems.model import Generation
from training.models.decoding import Decoding


class EndpointModel:
    """A chat model behind `POST {base}/chat/completions`."""

    def __init__(
        self,
        name: str,
        base: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        retries: int = 6,
        pause: Callable[[float], Any] | None = None,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            name: the model's name at the endpoint.
            base: the url up to and with `/v1`.
            key_variable: environment variable of the key; unset means no key is sent.
            retries: how often a request is sent again after a passing failure.
            pause: how to wait, in seconds; None waits.
        """
        self.name = name
        self._endpoint = Endpoint(
            name, base, key_variable=key_variable, retries=retries, pause=pause
        )

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        """One answer a prompt, in order; a batch is sent at once.

        Where there is no text the answer says why: one question that is not taken stops no run.
        """
        replies = self._endpoint.ask(prompts, _options(decoding))
        return [_generation(reply) for reply in replies]

    def generate_json(
        self, prompts: Sequence[str], decoding: Decoding, schema: type[BaseModel]
    ) -> list[Generation]:
        """One answer a prompt, in order; JSON of the schema where the model keeps to it."""
        replies = self._endpoint.ask(prompts, _options(decoding), schema)
        return [_generation(reply) for reply in replies]

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        """Endpoints give no log-likelihoods of given text.

        Raises:
            GaokerenaError: always.
        """
        raise GaokerenaError(
            f"{self.name} is behind an endpoint, which scores no given text ({len(continuations)} "
            f"letters under {len(prompts)} questions asked): use --method generate"
        )


def _options(decoding: Decoding) -> Options:
    penalty = decoding.repetition_penalty
    return Options(
        decoding.max_new_tokens,
        decoding.temperature,
        decoding.seed,
        penalty if penalty != 1.0 else None,
    )


def _generation(reply: Reply) -> Generation:
    return Generation(
        reply.text or "",
        reply.tokens_out,
        reply.seconds,
        missing=reply.missing,
        because=reply.detail,
        cut_off=reply.cut_off,
    )
