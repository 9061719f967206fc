"""What counts as equal for near-duplicates, and what does not."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.compared_words import compared_words
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.search import find_near_duplicates
from gaokerena_data.text.shingling import compared_shingles
from gaokerena_data.text.word_arrays import word_arrays
from gaokerena_data.text.word_forms import words


def compared(text: str) -> list[int]:
    found: list[int] = compared_words(word_arrays([text])).hashes.tolist()
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("میخواهم بدانم", "می‌خواهم بدانم"),
        ("میخواهم بدانم", "می خواهم بدانم"),
        ("نميشود خوابيد", "نمی شود خوابید"),
        ("نمیتونم", "نمی‌تونم"),
        ("قرص استامینوفین خوردم", "قرص استامینوفن خوردم"),
        ("متفرمین ۵۰۰", "متفورمین 500"),
        ("الپرازولام", "آلپرازولام"),
        ("مینوکسیدیل", "ماینوکسیدیل"),
    ],
)
def test_two_writings_are_one(one: str, other: str) -> None:
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("میخورم", "نمیخورم"),
        ("متفورمین", "متوکاربامول"),
        ("استامینوفن", "ایبوپروفن"),
        ("پردنیزولون", "پردنیزون"),
        ("سیتالوپرام", "اس سیتالوپرام"),
        ("میوه خوردم", "می وه خوردم"),
        ("۵۰۰ میلی گرم", "۵۰ میلی گرم"),
    ],
)
def test_two_meanings_are_two(one: str, other: str) -> None:
    assert compared(one) != compared(other)


def test_texts_of_a_batch_keep_their_words() -> None:
    texts = ["میخواهم", "", "قرص نمیخورم چون", "میوه", "؟"]
    found = compared_words(word_arrays(texts))
    assert found.first_words.tolist() == [0, 2, 2, 6, 7, 7]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["میخواهم", "نمیشه", "می", "قرص", "میز", "متفرمین", "نمی", "۵", "خوب"])
        )
    )
)
def test_a_text_is_compared_alone_as_in_a_batch(texts: list[list[str]]) -> None:
    batch = compared_words(word_arrays([" ".join(text) for text in texts]))
    for i, text in enumerate(texts):
        alone = compared(" ".join(text))
        assert batch.hashes[batch.first_words[i] : batch.first_words[i + 1]].tolist() == alone


def test_near_duplicates_are_found_and_measured_so() -> None:
    texts = [
        "سلام میخواهم بدانم که آیا میشود متفرمین را با غذا خورد یا نه",
        "سلام می‌خواهم بدانم که آیا می‌شود متفورمین را با غذا خورد یا نه",
        "سلام می خواهم بدانم که آیا می شود گاباپنتین را صبح ناشتا خورد",
    ]
    found = find_near_duplicates(texts, n=3, threshold=0.9)
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert jaccard(texts, found.first, found.second, n=3).tolist() == [1.0]
    assert compared_shingles(texts, 3).whole[0] == compared_shingles(texts, 3).whole[1]


def test_no_spelling_of_a_drug_is_another_drug() -> None:
    content = files("gaokerena_data.text").joinpath("drug_spellings.txt").read_text("utf-8")
    lines = [line.split(": ") for line in content.splitlines() if not line.startswith("#")]
    names = [name for name, _ in lines]
    spellings = [spelling for _, rest in lines for spelling in rest.split()]
    every = names + spellings
    assert len({tuple(words(each)) for each in every}) == len(every)
    assert all(len(words(each)) == 1 for each in every)
