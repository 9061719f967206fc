"""Cells of a preference pair as files of older builds hold them."""

from collections.abc import Mapping

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.mentions import LETTERS, label_place
from gaokerena_data.choices.prompt_parts import prompt_parts


def pair_cells(cells: Mapping[str, str | None]) -> dict[str, str | None]:
    """The cells with the instruction apart from the question, and the key as a letter.

    Args:
        cells: by field; `prompt` is among them. An instruction that the file gives stays, and a
            key that names no option stays as it is written: curation says so.
    """
    told = dict(cells)
    prompt = told.get("prompt") or ""
    if not told.get("instruction"):
        parts = prompt_parts(prompt)
        if parts.instruction and parts.body:
            told |= {"instruction": parts.instruction, "prompt": parts.body}
    place = label_place(fold(told.get("correct_option") or ""))
    if place is not None and place < len(LETTERS):
        told["correct_option"] = LETTERS[place]
    return told
