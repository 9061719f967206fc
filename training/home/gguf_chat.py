"""A conversation with a model of one GGUF file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from training.home.gguf_encoder import GgufEncoder
from training.home.llama_cpp import LlamaCpp
from training.models.answerer import Usage
from training.models.decoding import Decoding


class GgufChat:
    """A GGUF file on this machine that answers."""

    def __init__(
        self, path: str, decoding: Decoding, *, context: int | None = None, exact: bool = False
    ) -> None:
        """Load it.

        Args:
            path: of the file.
            decoding: how it answers where nothing else is said.
            context: the most tokens of a conversation with its answer.
            exact: see `LlamaCpp`.

        Raises:
            GaokerenaError: it cannot be loaded, or has no chat template.
        """
        self._decoding = decoding
        self.model = LlamaCpp(Path(path), context=context, exact=exact)
        if not self.model.template:
            raise GaokerenaError(f"{path} has no chat template: it was not made for conversations")
        self.encoder = GgufEncoder(self.model)

    def answer(
        self,
        messages: Sequence[dict[str, str]],
        decoding: Decoding | None = None,
        usage: Usage | None = None,
    ) -> Iterator[str]:
        """Pieces of the next turn; the oldest turns are left out when the context is full."""
        how, count = decoding or self._decoding, usage or Usage()
        prompt = self.encoder.newest_turns(messages, self.model.context - how.max_new_tokens)
        count.tokens_in = len(prompt)
        steps = self.model.generate(prompt, how)
        try:
            for step in steps:
                count.tokens_out += step.tokens
                count.cut_off = step.cut_off
                if step.text:
                    yield step.text
        finally:
            steps.close()  # type: ignore[attr-defined] # a generator, whose request is ended
