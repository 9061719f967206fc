"""Names that only all signs together tell, and dates of birth away from their word.

All people are invented.
"""

import re

import pytest

from gaokerena_data.text.files import listed_words
from gaokerena_data.text.personal.name_lists import plain
from gaokerena_data.text.privacy import redact


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("سلام دکتر، احمدی هستم از ساری", "سلام دکتر، [نام] هستم از ساری"),
        ("دارو را ادامه دهید.\nموفق باشید\nکلهرودی", "دارو را ادامه دهید.\nموفق باشید\n[نام]"),
        ("لطفا جواب بدید باتشکرنوذری", "لطفا جواب بدید باتشکر[نام]"),
        (
            "در تاریخ ۹۸/۵/۲۸ با وزن ۳۲۰۰ به دنیا آمد",
            "در تاریخ [تاریخ تولد] با وزن ۳۲۰۰ به دنیا آمد",
        ),
        ("زایمانم ۱۵ تیر بود", "زایمانم [تاریخ تولد] بود"),
        ("تولد پسرم ۱۲ خرداد ۱۳۹۵ است", "تولد پسرم [تاریخ تولد] است"),
        ("دخترم نهم آذر به دنیا آمد", "دخترم [تاریخ تولد] به دنیا آمد"),
    ],
)
def test_found(text: str, clean: str) -> None:
    assert redact(text) == clean
    assert redact(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "از نحوه جراحی از دکتر پرسیدیم و گفتند خوب است",
        "بیمارستان علی اصغر و امام رضا",
        "برای همه‌ی خانم‌ها علی‌الخصوص افراد باردار",
        "پسرم یکسالشه و سرفه دارد. با سپاس و آرزوی تندرستی",
        "تاریخ احتمالی زایمانم ۱۲ بهمن است",
        "آخرین پریودم ۱۲ مهر بود و سه سال پیش زایمان کردم",
        "وزن قبل بارداری ۴۷ می تواند زایمان طبیعی داشته باشد",
    ],
)
def test_left_alone(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("file", ["forum_words.txt", "name_weights.json"])
def test_what_was_learnt_holds_no_given_name(file: str) -> None:
    given = {plain(name) for name in listed_words("given_names.txt")}
    learnt = " ".join(listed_words(f"personal/{file}"))
    words = set(re.findall("[آ-ی\u200c]{3,}", learnt))
    assert len(words) > 50
    assert not given & words
