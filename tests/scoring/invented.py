"""Invented pairs with labels: good answers, and answers that lean on what is not there."""

import json
from pathlib import Path
from typing import Any

from gaokerena_data.scoring.label_files import Label
from tests.pairs import answer, question

LEANS = (
    "همان‌طور که در پاسخ قبلی عرض شد، طبق برگه‌ای که فرستاده بودید مورد {n} چیز مهمی نیست",
    "در تصویر شما لکه‌ی شماره‌ی {n} دیده می‌شود؛ برای ادامه با مطب تماس بگیرید و نوبت {n} را بگیرید",
    "متاسفانه مجاز به تفسیر جواب {n} نیستیم، لطفا سوالتان را کامل‌تر بپرسید",
)
_SAID: dict[str, Any] = {
    "labelled_by": "invented-reader",
    "rubric": "invented@1",
    "patient_age": None,
    "patient_sex": None,
}


def pairs(count: int) -> list[tuple[str, str]]:
    """Pairs of question and answer; every third one is not worth learning from."""
    return [
        (question(n), LEANS[n // 3 % len(LEANS)].format(n=n) if n % 3 == 0 else answer(n))
        for n in range(count)
    ]


def label(record_id: str, number: int) -> Label:
    """What a reader says of the pair of this number."""
    good = number % 3 != 0
    return Label(
        **_SAID,
        id=record_id,
        answers_question=2 if good else 0,
        stands_alone=good,
        medically_sound=3 if good else 1,
        harmful=False,
        complete=True,
        specialty=("internal", "dermatology", "orthopedics")[number % 12 % 3],
        question_type="risk",
        icd11_chapter=None if number % 12 == 2 else f"{1 + number % 12:02d}",
        worth_keeping=good,
        fault=None if good else "outside",
    )


def write_labels(file: Path, ids: list[str]) -> Path:
    """A file of labels of the pairs with these ids, in the order of their numbers."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [label(each, number).model_dump_json() for number, each in enumerate(ids)]
    assert all(json.loads(line) for line in lines)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file
