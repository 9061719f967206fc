"""llama.cpp, as its binding has it: a model of one file that reads tokens and writes tokens.

The binding runs llama.cpp's own server inside of this process, on a port of loopback. Its key is
made anew each time, so that nobody else on the machine can ask it. Prompts reach it as numbers of
tokens: letters of control tokens in a text stay letters.
"""

import http.client
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gaokerena_data.errors import GaokerenaError
from training.models.decoding import Decoding

_SUFFIX = ".gguf"
_MAGIC = b"GGUF"
_FORCED = 1e9
_EXTRA = "pip install 'gaokerena-data[home]'"


@dataclass(frozen=True, slots=True)
class Step:
    """What came in one step of an answer.

    Attributes:
        text: its letters; whole ones only.
        tokens: how many tokens.
        cut_off: of the last step, whether the limit of tokens ended the answer.
    """

    text: str
    tokens: int
    cut_off: bool = False


def is_gguf(model: str) -> bool:
    """Whether a model's name is that of a GGUF file."""
    return model.endswith(_SUFFIX)


class LlamaCpp:
    """A GGUF file, loaded."""

    def __init__(self, file: Path, *, context: int | None = None, exact: bool = False) -> None:
        """Load it.

        Args:
            file: the GGUF file.
            context: the most tokens at once; the model's own by default, and 8,192 at most.
            exact: keep keys and values in float32, not in float16.

        Raises:
            GaokerenaError: there is no such file, llama.cpp cannot read it, or it is not installed.
        """
        described = read_description(file)
        try:
            import xllamacpp
        except ModuleNotFoundError as error:
            raise GaokerenaError(f"a .gguf file is run by llama.cpp: {_EXTRA}") from error
        self.context = min(context or 8192, described.context)
        self.control = described.control
        self.template = described.template
        self.special = described.special
        self.normalizer = described.normalizer
        self.start = described.start
        self._key = secrets.token_hex(16)
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._key}",
        }
        options = xllamacpp.CommonParams()
        options.model.path = str(file)
        options.n_ctx = self.context
        options.n_parallel = 1
        options.warmup, options.ui, options.verbosity = False, False, -1
        options.api_keys = [self._key]
        options.cache_ram_mib = 0
        options.fit_params = False
        threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
        options.cpuparams.n_threads = threads or os.cpu_count() or 1
        if exact:
            options.cache_type_k = options.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        try:
            self._server = xllamacpp.Server(options)
        except Exception as error:  # the binding has none of its own
            raise GaokerenaError(f"{file}: llama.cpp cannot load it: {str(error)[:200]}") from error
        self._address = urlsplit(self._server.listening_address).netloc

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        """Tokens of a text; its control tokens count as such where `control` says so."""
        if not text:
            return []
        asked = {"content": text, "add_special": False, "parse_special": control}
        found: list[int] = self._ask("/tokenize", asked)["tokens"]
        return found

    def generate(self, prompt: Sequence[int], decoding: Decoding) -> Iterator[Step]:
        """An answer step by step; closing the iterator stops it.

        Args:
            prompt: tokens.
            decoding: how to answer.

        Raises:
            GaokerenaError: llama.cpp failed.
        """
        asked = {
            "prompt": list(prompt),
            "n_predict": decoding.max_new_tokens,
            "temperature": decoding.temperature,
            "seed": decoding.seed,
            "repeat_penalty": decoding.repetition_penalty,
            "repeat_last_n": self.context,
            "top_k": 0,
            "top_p": 1.0,
            "min_p": 0.0,
            "stream": True,
            "return_tokens": True,
        }
        connection, answer = self._send("/completion", asked)
        try:
            for line in answer:
                if line.startswith(b"error:"):
                    raise GaokerenaError(f"llama.cpp: {_message(line.partition(b':')[2])}")
                if line.startswith(b"data:"):
                    told = json.loads(line.partition(b":")[2])
                    cut_off = bool(told["stop"]) and told.get("stop_type") == "limit"
                    yield Step(told["content"], len(told.get("tokens", [])), cut_off)
        finally:
            answer.close()
            connection.close()

    def log_probability(self, prompt: Sequence[int], token: int) -> float:
        """Natural logarithm of how likely a token is after others (at least one)."""
        asked = {
            "prompt": list(prompt),
            "n_predict": 1,
            "temperature": 0,
            "n_probs": 1,
            "logit_bias": [[token, _FORCED]],
            "ignore_eos": False,
        }
        told = self._ask("/completion", asked)["completion_probabilities"][0]
        if told["id"] != token:
            raise GaokerenaError(f"llama.cpp wrote token {told['id']} where {token} was asked for")
        return float(told["logprob"])

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        connection, answer = self._send(path, body)
        try:
            found: dict[str, Any] = json.loads(answer.read())
            return found
        finally:
            connection.close()

    def _send(
        self, path: str, body: dict[str, Any]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._address)
        try:
            connection.request("POST", path, json.dumps(body), self._headers)
            answer = connection.getresponse()
            refused = None if answer.status == http.client.OK else answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise GaokerenaError(f"llama.cpp does not answer: {error}") from error
        if refused is not None:
            connection.close()
            raise GaokerenaError(f"llama.cpp: {_message(refused)}")
        return connection, answer


def _message(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return "it failed"
    return " ".join(str(told.get("error", told).get("message", "it failed")).split())[:200]


@dataclass(frozen=True, slots=True)
class Description:
    """What a GGUF file says of itself.

    Attributes:
        context: the most tokens that the model was made for.
        control: the texts of its control tokens, by number.
        special: the texts of `bos_token` and the like.
        template: of a chat; None where there is none.
        normalizer: what texts are normalized by; empty where by nothing.
        start: the tokens that are put before a text, none or one.
    """

    context: int
    control: dict[int, str]
    special: dict[str, str]
    template: str | None
    normalizer: str
    start: list[int]


def read_description(file: Path) -> Description:
    """What a GGUF file says of its model and tokenizer.

    Raises:
        GaokerenaError: there is no such file, or it is no GGUF file.
    """
    from training.home.vocabulary import NORMALIZER

    try:
        import gguf
    except ModuleNotFoundError as error:
        raise GaokerenaError(f"gguf is not installed: {_EXTRA}") from error
    if not file.is_file():
        raise GaokerenaError(f"there is no file {file}")
    with file.open("rb") as opened:
        if opened.read(len(_MAGIC)) != _MAGIC:
            raise GaokerenaError(f"{file} is no GGUF file")
    try:
        reader = gguf.GGUFReader(file)
        fields = {name: field.contents() for name, field in reader.fields.items()}
        tokens, types = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.token_type"]
        context = int(fields[f"{fields['general.architecture']}.context_length"])
    except (KeyError, ValueError, IndexError, OverflowError, TypeError) as error:
        raise GaokerenaError(f"{file} is no whole GGUF file of a language model") from error
    control = (gguf.TokenType.CONTROL, gguf.TokenType.UNKNOWN)
    numbers = {
        name: fields.get(f"tokenizer.ggml.{name}_token_id") for name in ("bos", "eos", "unk", "pad")
    }
    bos = numbers["bos"]
    return Description(
        context=context,
        control={at: tokens[at] for at, kind in enumerate(types) if kind in control},
        special={f"{name}_token": tokens[at] for name, at in numbers.items() if at is not None},
        template=fields.get("tokenizer.chat_template"),
        normalizer=str(fields.get(NORMALIZER, "")),
        start=[bos] if bos is not None and fields.get("tokenizer.ggml.add_bos_token") else [],
    )
