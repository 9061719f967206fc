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
    # Letters and parts of names that are spelled as numbers.
    ("Do a CT scan and give vitamin C.", "سی‌تی‌اسکن بگیرید و ویتامین سی بدهید."),
    ("Hepatitis C and a CBC", "هپاتیت سی و سی‌بی‌سی"),
    ("The trigeminal nerve and the tricuspid valve", "عصب سه‌قلو و دریچهٔ سه‌لتی"),
    ("No, not now, not daily.", "نه، حالا نه، نه روزانه."),
    ("What can I do?", "چه کاری می‌توانم انجام دهم؟"),
    # One number, spelled in many ways.
    ("7,500 of 10,000 steps", "هفت هزار و پانصد از ۱۰ هزار قدم"),
    ("Give 1,200 mg.", "۱۲۰۰ میلی‌گرم بدهید."),
    ("8,000 births", "۸٬۰۰۰ تولد"),
    ("Thirty-four percent", "سی و چهار درصد"),
    ("Give 3.5 mg.", "۳/۵ میلی‌گرم بدهید."),
    ("Use it t.i.d. for 4 days.", "آن را چهار روز، روزی سه بار به کار ببرید."),
    ("Stage II, second-degree, grade 3", "مرحلهٔ دو، درجه دوم، گرید سوم"),
    ("Three-quarters of them; half an hour", "سه‌چهارم آنان؛ ۳۰ دقیقه"),
    ("It doubles the risk in the last trimester.", "در سه‌ماههٔ آخر خطر را دو برابر می‌کند."),
    (
        "A two-and-a-half-year-old took one and a half tablets.",
        "کودک دو سال و نیمه یک قرص و نیم خورد.",
    ),
    # Verbs that deny with ن-, whichever they are, and denials without a verb.
    ("Do not lick or squeeze it.", "آن را نلیسید و نفشارید."),
    ("Don't let it boil.", "نگذارید بجوشد؛ آن را نجوشانید."),
    ("No.", "خیر."),
    ("A painless, odorless, abnormal swelling", "تورمی غیرطبیعی، بدون درد و بدون بو"),
    ("Clothes, linens etc. are a component.", "لباس، ملحفه و غیره جزء آن است."),
    ("Wait half an hour, 30 minutes or more.", "نیم ساعت، یعنی ۳۰ دقیقه یا بیشتر، صبر کنید."),
    ("Vaccinate them every two months.", "هر دو ماه یک بار به آن‌ها واکسن بزنید."),
    ("Both feet were cold in the morning.", "صبح هر دو پا سرد بود."),
    ("A lower dose is unlikely to harm.", "دوز کمتر بعید است آسیبی بزند."),
    ("Her breathing is not normal.", "تنفس او غیرطبیعی است."),
    # Terms that stay in Latin letters, in brackets or as names.
    ("It is deep vein thrombosis.", "این ترومبوز ورید عمقی (deep vein thrombosis of the leg) است."),
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
        (GOOD.replace("ایبوپروفن", "ناپروکسن"), "other drugs (lost ibuprofen; added naproxen)"),
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


