"""What reviewers read: Persian names of choices, reasons and doubts, and the short guideline."""

from importlib.resources import files

from gaokerena_data.review.decisions import Choice
from gaokerena_data.settled import Reason, fold

CHOICE_LABELS: dict[Choice, str] = {
    "accept": "می‌پذیرم",
    "edit": "ویرایش",
    "reject": "رد",
    "out_of_field": "خارج از تخصص من",
    "unclear": "نامشخص",
}

REASON_LABELS: dict[Reason, str] = {
    "wrong_or_harmful": "نادرست یا خطرناک",
    "personal_data": "اطلاعات شخصی",
    "outdated": "منسوخ",
    "not_an_answer": "پاسخ این پرسش نیست",
    "not_medical": "پزشکی نیست",
    "advertising": "تبلیغ",
    "machine_written": "نوشته ماشین یا پاسخ آماده",
    "duplicate": "تکراری",
    "unreadable": "نامفهوم",
    "other": "علت دیگر (در یادداشت)",
}

DOUBT_LABELS = {
    "personal_data": "شاید اطلاعات شخصی دارد",
    "little_worth": "شاید ارزش آموختن ندارد",
    "possible_duplicate": "شاید تکراری است",
    "machine_written": "شاید ماشین نوشته است",
    "template_answer": "پاسخ آماده",
    "near_threshold": "نزدیک آستانه",
    "asked_again": "داوران هم‌نظر نبودند",
    "text_changed": "متن پس از داوری تغییر کرده است",
}


def instructions() -> list[str]:
    """The short guideline that stands on every file; docs/review.fa.md tells it at length."""
    file = files("gaokerena_data.review.formats").joinpath("page_files", "instructions.fa.txt")
    return file.read_text("utf-8").splitlines()


def find_choice(written: str) -> Choice | None:
    """The choice that a cell names, by its Persian label or its code; None for other words."""
    return _find(written, CHOICE_LABELS)


def find_reason(written: str) -> Reason | None:
    """The reason that a cell names, by its Persian label or its code; None for other words."""
    return _find(written, REASON_LABELS)


def _find[Code: str](written: str, labels: dict[Code, str]) -> Code | None:
    folded = fold(written)
    for code, label in labels.items():
        if folded in (fold(code), fold(label)):
            return code
    return None
