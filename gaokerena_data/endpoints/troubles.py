"""What an endpoint's errors mean: which pass, which end a run, which concern one question."""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from gaokerena_data.endpoints.reply import one_line

_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
# About the request as such, whatever it asks: who asks, what for, and where.
_FOR_ALL = frozenset({401, 402, 403, 404, 405, 407, 410})
_NO_MONEY = (
    "insufficient_quota",
    "insufficient_funds",
    "insufficient credit",
    "insufficient balance",
    "billing_hard_limit",
    "billing_not_active",
    "credit balance is too low",
    "out of credits",
)
# That of this minute, or that of the account, where it says nothing else.
_SOME_QUOTA, _SOON = "exceeded your current quota", "retry in"
_MOST_KNOWN = 20_000  # letters of an error
_FILTERED = (
    "content_filter",
    "content filter",
    "content management policy",
    "content_policy",
    "responsibleaipolicy",
    "moderation",
    "was flagged",
    "usage policies",
    "data_inspection_failed",
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with one request.

    Args:
        kind: "passing": worth another try; "question": this question is not taken; "filtered":
            a filter withheld it; "all": no question would fare better.
        status: of the answer; 0 where none came.
        words: the server's, in one line; or what happened.
        known: all that it says, in lower case: message, parameter, codes.
        wait: seconds that it asks for.
    """

    kind: Literal["passing", "question", "filtered", "all"]
    status: int
    words: str
    known: str = ""
    wait: float = 0.0


def read_trouble(
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    hide: Callable[[str], str] = str,
) -> Trouble:
    """What an answer means that is none.

    Args:
        status: HTTP status, or the code inside an error object that came with status 200.
        headers: of the answer.
        content: its body.
        hide: takes out of its words what nobody may see.
    """
    error = _error_of(content)
    fields = [str(error.get(key) or "") for key in ("param", "code", "type")]
    told = str(error.get("message") or "")
    told = told or content.decode("utf-8", "replace")
    words = one_line(hide(told)) or "no reason given"
    known = " ".join([told, *fields, _inner_code(error)])[:_MOST_KNOWN].casefold()
    wait = seconds_to_wait(headers.get("retry-after"), headers.get("date"))
    used_up = any(sign in known for sign in _NO_MONEY)
    used_up = used_up or (_SOME_QUOTA in known and not wait and _SOON not in known)
    if status == 402 or used_up:
        return Trouble("all", status, words, known)
    if any(sign in known for sign in _FILTERED) and 400 <= status < 500 and status != 429:
        return Trouble("filtered", status, words, known)
    if status in _FOR_ALL or status < 400:
        return Trouble("all", status, words, known)
    if status in _PASSING or status >= 500:
        return Trouble("passing", status, words, known, wait)
    return Trouble("question", status, words, known)


def error_status(reply: Mapping[str, Any]) -> int | None:
    """The status that an error object stands for which came as a success; None where none did."""
    error = reply.get("error")
    if not error:
        try:
            error = reply["choices"][0].get("error")
        except (KeyError, IndexError, TypeError, AttributeError):
            return None
    if not error:
        return None
    for key in ("code", "status", "status_code"):
        code = error.get(key) if isinstance(error, dict) else None
        if str(code).isascii() and str(code).isdigit() and 400 <= int(str(code)[:4]) < 600:
            return int(str(code)[:4])
    kind = str(error.get("type") or error.get("code") or "") if isinstance(error, dict) else ""
    if "invalid_request" in kind:
        return 400
    if "authentication" in kind or "invalid_api_key" in kind:
        return 401
    return 429 if "rate" in kind and "limit" in kind else 502


def seconds_to_wait(header: str | None, date: str | None = None) -> float:
    """What `Retry-After` asks for: seconds, or an HTTP date; 0 where it says neither.

    Args:
        header: its value.
        date: the answer's own `Date`, by which its clock is known.
    """
    try:
        seconds = float(header or 0)
    except ValueError:
        pass
    else:
        return max(seconds, 0.0) if math.isfinite(seconds) else 0.0
    try:
        until = parsedate_to_datetime(str(header)).timestamp()
    except (ValueError, OverflowError, OSError, TypeError):
        return 0.0
    try:
        now = parsedate_to_datetime(str(date)).timestamp()
    except (ValueError, OverflowError, OSError, TypeError):
        now = time.time()
    return max(until - now, 0.0)


def _error_of(content: bytes) -> dict[str, Any]:
    """The error object of a body, whatever it is called there."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if isinstance(body, list) and body:  # as one server sends them
        body = body[0]
    if not isinstance(body, dict):
        return {}
    error = body.get("error")
    if not error and isinstance(body.get("choices"), list) and body["choices"]:
        first = body["choices"][0]
        error = first.get("error") if isinstance(first, dict) else None
    error = error or body
    if isinstance(error, dict):
        told = error.get("message") or error.get("detail") or error.get("msg")
        return error | {"message": told}
    return {"message": error}


def _inner_code(error: Mapping[str, Any]) -> str:
    inner = error.get("innererror") or error.get("inner_error")
    return str(inner.get("code") or "") if isinstance(inner, dict) else ""