PLANTED = [
    # The period, the number kept.
    ("Take it for nine days.", "نه هفته مصرف کنید.", "other units"),
    ("Swim once a week.", "روزی یک بار شنا کنید.", "other periods"),
    ("Weigh yourself weekly.", "روزانه خود را وزن کنید.", "other periods"),
    ("Take it every other day.", "هر روز مصرف کنید.", "other periods"),
    ("Rinse every 3 hours.", "هر ۳ روز شست‌وشو دهید.", "other units"),
    # Fractions.
    ("Take half a pill.", "یک قرص بخورید.", "lost 1/2"),
    ("A third of them smoke.", "یک‌چهارم آنان سیگار می‌کشند.", "lost 1/3; added 1/4"),
    ("Give one and a half tablets.", "یک قرص بدهید.", "lost 1.5"),
    # Drugs that sound alike, drugs added, and letters of vitamins.
    ("Give amoxicillin.", "آمپی‌سیلین بدهید.", "other drugs"),
    ("Stop hydroxyzine.", "هیدرالازین را قطع کنید.", "other drugs"),
    ("She takes prednisone.", "او پردنیزولون مصرف می‌کند.", "other drugs"),
    ("Start losartan.", "لوراتادین را شروع کنید.", "other drugs"),
    ("Give penicillin.", "پنی‌سیلامین بدهید.", "other drugs"),
    ("Take warfarin.", "وارفارین و کلوپیدوگرل بخورید.", "added clopidogrel"),
    ("A lack of vitamin E", "کمبود ویتامین د", "vitamin e: d"),
    ("Hepatitis A", "هپاتیت بی", "hepatitis a: b"),
    ("Magnesium was given.", "پتاسیم داده شد.", "magnesium: potassium"),
    # Counts exchanged, with and without units.
    (
        "Three drops of atropine and one drop of timolol",
        "یک قطره آتروپین و سه قطره تیمولول",
        "counts exchanged",
    ),
    (
        "Naproxen every 12 hours and codeine every 6 hours",
        "ناپروکسن هر ۶ ساعت و کدئین هر ۱۲ ساعت",
        "counts exchanged",
    ),
    (
        "Adults take 3 pills, children 2 pills.",
        "بزرگسالان ۲ قرص و کودکان ۳ قرص بخورند.",
        "counts exchanged",
    ),
    (
        "Give 90 mg at first, then 30 mg.",
        "ابتدا ۳۰ میلی‌گرم و سپس ۹۰ میلی‌گرم بدهید.",
        "another order",
    ),
    # Denials without "not", and one of two.
    ("All are causes EXCEPT", "همه علت‌اند", "a negation is lost"),
    ("Avoid milk.", "شیر بنوشید.", "a negation is lost"),
    ("It is contraindicated in gout.", "در نقرس تجویز می‌شود.", "a negation is lost"),
    ("It is unsafe.", "بی‌خطر است.", "a negation is lost"),
    ("She is unable to swallow.", "او می‌تواند ببلعد.", "a negation is lost"),
    ("Unless it bleeds, wait.", "اگر خونریزی دارد صبر کنید.", "a negation is lost"),
    ("Do not run and do not jump.", "ندوید و بپرید.", "a negation is lost"),
    ("It is not itchy but it is red.", "می‌خارد اما قرمز نیست.", "a negation has moved"),
    # Units.
    ("Give 8 mg/kg.", "۸ میلی‌گرم بدهید.", "other units"),
    ("It weighs 6 pounds.", "۶ کیلوگرم وزن دارد.", "other units"),
    ("102°F", "۱۰۲ درجهٔ سانتی‌گراد", "other units"),
    ("Take a teaspoon.", "یک قاشق غذاخوری بخورید.", "teaspoon: tablespoon"),
    ("The left ear hurts.", "گوش راست درد می‌کند.", "left: right"),
    # Repetition, English left within, and ends that are cut off.
    ("Sleep well.", "خوب بخوابید. خوب بخوابید. خوب بخوابید.", "it repeats itself"),
    ("See a nurse.", "به پرستار پرستار پرستار مراجعه کنید.", "it repeats itself"),
    ("Exercise every day to feel well.", "ورزش every day تا خوب باشید.", "left in English"),
    (
        "Mumps is a viral disease. The glands swell. Rest at home. Drink water. See a doctor.",
        "اوریون بیماری ویروسی است. غده‌ها ورم می‌کنند. در خانه استراحت کنید.",
        "sentences are missing",
    ),
    ("The baby has a rash and a runny nose.", "نوزاد بثورات", "much shorter"),
    (
        "Rest.",
        "استراحت کنید چون بدن برای ترمیم خود به خواب کافی و آرامش بسیار نیاز دارد.",
        "much longer",
    ),
    # Words of the translator.
    ("Rest.", "<think>rest</think> استراحت کنید.", "translator's own"),
    ("Rest.", "```\nاستراحت کنید.\n```", "translator's own"),
    ("Rest.", "متن فارسی: استراحت کنید.", "translator's own"),
    # Opposites and neighbours: height, speed, age, sides, parts, meals, ways, periods.
    ("Watch for hypokalemia.", "مراقب هیپرکالمی باشید.", "became another"),
    ("He had a slow heart rate.", "ضربان قلب او تند بود.", "became another"),
    ("Not for children under 6 years.", "برای کودکان بالای شش سال نیست.", "became another"),
    ("The wound is in the lower back.", "زخم در قسمت بالایی پشت است.", "became another"),
    ("Both eyes are red.", "یک چشم قرمز است.", "became another"),
    ("Rinse the mouth.", "بینی را بشویید.", "became another"),
    ("Take it after dinner.", "آن را پس از صبحانه بخورید.", "became another"),
    ("It is given under the skin.", "آن را در ورید می‌زنند.", "became another"),
    ("Do not drink tea.", "قهوه ننوشید.", "became another"),
    ("Untreated gout harms joints.", "نقرس درمان‌شده به مفصل آسیب می‌زند.", "became another"),
    ("It is unlikely to be flu.", "احتمالاً آنفلوانزاست.", "became another"),
    ("It lasts a week.", "یک ماه طول می‌کشد.", "became another"),
    ("Test it every two years.", "هر دو ماه یک بار آن را بسنجید.", "other"),
    ("Ask a pharmacist.", "از پرستار بپرسید.", "became another"),
    ("Rest.", "استراحت کنید. (توضیح مترجم: امری است)", "translator's own"),
    ("Rest.", "استراحت کنید.\nNote: imperative.", "translator's own"),
    ("Rest.", "این درخواست با سیاست‌های ما مغایرت دارد.", "a refusal"),
]


@pytest.mark.parametrize(("source", "translation", "fault"), PLANTED)
def test_a_fault_of_any_kind_is_told(source: str, translation: str, fault: str) -> None:
    assert any(fault in found for found in find_faults(source, translation))


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
    assert times_of("twice, then 3 and thirty", "en") == times_of("دو بار، سپس ۳ و سی روز", "fa")
    assert times_of("نه، نمی‌خواهم؛ ۲ سی‌سی", "fa") == times_of("2 cc", "en")
    assert [dose.told for dose in doses_of("۲٫۵ تا ۵ میلی‌گرم")] == ["2.5 mg", "5 mg"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_compared_without_an_error(source: str, translation: str) -> None:
    assert all("\n" not in fault for fault in find_faults(source, translation))
