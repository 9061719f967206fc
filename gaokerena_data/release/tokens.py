"""Tokens by a tokenizer that has a name, so that a count can be made again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gaokerena_data.errors import GaokerenaError, reason_of

# Comes whole with its package: the default must count the same on a machine without a network.
DEFAULT_TOKENIZER = "o200k_base"
PACKAGED = ("o200k_base", "cl100k_base")


class _Count(Protocol):
    def __call__(self, texts: Sequence[str]) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class NamedTokenizer:
    """A tokenizer and what it takes to find it again.

    Args:
        name: of the encoding, the repository on the Hub, or the file.
        sha256: of its definition where it is a file or a repository; None for an encoding.
        count: number of tokens of each text, special tokens not counted.
    """

    name: str
    sha256: str | None
    count: _Count


def find_tokenizer(name: str) -> NamedTokenizer:
    """The tokenizer that a person named.

    Args:
        name: `o200k_base`, `cl100k_base`, a `tokenizer.json`, or a model on the Hub (ORG/NAME).

    Raises:
        GaokerenaError: when it cannot be had.
    """
    if name in PACKAGED:
        return _packaged(name)
    from tokenizers import Tokenizer

    file = Path(name)
    try:
        found = Tokenizer.from_file(name) if file.is_file() else Tokenizer.from_pretrained(name)
    except Exception as error:  # the library raises bare exceptions of its own
        reason = reason_of(error)
        raise GaokerenaError(
            f"{name}: no tokenizer ({reason}); give {', '.join(PACKAGED)}, a tokenizer.json, or a "
            "model on the Hub"
        ) from None
    digest = hashlib.sha256(found.to_str().encode()).hexdigest()
    found.no_truncation()

    def count(texts: Sequence[str]) -> list[int]:
        encoded = found.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(each) for each in encoded]

    return NamedTokenizer(file.name if file.is_file() else name, digest, count)


def _packaged(name: str) -> NamedTokenizer:
    import bpe_openai

    encoding = bpe_openai.get_encoding(name)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(encoding.encode_ordinary(text)) for text in texts]

    return NamedTokenizer(name, None, count)
