"""A text may be cut where nothing changes: the result is that of the whole text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.normalization.stretches import changeable_stretches
from gaokerena_data.text.normalizer import normalize

# A letter that no rule knows: a text that has it is never cut.
WHOLE = "ꡃ"

_PLAIN = """
پزشک معاینه بیمار تجویز دارو روزانه صبح شب کودک سردرد خفیف مزمن آزمایش خون قند بالا است. بود
نیست، شما ندارد؛ کنید؟ آب پیش کار دست سر خوب بد ویتامین گروه من بعد از ماه که این به او خواهد شد
شده گفته رفته می‌شود نمی‌کند کتاب‌ها خانه‌ای بی‌حالی ۵ ۱۲ ۳۰، مسئول مؤثر
"""
_CHANGED = """
می نمی ها های هایی ی ای ام ات اش اند اید ایم تر ترین گری تان میشود نمیخورم میکنم، خیلیییی سلاممم
مي كودك ۲.۵ 500mg B12 ۱۴۰/۹۰ 5 ، . ؟ ... ( ) («تب») "تب "درد" «خوب» دکتر،مطب .بعد سلام.من هها
‌ها بی‌ ام‌آر آی سی تی بی پی اچ اس آر آ ماه خواهند شد، گذاری کننده پذیر دار بچهها
"""
PLAIN, CHANGED = _PLAIN.split(), _CHANGED.split()
TEXTS = st.lists(st.sampled_from(PLAIN * 3 + CHANGED), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("text", "changeable"),
    [
        ("پزشک معاینه کرد و دارو داد.", []),
        ("برای پزشک کتاب ها را آورد", ["کتاب ها را"]),
        ("شب سردرد دارم و صبح میخوابم باز سر کار", ["صبح میخوابم باز"]),
        ("آزمایش خون داد سی تی اسکن هم خوب بود", []),
        ("دکتر گفت ویتامین B ۱۲ بخور باز", ["ویتامین B ۱۲ بخور"]),
        ("دو تخمک گذاری در ماه", ["دو تخمک گذاری در"]),
        ("ها", ["ها"]),
        ("", [""]),
    ],
)
def test_what_may_change_is_found_with_a_word_at_either_side(
    text: str, changeable: list[str]
) -> None:
    words = text.split(" ")
    found = [" ".join(words[start:stop]) for start, stop in changeable_stretches(words)]
    assert found == changeable


@given(TEXTS)
def test_a_text_that_is_cut_becomes_what_the_whole_text_does(words: list[str]) -> None:
    text = " ".join([*words, "پزشک"])
    assert f"{normalize(text)} {WHOLE}" == normalize(f"{text} {WHOLE}")


@given(TEXTS, st.data())
def test_so_does_a_text_with_odd_characters(words: list[str], data: st.DataObject) -> None:
    text = " ".join([*words, "پزشک"])
    for odd in data.draw(st.lists(st.characters(), max_size=4)):
        place = data.draw(st.integers(0, len(text) - 4))
        text = f"{text[:place]}{odd}{text[place:]}"
    assert f"{normalize(text)} {WHOLE}" == normalize(f"{text} {WHOLE}")


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
def test_many_texts_that_are_cut_become_what_they_do_whole() -> None:
    chance = random.Random(11)
    for _ in range(100_000):
        words = chance.choices(PLAIN * 3 + CHANGED, k=chance.randint(1, 60))
        text = " ".join([*words, "پزشک"])
        assert f"{normalize(text)} {WHOLE}" == normalize(f"{text} {WHOLE}")
