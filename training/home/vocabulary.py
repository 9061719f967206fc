"""A tokenizer as llama.cpp reads one: tokens, merges, special tokens, and how texts are cut first.

Byte-level BPE alone, which is what the models have that we train: aya-expanse, Llama 3, Qwen2.
"""

import json
from dataclasses import dataclass
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.models.encoding import Encoder, is_control

# Of the file: what texts are normalized by before they are cut. llama.cpp does not; we do.
NORMALIZER = "gaokerena.tokenizer.normalizer"
_ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_TAIL = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_LLAMA_3 = _ENDINGS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + _TAIL
_QWEN_2 = _ENDINGS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + _TAIL
# How a text is cut before its parts are tokens -> llama.cpp's name of that.
_CUTS = {
    ("bytes",): "gpt-2",
    ("digits", "bytes"): "command-r",
    (_LLAMA_3, "letters"): "llama-bpe",
    (_QWEN_2, "letters"): "qwen2",
}
_SPECIAL = ("bos", "eos", "unk", "sep", "pad", "mask")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A tokenizer's parts.

    Attributes:
        tokens: their texts, by number.
        types: of gguf, one a token.
        merges: pairs of tokens that become one, in their order.
        pre: llama.cpp's name of how texts are cut.
        special: `bos` and the like -> number.
        around: whether a text gets a start token, and an end token.
        template: of a chat; None where the model has none.
        normalizer: `NFC` or nothing.
    """

    tokens: list[str]
    types: list[int]
    merges: list[str]
    pre: str
    special: dict[str, int]
    around: tuple[bool, bool]
    template: str | None
    normalizer: str

    def add_to(self, writer: Any) -> None:
        """Write it."""
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(self.pre)
        writer.add_token_list(self.tokens)
        writer.add_token_types(self.types)
        writer.add_token_merges(self.merges)
        for name, token in self.special.items():
            getattr(writer, f"add_{name}_token_id")(token)
        writer.add_add_bos_token(self.around[0])
        writer.add_add_eos_token(self.around[1])
        if self.template is not None:
            writer.add_chat_template(self.template)
        if self.normalizer:
            writer.add_string(NORMALIZER, self.normalizer)


def read_vocabulary(tokenizer: Any, size: int, ends: list[int], where: str) -> Vocabulary:
    """Take a tokenizer apart.

    Args:
        tokenizer: of transformers.
        size: how many embeddings the model has.
        ends: by which tokens its answers end.
        where: whose it is, for messages.

    Raises:
        GaokerenaError: it is none that llama.cpp has the same of.
    """
    encoder = Encoder(tokenizer)
    stated = json.loads(tokenizer.backend_tokenizer.to_str())
    model = stated["model"]
    if model["type"] != "BPE" or model.get("byte_fallback"):
        raise GaokerenaError(f"{where}: only byte-level BPE tokenizers can be exported to GGUF")
    pre = _pre_tokenizer(stated, where)
    if bool(model.get("ignore_merges")) != (pre == "llama-bpe"):
        raise GaokerenaError(f"{where}: llama.cpp cuts words into other tokens ({pre})")
    tokens, types = _tokens(stated, size, where)
    special = {
        name: token
        for name in _SPECIAL
        if (token := getattr(tokenizer, f"{name}_token_id")) is not None
    }
    if others := [token for token in ends if token != special.get("eos")]:
        special["eot"] = others[0]
    before, after = encoder.ends()
    bos = [special["bos"]] if "bos" in special else None
    if before not in ([], bos) or after not in ([], [special.get("eos")]):
        raise GaokerenaError(f"{where}: its tokenizer puts tokens around texts that GGUF has not")
    return Vocabulary(
        tokens=tokens,
        types=types,
        merges=[_merge(pair) for pair in model["merges"]],
        pre=pre,
        special=special,
        around=(bool(before), bool(after)),
        template=tokenizer.chat_template,
        normalizer=_normalizer(stated, where),
    )


def _merge(pair: Any) -> str:
    return pair if isinstance(pair, str) else " ".join(pair)


def _tokens(stated: dict[str, Any], size: int, where: str) -> tuple[list[str], list[int]]:
    from gguf import TokenType

    texts = {number: text for text, number in stated["model"]["vocab"].items()}
    kinds = dict.fromkeys(texts, TokenType.NORMAL)
    for added in stated["added_tokens"]:
        texts[added["id"]] = added["content"]
        kinds[added["id"]] = TokenType.CONTROL if is_control(added) else TokenType.USER_DEFINED
    if max(texts) >= size:
        raise GaokerenaError(
            f"{where}: its tokenizer has {max(texts) + 1:,} tokens, and the model {size:,} "
            "embeddings"
        )
    tokens = [texts.get(number, f"[PAD{number}]") for number in range(size)]
    return tokens, [int(kinds.get(number, TokenType.UNUSED)) for number in range(size)]


def _normalizer(stated: dict[str, Any], where: str) -> str:
    kind = (stated.get("normalizer") or {}).get("type", "")
    if kind not in {"", "NFC"}:
        raise GaokerenaError(f"{where}: its tokenizer normalizes texts by {kind}")
    return str(kind)


def _pre_tokenizer(stated: dict[str, Any], where: str) -> str:
    given = stated.get("pre_tokenizer") or {}
    steps = given.get("pretokenizers", [given]) if given.get("type") == "Sequence" else [given]
    cuts = tuple(_cut(step) for step in steps)
    if cuts not in _CUTS:
        raise GaokerenaError(
            f"{where}: its tokenizer cuts texts in a way that llama.cpp has no name for "
            f"({', '.join(str(step.get('type')) for step in steps)})"
        )
    return _CUTS[cuts]


def _cut(step: dict[str, Any]) -> str:
    match step:
        case {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}:
            return "letters"
        case {"type": "ByteLevel", "add_prefix_space": False}:
            return "bytes"
        case {"type": "Digits", "individual_digits": True}:
            return "digits"
        case {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated"}:
            return str(regex)
    return ""
