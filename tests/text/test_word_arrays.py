"""Words as numbers: what is one word stays one, however it is written."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.word_arrays import digest_words, word_arrays, word_hashes
from gaokerena_data.text.word_forms import words

TEXTS = st.lists(st.text(alphabet="اببی ‌12۳.،%+aB-\nـًﻻ😀", max_size=30), min_size=1, max_size=5)
LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")


def digest(text: str) -> str:
    return digest_words(word_arrays([text]))[0]


@given(TEXTS)
def test_a_digest_is_that_of_the_words_without_their_spaces(texts: list[str]) -> None:
    together = digest_words(word_arrays(texts))
    assert together == [digest(text) for text in texts]
    settled = [LOOSE_SPACE.sub("", " ".join(words(text))) for text in texts]
    for one, first in zip(settled, together, strict=True):
        for other, second in zip(settled, together, strict=True):
            if one and other:
                assert (one == other) == (first == second)


def test_spacing_and_keyboards_are_no_difference_but_numbers_are() -> None:
    assert digest("می شود، قرص ۲٫۵") == digest("ميشود قرص 2.5!")
    assert digest("قرص ۲ ۵ بار") != digest("قرص ۲۵ بار")
    assert digest("😀") != digest("😀😀")
    assert digest("؟؟") != digest("")


@given(TEXTS)
def test_every_word_has_the_hash_it_has_alone(texts: list[str]) -> None:
    arrays = word_arrays(texts)
    for i, text in enumerate(texts):
        here = arrays.hashes[arrays.first_words[i] : arrays.first_words[i + 1]]
        assert set(here.tolist()) == set(word_hashes(words(text)).tolist())
        assert len(here) == len(words(text))
