"""What can be seen to be wrong with a question and its answer, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.pairs.faults import Fault, pair_faults

MANY_CASES = True

ASKED = "سلام، دو هفته است که شب‌ها سرفه می‌کنم و خلط زرد دارم. چه کار کنم؟"
TOLD = (
    "سلام. سرفه‌ی شبانه علت‌های زیادی دارد؛ آب گرم و عسل کمک می‌کند و اگر تب یا تنگی نفس پیدا "
    "کردید عکس قفسه‌ی سینه لازم است."
)


def faults(question: str, answer: str) -> set[str]:
    return set(pair_faults(question, answer).faults)


# Answers that lean on what their question does not hold, and some with the same words that do not.
LEANS = [
    (
        Fault.ATTACHMENT,
        [
            "سلام، در عکس ارسالی شما قرمزی مختصری دور زخم دیده می‌شود که طبیعی است.",
            "با توجه به آزمایشی که فرستادید کم‌خونی خفیفی دارید و باید آهن مصرف کنید.",
            "طبق رادیوگرافی دو دندان پوسیده دارید و هر دو باید پر شوند.",
            "تست ورزشی که گذاشتین مثبت است، هر چه زودتر آنژیوگرافی انجام دهید.",
            "در تصویر جوش‌های چرکی مشخص است؛ کرم را شب‌ها بزنید.",
            "گزارش ام آر آی ضمیمه شده تنگی کانال را نشان می‌دهد، شنا برایتان خوب است.",
        ],
        [
            "برای بررسی لوله‌ها عکس رنگی رحم بگیرید، در عکس رنگی باز بودن لوله‌ها دیده می‌شود.",
            "اگر عکس ارسال کنید بهتر می‌توان نظر داد، اما این ضایعه معمولا خودبه‌خود خوب می‌شود.",
            "کاش عکس آن را هم گذاشته بودید؛ با این حال پماد اکسید روی ضرری ندارد.",
            "نمونه‌ی ارسال شده به آزمایشگاه پس از ده روز جواب داده می‌شود.",
            "درمان این بیماری پیوسته است و عکس‌العمل کودک‌ها به آن فرق می‌کند.",
            "دوران سختی را پشت سر گذاشته‌اید؛ با یک مشاور صحبت کنید تا سبک شوید.",
        ],
    ),
    (
        Fault.EARLIER_TALK,
        [
            "با سلام مجدد، همان‌طور که عرض شد این دارو با شیردهی منافاتی ندارد.",
            "همانطور که قبلا هم خدمتتان عرض کردم استراحت مهم‌ترین درمان شماست.",
            "همان گونه که در پاسخ قبلی توضیح دادم تیروئید کم‌کار پریود را نامنظم می‌کند.",
            "در سوال قبلی نیز عرض شد که این قرص را با غذا بخورید.",
            "قبلا به شما پاسخ داده شد؛ سرم قندی نزنید.",
            "در تماس تلفنی که داشتیم گفتم دوز را نصف کنید.",
        ],
        [
            "همان‌طور که خودتان اشاره کردید استرس می‌تواند معده را تحریک کند.",
            "همان‌طور که در بالا گفته شد لبنیات را دو هفته حذف کنید و بعد کم‌کم بخورید.",
            "اگر قبلا به این دارو پاسخ داده‌اید می‌توانید دوباره آن را شروع کنید.",
            "مشاوره‌ی قبل از ازدواج به شما کمک می‌کند؛ آزمایش تالاسمی هم بدهید.",
            "پاسخ قبلی بدن به آنتی‌بیوتیک در انتخاب داروی بعدی مهم است.",
            "سابقه‌ی قبلی سنگ کلیه خطر را بیشتر می‌کند، آب زیاد بنوشید.",
        ],
    ),
    (
        Fault.WEIGHT,
        [
            "با توجه به اضافه وزن شما اول ده کیلو کم کنید، بعد سراغ دارو بروید.",
            "شما کمبود وزن دارید و باید تیروئیدتان بررسی شود.",
            "قد و وزن فرزند شما بالای صدک پنجاه است و جای نگرانی نیست.",
            "با توجه به وزن پایینتون کم‌خونی هم محتمل است.",
        ],
        [
            "اگر اضافه وزن دارید با رژیم و ورزش آن را کم کنید.",
            "وزن را ماهی یک بار روی منحنی رشد ثبت کنید.",
            "دوز این شربت با توجه به وزن کودک تنظیم می‌شود.",
            "چاقی از علت‌های خروپف است، کم‌تحرکی هم همین‌طور.",
        ],
    ),
    (
        Fault.AGE,
        ["شما جوان ۳۱ ساله هستید و احتمال پوکی استخوان در شما بسیار کم است."],
        [
            "در افراد بالای ۵۰ سال باید کولونوسکوپی انجام شود.",
            "اگر شما ۴۰ ساله هستید ماموگرافی هم لازم دارید.",
        ],
    ),
]


@pytest.mark.parametrize(
    ("fault", "answer"), [(fault, each) for fault, some, _ in LEANS for each in some]
)
def test_an_answer_that_leans_on_something_else(fault: Fault, answer: str) -> None:
    assert fault in faults(ASKED, answer)


@pytest.mark.parametrize("answer", [TOLD, *(each for _, _, some in LEANS for each in some)])
def test_an_answer_that_only_looks_like_it(answer: str) -> None:
    assert faults(ASKED, answer) == set()


@pytest.mark.parametrize(
    ("question", "answer", "fault"),
    [
        ("وزنم ۹۵ کیلو است و زانو درد دارم.", LEANS[2][1][0], Fault.WEIGHT),
        ("دخترم ۸۲۰۰ گرم است، خوب است؟", LEANS[2][1][2], Fault.WEIGHT),
        ("خانمی ۳۱ ساله‌ام و کمرم درد می‌کند.", LEANS[3][1][0], Fault.AGE),
    ],
)
def test_what_the_question_says_is_known(question: str, answer: str, fault: Fault) -> None:
    assert fault not in faults(question, answer)


@pytest.mark.parametrize(
    "question",
    [
        "سلام لطفا این آزمایش خون من را تفسیر کنید",
        "جواب سونوی همسرم چطوره؟ ممنون میشم",
        "می‌شه جواب این اکو رو بفرمایید؟",
        "این نوار قلب پدرم هست، مشکلی داره؟",
    ],
)
def test_a_question_about_a_sheet_that_is_not_there(question: str) -> None:
    assert Fault.ATTACHED in faults(question, TOLD)


@pytest.mark.parametrize(
    "question",
    [
        "آزمایش تیروئیدم ۶.۲ شده، لطفا تفسیر کنید",
        "این آزمایش لازم است؟ دکترم نوشته",
        "تست هوش ریون چیست و از چند سالگی می‌گیرند؟",
        "بعد از سقط سونوگرافی لازم است یا نه؟",
    ],
)
def test_a_question_about_tests_that_says_what_they_say(question: str) -> None:
    assert Fault.ATTACHED not in faults(question, TOLD)


SAYS_NOTHING = {
    Fault.REFERS: [
        "دوست عزیز حتما باید معاینه شوید.",
        "سلام، به متخصص پوست مراجعه کنید.",
        "مادر عزیز بهتر است در این مورد با پزشک خود مشورت کنید. موفق باشید.",
        "با سلام. نیاز به معاینه‌ی حضوری هست.",
        "دوست گرامی برای بررسی دقیق‌تر به کلینیک ناباروری مراجعه نمایید.",
        "طبق دستور پزشک معالج خود رفتار کنید.",
    ],
    Fault.REFUSES: [
        "دوست عزیز بدون معاینه نمی‌توان نظری داد.",
        "به صورت مجازی قادر به اظهار نظر نیستیم، حتما حضوری مراجعه کنید.",
        "در این سایت مجاز به تفسیر برگه‌ی آزمایش و نوار قلب کاربران نیستیم.",
        "با این اطلاعات نمیشه تشخیص داد. باید توسط پزشک بررسی شوید.",
        "امکان تفسیر نوار قلب بدون معاینه‌ی شما وجود ندارد و بهتر است به پزشک مراجعه کنید.",
        "لازم است نتیجه‌ی آزمایش هورمونی توسط متخصص دیده شود تا بتوان نظر داد.",
        "گزارش ام آر آی به صورت مجازی قابل تفسیر نیست.",
        "بدون معاینه نمی‌توان علت را تشخیص داد. نزد متخصص زنان بروید تا بررسی شوید.",
    ],
    Fault.ASKS: [
        "دوست عزیز چند سال دارید؟ وزن و قد؟ دارو مصرف می‌کنید؟",
        "سلام. اطلاعات شما ناقص است.",
        "لطفا جواب کامل آزمایش را بفرستید.",
        "منظورتان از ضعف چیست؟ بیشتر توضیح بدهید.",
    ],
    Fault.GREETS: ["سلام دوست عزیز، موفق و سلامت باشید.", "با تشکر از سوال شما. دکتر [نام]"],
    Fault.CONTACTS: ["سلام، با مطب تماس بگیرید [تلفن]", "در کانال تلگرام ما توضیح داده شده است."],
}


@pytest.mark.parametrize(
    ("fault", "answer"), [(fault, each) for fault, some in SAYS_NOTHING.items() for each in some]
)
def test_an_answer_that_says_nothing(fault: Fault, answer: str) -> None:
    assert faults(ASKED, answer) == {fault}


@pytest.mark.parametrize(
    "answer",
    [
        "خیر، مشکلی نیست.",
        "دوست عزیز نیازی به مراجعه نیست.",
        "لازم نیست به پزشک مراجعه کنید.",
        "طبیعی است نگران نباشید.",
        "به متخصص پوست مراجعه کنید، احتمالا قارچ است.",
        "باید سونوگرافی انجام دهید.",
        "روزی دو بار سرم بینی بزنید. از کی سرفه می‌کنید؟",
        "این دارو در بارداری مجاز نیست.",
        "امکان بارداری در این حالت وجود ندارد.",
        "بارداری با این دارو ممکن نیست.",
        "ضربان قلب جنین باید دیده شود، یک هفته‌ی دیگر تکرار کنید.",
        "مجاز به استفاده از این کرم هستید.",
        "آیا می‌دانستید سیگار سرفه را طولانی می‌کند؟ آن را ترک کنید.",
        "ربطی ندارد.",
        "بدون کشت خلط نمی‌توان گفت کدام آنتی‌بیوتیک اثر دارد.",
        "با ارولوژیست مشورت کنید و تا آن وقت ایبوپروفن بخورید.",
        "به هیچ عنوان نمی‌توان جنسیت جنین را از آزمایش خون تشخیص داد.",
        "تشخیص جنسیت در هفته‌ی هشتم ممکن نیست.",
        "ارتباطی به زایمان ندارد. به متخصص پوست مراجعه کنید.",
        "به متخصص برای ویزیت اول مراجعه کنید. حدود ۵ هفته هستید.",
    ],
)
def test_a_short_answer_that_says_something(answer: str) -> None:
    assert faults(ASKED, answer) == set()


@pytest.mark.parametrize(
    "question",
    [
        "برای سرفه پیش چه دکتری باید برم؟",
        "کجا می‌توانم خون اهدا کنم؟",
        "به کدام متخصص مراجعه کنم؟",
        "لازمه برم دکتر یا نه؟",
    ],
)
def test_who_asks_for_a_doctor_is_told_one(question: str) -> None:
    assert faults(question, "دوست عزیز به متخصص ریه مراجعه کنید.") == set()


def test_an_answer_that_repeats_its_question() -> None:
    assert faults(ASKED, ASKED) == {Fault.REPEATS}
    assert faults(ASKED, f"{ASKED} {TOLD}") == set()
    assert faults("دوز این دارو چند است؟", "دوز این دارو روزی یک عدد است.") == set()


@pytest.mark.parametrize(
    ("answer", "breaks"),
    [
        ("روزی دو عدد بخورید و پس از یک هفته اگر تب قطع نشد برای", True),
        ("علت آن کم‌آبی، کم‌خونی و", True),
        ("روزی دو عدد بخورید", False),
        ("سونوگرافی، آزمایش خون و …", False),
        ("بهتر است به آن فکر نکنید چون که نمی‌شود که", True),
        ("بله می‌شود، از آن هم", False),
    ],
)
def test_an_answer_that_breaks_off(answer: str, breaks: bool) -> None:
    assert (Fault.BROKEN in faults(ASKED, answer)) is breaks


@pytest.mark.parametrize(
    ("answer", "insults"),
    [
        ("شما واقعا احمق هستید که این دارو را خوردید.", True),
        ("تو چقدر نفهمی که گوش نمی‌کنی", True),
        ("آبله مرغان شما رو به بهبود است.", False),
        ("آدم‌های احمق زیادند ولی شما نگران نباشید.", False),
    ],
)
def test_insults(answer: str, insults: bool) -> None:
    assert (Fault.INSULTS in faults(ASKED, answer)) is insults


@pytest.mark.parametrize(
    ("question", "answer", "sign"),
    [
        ("دیروز پرسیدم گفتید طبیعی است", TOLD, "speaks_of_an_earlier_question"),
        ("عکسش رو براتون فرستادم، زخم بدی است", TOLD, "says_it_sent_something"),
        (ASKED, f"{TOLD} در پیج اینستاگرام من توضیح دادم.", "gives_a_contact"),
        (ASKED, "با سلام مجدد، عسل بخورید.", "greets_again"),
        (ASKED, "عسل بخورید. جواب آزمایش را هم برایم بفرستید.", "asks_to_send"),
        (ASKED, "در سن شما سرفه‌ی شبانه از رفلاکس است", "reasons_by_an_age_not_told"),
        (ASKED, "عسل بخورید", "ends_without_a_mark"),
    ],
)
def test_weak_signs_are_no_faults(question: str, answer: str, sign: str) -> None:
    found = pair_faults(question, answer)
    assert sign in found.signs
    assert not found.faults


WORDS = [
    *ASKED.split(),
    *TOLD.split(),
    "همان‌طور",
    "که",
    "عرض",
    "شد",
    "عکس",
    "ارسالی",
    "نمی‌توان",
    "؟",
    ".",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.lists(st.sampled_from(WORDS), max_size=40))
def test_spelling_changes_no_fault(question: list[str], answer: list[str]) -> None:
    """Arabic letters, half-spaces and line breaks are the writer's."""
    asked, told = " ".join(question), " ".join(answer)
    spelt = told.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " ").replace("آ", "ا")
    assert pair_faults(asked, told).faults == pair_faults(asked, spelt).faults


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_have_faults_in_order(question: str, answer: str) -> None:
    found = pair_faults(question, answer)
    assert list(found.faults) == sorted(set(found.faults))
    assert set(found.faults) <= set(Fault)
