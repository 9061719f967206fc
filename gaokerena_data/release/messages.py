"""Preference pairs and chains as they are published: turns of a conversation.

trl trains on `prompt`, `chosen` and `rejected`, or on `messages`, as lists of role and content.
Inside a workspace the same are plain texts.
"""

from typing import Any

import pyarrow as pa

from gaokerena_data.datasets.kind import CHAIN_OF_THOUGHT, PREFERENCE_PAIR
from gaokerena_data.release.inputs import Tables

TURNS = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
_ROLES = {"prompt": "user", "chosen": "assistant", "rejected": "assistant"}


def with_messages(tables: Tables, kind: str | None) -> Tables:
    """The tables with conversations where their kind is published so.

    Args:
        tables: config -> split -> published table, with plain texts.
        kind: the name of its rows' kind; None for a benchmark.
    """
    convert = {PREFERENCE_PAIR.name: _pairs, CHAIN_OF_THOUGHT.name: _chains}.get(kind or "")
    if convert is None:
        return tables
    return {
        config: {split: convert(table) for split, table in splits.items()}
        for config, splits in tables.items()
    }


def last_text(cell: Any) -> str | None:
    """The text of a cell: what the last turn says, where it holds turns."""
    if isinstance(cell, list):
        return str(cell[-1]["content"]) if cell else None
    return None if cell is None else str(cell)


def _turns(role: str, text: str) -> list[dict[str, str]]:
    return [{"role": role, "content": text}]


def _pairs(table: pa.Table) -> pa.Table:
    instructions = table["instruction"].to_pylist()
    prompts = [
        f"{instruction}\n{prompt}" if instruction else prompt
        for instruction, prompt in zip(instructions, table["prompt"].to_pylist(), strict=True)
    ]
    table = table.drop_columns("instruction")
    for name, role in _ROLES.items():
        texts = prompts if name == "prompt" else table[name].to_pylist()
        column = pa.array([_turns(role, text) for text in texts], TURNS)
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _chains(table: pa.Table) -> pa.Table:
    rows = zip(*(table[name].to_pylist() for name in ("question", "chain", "answer")), strict=True)
    messages = [
        _turns("user", question) + _turns("assistant", f"{chain}\n\n{answer}")
        for question, chain, answer in rows
    ]
    return table.append_column("messages", pa.array(messages, TURNS))
