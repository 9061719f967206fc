"""Invented preference pairs, in the columns of the authors' files."""

import json
from pathlib import Path
from typing import Any

INSTRUCTION = "به پرسش زیر گام به گام فکر کنید و تنها یک گزینه را انتخاب کنید.\n## پرسش\n"
_ORGANS = ("کبد", "طحال", "کلیه", "پانکراس", "تیروئید", "مثانه", "رحم", "معده", "ریه", "قلب")
_ASKED = ("ساخت صفرا", "ذخیرهٔ پلاکت", "دفع اوره", "ترشح انسولین", "تنظیم سوخت و ساز")


def prompt(number: int) -> str:
    organ, job = _ORGANS[number % 10], _ASKED[number // 10 % 5]
    options = [_ORGANS[(number + step) % 10] for step in range(4)]
    lines = "\n".join(f"[{'ABCD'[n]}] : {text}" for n, text in enumerate(options))
    asked = f"در بیماری شمارهٔ {number} کدام اندام بیش از {organ} در {job} نقش دارد؟"
    return f"\n{INSTRUCTION}{asked} \n\n\n## گزینه ها\n{lines} \n\n"


def row(number: int, **changed: Any) -> dict[str, Any]:
    """A pair whose preferred answer names B, the right option, and whose rejected one names C."""
    organ, job = _ORGANS[(number + 1) % 10], _ASKED[number // 10 % 5]
    return {
        "id": f"q-{number}",
        "prompt": prompt(number),
        "correct_choice": "B",
        "prefered_answer": f"در بیمار {number} باید دید {job} کجا رخ می‌دهد. نقش {organ} در آن روشن "
        f"است و یافته‌های مورد {number} هم همین را نشان می‌دهد. پاسخ نهایی: [B]",
        "rejected_answer": f"برای مورد {number} نخست {job} را بررسی می‌کنیم. به نظرم اندام دیگری "
        "بیشتر دخیل باشد، پس پاسخ صحیح گزینه [C] است.",
    } | changed


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), "utf-8")
    return path
