"""Sentences of doses, counts, ranges and prices beside every word that calls a telephone.

All invented, from a seed: none holds a number of a person. Run as a script, it says how many of
so many sentences are taken: `python -m tests.text.doses 20000`.
"""

import random
import sys

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

# The word is inside another, or means something else, or the number is of something else.
_BEFORE = (
    *(
        "همراه با ویتامین د",
        "همراه داروی جدید",
        "به همراه سرم",
        "تلقیح با",
        "مبتلا به چاقی",
        "داخلی",
    ),
    *(
        "در نوبت اول",
        "هر نوبت",
        "نوبت بعدی",
        "بخش داخلی",
        "تلقیح داخل رحمی با",
        "تل استخوان",
        "تلخ بود و",
    ),
    *("شماره گذاری شده از", "شماره صفحه", "شماره سریال دستگاه", "شماره نسخه", "شماره گواهینامه"),
    *("در مطب وزنم شد", "مطب گفت پلاکت", "منشی گفت هزینه", "کلینیک ناباروری تعداد", "شماره مجله"),
    *("از مطبوعات نقل شد که", "تماسش با سرب", "در تماس با حدود", "زنگوله وزن", "ارتباط تنگاتنگ با"),
    *(
        "تلفات سلولی",
        "فکسوفنادین",
        "فکسوفنادین هر بار",
        "نمابرداری از",
        "همراهش بیش از",
        "زنگ زدن کاهش",
    ),
    *("گزارش بیمار نشان داد", "آرامش بیمار با", "خواهش بیمار", "کارتن دارو با", "دفترچه‌ای پر از"),
    *("در پرونده سال", "پروانه ساخت دارو", "کدئین پرونده‌سازی", "شبا می‌خوابم و", "پلاک مغزی با"),
    *("پلاکت خونم", "گلبول سفید", "شمارش اسپرم", "شمارش کامل سلول", "بتای بارداری", "کالری روزانه"),
)
_RANGES = (
    *(
        "{a}-{b}",
        "{a} - {b}",
        "{a}–{b}",
        "{a} تا {b}",
        "{a} الی {b}",
        "{big}",
        "{million}",
        "{ten}",
    ),
)
_UNITS = (
    *(
        "واحد",
        "میلی‌گرم",
        "میلی گرم",
        "گرم",
        "کیلو",
        "IU",
        "iu",
        "mg",
        "اسپرم",
        "میلیون اسپرم",
        "عدد",
    ),
    *(
        "پلاکت",
        "تومان",
        "ریال",
        "کالری",
        "سلول",
        "واحد بین‌المللی",
        "میکروگرم",
        "سی سی",
        "قدم",
        "نفر",
    ),
    *(
        "هزار تومان",
        "در میلی‌لیتر",
        "در میکرولیتر",
        "cells",
        "copies/ml",
        "کپی",
        "ml",
        "درصد",
        "متر",
    ),
)
_AFTER = ("خوردم", "تجویز شد", "بود", "گزارش کردند", "می‌خورم، خوب است؟", "نوشته‌اند", "کافی است؟")


def doses(seed: int, count: int) -> list[str]:
    """Sentences in each of which a number looks like a telephone's, and is none."""
    rnd = random.Random(seed)
    return [_sentence(rnd) for _ in range(count)]


def _sentence(rnd: random.Random) -> str:
    low = rnd.choice((1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000))
    number = rnd.choice(_RANGES).format(
        a=low,
        b=low + rnd.choice((500, 1000, 1500, 2000)),
        big=rnd.randint(20, 99) * 1_000_000 + rnd.choice((0, 500_000, 250_000, 345_678)),
        million=rnd.randint(10, 999) * 100_000,
        ten=rnd.randint(1000, 9999) * 1_000_000,
    )
    written = number.translate(_PERSIAN) if rnd.random() < 0.6 else number
    space = rnd.choice((" ", " ", " ", ""))
    return f"{rnd.choice(_BEFORE)} {written}{space}{rnd.choice(_UNITS)} {rnd.choice(_AFTER)}"


def _main() -> None:
    from gaokerena_data.text.privacy import find_personal_data

    sentences = doses(seed=17, count=int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
    taken = [sentence for sentence in sentences if find_personal_data(sentence)]
    print("\n".join(taken[:20]))
    print(f"{len(taken)} of {len(sentences)} sentences taken")


if __name__ == "__main__":
    _main()
