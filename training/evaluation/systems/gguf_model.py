"""A GGUF file, generating and scoring as any other model does; one prompt after the other."""

import time
from collections.abc import Sequence
from pathlib import Path

from training.evaluation.systems.model import Generation
from training.home.gguf_encoder import GgufEncoder
from training.home.llama_cpp import LlamaCpp
from training.models.decoding import Decoding


class GgufModel:
    """A model of one file, run by llama.cpp."""

    def __init__(
        self, name: str, *, chat: bool = True, context: int | None = None, exact: bool = False
    ) -> None:
        """Load it.

        Args:
            name: path of the file.
            chat: set prompts as a user turn of the chat template where the file has one.
            context: see `LlamaCpp`.
            exact: see `LlamaCpp`.

        Raises:
            GaokerenaError: llama.cpp cannot load it, or is not installed.
        """
        self.name = name
        self.model = LlamaCpp(Path(name), context=context, exact=exact)
        self.encoder = GgufEncoder(self.model)
        self.chat = chat and self.model.template is not None

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        """One answer a prompt, in order."""
        return [self._answer(prompt, decoding) for prompt in prompts]

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        """For every prompt, the summed log probability of every continuation (natural log).

        After a chat template the continuation follows at once, after bare text a space.
        """
        found = []
        for prompt in prompts:
            ids = self._framed(prompt)
            gap = "" if self.chat else " "
            found.append([self._score(ids, gap + text) for text in continuations])
        return found

    def log_probabilities(self, ids: Sequence[int]) -> list[float]:
        """Of every token but the first, given those before it; natural log."""
        return [self.model.log_probability(ids[:at], ids[at]) for at in range(1, len(ids))]

    def _score(self, context: list[int], continuation: str) -> float:
        rest = self.encoder.plain(continuation)
        ids = [*context, *rest]
        places = range(len(context), len(ids))
        return sum(self.model.log_probability(ids[:at], ids[at]) for at in places)

    def _framed(self, prompt: str) -> list[int]:
        if self.chat:
            return self.encoder.conversation([{"role": "user", "content": prompt}], ask=True).ids
        start = self.model.start
        return [*start, *self.encoder.plain(prompt)]

    def _answer(self, prompt: str, decoding: Decoding) -> Generation:
        began = time.perf_counter()
        steps = list(self.model.generate(self._framed(prompt), decoding))
        text = "".join(step.text for step in steps).strip()
        tokens = sum(step.tokens for step in steps)
        return Generation(text, tokens, time.perf_counter() - began, cut_off=steps[-1].cut_off)
