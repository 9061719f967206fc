"""How often each rule reads an answer as a person did, counted on answers that people had read.

The counts stand in `calibration.json`; `python -m tests.training.evaluation.calibrate` makes it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """How a rule fared on answers that people had read.

    Args:
        tried: answers that the rule read.
        agreed: those where a person read the same option, or "invalid" as the rule did.
        right_right: read as the right option, and truly so.
        right_wrong: read as the right option, though a person read another one.
        wrong_right: not read as the right option, though a person did.
        wrong_wrong: not read as the right option, and truly not.
    """

    tried: int = 0
    agreed: int = 0
    right_right: int = 0
    right_wrong: int = 0
    wrong_right: int = 0
    wrong_wrong: int = 0


@cache
def calibration() -> Mapping[str, RuleCounts]:
    """The counts by rule; a rule that was never tried is not there."""
    text = files("gaokerena_data.choices").joinpath("calibration.json")
    rules = json.loads(text.read_text(encoding="utf-8"))["rules"]
    return {name: RuleCounts(**counts) for name, counts in rules.items()}


def confidence_of(rule: str) -> float:
    """The share of a rule's readings that a person shared, by the rule of succession.

    One half for a rule that was never tried; (agreed + 1) / (tried + 2) for any other (Laplace).
    """
    counts = calibration().get(rule, RuleCounts())
    return (counts.agreed + 1) / (counts.tried + 2)
