"""hazm's result, except where it would change what a medical text says."""

import unicodedata

import pytest

from gaokerena_data.text.normalization.hazm_path import fast_hazm
from gaokerena_data.text.normalization.spans import restore
from gaokerena_data.text.normalizer import normalize

ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("دوز ۲.۵ میلی گرم", "دوز ۲.۵ میلی‌گرم"),
        ("تبش 38.4 درجه است", "تبش ۳۸.۴ درجه است"),
        ("فشارش 140/90 بود", "فشارش ۱۴۰/۹۰ بود"),
        ("5-10 روز", "۵-۱۰ روز"),
        ("ویتامین D3 و B12", "ویتامین D3 و B12"),
        ("CA-125 و HbA1c و COVID-19", "CA-125 و HbA1c و COVID-19"),
        ("کووید-19 گرفتم", "کووید-۱۹ گرفتم"),
        ("5-فلورواوراسیل", "۵-فلورواوراسیل"),
        ("قند 120 mg/dL شد", "قند ۱۲۰ mg/dL شد"),
        ("2×1 بعد از غذا", "۲×۱ بعد از غذا"),
        ("شربت ۱-۰-۱", "شربت ۱-۰-۱"),
        ("در 50% موارد", "در ۵۰٪ موارد"),
        ("700,000 تومان", "۷۰۰,۰۰۰ تومان"),
        ("ساعت 10:30 صبح", "ساعت ۱۰:۳۰ صبح"),
        ("مورخ 1402/5/12", "مورخ ۱۴۰۲/۵/۱۲"),
        ("نشانی https://example.ir/a?b=1 است.", "نشانی https://example.ir/a?b=1 است."),
        ("به info@example.ir بنویسید", "به info@example.ir بنویسید"),
        ("برای ام آر آی آمدم", "برای ام آر آی آمدم"),
        ("بیماری ام اس دارم", "بیماری ام اس دارم"),
        ("کمبود ویتامین ای", "کمبود ویتامین ای"),
        ("از ماه می 2020 درد دارم", "از ماه می ۲۰۲۰ درد دارم"),
        ("من بعد از زایمان", "من بعد از زایمان"),
        # What touches a number.
        ("تا 3+ رسید", "تا ۳+ رسید"),
        ("پروتئین +3", "پروتئین +۳"),
        ("نمره عینک -2.5 است", "نمره عینک -۲.۵ است"),
        ("کمتر از <5 یا ≥10", "کمتر از <۵ یا ≥۱۰"),
        ("دمای 37° بدن", "دمای ۳۷° بدن"),
        ("10⁶ سلول و 5×10⁶", "۱۰⁶ سلول و ۵×۱۰⁶"),
        ("۱⁄۲ قرص، ۲½ قاشق", "۱⁄۲ قرص، ۲½ قاشق"),
        ("شاخص kg/m² و H₂O", "شاخص kg/m² و H₂O"),
        ("آزمایش 25(OH)D و Fe(OH)3", "آزمایش 25(OH)D و Fe(OH)3"),
        ("۳,۴ بار", "۳,۴ بار"),
        # Numbers that begin with their point.
        ("لورازپام .25 میلی گرم", "لورازپام .۲۵ میلی‌گرم"),
        ("ساعت یک قرص ./75 میلی گرم", "ساعت یک قرص ./۷۵ میلی‌گرم"),
        ("جابجایی t(9;22)(q34;q11) دارم", "جابجایی t(9;22)(q34;q11) دارم"),
        ("آنزیم 5'-NT و 5′-UTR", "آنزیم 5'-NT و 5′-UTR"),
        ("ativan .5mg", "ativan .5mg"),
        # Dashes and unseen signs between numbers.
        ("600ـ800 واحد", "۶۰۰ـ۸۰۰ واحد"),
        ("هر ۴ـ۵ ساعت", "هر ۴ـ۵ ساعت"),
        ("۴ ـ ۵ ساعت", "۴ ـ ۵ ساعت"),
        ("بســیار خوب", "بسیار خوب"),
        # Presentation forms and hamza.
        ("ﺁﺳﻢ ﻭ ﻣﺴﺆﻭﻝ", "آسم و مسؤول"),
        ("معدهٔ من", "معدۀ من"),
        ("معدۀ من", "معدۀ من"),
    ],
)
def test_protected_spans_survive(raw: str, expected: str) -> None:
    assert normalize(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("دوز ۲ ٫ ۵ mg", "دوز ۲٫۵ mg"),
        ("فشار ۱۴۰ / ۹۰", "فشار ۱۴۰/۹۰"),
        ("مورخ ۱۴۰۲ / ۵ / ۱۲", "مورخ ۱۴۰۲/۵/۱۲"),
        ("۷۰۰ , ۰۰۰ تومان", "۷۰۰,۰۰۰ تومان"),
        ("ویتامین B ۱۲", "ویتامین B۱۲"),
        ("ویتامین  B  ۱۲", "ویتامین B۱۲"),
        ("ي  HbA  1c و B  12", "ی HbA1c و B ۱۲"),
        ("مورخ ۱۴۰۲  / ۵ /  ۱۲", "مورخ ۱۴۰۲/۵/۱۲"),
        ("دوز ۲\u2003٫  ۵ mg", "دوز ۲٫۵ mg"),
        ("۲  ـ  ۳ بار", "۲ ـ ۳ بار"),
        ("ویتامین ـ B \u200e 12", "ویتامین B12"),
        ("HbA ۱ C", "HbA۱C"),
    ],
)
def test_spaced_out_numbers_are_repaired(raw: str, expected: str) -> None:
    assert normalize(raw) == expected


