import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.word_forms import code_unit_table, describe_code_unit, settle, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می‌شود", "می شود"),
        ("كليه‌هاي", "کلیه‌های"),
        ("پزشکی", "پزشكى"),
        ("۱۲۳", "123"),
        ("٤٥٦", "۴۵۶"),
        ("۲٫۵", "2.5"),
        ("۷۰۰٬۰۰۰", "700,000"),
        ("HbA1c", "hba1c"),
        ("مُحَمَّد", "محمد"),
        ("ســـلام", "سلام"),
        ("مسؤول", "مسوول"),
        ("رئیس", "رییس"),
        ("ه\u0654", "ۀ"),
        ("نامۀ", "نامه"),
        ("ﺳﻼﻡ", "سلام"),
        ("ﷲ", "الله"),
        ("ا\u0653ب", "آب"),
        ("سلام\u200f", "سلام"),
        ("درد؟", "درد"),
        ("«تب»،", "تب"),
        ("۵٪", "5%"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_two_spellings_are_one(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.5", "2 5"),
        ("۲/۵", "۲ ۵"),
        ("2.5", "25"),
        ("140/90", "14090"),
        ("O+", "O-"),
        ("HIV-", "HIV"),
        ("۵٪", "۵"),
        ("<5", ">5"),
        ("آلو", "الو"),
        ("10³", "103"),
        ("مسئله", "مسله"),
    ],
)
def test_two_meanings_are_two(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("؟!؛،. _ «»", []),
        ("😀👨‍👩‍👧", []),
        ("سلام.خوبی؟", ["سلام", "خوبی"]),
        ("۲.۵.", ["2.5"]),
        ("۵-۱۰ روز", ["5", "10", "روز"]),
        ("ویتامین B12/D3", ["ویتامین", "b12", "d3"]),
        ("CA-125 بالا", ["ca", "125", "بالا"]),
        ("۲×۱", ["2", "×", "1"]),
        ("𝐀𝐁", ["𝐀𝐁"]),
    ],
)
def test_words_of(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("unit", ["\u0301\u0327", "\u0653\u0650\u064b", "ﷺ", "😀", "1.", "a-"])
def test_a_hostile_line_takes_linear_time(unit: str) -> None:
    # In the square of their length these would take from minutes to hours.
    assert len(words("متن " + unit * 200_000 + " متن")) >= 2


@given(st.text())
def test_words_are_their_own_comparison_form(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert not any(character.isspace() for word in found for character in word)


@given(st.text(st.characters(max_codepoint=0x7FF)))
def test_composition_does_not_matter(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text(st.one_of(st.characters(), st.sampled_from("\u0653\u0301اeﷺ\ufe0f😀"))))
def test_settling_twice_changes_nothing(text: str) -> None:
    assert settle(settle(text)) == settle(text)


def test_every_code_unit_is_what_it_is_described_as() -> None:
    """Also in the blocks of which only the first is looked at."""
    kinds, folded = code_unit_table()
    described = [describe_code_unit(chr(code)) for code in range(1 << 16)]
    assert list(zip(kinds.tolist(), folded.tolist(), strict=True)) == described
