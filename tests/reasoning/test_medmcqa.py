"""Translated questions with referees' rates."""

from pathlib import Path

import pytest

from gaokerena_data.benchmarks.imports import import_benchmark_files
from gaokerena_data.workspace import Workspace
from tests.reasoning.pairs import write_jsonl


def question(number: int, **rates: object) -> dict[str, object]:
    options = {f"Option{n}": f"اندام {n}" for n in range(1, 5)}
    return {"Question": f"پرسش شمارهٔ {number} چیست؟", **options, "Correct_answer": 1} | rates


@pytest.mark.parametrize(
    ("least", "kept", "reasons"),
    [(None, 1, ["rated_below", "rated_below", "not_rated"]), (4, 2, ["rated_below", "not_rated"])],
)
def test_what_a_referee_rates_too_low_goes_to_the_ledger(
    tmp_path: Path, least: float | None, kept: int, reasons: list[str]
) -> None:
    rows = [
        question(1, **{"one_rate": 5, "two-mini_rate": "5.0"}),
        question(2, **{"one_rate": 5, "two-mini_rate": 4}),
        question(3, **{"one_rate": 0, "two-mini_rate": 5}),
        question(4, **{"one_rate": None, "two-mini_rate": 5}),
    ]
    file = write_jsonl(tmp_path / "q.jsonl", rows)
    [made] = import_benchmark_files(Workspace(tmp_path / "w"), "medmcqa_fa", [file], least)
    assert made.records == kept
    assert made.ledger["reason"].to_pylist() == reasons
