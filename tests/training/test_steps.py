"""Numbers that are no numbers, and going on from an earlier checkpoint with a lower rate."""

import json
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from trl.trainer.sft_trainer import SFTTrainer
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from training.runs.recipe import load_recipe
from training.runs.run_folder import RunFolder
from training.runs.tracking import read_metrics
from training.train import train

SLOWER = "optimizer.learning_rate=1e-5"


def spoil(monkeypatch: pytest.MonkeyPatch, step: int, value: float) -> None:
    """Have the second micro-batch of a step end in a loss that is no number."""
    sound: Any = SFTTrainer.compute_loss
    seen: list[int] = []

    def compute(trainer: Any, *given: Any, **named: Any) -> Any:
        seen.append(trainer.state.global_step)
        loss = sound(trainer, *given, **named)
        spoilt = trainer.state.global_step == step - 1 and seen.count(step - 1) == 2
        return loss * value if spoilt else loss

    monkeypatch.setattr(SFTTrainer, "compute_loss", compute)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_is_seen_at_its_step_and_left_behind(
    workspace: Workspace, make_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    """Metrics are written every ten steps; going on needs only what the error says."""
    ground = ("max_steps=6", "checkpoints.every=1", "checkpoints.keep=9", "tracking.every=10")
    spoil(monkeypatch, 4, value)
    with pytest.raises(GaokerenaError) as raised:
        train(make_recipe("pretrain", *ground), workspace)
    said = str(raised.value)
    assert (
        "is no number at step 4: go on with a lower --set optimizer.learning_rate=0.00025" in said
    )
    assert "--from-checkpoint STEP (there are 1, 2, 3)" in said
    assert "\n" not in said
    run = RunFolder(workspace.run("pretrain"))
    weights = load_file(run.checkpoints / "checkpoint-3" / "adapter_model.safetensors")
    assert all(bool(weight.isfinite().all()) for weight in weights.values())
    monkeypatch.undo()

    slower = make_recipe("pretrain", *ground, SLOWER)
    with pytest.raises(GaokerenaError, match=r"learning_rate\).*or go on with it by --from-check"):
        train(slower, workspace)
    with pytest.raises(GaokerenaError, match=r"checkpoint 5: no whole .* there are 1, 2, 3"):
        train(slower, workspace, from_step=5)
    with pytest.raises(GaokerenaError, match=r"lora\.rank\): give"):
        train(make_recipe("pretrain", *ground, SLOWER, "lora.rank=4"), workspace, from_step=2)
    file = run.path.parents[1] / "slower.yaml"
    file.write_text(slower.as_yaml(), "utf-8")
    command = ["train", "pretrain", "--recipe", str(file), "--workspace", str(workspace.root)]
    done = CliRunner().invoke(app, [*command, "--from-checkpoint", "2"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    stated = run.read_metadata()
    assert stated["steps"] == 6
    assert stated["rates"] == [{"from_step": 2, "learning_rate": 1e-5}]
    assert load_recipe("pretrain", str(run.recipe)) == slower
    with pytest.raises(GaokerenaError, match=r"checkpoint 2: .* is finished"):
        train(slower, workspace, from_step=2)


def test_the_rate_is_the_recipes_from_there_on(
    workspace: Workspace, make_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schedule's shape and place stay: a fiftieth of the rate at every step."""
    ground = ("max_steps=5", "checkpoints.every=1", "checkpoints.keep=9")
    whole = train(make_recipe("pretrain", *ground, "name=whole"), workspace)
    usual = {line["step"]: line["learning_rate"] for line in read_metrics(whole.metrics)}
    spoil(monkeypatch, 4, float("nan"))
    with pytest.raises(GaokerenaError, match="at step 4"):
        train(make_recipe("pretrain", *ground), workspace)
    monkeypatch.undo()
    run = train(make_recipe("pretrain", *ground, SLOWER), workspace, from_step=2)
    lines = {line["step"]: line["learning_rate"] for line in read_metrics(run.metrics)}
    assert list(lines) == [1, 2, 3, 4, 5]
    for step, rate in lines.items():
        assert rate == pytest.approx(usual[step] / (1 if step < 3 else 50), rel=1e-12)
    optimizer = torch.load(run.checkpoints / "checkpoint-4" / "optimizer.pt")
    assert {group["initial_lr"] for group in optimizer["param_groups"]} == {1e-5}
    assert json.loads(run.metadata.read_text("utf-8"))["recipe"]["optimizer"]["schedule"]


def test_a_run_that_was_not_begun_has_no_checkpoint(
    workspace: Workspace, make_recipe: MakeRecipe
) -> None:
    with pytest.raises(GaokerenaError, match=r"checkpoint 2: .* was not begun yet"):
        train(make_recipe("pretrain"), workspace, from_step=2)
