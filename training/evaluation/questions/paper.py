"""The paper's numbers as data, and the names by which files call its systems and subjects."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import TypedDict

MMLU = (
    "anatomy",
    "medical_genetics",
    "college_medicine",
    "clinical_knowledge",
    "professional_medicine",
    "college_biology",
)
IBMSEE = "ibmsee"
SUBJECTS = (*MMLU, IBMSEE)

# What a file or folder name must hold, tried in order; letters only, in lower case.
_SUBJECT_NAMES = {
    **{subject.replace("_", ""): subject for subject in MMLU},
    "ibmsee": IBMSEE,
    "kopp": IBMSEE,
}
_SYSTEM_NAMES = (
    (r"medmobile.*gemma", "medmobile_gemma2"),
    (r"medmobile.*parsinlu", "medmobile_parsinlu"),
    (r"^gaokerena$", "gaokerena"),
    (r"^aya(expanse)?(8b)?$", "aya"),
    (r"^qwen[0-9]*$", "qwen"),
    (r"^persianmind$", "persianmind"),
)
_TO_LETTERS = re.compile(r"[^a-z0-9]")


class SystemOfPaper(TypedDict):
    """A system's name in print, and the tables it stands in."""

    label: str
    tables: list[str]


class PaperTables(TypedDict):
    """`paper_tables.json`: accuracy and win rates in percent, seconds a question."""

    paper: str
    systems: dict[str, SystemOfPaper]
    subjects: dict[str, str]
    items: dict[str, int]
    cells: dict[str, dict[str, float]]
    mmlu_average: dict[str, float]
    win_rates: dict[str, float]
    inference_seconds: dict[str, float]
    pass_mark: float


@cache
def paper_tables() -> PaperTables:
    """The 42 cells of Tables III and IV with their averages, and figures 3 and 4."""
    file = files("training.evaluation.questions").joinpath("paper_tables.json")
    tables: PaperTables = json.loads(file.read_text(encoding="utf-8"))
    return tables


def subject_named(name: str) -> str | None:
    """The subject a file or folder is about: `MMLU_Anatomy` and `kopp` are two; else None."""
    letters = _TO_LETTERS.sub("", name.casefold())
    return next((subject for key, subject in _SUBJECT_NAMES.items() if key in letters), None)


def label_named(name: str) -> str:
    """The paper's name of the system that a file or folder is named for, or the name as it is."""
    system = system_named(name)
    return paper_tables()["systems"][system]["label"] if system else name


def system_named(name: str) -> str | None:
    """The paper's system a file or folder is named for, None for any other system.

    `qwen2.5_trained` is another system than `qwen2.5`.
    """
    letters = _TO_LETTERS.sub("", name.casefold())
    return next((system for form, system in _SYSTEM_NAMES if re.search(form, letters)), None)
