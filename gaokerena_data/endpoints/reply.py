"""What an endpoint said to one question: a text, or why there is none."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from gaokerena_data.errors import GaokerenaError

# Why there is no text. The first four are answers of the model, the last two are none at all.
type Missing = Literal["refused", "filtered", "out_of_tokens", "empty", "rejected", "failed"]
MISSING: tuple[Missing, ...] = get_args(Missing.__value__)
# Of these a later run asks again.
UNANSWERED: frozenset[Missing] = frozenset({"rejected", "failed"})

_HALVES = re.compile("[\ud800-\udfff]")
_MOST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply.

    Args:
        text: what was said; None where there is nothing, which is never the same as "".
        missing: why there is no text; None where there is one. "refused": the model declined;
            "filtered": the endpoint's filter withheld it; "out_of_tokens": the limit was spent
            before the first word (on thinking); "empty": nothing, and no reason given;
            "rejected": the endpoint does not take this question; "failed": it did not answer.
        detail: the endpoint's words on that, in one line.
        cut_off: whether the text ends where the limit of tokens was reached.
        thinking: what was thought before, where the endpoint gives it apart.
        tokens_in, tokens_out: as the endpoint counts them; 0 where it does not say.
        seconds: wall time, retries and pauses included.
    """

    text: str | None
    missing: Missing | None = None
    detail: str = ""
    cut_off: bool = False
    thinking: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0

    @property
    def unanswered(self) -> bool:
        """Whether the model itself said nothing: asked again, it may."""
        return self.missing in UNANSWERED


def read_reply(body: Mapping[str, Any], seconds: float) -> Reply:
    """Read the body of a chat completion.

    Args:
        body: the JSON object that the endpoint sent.
        seconds: how long it took.

    Raises:
        GaokerenaError: it has no `choices[0].message`.
    """
    try:
        choice = body["choices"][0]
        message = choice.get("message")
        if message is None:  # older servers answer a chat as a completion
            message = {"content": choice["text"]}
        content, said_no = _text_of(message.get("content"))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise GaokerenaError("no choices[0].message: is it OpenAI-compatible?") from error
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    ended = choice.get("finish_reason")
    refusal = message.get("refusal") or said_no
    text = whole(content).strip()
    missing, detail = _why_nothing(text, refusal, ended, message)
    return Reply(
        None if missing else text,
        missing,
        one_line(detail),
        cut_off=ended == "length",
        thinking=whole(_thought(message)).strip(),
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        seconds=seconds,
    )


def whole(text: str) -> str:
    """The text with U+FFFD for halves of characters, which no encoding takes."""
    return _HALVES.sub("\ufffd", text)


def one_line(text: object) -> str:
    """A server's words as one short line."""
    return " ".join(whole(str(text)).split())[:_MOST_DETAIL]


def _why_nothing(
    text: str, refusal: object, ended: object, message: Mapping[str, Any]
) -> tuple[Missing | None, str]:
    if ended == "content_filter":
        return "filtered", "the endpoint's filter withheld the answer"
    if refusal:
        return "refused", str(refusal)
    if text:
        return None, ""
    if ended == "length":
        return "out_of_tokens", "the limit of tokens was spent before the first word"
    if message.get("tool_calls") or message.get("function_call"):
        return "empty", "it called a tool instead"
    return "empty", "it thought, and said nothing" if _thought(message) else "it said nothing"


def _text_of(content: object) -> tuple[str, str]:
    """Text and refusal of a message's content: a string, nothing, or a list of parts."""
    if content is None:
        return "", ""
    if isinstance(content, str):
        return content, ""
    if isinstance(content, dict):
        if not {"type", "text", "refusal"} & content.keys():  # JSON that was asked for, as it is
            return json.dumps(content, ensure_ascii=False), ""
        content = [content]
    if not isinstance(content, list):
        raise TypeError("a content of another kind")
    texts, refusals = [], []
    for part in content:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            refusals.append(_string(part.get("refusal")))
            # A part that was thought has its text under "thinking" or "reasoning", or says so.
            if part.get("type") not in {"thinking", "reasoning"}:
                texts.append(_string(part.get("text")))
    return "".join(texts), " ".join(filter(None, refusals))


def _string(value: object) -> str:
    if isinstance(value, dict):  # {"text": {"value": "..."}}
        value = value.get("value")
    return value if isinstance(value, str) else ""


def _thought(message: Mapping[str, Any]) -> str:
    found = message.get("reasoning_content") or message.get("reasoning")
    return found if isinstance(found, str) else ""


def _count(value: object) -> int:
    if not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value < 2**53 else 0
