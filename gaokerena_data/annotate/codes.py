"""The codes of a label: faults, specialties, question types, chapters of ICD-11, with names."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

type CodeList = Literal["faults", "specialties", "question_types", "icd11_chapters"]
type Language = Literal["en", "fa"]


@cache
def codes(which: CodeList) -> dict[str, tuple[str, str]]:
    """A list of codes: code -> its name in English and in Persian, in the list's order."""
    file = resources.files("gaokerena_data.annotate") / "codes.toml"
    lists = tomllib.loads(file.read_text("utf-8"))
    return {code: (english, persian) for code, (english, persian) in lists[which].items()}


def name_of(which: CodeList, code: str, language: Language) -> str:
    """What a code is called."""
    return codes(which)[code][language == "fa"]
