"""Conversations as files hold them: turns by role, and one line for what is wrong with one."""

from collections.abc import Mapping, Sequence
from typing import Any

from gaokerena_data.datasets.kind import QUESTION_ANSWER
from gaokerena_data.errors import GaokerenaError

MESSAGES = "messages"
_PAIR = QUESTION_ANSWER.columns_of(*QUESTION_ANSWER.texts)
# Column -> how it calls the role and the text of a turn, the usual name first.
_FORMS = {MESSAGES: ("role", "content"), "conversations": ("from", "value")}
_ROLES = {"human": "user", "gpt": "assistant"} | {r: r for r in ("system", "user", "assistant")}
_SHOWN = 40


def has_turns(columns: Sequence[str]) -> bool:
    """Whether rows with these columns are conversations of any number of turns."""
    return any(column in columns for column in _FORMS)


def read_conversation(
    row: Mapping[str, Any], where: str, system: str | None = None
) -> list[dict[str, str]]:
    """The turns of a row: a system prompt or none, then user and assistant by turns.

    Args:
        row: with `messages` (`role`, `content`), `conversations` (`from`, `value`, where `human`
            and `gpt` are user and assistant), or a question and its answer. A column `system` is
            the system prompt of a row whose turns have none.
        where: it stands, for an error.
        system: the prompt of a row that has none.

    Returns:
        `role` and `content` each, the texts as they are.

    Raises:
        GaokerenaError: no such column, an unknown role, a turn without a text, or an order in
            which an answer does not follow on its question.

    Example:
        >>> turns = [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]
        >>> read_conversation({"conversations": turns}, "row 1")
        [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'}]
    """
    column = next((name for name in _FORMS if row.get(name) is not None), None)
    if column is not None:
        turns = _turns(row[column], column, where)
    elif all(row.get(name) is not None for name in _PAIR):
        question, answer = (_text(row[name], f"{where}: {name}") for name in _PAIR)
        turns = [_turn("user", question), _turn("assistant", answer)]
    else:
        raise GaokerenaError(
            f"{where}: it has no {MESSAGES}, no conversations, and no {' with '.join(_PAIR)}"
        )
    own = row.get("system")
    prompt = own if isinstance(own, str) and own.strip() else system
    if prompt and turns[0]["role"] != "system":
        turns.insert(0, _turn("system", prompt))
    _refuse_disorder(turns, where)
    return turns


def read_text(row: Mapping[str, Any], where: str) -> str:
    """The text of a row of a corpus: its column `content`, or `text`.

    Raises:
        GaokerenaError: it has neither, or nothing stands in it.
    """
    name = next((name for name in ("content", "text") if row.get(name) is not None), None)
    if name is None:
        raise GaokerenaError(f"{where}: it has no content, and no text")
    return _text(row[name], f"{where}: {name}")


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _turns(found: Any, column: str, where: str) -> list[dict[str, str]]:
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise GaokerenaError(f"{where}: {column} is no list of turns")
    turns = []
    for number, message in enumerate(found, start=1):
        place = f"{where}: turn {number}"
        if not isinstance(message, Mapping):
            raise GaokerenaError(f"{place} is no object with a role and a content")
        keys = next((k for k in _FORMS.values() if message.get(k[0]) is not None), _FORMS[column])
        role = message.get(keys[0])
        if not isinstance(role, str) or role not in _ROLES:
            raise GaokerenaError(
                f"{place}: unknown role {repr(role)[:_SHOWN]}: a turn is of system, user or "
                "assistant"
            )
        if message.get("weight") == 0 or message.get("train") is False:
            raise GaokerenaError(
                f"{place} is marked as not to be learnt, and every answer is learnt here: end the "
                "conversation before it"
            )
        turns.append(_turn(_ROLES[role], _text(message.get(keys[1]), f"{place}: {keys[1]}")))
    return turns


def _text(value: Any, where: str) -> str:
    if isinstance(value, list) and all(_is_text_part(part) for part in value):
        value = "".join(part["text"] for part in value)
    if not isinstance(value, str | None):
        raise GaokerenaError(f"{where} is no text")
    if value is None or not value.strip():
        raise GaokerenaError(f"{where} is empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise GaokerenaError(f"{where} holds half a character (a lone surrogate)") from None
    return value


def _is_text_part(part: Any) -> bool:
    """Whether it is one of the parts that some write a content in."""
    return (
        isinstance(part, Mapping)
        and part.get("type", "text") == "text"
        and isinstance(part.get("text"), str)
    )


def _refuse_disorder(turns: Sequence[Mapping[str, str]], where: str) -> None:
    before = "system"
    for number, role in enumerate((turn["role"] for turn in turns), start=1):
        place = f"{where}: turn {number}"
        if role == "system" and number > 1:
            raise GaokerenaError(f"{place}: a system prompt stands first, and there is one")
        if role == "assistant" and before == "system":
            raise GaokerenaError(f"{place}: the assistant answers before the user asked")
        if role == before != "system":
            raise GaokerenaError(f"{place}: the {role} speaks twice in a row: join both turns")
        before = role
    if before != "assistant":
        raise GaokerenaError(f"{where}: the last turn is the {before}'s: nothing answers it")
