"""Count how often every rule reads as a person did.

`python -m tests.training.evaluation.calibrate DATA` takes the folder of answer files that people
read, and counts on the half that the rules were written with (`TUNED`); `HELD_OUT` is the other
half, which tests measure. The counts go to `gaokerena_data/choices/calibration.json`.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

from gaokerena_data.choices.calibration import RuleCounts
from training.evaluation.reading.answers import INVALID, ChoiceAnswer, read_answer_file

TUNED = (
    "answers/MMLU_Anatomy/gaokerena.xlsx",
    "answers/kopp/gaokerena.xlsx",
    "answers/kopp/medmobile_gemma2b.xlsx",
    "reasoning/cot/anatomy/aya-expanse/*_no?.xlsx",
    "reasoning/cot/anatomy/gaokerena-v1/*_no?.xlsx",
)
HELD_OUT = (
    "answers/MMLU_Anatomy/persianmind.xlsx",
    "answers/kopp/persianmind.xlsx",
    "reasoning/cot/anatomy/gaokerena-r1.0/*_no?.xlsx",
)
FILE = Path(__file__).parents[3] / "gaokerena_data" / "choices" / "calibration.json"


def files_of(data: Path, patterns: Iterable[str]) -> list[Path]:
    """The answer files of a half, in a fixed order."""
    return [path for pattern in patterns for path in sorted(data.glob(pattern))]


def count_rules(answers: Iterable[ChoiceAnswer]) -> dict[str, RuleCounts]:
    """The counts by rule, over answers that a person read."""
    counts: dict[str, dict[str, int]] = {}
    for answer in answers:
        reading = answer.reading
        found = counts.setdefault(reading.rule, {field.name: 0 for field in fields(RuleCounts)})
        found["tried"] += 1
        found["agreed"] += (reading.letter or INVALID) == answer.human
        read = "right" if reading.letter == answer.correct else "wrong"
        true = "right" if answer.human == answer.correct else "wrong"
        found[f"{read}_{true}"] += 1
    return {rule: RuleCounts(**counts[rule]) for rule in sorted(counts)}


def calibrate(data: Path) -> str:
    """The text of `calibration.json`."""
    paths = files_of(data, TUNED)
    counts = count_rules(answer for path in paths for answer in read_answer_file(path))
    rules = {rule: asdict(found) for rule, found in counts.items()}
    return json.dumps({"rules": rules}, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(calibrate(Path(sys.argv[1])), encoding="utf-8")