@pytest.mark.parametrize(
    "text", ["ویتامین D ۱۶ است", "ویتامین B ۲ عدد", "ویتامین B ۱۲ عدد", "T ۴ بالا"]
)
def test_a_number_beside_a_letter_stays_apart_where_it_may_be_a_value(text: str) -> None:
    assert normalize(text) == text


# hazm joins the last two words, or those around the middle one.
APART = """
نمک دارای ید است|قطره ید بریزید|سطح تری گلیسیرید من|قرص تری متوپریم|سونوگرافی ان تی دادم
خلط هم خون داشت|سونوی تخمدان چپ رو دیدند|ضایعه پستان راست رو برداشتند|پماد ام جی|سابقه ام اس
نتیجه ای اس آر|از ان قرص|زخم پوست تر است|پانسمان تر|بارداری های ریسک|بدنم گر گرفت
دو سال پیش بینی ام را شکستم|روزی سی تا چهل قطره|پریودم عقب افتاده|خیلی کم خون دیدم
زخم زبان دارم|در مان زخم|با ید صبر کرد|گروه ای|هپاتیت بی درد ندارد|به روز سوم رسید
سینه زن جوان|درد نزدیک بینی|ویروس سی ام وی|تولدش ۲۰ می متولد
"""


@pytest.mark.parametrize("text", APART.strip().replace("\n", "|").split("|"))
def test_joins_that_change_a_medical_word_are_not_made(text: str) -> None:
    words = normalize(text).replace(f"بینی{ZWNJ}ام", "بینی ام")
    assert words == text


JOINED = """
سه ماه می باشد که|یک ماه می شه|نمی تونم بخوابم|بچه ها|هفته ای دو بار|دقیق تر|خسته ام
بارداری ام|کلیه هایم|رابطه ی ما|جنین تان|تخمک گذاری|کمک کننده|بی حسی|قابل درمان|شرح حال
پیش بینی شد|سی سی سرم
"""


@pytest.mark.parametrize("text", JOINED.strip().replace("\n", "|").split("|"))
def test_other_joins_of_hazm_are_made(text: str) -> None:
    assert normalize(text) == fast_hazm(text)


@pytest.mark.parametrize(
    "form", [chr(c) for c in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))][::7]
)
def test_presentation_forms_are_what_unicode_says(form: str) -> None:
    letters = unicodedata.normalize("NFKC", form)
    assert normalize(f"درد{form} و ب{form}ب") == normalize(f"درد{letters} و ب{letters}ب")


def test_ambiguous_spacing_is_left_alone() -> None:
    assert normalize("۵ - ۱۰ روز") == "۵ - ۱۰ روز"
    assert normalize("۲ / ۳") == "۲ / ۳"


def test_hazm_works_on_everything_else() -> None:
    assert normalize("كتاب ها را مي خوانم .") == f"کتاب{ZWNJ}ها را می{ZWNJ}خوانم."


def test_digits_may_stay_as_written() -> None:
    assert normalize("2.5 گرم و ۳ بار و 50%", digits="as_written") == "2.5 گرم و ۳ بار و 50%"


def test_stand_in_characters_of_the_text_are_kept() -> None:
    assert normalize("꧐ꡁꡁ ꡂꡂ꧐ 2.5 ꡀꡀ ꧑") == "꧐ꡁꡁ ꡂꡂ꧐ ۲.۵ ꡀꡀ ꧑"


@pytest.mark.parametrize(
    ("harm", "text", "expected"),
    [
        (("-", ""), "كودك ۲-۳ بار", "کودک ۲-۳ بار"),
        ((".", ""), "دوز 2.5 است\nكودك ها", f"دوز 2.5 است\nکودک{ZWNJ}ها"),
        (("mg", "g"), "كودك 5mg خورد", "کودک 5mg خورد"),
        ((" .", "."), "كودك .5 خورد", "كودك .5 خورد"),
        (("+ ", ""), "كودك O + ۲ شد", "كودك O + ۲ شد"),
    ],
)
def test_words_stay_where_a_rule_would_change_what_they_say(
    monkeypatch: pytest.MonkeyPatch, harm: tuple[str, str], text: str, expected: str
) -> None:
    """Whatever the rules do to a number: here one of them does harm to all of them."""

    def harmful(text: str, spans: list[str], *, persian_digits: bool) -> str:
        return restore(text, spans, persian_digits=persian_digits).replace(*harm)

    monkeypatch.setattr("gaokerena_data.text.normalizer.restore", harmful)
    assert normalize(text) == expected
