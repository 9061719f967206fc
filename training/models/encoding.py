"""Texts of others as tokens: what they spell is text, and never a control token.

A tokenizer reads `<|END_OF_TURN_TOKEN|>` in an article or a question as the token that ends a
turn. Whoever wrote it there would forge a turn, in training as in use. Here only a chat template
can write control tokens: its own letters are read with them, the messages put into it without.
What trains and what chats hands outside text to no tokenizer but through here (a test looks).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gaokerena_data.errors import GaokerenaError

# What stands in for the letters of control tokens while a template is filled in: a private letter
# each, so that a template that looks for them (a reasoning model's `</think>`) finds none either.
_FIRST, _LAST = 0xF0000, 0xFFFFD
# Around a message that spells them. Noncharacters: no text holds them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_STAND_INS = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_PIECES = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}?|([{chr(_FIRST)}-{chr(_LAST)}]+)")
_BRACKETED = re.compile(r"\s*[<\[].*[>\]]\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Turns:
    """A conversation as tokens.

    Attributes:
        ids: its tokens.
        answer: for each, whether it lies within the template's `{% generation %}`.
        spelled: whether a message held the letters of a control token.
    """

    ids: list[int]
    answer: list[bool]
    spelled: bool


class Encoder:
    """A model's tokenizer for texts that others wrote.

    Attributes:
        control: the ids that no such text comes to.
    """

    def __init__(self, tokenizer: Any) -> None:
        """Take a tokenizer of transformers.

        Raises:
            GaokerenaError: it is none of the tokenizers library's.
        """
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise GaokerenaError(
                f"{tokenizer.name_or_path}: its tokenizer cannot tell text from control tokens: "
                "give a model with a tokenizer.json"
            )
        self._framed, self._plain, control = _readers(backend.to_str())
        self.control = frozenset(control - {tokenizer.unk_token_id})
        self._tokenizer = tokenizer

    def texts(self, texts: Sequence[str]) -> tuple[list[list[int]], list[bool]]:
        """Tokens of texts, none of them a control token, and which texts spelled one."""
        plain = self._plain.encode_batch(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in plain], self.spelled(texts)

    def chunks(self, text: str, context: int) -> list[list[int]]:
        """Tokens of a text in chunks of at most `context`, a start token in front of each."""
        self._plain.enable_truncation(context)
        encoding = self._plain.encode(text)
        self._plain.no_truncation()
        return [encoding.ids, *(more.ids for more in encoding.overflowing)]

    def ends(self) -> tuple[list[int], list[int]]:
        """What the tokenizer puts before and after a text by itself."""
        encoding = self._framed.encode(".")
        inside = encoding.special_tokens_mask.index(0)
        after = inside + len(self._framed.encode(".", add_special_tokens=False).ids)
        return encoding.ids[:inside], encoding.ids[after:]

    def spelled(self, texts: Sequence[str]) -> list[bool]:
        """Which texts hold letters that the tokenizer alone would read as a control token."""
        framed = self._framed.encode_batch(list(texts), add_special_tokens=False)
        return [not self.control.isdisjoint(encoding.ids) for encoding in framed]

    def newest_turns(self, messages: Sequence[Mapping[str, str]], room: int) -> list[int]:
        """The prompt of a conversation, without its oldest turns where there is no room for them.

        Args:
            messages: a system prompt, where there is one, stays, and so does the last turn.
            room: the most tokens.
        """
        kept = list(messages)
        while len(prompt := self.conversation(kept, ask=True).ids) > room and len(kept) > 2:
            first = 1 if kept[0]["role"] == "system" else 0
            kept = kept[:first] + kept[first + 2 :]
        return prompt

    def conversation(
        self, messages: Sequence[Mapping[str, str]], template: str | None = None, *, ask: bool
    ) -> Turns:
        """A conversation in a chat template.

        Args:
            messages: `role` and `content` each.
            template: instead of the tokenizer's own.
            ask: end where the model's next turn begins.
        """
        kept: list[str] = []
        spelled = self.spelled([message["content"] for message in messages])
        shown = self._shown(messages, spelled, kept)
        text, answers = self._render(shown, template, ask)
        # A message that is stood in for is read apart from the template: so are the answers then.
        stretches = _stretches(text, answers) if kept else [(0, len(text), None)]
        ids: list[int] = []
        answer: list[bool] = []
        for start, end, inside in stretches:
            for encoding, place in self._pieces(text[start:end], kept):
                ids += encoding.ids
                answer += [
                    _covers(answers, place + first, place + last) if inside is None else inside
                    for first, last in encoding.offsets
                ]
        return Turns(ids, answer, any(spelled))

    def continued(
        self, messages: Sequence[Mapping[str, str]], continuation: str
    ) -> tuple[list[int], list[int]]:
        """A conversation where the model's next turn begins, and what it may say there.

        Both are cut into tokens together, as lm-eval's harness does: white space at the end of the
        template goes with what follows it.

        Args:
            messages: `role` and `content` each.
            continuation: text of others too: no control token of it is one.

        Returns:
            The tokens of both. A start token is put in front where the template writes none.
        """
        kept: list[str] = []
        *turns, said = self._shown(
            [*messages, {"content": continuation}],
            self.spelled([*(each["content"] for each in messages), continuation]),
            kept,
        )
        text, _ = self._render(turns, None, ask=True)
        head = text.rstrip()
        continuation = said["content"]
        context = self._ids(head, kept)
        whole = self._ids(head + text[len(head) :] + continuation, kept)
        start, _ = self.ends()
        begun = context[: len(start)] == start
        return [*([] if begun else start), *context], whole[len(context) :]

    def _ids(self, text: str, kept: Sequence[str]) -> list[int]:
        return [token for encoding, _ in self._pieces(text, kept) for token in encoding.ids]

    def _render(
        self, messages: Sequence[Mapping[str, str]], template: str | None, ask: bool
    ) -> tuple[str, list[tuple[int, int]]]:
        from jinja2 import TemplateError
        from transformers.utils.chat_template_utils import render_jinja_template

        chosen = template or self._tokenizer.get_chat_template()
        marks = bool(re.search(r"\{%-?\s*generation\s*-?%\}", chosen))
        try:
            found: Any = render_jinja_template(
                conversations=[[dict(message) for message in messages]],
                chat_template=chosen,
                return_assistant_tokens_mask=marks,
                add_generation_prompt=ask,
                **self._tokenizer.special_tokens_map,
            )
        except TemplateError as error:  # a model without system prompts says so by one
            roles = ", ".join(message["role"] for message in messages[:4])
            raise GaokerenaError(
                f"the model's chat template takes no conversation of {roles}: {error}"
            ) from None
        rendered, answers = found
        return rendered[0], answers[0] if marks else []

    def _shown(
        self, messages: Sequence[Mapping[str, str]], spelled: Sequence[bool], kept: list[str]
    ) -> list[Mapping[str, str]]:
        """Messages as a template may see them: those that spell or hold stand-ins are marked."""
        return [
            {**message, "content": self._marked(message["content"], kept)}
            if forged or _STAND_INS.search(message["content"])
            else message
            for message, forged in zip(messages, spelled, strict=True)
        ]

    def _marked(self, text: str, kept: list[str]) -> str:
        """A message whose control letters are stood in for; white space stays at its ends."""
        text = text.replace(_OPEN, "").replace(_CLOSE, "")
        encoding = self._framed.encode(text, add_special_tokens=False)
        spans = [
            span
            for token, span in zip(encoding.ids, encoding.offsets, strict=True)
            if token in self.control
        ]
        spans += [match.span() for match in _STAND_INS.finditer(text)]
        parts, end = [], 0
        for first, last in sorted(set(spans)):
            parts += [text[end:first], chr(_FIRST + len(kept))]
            kept.append(text[first:last])
            end = last
        marked = "".join([*parts, text[end:]])
        inner = marked.strip()
        before, _, after = marked.partition(inner)
        return f"{before}{_OPEN}{inner}{_CLOSE}{after}"

    def _pieces(self, text: str, kept: Sequence[str]) -> Iterator[tuple[Any, int]]:
        """Encodings of a template's own letters and of what was put into it, and their places."""
        end = 0
        for match in _PIECES.finditer(text):
            yield self._framed.encode(text[end : match.start()], add_special_tokens=False), end
            letters = _STAND_INS.sub(
                lambda found: kept[ord(found[0]) - _FIRST], match[1] or match[2] or ""
            )
            yield self._plain.encode(letters, add_special_tokens=False), match.start()
            end = match.end()
        yield self._framed.encode(text[end:].replace(_CLOSE, ""), add_special_tokens=False), end


