"""What no rewriting may change is read; what it may change is not."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.meaning import read_alike, reading
from gaokerena_data.text.normalizer import normalize

# Every character that is unseen or a space, all dashes, and the tatweel.
UNSEEN = [
    character
    for character in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(character) in {"Cf", "Mn", "Me", "Pd", "Zs", "Cc"} or character == "ـ"
]
BETWEEN = st.text(
    st.sampled_from(UNSEEN) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3
)
DIGITS = st.sampled_from(["0", "2", "12", "۳", "۴۵", "٧", "2۵"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("۲۳", "۲ ۳"),
        ("۲۳", "۲ـ۳"),
        ("۲-۳", "۲ ۳"),
        ("۲-۳", "۲ - ۳"),
        ("۲.۵", "۲ .۵"),
        ("قرص .۵", "قرص.۵"),
        ("قرص -۵", "قرص ۵"),
        ("۳+", "۳ +"),
        ("O+ بود", "O- بود"),
        ("۵ mg", "۵ g"),
        ("۵ mg", "۵ MG"),
        ("۵٪", "۵"),
        ("۱۰⁶", "۱۰ ⁶"),
        ("۲\u200d۳", "۲۳"),
        ("D16", "D 16"),
        ("25(OH)D", "25 (OH) D"),
        ("۷۰۰,۰۰۰", "۷۰۰ و ۰۰۰"),
    ],
)
def test_two_readings_differ(one: str, other: str) -> None:
    assert reading(one) != reading(other)
    assert not read_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("۲.۵", "2.5"),
        ("۲ ٫ ۵", "۲٫۵"),
        ("۱۴۰ / ۹۰", "140/90"),
        ("۵٪", "5%"),
        ("درد دارم؟۵ روز", "درد دارم؟ ۵ روز"),
        ("(CBC)و", "(CBC) و"),
        ("می شود ۵ بار", "می‌شود ۵ بار"),
        ("ســلام ۵", "سلام ۵"),
        ("ویتامین B ۱۲", "ویتامین B12"),
        ("", "بدون عدد"),
    ],
)
def test_two_readings_are_one(one: str, other: str) -> None:
    assert reading(one) == reading(other)
    assert read_alike(one, other)


PIECES = st.sampled_from(
    [*"۵2a. ,/-+()«»ـ٫،؟\n×⁶½ی\u200c\u200d\u200f\u0301", "درد", "  ", "mg", "ꡃ", "👍", "ا\u0654"]
)


@given(
    st.lists(st.tuples(PIECES, PIECES | st.none()), max_size=8),
    st.integers(0, 8),
)
def test_the_quick_comparison_says_what_two_readings_say(
    pieces: list[tuple[str, str | None]], changed: int
) -> None:
    one = "".join(piece for piece, _ in pieces)
    other = "".join(
        (instead or "") if i == changed else piece for i, (piece, instead) in enumerate(pieces)
    )
    assert read_alike(one, other) == (reading(one) == reading(other))


@pytest.mark.parametrize("unseen", UNSEEN[:: len(UNSEEN) // 150])
def test_numbers_stay_two_whatever_stands_between_them(unseen: str) -> None:
    numbers = reading(normalize(f"دوز 25{unseen}50 است"))
    assert {"25", "50"} <= set(numbers), ascii(numbers)


@pytest.mark.thorough
def test_numbers_stay_two_by_every_unseen_character() -> None:
    for unseen in UNSEEN:
        for text in (f"دوز ۲۵{unseen}۵۰ است", f"دوز 25{unseen * 2}50", f"۲۵ {unseen} ۵۰ روز"):
            result = normalize(text)
            assert reading(result) == reading(text), ascii(text)
            assert normalize(result) == result, ascii(text)


@given(DIGITS, BETWEEN, DIGITS)
def test_what_is_between_two_numbers_stays(one: str, between: str, other: str) -> None:
    text = f"قرص {one}{between}{other} بار"
    result = normalize(text)
    assert reading(result) == reading(text)
    assert normalize(result) == result


@given(
    st.lists(
        st.sampled_from(
            [
                "درد",
                "دارم",
                "۵",
                "2.5",
                "mg",
                "B12",
                "-",
                "+",
                ".5",
                ",",
                "٫",
                "/",
                "(",
                ")",
                "25(OH)D",
                "۲ـ۳",
                "٪",
                "\u200f",
                "\u200d",
                "⁶",
                "؟",
            ]
        )
    )
)
def test_normalization_changes_no_reading(pieces: list[str]) -> None:
    for text in (" ".join(pieces), "".join(pieces)):
        assert reading(normalize(text)) == reading(text)


@pytest.mark.parametrize("unit", ["۵-", ". ", "5 .", "م. ", "(", "ـ", "۲ ـ", "\u200d", "a1", "B "])
def test_a_long_line_is_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert read_alike(text, f"{text} ") in {True, False}
    reading(text)
