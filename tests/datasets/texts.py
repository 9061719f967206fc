"""Invented texts of other fields than medicine, as files that somebody would import."""

import json
from pathlib import Path

_MATTERS = [
    "اجاره‌نامه خانه مسکونی",
    "چک برگشتی",
    "سهم‌الارث فرزندان",
    "قرارداد کار موقت",
    "مطالبه مهریه",
    "تصادف با خودروی پارک‌شده",
    "فسخ معامله زمین",
    "ضمانت وام بانکی",
    "تخریب دیوار همسایه",
    "ثبت نام تجاری",
    "حق شفعه شریک",
]
_COURTS = [
    "شورای حل اختلاف",
    "دادگاه عمومی حقوقی",
    "اداره ثبت اسناد",
    "هیئت تشخیص اداره کار",
    "دادگاه خانواده",
    "دفتر خدمات قضایی",
    "دیوان عدالت اداری",
]
_PAPERS = [
    "اصل سند و دو نسخه رونوشت برابر اصل",
    "گواهی عدم پرداخت بانک",
    "قرارداد امضاشده با دو شاهد",
    "نظریه کارشناس رسمی",
    "اظهارنامه‌ای که ابلاغ شده است",
]


def legal_text(number: int) -> str:
    """About seventy words on a matter of law; each number gives other words."""
    matter, court = _MATTERS[number % 11], _COURTS[number * 3 % 7]
    papers, other = _PAPERS[number % 5], _PAPERS[(number // 5 + number + 1) % 5]
    return (
        f"در پرونده شماره {number + 140} درباره {matter}، خواهان {number % 50 + 3} روز پس از "
        f"ابلاغ به {court} رفت و دادخواست داد.\n"
        f"قانون می‌گوید برای {matter} باید {papers} همراه باشد و اگر {other} نیز ارائه شود، رسیدگی "
        f"تا {number % 9 + 2} هفته کوتاه‌تر است.\n"
        f"رأی شعبه {number % 40 + 11} قطعی نیست و تا {number % 12 + 8} روز می‌توان از آن تجدیدنظر "
        f"خواست؛ هزینه دادرسی {number % 70 + 30} هزار ریال و بر عهده محکوم است.\n"
        f"کسی که {matter} را در سال {1360 + number % 40} امضا کرده باشد، با {court} تماس بگیرد."
    )


_CARS = ["پراید", "سمند", "دنا", "تیبا", "پیکان", "رانا", "شاهین", "کوییک"]
_FAULTS = [
    "صبح‌ها دیر روشن می‌شود",
    "سر بالایی آب جوش می‌آورد",
    "در دنده سه می‌لرزد",
    "چراغ چک آن خاموش نمی‌شود",
    "ترمزش صدا می‌دهد",
    "کولرش باد گرم می‌زند",
    "روغن کم می‌کند",
]
_PARTS = ["شمع و وایر", "واتر پمپ", "دسته موتور", "حسگر اکسیژن", "لنت جلو", "کمپرسور", "کاسه نمد"]


def car_question(number: int) -> str:
    """A question to a forum of mechanics."""
    return (
        f"سلام استاد، {_CARS[number % 8]} مدل {1380 + number % 20} من با {number + 21} هزار "
        f"کیلومتر کارکرد {_FAULTS[number % 7]}، مورد {number} را چطور درست کنم؟"
    )


def car_answer(number: int) -> str:
    """A distinct answer of more than 45 words."""
    part, other = _PARTS[number % 7], _PARTS[(number // 7 + number + 3) % 7]
    return (
        f"با سلام به شما دوست گرامی. در مورد {number} اول {part} را باز کنید و ببینید لق شده یا "
        f"نه، چون در {_CARS[number % 8]} بعد از {number + 20} هزار کیلومتر زود خراب می‌شود. اگر "
        f"سالم بود {other} را با اهم‌متر اندازه بگیرید؛ باید نزدیک {number % 30 + 12} باشد. قطعه "
        f"نو حدود {number % 90 + 40} هزار تومان است و بستن آن {number % 5 + 1} ساعت کار دارد، پس "
        f"عجله نکنید و پیچ‌ها را با آچار {number % 8 + 10} ببندید."
    )


_SCHOLARS = ["الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع"]
_RULINGS = ["البيع", "الإجارة", "الوكالة", "الشركة", "الرهن", "الكفالة", "الهبة", "الصلح"]


def arabic_text(number: int) -> str:
    """About sixty words of Arabic, in letters that Persian writes otherwise."""
    ruling, other = _RULINGS[number % 8], _RULINGS[(number * 3 + 1) % 8]
    return (
        f"المادة {number + 12} من القانون المدني: في عقد {ruling} يلتزم الطرف "
        f"{_SCHOLARS[number % 7]} بتسليم الشيء إلى مالكه خلال {number % 25 + 4} يوماً، ولا يجوز له "
        f"أن يتصرف فيه قبل ذلك.\n"
        f"وإذا كان العقد مكتوباً في السنة {1950 + number % 60} فإن أحكام {other} تسري عليه كذلك، "
        f"ويكون على المدعي أن يثبت حقه أمام المحكمة الابتدائية رقم {number % 30 + 2} بكل الوسائل.\n"
        f"وترى المحكمة أن هذه القاعدة لا تخالف العدالة، ولكن يجب على القاضي أن يكتب سبباً واضحاً "
        f"لحكمه في قضية {ruling}، وأن يبلغ به كل ذي مصلحة خلال {number % 14 + 7} أيام."
    )


def write_articles(file: Path, host: str, texts: list[str], title: str) -> Path:
    """A jsonl file with articles of a site."""
    return _write(
        file,
        [
            {"title": f"{title} {number}", "content": text, "url": f"https://{host}/{number}"}
            for number, text in enumerate(texts)
        ],
    )


def write_pairs(file: Path, numbers: range) -> Path:
    """A jsonl file with questions and answers of the forum of mechanics."""
    return _write(file, [{"Question": car_question(n), "Answer": car_answer(n)} for n in numbers])


def _write(file: Path, rows: list[dict[str, str]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file
