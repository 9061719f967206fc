"""Which options the two answers of preference pairs name."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.mentions import LETTERS, label_place
from gaokerena_data.choices.prompt_parts import prompt_parts
from gaokerena_data.choices.reading import extract_choice
from gaokerena_data.curate.texts.rows import gather_rows
from gaokerena_data.datasets.kind import Kind

# A pipeline that wrote its texts in lower case ends them with «پاسخ نهایی: b»: no English article.
_SMALL_LABEL = re.compile(
    r"((?:پاسخ|جواب)(?:\s(?:نهایی|صحیح|درست|انتخاب\sشده|سوال|پرسش)){0,2}[\s:*\[(«]{1,8})([a-e])(?![\w'])"
)
_COLUMNS = ("prompt", "chosen", "rejected", "correct_option")


class PairReading(NamedTuple):
    """What was read in a pair.

    Attributes:
        options: texts of the options.
        correct: letter of the right option; None where the pair says none of its options.
        chosen: letter that the preferred answer names; None where it names none or several.
        rejected: the same of the rejected one.
    """

    options: tuple[str, ...]
    correct: str | None
    chosen: str | None
    rejected: str | None


def read_pairs(table: pa.Table, files: Sequence[Path], kind: Kind) -> list[PairReading]:
    """The reading of each pair, in the order of the table.

    Args:
        table: part of an index, with columns `file` and `row`.
        files: the extracted files.
        kind: preference pairs.
    """
    texts = gather_rows(table, files, kind, _COLUMNS)
    return [
        _read(*row) for row in zip(*(texts[name].to_pylist() for name in _COLUMNS), strict=True)
    ]


def _read(prompt: str, chosen: str, rejected: str, key: str | None) -> PairReading:
    parts = prompt_parts(prompt)
    place = label_place(fold(key)) if key else None
    correct = LETTERS[place] if place is not None and place < len(parts.options) else None
    if not parts.options or len(parts.options) > len(LETTERS):
        return PairReading((), None, None, None)
    return PairReading(
        parts.options,
        correct,
        *(
            extract_choice(_SMALL_LABEL.sub(_capital, answer), parts.options, parts.question)
            for answer in (chosen, rejected)
        ),
    )


def _capital(match: re.Match[str]) -> str:
    return match[1] + match[2].upper()
