"""What a client of an OpenAI-compatible endpoint asks for, read and checked."""

import json
from dataclasses import dataclass
from typing import Any

from training.models.decoding import Decoding

# Taken where they ask for nothing else than what is done anyway.
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "top_p": (1,),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "logprobs": (False,),
    "response_format": ({"type": "text"},),
    "tools": ([],),
    "stop": ([],),
}
_IGNORED = {"user", "metadata", "store", "stream_options"}
_READ = {
    "model", "messages", "stream", "temperature", "seed", "repetition_penalty",
    "max_tokens", "max_completion_tokens",
}  # fmt: skip
_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_MOST_TOKENS = 32_768


class RequestError(Exception):
    """A request that is not answered.

    Args:
        message: in one line.
        status: of HTTP.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request to answer a conversation.

    Attributes:
        messages: `role` and `content` each; the last is the user's.
        decoding: how to answer.
        stream: whether the answer is sent in pieces.
        count: whether a stream ends with the numbers of tokens.
    """

    messages: list[dict[str, str]]
    decoding: Decoding
    stream: bool
    count: bool


def read_request(body: bytes, model: str, usual: Decoding) -> ChatRequest:
    """Read the body of `POST /v1/chat/completions`.

    Args:
        body: as it came.
        model: the name of the model that answers.
        usual: how it answers where a request says nothing.

    Raises:
        RequestError: it cannot be answered as it asks.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("the body is not JSON") from None
    if not isinstance(asked, dict):
        raise RequestError("the body is not an object")
    for name, value in asked.items():
        if name in _READ | _IGNORED or value is None:
            continue
        if name not in _NEUTRAL or value not in _NEUTRAL[name]:
            raise RequestError(f"unsupported parameter: {str(name)[:50]!r}")
    if asked.get("model") not in {None, "", model}:
        raise RequestError(f"there is no such model; this is {model!r}", 404)
    stream = _boolean(asked, "stream")
    options = asked.get("stream_options") or {}
    count = isinstance(options, dict) and options.get("include_usage") is True
    return ChatRequest(_messages(asked.get("messages")), _decoding(asked, usual), stream, count)


def _messages(given: Any) -> list[dict[str, str]]:
    if not isinstance(given, list) or not given:
        raise RequestError("messages: a list of messages is needed")
    read = [_message(each) for each in given]
    talk = [each["role"] for each in read[read[0]["role"] == "system" :]]
    wanted = ["user" if place % 2 == 0 else "assistant" for place in range(len(talk))]
    if talk != wanted or len(talk) % 2 == 0:
        raise RequestError(
            "messages: user and assistant take turns, a system message may come first, and the "
            "user's is the last"
        )
    return read


def _message(given: Any) -> dict[str, str]:
    role = given.get("role") if isinstance(given, dict) else None
    if not isinstance(role, str) or role not in _ROLES:
        raise RequestError(f"messages: a role is one of {', '.join(_ROLES)}")
    content = given.get("content")
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else None for part in content]
        if not all(isinstance(part, str) for part in parts):
            raise RequestError("messages: only text is read")
        content = "".join(str(part) for part in parts)
    if not isinstance(content, str):
        raise RequestError("messages: the content of a message is text")
    # Half of a pair of surrogates is no letter, and could not be sent on.
    return {"role": _ROLES[role], "content": content.encode("utf-8", "replace").decode("utf-8")}


def _decoding(asked: dict[str, Any], usual: Decoding) -> Decoding:
    tokens = asked.get("max_completion_tokens") or asked.get("max_tokens")
    return Decoding(
        max_new_tokens=int(_number("max_tokens", tokens, usual.max_new_tokens, 1, _MOST_TOKENS)),
        temperature=_number("temperature", asked.get("temperature"), usual.temperature, 0, 2),
        repetition_penalty=_number(
            "repetition_penalty", asked.get("repetition_penalty"), usual.repetition_penalty, 0.1, 10
        ),
        seed=int(_number("seed", asked.get("seed"), usual.seed, -(2**31), 2**32 - 1)) % 2**32,
    )


def _number(name: str, given: Any, usual: float, least: float, most: float) -> float:
    if given is None:
        return usual
    if isinstance(given, bool) or not isinstance(given, int | float) or not least <= given <= most:
        raise RequestError(f"{name}: a number from {least:g} to {most:g}")
    return given


def _boolean(asked: dict[str, Any], name: str) -> bool:
    given = asked.get(name)
    if given is not None and not isinstance(given, bool):
        raise RequestError(f"{name}: true or false")
    return bool(given)
