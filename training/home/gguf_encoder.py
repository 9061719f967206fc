"""Texts of others as a GGUF file's tokens, by the same way as a transformers model's."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.home.llama_cpp import LlamaCpp
from training.models.encoding import Encoder


@dataclass(frozen=True, slots=True)
class _Encoding:
    ids: list[int]
    offsets: list[tuple[int, int]]


class _Reader:
    """llama.cpp's tokenizer, with or without its control tokens."""

    def __init__(self, model: LlamaCpp, *, control: bool) -> None:
        self._model, self._control = model, control
        letters = sorted(model.control.values(), key=len, reverse=True)
        self._spelled = re.compile(f"({'|'.join(map(re.escape, letters))})" if letters else "(?!)")

    def encode(self, text: str, add_special_tokens: bool = False) -> _Encoding:  # noqa: ARG002
        """Tokens; the offsets of a control token are its own, those of others are rough."""
        if not self._control:
            ids = self._model.tokenize(self._normalized(text), control=False)
            return _Encoding(ids, [(0, len(text))] * len(ids))
        ids, offsets, place = [], [], 0
        for piece in self._spelled.split(text):
            found = self._model.tokenize(self._normalized(piece), control=True)
            ids += found
            offsets += [(place, place + len(piece))] * len(found)
            place += len(piece)
        return _Encoding(ids, offsets)

    def encode_batch(self, texts: Sequence[str], add_special_tokens: bool = False) -> Any:  # noqa: ARG002
        """The same of several texts."""
        return [self.encode(text) for text in texts]

    def _normalized(self, text: str) -> str:
        return unicodedata.normalize("NFC", text) if self._model.normalizer == "NFC" else text


@dataclass(frozen=True, slots=True)
class _Template:
    """What an encoder asks a tokenizer of transformers for."""

    text: str
    special_tokens_map: dict[str, str]

    def get_chat_template(self) -> str:
        """The chat template."""
        return self.text


class GgufEncoder(Encoder):
    """A GGUF file's tokenizer for texts that others wrote."""

    def __init__(self, model: LlamaCpp) -> None:
        """Take a loaded model.

        Raises:
            GaokerenaError: what fills in chat templates is not installed.
        """
        if find_spec("transformers") is None:
            raise GaokerenaError(
                "transformers is not installed: pip install 'gaokerena-data[home]'"
            )
        self._framed, self._plain = _Reader(model, control=True), _Reader(model, control=False)
        self.control = frozenset(model.control)
        self._tokenizer = _Template(model.template or "", model.special)

    def plain(self, text: str) -> list[int]:
        """Tokens of a text, none of them a control token, nothing around it."""
        found: list[int] = self._plain.encode(text).ids
        return found
