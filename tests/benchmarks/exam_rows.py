"""Rows of invented exams, in the columns of the authors' spreadsheets."""


def mmlu_row(number: int, **changes: object) -> dict[str, object]:
    return {
        "question": f"کدام عصب ماهیچه شماره {number} دست را عصب‌دهی می‌کند؟",
        "option1": "عصب میانی",
        "option2": "عصب زند زیرین",
        "option3": "عصب رادیال",
        "option4": 50 + number,
        "answer": 1 + number % 4,
        "Source": "mmlu-anatomy_translation",
    } | changes


def ibmsee_row(number: int, **changes: object) -> dict[str, object]:
    return {
        "Question": f"محل جذب اصلی آهن در بیمار {number} کجاست؟",
        "Option1": "دوازدهه",
        "Option2": "معده",
        "Option3": "کولون",
        "Option4": "مری",
        "Correct answer": 1,
        "Topic": "فیزیولوژی",
        "Source": "آزمون نمونه",
    } | changes
