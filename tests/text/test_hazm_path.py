"""The fast path gives hazm's own output."""

from functools import cache

import hazm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.normalization.hazm_path import fast_hazm

# Whatever hazm has a rule for, beside ordinary letters and words that it joins.
PIECES = [
    *'آابپتمیهترگشكيىةأ۰۱2.٠:،؛؟!?"«»()[]{}/\\%٪ ـ\n\t\r\u200c\u200f\ufeff\u064b\u0654ﷲﻻﷺ',
    *("...", "  ", "\n\n\n", "ها", "های", "ترین", "می ", "نمی", "ام", "ای", "است", "خواهد", "شد"),
    *(
        "کتاب",
        "خانه ی",
        "سلاممم",
        "گفته",
        "میخورم",
        "بچه",
        "دست",
        "شویی",
        "زمین",
        "لرزه",
        "mg",
        "B12",
    ),
]


@cache
def stock() -> hazm.Normalizer:
    return hazm.Normalizer()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "اِعلاممممم کَرد : « زمین لرزه ای به بُزرگیِ 6 دهم ریشتر ...»",
        "جمعهها که کار نمی کنم مطالعه می کنم",
        'گفت " سلام " و رفت',
        "متن  \n",
        "قرص 2.5mg روزی ۲بار",
    ],
)
def test_equals_hazm(text: str) -> None:
    assert fast_hazm(text) == stock().normalize(text)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_equals_hazm_on_generated_text(text: str) -> None:
    assert fast_hazm(text) == stock().normalize(text)


@given(st.text(max_size=60))
def test_equals_hazm_on_any_unicode(text: str) -> None:
    assert fast_hazm(text) == stock().normalize(text)
