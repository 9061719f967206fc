from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gaokerena_data.text.shingling import batch_shingles, shingle_hashes
from gaokerena_data.text.word_forms import words

PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيكآأؤئةۀ"
ODD = "\u200c\u200b\u200d\u200f\ufeffـًُِّٰٕٓٔ\u0301\ufb51\ufefbﷲﷺ０é½²😀𝐀\ud800\uffff\U0001f468"
text_like = st.text(
    st.one_of(st.sampled_from(PERSIAN + ODD + "۰۱۲٣4٫٬.,/-−+%<×؟،؛ \n\t abXY_"), st.characters())
)


def test_a_spelling_does_not_change_a_hash() -> None:
    written = "قرصِ استامينوفن ٥٠٠ ميلي‌گرم، روزي ۲ بار بعد از غذا"
    cleaned = "قرص استامینوفن 500 میلی گرم روزی ۲ بار بعد از غذا."
    assert shingle_hashes(written).tolist() == shingle_hashes(cleaned).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("قرص ۵۰۰ میلی گرم روزی ۲ بار", "قرص ۲۵ میلی گرم روزی ۴ بار"),
        ("نصف قرص ۲.۵ میلی گرم هر روز", "نصف قرص ۲ ۵ میلی گرم هر روز"),
        ("گروه خونی O+", "گروه خونی O-"),
        ("سلام", "سلام سلام"),
        ("؟؟", "!!"),
        ("", "؟"),
    ],
)
def test_what_differs_in_meaning_differs_in_hash(one: str, other: str) -> None:
    assert not set(shingle_hashes(one)) & set(shingle_hashes(other))


def test_a_text_of_n_words_has_one_shingle_and_a_shorter_one_its_own() -> None:
    assert len(shingle_hashes("یک دو سه چهار پنج")) == 1
    assert len(shingle_hashes("یک دو سه چهار پنج شش")) == 2
    assert len(shingle_hashes("یک دو")) == 1
    assert len(shingle_hashes("")) == 1


def test_hashes_are_the_same_on_every_machine() -> None:
    assert shingle_hashes("آیا تب ۳۸٫۵ درجه خطرناک است؟", 3).tolist() == [
        262295138677312723,
        745758747241304560,
        2635893155189062143,
        12567726967238780348,
    ]


def test_no_shingle_lies_across_two_texts() -> None:
    batch = batch_shingles(["یک دو سه", "", "چهار پنج شش هفت", "هشت"], 3)
    assert batch.word_counts.tolist() == [3, 0, 4, 1]
    assert batch.starts.tolist() == [0, 1, 1, 3, 3]


@given(st.lists(text_like, max_size=6), st.integers(1, 6))
@example(["\ufefb ا\u0653", "😀", "1.5/2", "-", "o-", "5%%"], 1)
def test_a_batch_hashes_as_the_plain_reading_of_the_rule(texts: list[str], n: int) -> None:
    batch = batch_shingles(texts, n)
    for i, (text, (start, stop)) in enumerate(zip(texts, pairwise(batch.starts), strict=True)):
        expected = words(text)
        assert batch.word_counts[i] == len(expected)
        spaced = " ".join(expected)
        assert batch.hashes[start:stop].tolist() == plain_shingles(expected, n)
        if expected:
            assert batch.whole[i] == plain_whole(expected)
            assert shingle_hashes(spaced, n).tolist() == shingle_hashes(text, n).tolist()


@given(st.lists(text_like, min_size=2, max_size=6), st.integers(1, 5))
def test_a_text_alone_hashes_as_in_a_batch(texts: list[str], n: int) -> None:
    batch = batch_shingles(texts, n)
    for i, text in enumerate(texts):
        alone = batch.hashes[batch.starts[i] : batch.starts[i + 1]]
        alone = np.unique(alone) if len(alone) else batch.whole[i : i + 1]
        assert shingle_hashes(text, n).tolist() == alone.tolist()


# The rule written plainly, with Python's integers.
MASK = (1 << 64) - 1
UNIT_BASE, WORD_BASE = 0xD6E8FEB86659FD93, 0xA0761D6478BD642F


def plain_mix(value: int) -> int:
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ value >> 33


def plain_word(word: str) -> int:
    units = np.frombuffer(word.encode("utf-16-le", "surrogatepass"), np.uint16).tolist()
    values = [plain_mix((unit + 1) * 0x9E3779B97F4A7C15 & MASK) for unit in units]
    return plain_mix(sum(v * pow(UNIT_BASE, k, 1 << 64) for k, v in enumerate(values)) & MASK)


def plain_shingles(of: list[str], n: int) -> list[int]:
    hashes = [plain_word(word) for word in of]
    found = []
    for start in range(len(hashes) - n + 1):
        value = 0
        for word in hashes[start : start + n]:
            value = (value * WORD_BASE + word) & MASK
        found.append(plain_mix(value))
    return found


def plain_whole(of: list[str]) -> int:
    hashes = [plain_word(word) for word in of]
    return plain_mix(sum(v * pow(WORD_BASE, k, 1 << 64) for k, v in enumerate(hashes)) & MASK)
