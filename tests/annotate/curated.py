"""A dataset as a curation leaves it, and a teacher whose answers are known."""

import hashlib
import json
import re
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.workspace import Workspace
from tests.openai_server import Said, completion, error
from tests.pairs import answer, question

SHORT = [
    ("بعد از واکسن جای آن سفت شده، طبیعی است؟", "بله، تا دو هفته طبیعی است. کمپرس سرد بگذارید."),
    ("آیا چای سبز برای تیروئید بد است؟", "در حد دو فنجان در روز ایرادی ندارد."),
    ("عکس ریه‌ام را ببینید لطفا", "طبق عکسی که فرستادید چیزی نیست."),
    ("برای ریزش مو چه کنم؟", "برای نوبت با مطب تماس بگیرید."),
]
LABEL: dict[str, Any] = {
    "worth_keeping": True, "fault": None, "answers_question": 2, "stands_alone": True,
    "medically_sound": 3, "harmful": False, "complete": True, "specialty": "internal",
    "question_type": "treatment", "icd11_chapter": "21", "patient_age": None, "patient_sex": None,
}  # fmt: skip
BAD = LABEL | {"worth_keeping": False, "fault": "outside", "stands_alone": False}


def short_id(number: int) -> str:
    """The id of one of the short pairs."""
    return f"niniban-{0x9000 + number:016x}"


def write_curated(workspace: Workspace, kept: int = 20) -> list[str]:
    """Kept pairs of two sources, four dropped as too short, and one that nobody may see.

    Returns:
        The ids of rows that may be shown.
    """
    folder = workspace.curated("mf3qa")
    sources = ("drhast", "niniban")
    rows = [(f"{sources[n % 2]}-{n:016x}", question(n), answer(n)) for n in range(kept)]
    dropped = [(short_id(n), *texts) for n, texts in enumerate(SHORT)]
    ledger = [
        LedgerRow(each, each.split("-")[0], "a.xlsx:2", "kept", "split@1", "train")
        for each, *_ in rows
    ]
    ledger += [
        LedgerRow(each, "niniban", "a.xlsx:3", "dropped", "answer_length@1", "too_short")
        for each, *_ in dropped
    ]
    again, *_ = rows[0]  # it was read twice
    twice = LedgerRow(again, "drhast", "b.xlsx:2", "dropped", "repeated_record@1", "same_id")
    ledger.insert(0, twice)
    ledger.append(
        LedgerRow("drhast-hidden", "drhast", "a.xlsx:4", "dropped", "personal_data@1", "identifies")
    )
    for config, split, texts in (
        ("default", "train", rows),
        ("uncleaned", "train", [(each, f"{asked} ", said) for each, asked, said in rows]),
        ("uncleaned", "unassigned", dropped),
    ):
        file = folder / config / f"{split}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        names = ("id", "question", "answer")
        columns = dict(zip(names, map(list, zip(*texts, strict=True)), strict=True))
        pq.write_table(pa.table(columns), file)
    write_ledger(ledger_table(ledger), folder / "ledger.parquet")
    return [each for each, *_ in (*rows, *dropped)]


def texts_in(prompt: str) -> tuple[str, str]:
    """Question and answer of a prompt, as they stand between its marks."""
    [(mark, asked), (_, said)] = re.findall(r"^(={5}[0-9a-f]{12})\n(.*?)\n\1$", prompt, re.M | re.S)
    assert prompt.count(mark) == 5  # once where the rubric tells of it
    return asked, said


def faulty(prompt: str) -> Said:
    """A teacher with every fault, which one being settled by the row alone."""
    asked, said = texts_in(prompt)
    number = int(hashlib.sha256(asked.encode()).hexdigest(), 16) % 12
    given = json.dumps(BAD if "عکس" in said else LABEL)
    if number == 0:
        return error(400, "این پرسش را نمی‌پذیرم")
    if number == 1:
        return completion(None, refusal="کمکی از من برنمی‌آید")
    if number == 2:
        return given[:60]
    if number == 3 and "no such JSON object" not in prompt:
        return "به نظرم خوب است."
    if number == 4:
        return completion([{"type": "text", "text": f"<think>{{}}</think>\n```json\n{given}```"}])
    return given
