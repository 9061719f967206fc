"""The parameters of a request, and what is done without where a model rejects one."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gaokerena_data.endpoints.troubles import Trouble

_TOKENS, _NEWER_TOKENS, _FORMAT = "max_tokens", "max_completion_tokens", "response_format"
# What a model may be asked without.
_OPTIONAL = ("temperature", "seed", "repetition_penalty", _TOKENS, _NEWER_TOKENS)
_REJECTS = re.compile(
    r"unsupported|not[ _]supported|n['o]t support|unrecognized|unknown|unexpected"
    r"|not (?:be )?permitted|extra[ _]|additional propert|not allowed|not available"
    r"|deprecated|only the default"
    r"|invalid[ _](?:parameter|argument|param|value)|cannot be used|not a valid|no longer",
)
# Too long a question is no parameter's fault, although such a message may name one.
_TOO_LONG = re.compile(r"context[ _](?:length|window)|too (?:long|many)|reduce the length")
_OF_FORMAT = re.compile(
    r"response_format|json[_ ]schema|json[_ ]object|json mode|structured[_ ]output"
    r"|guided|grammar|output_config|\bschema\b"
)


@dataclass(frozen=True, slots=True)
class Options:
    """How an endpoint is asked to generate; None leaves a parameter out.

    Args:
        max_tokens: the most tokens of an answer.
        temperature: 0 is greedy.
        seed: of sampling.
        repetition_penalty: 1 is none; not of OpenAI's own parameters.
    """

    max_tokens: int | None = 1024
    temperature: float | None = 0.0
    seed: int | None = 0
    repetition_penalty: float | None = None


class Parameters:
    """Which parameters an endpoint takes, as far as its errors have told."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Begin with all of them.

        Args:
            say: told in one line of each parameter that is done without.
        """
        self._say = say
        self._lock = threading.Lock()
        self._without: set[str] = set()
        self._formats = ["json_schema", "json_object"]

    @property
    def sends_schema(self) -> bool:
        """Whether a schema goes with a request; where not, it must stand in the prompt."""
        return self._formats[:1] == ["json_schema"]

    def body(self, options: Options, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        """The parameters of a request but for model and messages.

        Args:
            options: how to generate.
            schema: JSON schema of the answer, where it is to have one.
        """
        body: dict[str, Any] = {
            "temperature": options.temperature,
            _TOKENS: options.max_tokens,
            "seed": options.seed,
            "repetition_penalty": options.repetition_penalty,
        }
        if _TOKENS in self._without:
            body[_NEWER_TOKENS] = body[_TOKENS]
        body = {k: v for k, v in body.items() if v is not None and k not in self._without}
        if schema is None or not self._formats:
            return body
        if self._formats[0] == "json_object":
            return body | {_FORMAT: {"type": "json_object"}}
        named = {"name": schema.get("title", "answer"), "strict": True, "schema": dict(schema)}
        return body | {_FORMAT: {"type": "json_schema", "json_schema": named}}

    def give_up(self, sent: Mapping[str, Any], trouble: Trouble) -> bool:
        """Do without what an error rejects; whether the request is worth sending again.

        Args:
            sent: the request's body.
            trouble: the error.
        """
        if trouble.status not in {400, 415, 422, 501}:
            return False
        known = trouble.known
        with self._lock:
            if _FORMAT in sent and _OF_FORMAT.search(known):
                return self._lower_format(sent[_FORMAT]["type"])
            if not _REJECTS.search(known) or _TOO_LONG.search(known):
                return False
            named = [name for name in _OPTIONAL if name in sent and _names(known, name)]
            if not named:
                return False
            for name in set(named[:1]) - self._without:
                self._without.add(name)
                instead = f", {_NEWER_TOKENS} is sent instead" if name == _TOKENS else ""
                self._say(f"the model takes no {name}: left out{instead}")
            return True

    def _lower_format(self, sent: str) -> bool:
        if self._formats[:1] == [sent]:
            self._formats.pop(0)
            instead = self._formats[0] if self._formats else "the schema in the prompt alone"
            self._say(f"the model takes no {_FORMAT} {sent}: {instead} instead")
        return True


def _names(known: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){name}(?![\w-])", known) is not None
