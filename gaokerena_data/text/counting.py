"""How long a text is: in hazm's words, and in the tokens of a named tokenizer."""

from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.characters import code_points, kinds_of_characters
from gaokerena_data.text.normalization.hazm_tables import hazm_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

# The tokens of hazm 0.12.1 before verb parts are joined, the same as its substitution and split:
# runs of word characters, of marks, of digits, and brackets one by one.
_BETWEEN, _WORD, _MARK, _DIGIT, _ALONE = range(5)
_KINDS = {_BETWEEN: r"[ \n\t]", _MARK: "[؟!?]", _DIGIT: r"[\d.:]", _ALONE: r'[،؛»\])}"«\[({/\\]'}


class Tokenizer(Protocol):
    """Whatever encodes a text, as `transformers` and `tokenizers` do."""

    def encode(self, text: str) -> "Sequence[int]":
        """The ids of the text's tokens."""


def count_words(text: str) -> int:
    """Number of tokens of hazm's default `WordTokenizer().tokenize(text)`, verb parts joined.

    The authors of MF3QA kept an answer when this count is at least 45.
    """
    codes = code_points(text)
    kinds = _character_kinds()[codes]
    edges = np.ones(len(kinds) + 1, np.bool_)
    edges[1:-1] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _ALONE)
    places = np.flatnonzero(edges)
    tokens = np.flatnonzero(kinds[places[:-1]] != _BETWEEN)
    begins, ends = places[tokens], places[tokens + 1]
    if len(begins) <= 1:
        return len(begins)
    known = hazm_vocabulary()
    # Of every participle, and of all that comes before a verb if there is any.
    maybe = codes[ends - 1] == ord("ه")
    if "خواه" in text:
        maybe |= np.isin(codes[begins], (ord("خ"), ord("ن")))
    # From the last to the first: what follows must be joined already.
    joined: dict[int, str] = {}
    for i in np.flatnonzero(maybe)[::-1].tolist():
        token = text[begins[i] : ends[i]]
        if token not in known.before_verbs and token not in known.participles:
            continue
        following = joined.get(i + 1, "")
        if not following and i + 1 < len(begins):
            following = text[begins[i + 1] : ends[i + 1]]
        if token in known.before_verbs or following in known.after_verbs:
            joined[i] = f"{token}_{following}"
    # The first word of all joins too, as in hazm: a text that ends in «خواهد» has one token less.
    return len(begins) - len(joined)


def count_tokens(text: str, tokenizer: Tokenizer) -> int:
    """Number of tokens that a tokenizer makes of a text, its special tokens included."""
    return len(tokenizer.encode(text))


@cache
def _character_kinds() -> npt.NDArray[np.uint8]:
    """What each code point is to hazm's tokenizer."""
    return kinds_of_characters(_KINDS, _WORD)