def is_control(token: Mapping[str, Any]) -> bool:
    """Whether an added token (of tokenizer.json) is no text: special, or written in brackets."""
    return bool(token["special"] or _BRACKETED.fullmatch(token["content"]))


def _readers(stated: str) -> tuple[Any, Any, set[int]]:
    """The tokenizer as it is; one that knows no control token; the ids of these."""
    from tokenizers import Tokenizer

    framed = Tokenizer.from_str(stated)
    content = json.loads(stated)
    control = {token["id"] for token in content["added_tokens"] if is_control(token)}
    plain = Tokenizer.from_str(json.dumps(_unspelled(content, control)))
    plain.encode_special_tokens = True
    framed.encode_special_tokens = False
    for reader in (framed, plain):
        reader.no_truncation()
        reader.no_padding()
    return framed, plain, control


def _unspelled(content: dict[str, Any], control: set[int]) -> dict[str, Any]:
    """A tokenizer.json whose control tokens keep their numbers, and have letters of no text."""
    model = content["model"]
    renamed = {
        token["content"]: f"{_OPEN}{token['id']}{_CLOSE}"
        for token in content["added_tokens"]
        if token["id"] in control and token["content"] != model.get("unk_token")
    }
    for token in content["added_tokens"]:
        token["special"] = token["id"] in control
        token["content"] = renamed.get(token["content"], token["content"])
    # Some models find whole words in their vocabulary, where control tokens may stand as well.
    if isinstance(model["vocab"], dict):
        model["vocab"] = {renamed.get(word, word): at for word, at in model["vocab"].items()}
    else:
        model["vocab"] = [[renamed.get(word, word), score] for word, score in model["vocab"]]
    return content


def _stretches(
    text: str, answers: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, bool | None]]:
    """A rendered conversation, cut where an answer begins or ends."""
    end = 0
    for first, last in answers:
        yield end, first, False
        yield first, last, True
        end = last
    yield end, len(text), False


def _covers(answers: Sequence[tuple[int, int]], first: int, last: int) -> bool:
    return any(first < end and last > start for start, end in answers)
