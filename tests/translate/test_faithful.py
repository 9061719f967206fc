"""What a translation changed is told, and what it kept is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.translate.doses import doses_of, times_of
from gaokerena_data.translate.drugs import find_drugs, find_in_persian
from gaokerena_data.translate.faithful import find_faults

SOURCE = (
    "Take 500 mg of amoxicillin three times a day for 7 days. Do not drink alcohol. "
    "Ibuprofen 400 mg may be used for pain."
)
GOOD = (
    "آموکسی‌سیلین ۵۰۰ میلی‌گرم را سه بار در روز به مدت ۷ روز مصرف کنید. الکل ننوشید. "
    "ایبوپروفن ۴۰۰ میلی‌گرم برای درد می‌تواند مصرف شود."
)
FAITHFUL = [
    (SOURCE, GOOD),
    (
        SOURCE,
        (
            "سه بار در روز ۵۰۰ میلی‌گرم amoxicillin به مدت ۷ روز بخورید. الکل ننوشید. "
            "ibuprofen 400 mg را می‌توان برای درد به کار برد."
        ),
    ),
    (
        "The patient should see a doctor if fever persists.",
        "اگر تب ادامه یافت بیمار باید به پزشک مراجعه کند.",
    ),
    ("Twice a day, take two tablets.", "روزی دو بار دو قرص بخورید."),
    ("Both kidneys are affected.", "هر دو کلیه درگیر هستند."),
    ("Avoid sunlight.", "از نور خورشید پرهیز کنید."),
    ("It is unsafe to drive.", "رانندگی ناامن است."),
    ("Side effects are not common.", "عوارض جانبی شایع نیستند."),
    ("Nine days later, thirty patients had 30% relief.", "نه روز بعد، سی بیمار ۳۰٪ بهبود داشتند."),
    ("Vitamin D 1000 IU daily", "روزانه ۱۰۰۰ واحد ویتامین D"),
    ("Which drug is contraindicated in pregnancy?", "کدام دارو در بارداری منع مصرف دارد؟"),
    ("Aspirin", "آسپرین"),
    ("Liver", "کبد"),
    ("There is no cure.", "درمان قطعی وجود ندارد."),
    ("Prozac and Xanax", "پروزاک و زاناکس"),
    ("Loratadine is available over the counter.", "لوراتادین بدون نسخه در دسترس است."),
    ("Insomnia is a side effect.", "بی‌خوابی یک عارضه است."),
    ("Is it safe?", "آیا بی‌خطر است؟"),
    ("The patient isn't febrile.", "بیمار تب ندارد."),
    ("Wait at least 48 hours.", "دست‌کم ۴۸ ساعت صبر کنید."),
    ("Adrenaline 0.3 mg was given.", "اپی‌نفرین ۰٫۳ میلی‌گرم داده شد."),
    ("Paracetamol 1 g every six hours", "استامینوفن ۱ گرم هر شش ساعت"),
    ("2 mL twice daily", "۲ سی‌سی دو بار در روز"),
    ("Men over 50 are at risk.", "مردان بالای ۵۰ سال در معرض خطرند."),
]


@pytest.mark.parametrize(("source", "translation"), FAITHFUL)
def test_a_faithful_translation_has_no_fault(source: str, translation: str) -> None:
    assert find_faults(source, translation) == []


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        (GOOD.replace("سه بار", "دو بار"), "other times or counts (lost 3; added 2)"),
        (GOOD.replace("سه بار", "یک بار"), "other times or counts (lost 3)"),
        (GOOD.replace("ننوشید", "بنوشید"), "a negation is lost"),
        (GOOD.replace("می‌تواند", "نمی‌تواند"), "a negation is added"),
        (GOOD[: len(GOOD) // 3], "much shorter"),
        (f"{GOOD} {GOOD} {GOOD}", "it repeats itself"),
        (GOOD.replace("الکل ننوشید", "Do not drink any alcohol at all"), "not in Persian"),
        ("متأسفم، نمی‌توانم این متن را ترجمه کنم.", "a refusal"),
        ("I'm sorry, but I cannot help with that. متن", "a refusal"),
        (f"ترجمه فارسی: {GOOD}", "words of the translator's own"),
        (f"البته! در اینجا ترجمه: {GOOD}", "words of the translator's own"),
        (f"{GOOD} امیدوارم این ترجمه مفید باشد.", "words of the translator's own"),
        (GOOD.replace("۵۰۰ میلی‌گرم", "۵۰۰ گرم"), "other units (500 mg: g)"),
        (GOOD.replace("۷ روز", "۷ هفته"), "other units (7 days: weeks)"),
        (GOOD.replace("۵۰۰ میلی‌گرم", "۵۰۰"), "other units (500 mg: none)"),
        (GOOD.replace("۵۰۰", "۵۰"), "other times or counts (lost 500; added 50)"),
        (
            (
                "خذ 500 ملغ من أموكسيسيلين ثلاث مرات في اليوم لمدة 7 أيام. لا تشرب الكحول. "
                "يمكن استخدام ايبوبروفين 400 ملغ للألم."
            ),
            "its language is ar",
        ),
        (GOOD.replace("ایبوپروفن", "ناپروکسن"), "other drugs (lost ibuprofen)"),
        (GOOD.replace("ایبوپروفن", "naproxen"), "other drugs (lost ibuprofen; added naproxen)"),
        (
            GOOD.replace("۵۰۰", "x").replace("۴۰۰", "۵۰۰").replace("x", "۴۰۰"),
            "doses by other drugs (400 mg, 500 mg)",
        ),
        ("", "empty"),
        (SOURCE, "no Persian in it"),
    ],
)
def test_a_planted_fault_is_told(translation: str, fault: str) -> None:
    assert any(fault in found for found in find_faults(SOURCE, translation))


@pytest.mark.parametrize(
    ("name", "persian"),
    [
        ("amoxicillin", "آموکسی سیلین"), ("metformin", "متفورمین"), ("furosemide", "فوروزماید"),
        ("azithromycin", "آزیترومایسین"), ("ciprofloxacin", "سیپروفلوکساسین"),
        ("levothyroxine", "لووتیروکسین"), ("hydrochlorothiazide", "هیدروکلروتیازید"),
        ("methotrexate", "متوترکسات"), ("warfarin", "وارفارین"), ("lexapro", "لگزاپرو"),
    ],
)  # fmt: skip
def test_a_drug_is_known_by_its_sound(name: str, persian: str) -> None:
    assert [drug.name for drug in find_drugs(f"Take {name} daily")] == [name]
    text = f"بیمار هر روز {persian} مصرف می‌کند"
    [found] = find_in_persian(text, {name})
    assert text[found.start : found.end] == persian
    assert find_in_persian("بیمار هر روز آب و نان مصرف می‌کند", {name}) == []


def test_counts_are_one_in_words_and_in_digits_of_any_script() -> None:
    assert times_of("twice, then 3 and thirty", "en") == times_of("دو بار، سپس ۳ و سی", "fa")
    assert times_of("نه، نمی‌خواهم؛ ۲ سی‌سی", "fa") == times_of("2 cc", "en")
    assert [dose.told for dose in doses_of("۲٫۵ تا ۵ میلی‌گرم")] == ["2.5 mg", "5 mg"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_compared_without_an_error(source: str, translation: str) -> None:
    assert all("\n" not in fault for fault in find_faults(source, translation))
