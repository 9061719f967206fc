"""Two texts that are nearly the same, and what keeps one from standing for the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.near_duplicates.differences import difference_between

FRAME = "با سلام، {} را طبق نظر پزشک مصرف کنید و اگر تب یا درد بیشتر شد حتما مراجعه کنید"


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("قرص ۵۰ میلی‌گرم", "قرص ۵۰۰ میلی‌گرم", "number"),
        ("روزی دو قرص", "روزی سه قرص", "number"),
        ("شربت ۲.۵ سی سی", "شربت ۲۵ سی سی", "number"),
        ("قرص با فشار ۱۳/۸", "قرص با فشار ۱۸/۸", "number"),
        ("آمپول ۵ میلی گرم", "آمپول ۵ گرم", "unit"),
        ("دارو ۲ هفته", "دارو ۲ ماه", "unit"),
        ("اگر حساسیت دارید دارو", "اگر حساسیت ندارید دارو", "negation"),
        ("دارو با معده خالی می‌شود", "دارو با معده خالی نمی‌شود", "negation"),
        ("با جواب مثبت دارو", "با جواب منفی دارو", "negation"),
        ("قرص پردنیزون", "قرص پردنیزولون", "drug"),
        ("سرترالین", "سیتالوپرام", "drug"),
        ("کپسول آموکسی‌سیلین", "کپسول آزیترومایسین", "drug"),
    ],
)
def test_what_is_kept_apart(one: str, other: str, difference: str) -> None:
    for pair in ((one, other), (other, one)):
        assert difference_between(*(FRAME.format(text) for text in pair)) == difference


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("قرص ۵۰ میلی‌گرم", "قرص 50 میلی گرم"),
        ("شربت ۲٫۵۰ سی‌سی", "شربت 2.5 سی سی"),
        ("آتورواستاتین", "آترواستاتین"),
        ("رانیتیدین", "رانیتدین"),
        ("دارو اگر نمی شود", "دارو اگر نمی‌شود"),
        ("دارو و داروهای دیگر", "دارو و داروهای دیگر خود"),
        ("دارو", "دارو. این را هم بگویم که هیچ نگران نباشید دوست من. دارو"),
    ],
)
def test_what_may_stand_for_another(one: str, other: str) -> None:
    assert difference_between(FRAME.format(one), FRAME.format(other)) is None


@given(st.text(alphabet="ابتن دیم‌۱۲3.، ", max_size=60), st.text(max_size=40))
def test_a_text_is_itself_and_order_does_not_matter(one: str, other: str) -> None:
    assert difference_between(one, one) is None
    assert (difference_between(one, other) is None) == (difference_between(other, one) is None)
