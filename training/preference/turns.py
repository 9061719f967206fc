"""A preference pair as turns of a conversation, from any of the forms it is published in.

- conversational, as trl reads it: `prompt`, `chosen` and `rejected` are lists of messages
- plain columns: three strings, of which the first is the user's turn and the others are answers
- whole conversations: `chosen` and `rejected` begin with the prompt's own turns
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gaokerena_data.errors import GaokerenaError

type Message = dict[str, str]

_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Preference:
    """A prompt, and what is better and worse to say after it: one turn of the assistant each."""

    prompt: list[Message]
    chosen: Message
    rejected: Message


def read_preference(row: Mapping[str, Any]) -> Preference | None:
    """The turns of a row; None where one of its texts is empty.

    Args:
        row: `prompt`, `chosen` and `rejected`, each a text or a list of messages.

    Raises:
        GaokerenaError: a column is neither, or the turns are none of the three forms.

    Example:
        >>> read_preference({"prompt": "سرفه دارم", "chosen": "معاینه شوید", "rejected": "نمی‌دانم"})
        ... # doctest: +ELLIPSIS
        Preference(prompt=[{'role': 'user', 'content': 'سرفه دارم'}], chosen=..., rejected=...)
    """
    prompt = _messages(row["prompt"], "prompt", "user")
    chosen = _last_turn(_messages(row["chosen"], "chosen", "assistant"), prompt, "chosen")
    rejected = _last_turn(_messages(row["rejected"], "rejected", "assistant"), prompt, "rejected")
    if not prompt or chosen is None or rejected is None:
        return None
    if prompt[-1]["role"] == "assistant":
        raise GaokerenaError(
            "column prompt: its last turn is the assistant's: the answers belong in chosen and "
            "rejected"
        )
    if not all(turn["content"].strip() for turn in (prompt[-1], chosen, rejected)):
        return None
    return Preference(prompt, chosen, rejected)


def _messages(value: Any, column: str, role: str) -> list[Message]:
    if value is None:
        return []
    if isinstance(value, str):
        return [{"role": role, "content": value}]
    found = []
    for turn in value if isinstance(value, list) else [value]:
        if not isinstance(turn, dict) or turn.get("role") not in _ROLES:
            raise GaokerenaError(
                f"column {column}: a text or a list of messages is needed, each with a role "
                f"({', '.join(_ROLES)}) and a content"
            )
        if not isinstance(turn.get("content") or "", str):
            raise GaokerenaError(f"column {column}: the content of a message is text and no list")
        found.append({"role": turn["role"], "content": turn.get("content") or ""})
    return found


def _last_turn(turns: list[Message], prompt: list[Message], column: str) -> Message | None:
    """The assistant's turn: alone, or after the prompt's own."""
    if not turns:
        return None
    if turns[-1]["role"] != "assistant" or turns[:-1] not in ([], prompt):
        raise GaokerenaError(
            f"column {column}: one turn of the assistant is needed, alone or after the turns of "
            "prompt"
        )
    return turns[-1]
