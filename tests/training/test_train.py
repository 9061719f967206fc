"""Whole runs of a tiny model: what they write, and what they refuse."""

import json

from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from training.recipe import load_recipe
from training.train import train


def test_pretrain_then_instruct(workspace: Workspace, make_recipe: MakeRecipe) -> None:
    from safetensors.torch import load_file

    first = train(make_recipe("pretrain", "max_steps=4"), workspace)
    run = json.loads(first.metadata.read_text("utf-8"))
    assert run["stage"] == "pretrain"
    assert run["dataset"]["rows_used"] == 24
    assert run["steps"] == 4
    lines = [json.loads(line) for line in first.metrics.read_text("utf-8").splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert run["final_loss"] == lines[-1]["loss"]
    assert load_recipe("pretrain", str(first.recipe)) == make_recipe("pretrain", "max_steps=4")

    second = train(make_recipe("instruct", "max_steps=2"), workspace)
    run = json.loads(second.metadata.read_text("utf-8"))
    assert run["parent_adapter"]["path"] == str(first.adapter)
    weights = load_file(second.adapter / "adapter_model.safetensors")
    assert all(2 in weight.shape for weight in weights.values())
    assert any(weight.abs().max() > 0 for name, weight in weights.items() if "lora_B" in name)
