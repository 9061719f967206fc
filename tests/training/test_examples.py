"""The worked examples in docstrings are run as they stand."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "evaluation.scoring.contamination",
        "evaluation.scoring.statistics",
        "evaluation.scoring.win_rate",
        "models.parity",
        "preparation",
        "runs.footprint",
    ],
)
def test_examples_hold(module: str) -> None:
    found = doctest.testmod(import_module(f"training.{module}"))
    assert found.attempted > 0
    assert found.failed == 0
