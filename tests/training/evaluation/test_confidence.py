"""Calibration, selective accuracy and negative marking: by hand, and against scikit-learn."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.special import softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss
from typer.testing import CliRunner

from training.evaluation.commands import app
from training.evaluation.report.summaries import read_summary
from training.evaluation.scoring.confidence import (
    Scored,
    bins_of,
    brier,
    expected_calibration_error,
    half_of,
    risk_coverage,
)
from training.evaluation.scoring.negative_marking import (
    best_threshold,
    break_even,
    chosen_marks,
    marks_at,
)


def run(*words: object, fails: bool = False) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert (done.exit_code != 0) == fails, (done.output, done.exception)
    return f"{done.output}{done.exception or ''}"


def drawn(many: int, seed: int = 0) -> list[Scored]:
    """Questions of four options, answered by a model that is too sure of itself."""
    generator = np.random.default_rng(seed)
    found = []
    for number in range(many):
        true = softmax(generator.normal(0, 1.2, 4))
        correct = int(generator.choice(4, p=true))
        said = softmax(2 * np.log(true))
        found.append(Scored(str(number), tuple(float(p) for p in said), correct))
    return found


def answered(confidence: float, right: bool, name: str = "q") -> Scored:
    rest = (1 - confidence) / 3
    return Scored(name, (confidence, rest, rest, rest), 0 if right else 1)


def write(path: Path, scored: list[Scored]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "subject": path.parent.name,
            "question": "کدام؟",
            "options": ["الف", "ب", "ج", "د"],
            "correct": "ABCD"[each.correct],
            "answer": "",
            "scores": [float(np.log(p)) - 7.0 for p in each.probabilities],
            "scored": "ABCD"[each.chosen],
        }
        for each in scored
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_calibration_by_hand() -> None:
    scored = [answered(0.9, True), answered(0.7, False), answered(0.7, True), answered(0.5, True)]
    bins = bins_of(scored, 5)  # 0.9 above 0.8; 0.7 twice above 0.6; 0.5 above 0.4
    assert [each.questions for each in bins] == [0, 0, 1, 2, 1]
    expected = (1 * 0.5 + 2 * 0.2 + 1 * 0.1) / 4
    assert expected_calibration_error(bins) == pytest.approx(expected)
    assert bins[0].accuracy is None
    on_an_edge = bins_of([answered(1.0, True), answered(0.6, True)], 5)
    assert [each.questions for each in on_an_edge] == [0, 0, 1, 0, 1]


def test_calibration_is_that_of_scikit_learn() -> None:
    scored = drawn(400)
    right = [each.right for each in scored]
    confidence = [each.confidence for each in scored]
    true, said = calibration_curve(right, confidence, n_bins=10)
    filled = [each for each in bins_of(scored, 10) if each.questions]
    assert [each.accuracy for each in filled] == pytest.approx(true.tolist())
    assert [each.confidence for each in filled] == pytest.approx(said.tolist())
    probabilities = np.array([each.probabilities for each in scored])
    theirs = brier_score_loss(
        [each.correct for each in scored], probabilities, labels=[0, 1, 2, 3], scale_by_half=False
    )
    assert brier(scored) == pytest.approx(theirs)
    assert brier([Scored("q", (0.25,) * 4, 2)]) == pytest.approx(0.75)


def test_the_most_confident_come_first_and_ties_have_no_order() -> None:
    scored = [answered(0.4, False), answered(0.9, True), answered(0.6, False), answered(0.6, True)]
    assert risk_coverage(scored).tolist() == pytest.approx([0, 0.25, 1 / 3, 0.5])
    assert risk_coverage(scored[::-1]).tolist() == pytest.approx([0, 0.25, 1 / 3, 0.5])


def test_marks_by_hand() -> None:
    scored = [answered(0.9, True), answered(0.8, True), answered(0.5, False), answered(0.3, False)]
    assert break_even(1 / 3) == pytest.approx(0.25)
    assert sum(marks_at(scored, 0.0, 1 / 3)) == pytest.approx(2 - 2 / 3)
    assert marks_at(scored, 0.5, 1 / 3) == [1, 1, pytest.approx(-1 / 3), 0]
    assert best_threshold(scored, 1 / 3) == 0.8
    assert best_threshold(scored[:2], 1 / 3) == 0.0
    assert best_threshold(scored[2:], 1 / 3) > 1
    # A right and a wrong answer of one confidence are answered together, or not at all.
    same = [answered(0.5, True), answered(0.5, False), answered(0.4, False)]
    assert best_threshold(same, 1 / 3) == 0.5
    assert best_threshold(same, 2.0) > 1


def test_a_half_is_answered_by_the_threshold_of_the_other() -> None:
    scored = drawn(200, seed=4)
    marks = chosen_marks(scored, 1.0)
    halves = [[each for each in scored if half_of(each, 0) == half] for half in (0, 1)]
    assert min(map(len, halves)) > 60
    by_hand = 0.0
    for half in (0, 1):
        by_hand += sum(marks_at(halves[half], best_threshold(halves[1 - half], 1.0), 1.0))
    assert sum(marks) == pytest.approx(by_hand)
    assert sum(marks) > sum(marks_at(scored, 0.0, 1.0))  # where a wrong answer costs one


def test_from_answers_to_summary_and_figure(tmp_path: Path) -> None:
    scored = drawn(120, seed=2)
    files = [
        write(tmp_path / "ibmsee" / "m.jsonl", scored[:70]),
        write(tmp_path / "anatomy" / "m.jsonl", scored[70:]),
    ]
    told = run("confidence", *files, "--to", tmp_path / "out", "--bins", 5, "--penalty", 1)
    assert "in 5 bins" in told
    summary = read_summary(tmp_path / "out" / "m.confidence.json")
    assert summary["ece"] == pytest.approx(expected_calibration_error(bins_of(scored, 5)))
    assert summary["accuracy"] < summary["mean_confidence"]
    every = summary["marking"][0]
    right = sum(each.right for each in scored)
    assert every["mark"] == pytest.approx((right - (120 - right)) / 120)
    assert every["low"] < every["mark"] < every["high"]
    assert summary["coverage"][0]["accuracy"] == pytest.approx(right / 120)
    assert summary["coverage"][-1]["questions"] == 12
    pngs = [(tmp_path / name / "m.confidence.png") for name in ("out", "again")]
    run("confidence", *files, "--to", tmp_path / "again", "--bins", 5)
    assert pngs[0].read_bytes() == pngs[1].read_bytes()
    with Image.open(pngs[0]) as image:
        assert image.size[0] > image.size[1]
    assert "coverage" not in (tmp_path / "out" / "m.confidence.svg").read_text("utf-8")[:100]


def test_free_answers_are_marked_alone_and_unread_ones_cost_nothing(tmp_path: Path) -> None:
    answers = ["گزینه A", "گزینه B", "نمی‌دانم", "گزینه A"]
    rows = [
        {"id": str(n), "subject": "ibmsee", "question": "کدام؟", "options": ["کبد", "کلیه"],
         "correct": "A", "answer": answer}
        for n, answer in enumerate(answers)
    ]  # fmt: skip
    path = tmp_path / "m.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run("confidence", path, "--to", tmp_path)
    [row] = read_summary(tmp_path / "m.confidence.json")["marking"]
    assert (row["right"], row["wrong"], row["unanswered"]) == (2, 1, 1)
    assert row["mark"] == pytest.approx((2 - 1 / 3) / 4)
    assert not list(tmp_path.glob("*.png"))


def test_what_is_no_scored_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "ibmsee" / "m.jsonl", drawn(3))
    other = write(tmp_path / "anatomy" / "other.jsonl", drawn(3))
    assert "several systems" in run("confidence", path, other, "--to", tmp_path, fails=True)
    lines = path.read_text("utf-8").splitlines()
    for wrong, says in (("[-1.0, -2.0]", "no scores"), ("[NaN, 0, 0, 0]", "no finite")):
        spoilt = json.loads(lines[0])
        text = json.dumps(spoilt | {"scores": "HERE"}).replace('"HERE"', wrong)
        path.write_text("\n".join([text, *lines[1:]]) + "\n", encoding="utf-8")
        assert says in run("confidence", path, "--to", tmp_path, fails=True)


@pytest.mark.thorough
def test_a_tiny_models_log_likelihoods(tiny_model: Path, exam: Path, tmp_path: Path) -> None:
    run("choices", "--model", tiny_model, "--benchmark", "ibmsee", "--source", exam, "--to",
        tmp_path, "--name", "tiny", "--method", "log-likelihood")  # fmt: skip
    told = run("confidence", tmp_path / "ibmsee" / "tiny.jsonl", "--to", tmp_path)
    assert "over 3 questions" in told
