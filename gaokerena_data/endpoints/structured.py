"""Answers as JSON by a schema: how they are asked for, and how they are found in what comes."""

import json
import re
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

# Closed, or cut off before it was; what stands after it is the answer.
_THOUGHT = re.compile(r"\A.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
_THINKS = re.compile(r"\A\s*<(?:think|thinking|reasoning)>", re.IGNORECASE)
_MOST_TRIES = 50
_ASKED = (
    "\n\nAnswer with one JSON object and nothing else. It must be valid by this JSON schema:\n{}\n"
)


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a model, which must not be changed."""
    return model.model_json_schema()


def with_schema(prompt: str, model: type[BaseModel]) -> str:
    """The prompt with the schema after it, for those who take none beside it."""
    return prompt + _ASKED.format(json.dumps(schema_of(model), ensure_ascii=False))


def read_json[Answer: BaseModel](text: str, model: type[Answer]) -> Answer | str:
    """The one answer that a text holds, or in a few words why there is none.

    Thinking before it, code fences and words around it are passed over. Of several objects that
    are valid the last counts.

    Args:
        text: what was said.
        model: what it should be.
    """
    said = _THOUGHT.sub("", text, count=1)
    if _THINKS.match(said):
        return "the thinking has no end"
    found, why = None, "no JSON object in it"
    decoder = json.JSONDecoder()
    place, tries = said.find("{"), 0
    while place >= 0 and tries < _MOST_TRIES:
        tries += 1
        end = place + 1
        try:
            value, end = decoder.raw_decode(said, place)
        except (ValueError, RecursionError):
            why = "no whole JSON object in it" if found is None else why
        else:
            try:
                found = model.model_validate(value)
            except ValidationError as error:
                why = _first_error(error)
        place = said.find("{", end)
    return found if found is not None else why


def _first_error(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the object"
    return f"{where}: {first['msg']}"
