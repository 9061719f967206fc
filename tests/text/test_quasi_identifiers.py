"""Ages, cities, places of work, rare diseases and dates; and the first two made coarser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.personal.quasi_identifiers import find_quasi_identifiers, generalize


def found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in find_quasi_identifiers(text)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("خانمی ۳۲ ساله هستم", [("۳۲ ساله", "age")]),
        ("پدرم سی و هشت سالشه", [("سی و هشت سالشه", "age")]),
        ("سنم 41 است و قدم ۱۷۰", [("سنم 41", "age")]),
        ("دخترم ۴ ساله است", [("۴ ساله", "age")]),
        ("اهل شهر بم و ساکن کرج", [("شهر بم", "city"), ("کرج", "city")]),
        ("بندرعباس یا بندر عباس", [("بندرعباس", "city"), ("بندر عباس", "city")]),
        ("معلم دبستان شکوفه‌ام", [("معلم دبستان شکوفه‌ام", "workplace")]),
        ("در بانک صادرات کار می‌کنم", [("در بانک صادرات کار می‌کنم", "workplace")]),
        ("برادرم بیماری دوشن دارد", [("بیماری دوشن", "rare_disease")]),
        ("از ۱۲ آبان ۱۴۰۱ تا 1402/03/05", [("۱۲ آبان ۱۴۰۱", "date"), ("1402/03/05", "date")]),
    ],
)
def test_what_may_tell_who_somebody_is(text: str, spans: list[tuple[str, str]]) -> None:
    assert found(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "سه ساله که کمردرد دارم",  # for how long
        "به مدت ۱۵ ساله دارو می‌خورم",
        "بعد از سن ۴۰ سالگی شایع است",  # nobody's
        "بافت میانه ران و خوی بد کودک",  # cities' names as words
        "لهجه‌اش تهرانی است",
        "فشارم ۱۲/۸ بود و دوز ۰.۵ گرم",
        "مدیر گفت مهر و محبت لازم است",
    ],
)
def test_what_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "coarse"),
    [
        ("۳۲ ساله", "۳۰ تا ۳۴ ساله"),
        ("35سالمه", "35 تا 39سالمه"),
        ("بیست و یک ساله هستم", "۲۰ تا ۲۴ ساله هستم"),
        ("مادرم ۹۷ سالشه", "مادرم ۹۰ سالشه و بیشتر"),
        ("از شهرستان جهرم آمدم", "از استان فارس آمدم"),
        ("استان تهران", "استان تهران"),
        ("از 1402/03/05 در اراک", "از 1402/03/05 در استان مرکزی"),
    ],
)
def test_coarser(text: str, coarse: str) -> None:
    assert generalize(text, age=True, city=True) == coarse
    assert generalize(text) == text


_PARTS = st.sampled_from(
    [*"۳5٣ \n،.", "سال", "ساله", "سن ", "شهر ", "یزد", "بم", "بانک ", "\u200c"]
)


@given(st.lists(_PARTS, max_size=30).map("".join))
def test_spans_lie_in_order_and_the_rest_stays(text: str) -> None:
    end = 0
    for span in find_quasi_identifiers(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end
    if not any(kind == "city" for _, kind in found(text)):
        assert generalize(text, city=True) == text
