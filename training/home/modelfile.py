"""An Ollama Modelfile: the file, the turns of its chat, and where an answer ends.

No system prompt: the model was trained and evaluated without one, and would answer otherwise. The
disclaimer stands in the file's head and in its LICENSE, which `ollama show` prints.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_DISCLAIMER = (
    "This model is no physician. What it says may be wrong and replaces no examination.",
    "Start or stop no medicine by it. In an emergency call 115 (Iran).",
)
_SAID = ("@@0@@", "@@1@@", "@@2@@")
_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Turns:
    """What a chat template writes around a user's and a model's turn, and at the very start."""

    start: str
    user: tuple[str, str]
    model: tuple[str, str]

    def render(self, messages: Sequence[Mapping[str, str]]) -> str:
        """A conversation up to where the model's next turn begins."""
        turns = {"user": self.user, "assistant": self.model}
        said = [
            f"{turns[each['role']][0]}{each['content']}{turns[each['role']][1]}"
            for each in messages
        ]
        return "".join([self.start, *said, self.model[0]])


def read_turns(tokenizer: Any) -> Turns | None:
    """The turns of a chat template; None where they cannot be told from it."""

    def rendered(messages: Sequence[Mapping[str, str]]) -> str:
        return str(
            tokenizer.apply_chat_template(
                [dict(each) for each in messages], tokenize=False, add_generation_prompt=True
            )
        )

    roles = ("user", "assistant", "user")
    talk = [{"role": role, "content": said} for role, said in zip(roles, _SAID, strict=True)]
    text = rendered(talk)
    parts = []
    for said in _SAID:
        before, _, text = text.partition(said)
        parts.append(before)
    opening, closing, between = parts
    start = tokenizer.bos_token or ""
    start = start if start and opening.startswith(start) else ""
    user = opening[len(start) :]
    # The last turn of a user is followed by the start of the model's, as every other one.
    if closing != text or not between.endswith(user):
        return None
    ends = _split(text, between, user)
    for end in ends:
        found = Turns(start, (user, end), (text[len(end) :], between[: len(between) - len(user)]))
        if all(found.render(each) == rendered(each) for each in (talk, talk[:1])):
            return found
    return None


def _split(text: str, between: str, user: str) -> list[str]:
    """Where a user's turn may end in what follows it: first as a model's does, else nowhere."""
    model_end = between[: len(between) - len(user)]
    return [model_end if text.startswith(model_end) else "", ""]


def write_modelfile(file: str, turns: Turns | None, stop: str | None, license_line: str) -> str:
    """The content of a Modelfile.

    Args:
        file: the GGUF file beside it.
        turns: of the chat; None leaves the template to Ollama, which reads the file's own.
        stop: the token that ends an answer.
        license_line: under which terms the model may be used.
    """
    lines = [f"# {line}" for line in _DISCLAIMER]
    lines += [f"FROM ./{file}"]
    if turns is not None:
        (user, user_end), (model, model_end) = turns.user, turns.model
        said = "{{ .Content }}"
        each = (
            f'{{{{ if eq .Role "assistant" }}}}{model}{said}{model_end}'
            f"{{{{ else }}}}{user}{said}{user_end}{{{{ end }}}}"
        )
        lines += [f'TEMPLATE """{{{{ range .Messages }}}}{each}{{{{ end }}}}{model}"""']
    if stop is not None:
        lines += [f'PARAMETER stop "{stop}"']
    lines += [
        "PARAMETER temperature 0",
        "PARAMETER repeat_penalty 1",
        f"PARAMETER num_ctx {_CONTEXT}",
    ]
    told = "\n".join([license_line, *_DISCLAIMER])
    return "\n".join([*lines, f'LICENSE """{told}"""']) + "\n"
