"""What a run tells while it goes on."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from transformers import TrainerControl, TrainerState

from gaokerena_data.errors import GaokerenaError
from training.runs.loss_curve import draw_loss
from training.runs.recipe import TrackingSettings
from training.runs.tracking import (
    MetricsFile,
    ShownProgress,
    place_trackers,
    read_metrics,
    require_trackers,
)

ARGUMENTS: Any = None
CONTROL = TrainerControl()


def state(step: int, steps: int = 20) -> TrainerState:
    return TrainerState(global_step=step, max_steps=steps, num_input_tokens_seen=step * 100)


def logs(loss: float) -> dict[str, float]:
    return {"loss": loss, "learning_rate": 1e-4, "grad_norm": 0.5, "epoch": 0.1, "entropy": 3.0}


def test_lines_after_the_checkpoint_are_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "metrics.jsonl"
    first = MetricsFile(file)
    first.on_train_begin(ARGUMENTS, state(0), CONTROL)
    for step in (1, 2, 3):
        first.on_log(ARGUMENTS, state(step), CONTROL, logs=logs(4.0 - step))
    with file.open("a", encoding="utf-8") as cut_short:
        cut_short.write('{"step": 4, "lo')
    seconds = read_metrics(file)[1]["seconds"]

    second = MetricsFile(file)
    second.on_train_begin(ARGUMENTS, state(2), CONTROL)
    second.on_log(ARGUMENTS, state(3), CONTROL, logs=logs(0.5))
    second.on_log(ARGUMENTS, state(3), CONTROL, logs={"train_loss": 1.0})
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(line["step"], line["loss"]) for line in lines] == [(1, 3.0), (2, 2.0), (3, 0.5)]
    assert lines[2]["tokens"] == 300
    assert lines[2]["seconds"] >= seconds
    assert set(lines[2]) == {
        "step", "loss", "learning_rate", "grad_norm", "epoch", "tokens", "tokens_per_second",
        "seconds",
    }  # fmt: skip


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path, loss: float) -> None:
    metrics = MetricsFile(tmp_path / "metrics.jsonl")
    metrics.on_train_begin(ARGUMENTS, state(0), CONTROL)
    with pytest.raises(GaokerenaError, match=r"at step 3.*learning_rate"):
        metrics.on_log(ARGUMENTS, state(3), CONTROL, logs=logs(loss))


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_names_speed_and_time_left(terminal: bool) -> None:
    written = io.StringIO()
    progress = ShownProgress(Console(file=written, force_terminal=terminal, width=100))
    progress.on_train_begin(ARGUMENTS, state(0), CONTROL)
    for step in range(1, 21):
        progress.on_step_end(ARGUMENTS, state(step), CONTROL)
        progress.on_log(ARGUMENTS, state(step), CONTROL, logs=logs(2.0))
    progress.close()
    text = written.getvalue()
    assert "tokens/s" in text
    assert "2.000" in text
    if not terminal:
        assert text.count("\n") == 11
        assert "step 20 of 20" in text
        assert "min left" in text


def test_a_tracker_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    require_trackers(TrackingSettings(every=1, to=[]))
    monkeypatch.setitem(sys.modules, "trackio", None)  # as if it were not there
    with pytest.raises(GaokerenaError, match="pip install trackio"):
        require_trackers(TrackingSettings(every=1, to=["trackio"]))


def test_trackers_write_into_the_run_folder_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TENSORBOARD_LOGGING_DIR", raising=False)
    monkeypatch.setenv("WANDB_DIR", "elsewhere")
    place_trackers(tmp_path)
    monkeypatch.setenv("TENSORBOARD_LOGGING_DIR", os.environ["TENSORBOARD_LOGGING_DIR"])
    assert os.environ["TENSORBOARD_LOGGING_DIR"] == str(tmp_path / "tensorboard")
    assert os.environ["WANDB_DIR"] == "elsewhere"


def test_the_loss_curve_is_the_same_for_the_same_numbers(tmp_path: Path) -> None:
    metrics = [{"step": n, "loss": 5 / n, "learning_rate": 1e-4 / n} for n in range(1, 9)]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        draw_loss(metrics, tmp_path / name)
    one, two = ((tmp_path / name / "loss.svg").read_bytes() for name in ("one", "two"))
    assert one == two
    assert b"loss (nats a token)" in one
    assert (tmp_path / "one" / "loss.png").read_bytes().startswith(b"\x89PNG")
