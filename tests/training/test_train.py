"""Whole runs of a tiny model: what they write, and what they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from tests.training.processes import Moment, run_until
from tests.training.tiny_models import build_model
from training.models.base_model import load_model
from training.models.located import locate_adapter, locate_model
from training.runs.recipe import load_recipe
from training.runs.run_folder import RunFolder
from training.train import train


def test_pretrain_a_kill_resume_and_instruct(
    workspace: Workspace, make_recipe: MakeRecipe, tiny_cohere: Path
) -> None:
    recipe = make_recipe("pretrain", "max_steps=4")
    assert run_until(recipe, workspace, Moment("batch", 3)) == -9
    first = train(recipe, workspace)
    run = first.read_metadata()
    assert (run["stage"], run["steps"], run["parent_adapter"]) == ("pretrain", 4, None)
    assert run["base_model"]["name"] == str(tiny_cohere)
    assert run["dataset"]["name"] == "medical_corpus"
    assert (run["dataset"]["rows"], run["dataset"]["rows_used"]) == (40, 24)
    assert run["tokens"]["documents"] == 24
    assert run["tokens"]["trained_tokens"] == run["tokens"]["tokens"] - run["tokens"]["chunks"]
    assert (run["attention"], run["dtype"]) == ("sdpa", "float32")
    assert run["hardware"]["processes"] == 1
    assert {"torch", "transformers", "peft", "trl", "gaokerena-data"} <= run["versions"].keys()
    assert run["footprint"]["formula"]["factor"]["kg_per_kwh"] == 0.56
    lines = [json.loads(line) for line in first.metrics.read_text("utf-8").splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert (run["final_loss"], run["seconds"]) == (lines[-1]["loss"], lines[-1]["seconds"])
    assert load_recipe("pretrain", str(first.recipe)) == recipe
    for name in ("loss.svg", "loss.png", "emissions.json"):
        assert (first.path / name).stat().st_size > 0
    assert sorted(path.name for path in first.adapter.iterdir()) == [
        "adapter_config.json", "adapter_model.safetensors", "chat_template.jinja",
        "tokenizer.json", "tokenizer_config.json",
    ]  # fmt: skip
    kept = AutoTokenizer.from_pretrained(first.adapter)
    assert kept.chat_template == AutoTokenizer.from_pretrained(tiny_cohere).chat_template

    second = train(make_recipe("instruct", "max_steps=2"), workspace)
    run = second.read_metadata()
    assert run["parent_adapter"]["path"] == str(first.adapter)
    assert len(run["parent_adapter"]["sha256"]) == 64
    weights = load_file(second.adapter / "adapter_model.safetensors")
    assert all(2 in weight.shape for weight in weights.values())
    assert any(bool(weight.any()) for name, weight in weights.items() if "lora_B" in name)


def test_instruct_begins_from_the_merged_adapter(
    workspace: Workspace, make_recipe: MakeRecipe, tiny_cohere: Path
) -> None:
    """The weights that training starts with are those of the model with its adapter."""
    from peft import PeftModel

    train(make_recipe("pretrain", "max_steps=2", "optimizer.learning_rate=1e-2"), workspace)
    settings = make_recipe("instruct").model
    located = locate_model(settings, workspace)
    base = AutoModelForCausalLM.from_pretrained(tiny_cohere)
    ids = torch.arange(20, 60)[None]
    with torch.no_grad():
        begun = load_model(located, settings)(ids).logits
        bare = base(ids).logits
        adapted = PeftModel.from_pretrained(base, str(located.adapter))(ids).logits
    assert (begun - adapted).abs().max() < 1e-5
    assert (begun - bare).abs().max() > 1e-4


@pytest.mark.parametrize("stage", ["pretrain", "instruct"])
def test_the_papers_preparation_trains_too(
    workspace: Workspace, make_recipe: MakeRecipe, stage: Any
) -> None:
    recipe = make_recipe(
        stage,
        "preparation.method=padded_paper",
        "max_steps=1",
        "model.adapter=null",
        "gradient_checkpointing=true",
    )
    run = train(recipe, workspace)
    line = json.loads(run.metrics.read_text("utf-8"))
    if stage == "pretrain":
        assert line["tokens"] == 128 * 2 * 2
    assert line["tokens"] <= 128 * 2 * 2
    assert run.read_metadata()["tokens"]["padding"] > 0


def test_the_command_names_the_folder(
    workspace: Workspace, make_recipe: MakeRecipe, tmp_path: Path
) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(make_recipe("pretrain", "max_steps=1").as_yaml(), "utf-8")
    arguments = ["train", "pretrain", "--recipe", str(recipe), "--name", "first"]
    done = CliRunner().invoke(app, [*arguments, "--workspace", str(workspace.root)])
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(workspace.run("first"))
    assert RunFolder(workspace.run("first")).finished


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (("dataset.name=/nowhere",), "dataset.name: there is no folder /nowhere"),
        (("model.name=/nowhere",), "model.name: there is no folder /nowhere"),
        (("model.adapter=never-trained",), "is no finished run, and never-trained no adapter"),
        (("model.chat_template=nowhere.jinja",), "there is no file nowhere.jinja"),
        (("model.quantization=4bit",), "4bit needs a CUDA device, and there is none"),
        (("footprint.region=nowhere",), "no carbon factor is known"),
    ],
)
def test_what_is_missing_is_one_line_and_no_weight_is_loaded(
    workspace: Workspace,
    make_recipe: MakeRecipe,
    monkeypatch: pytest.MonkeyPatch,
    changes: tuple[str, ...],
    line: str,
) -> None:
    if torch.cuda.is_available() and "4bit" in line:
        pytest.skip("there is a CUDA device")
    monkeypatch.setattr("training.models.base_model.load_model", lambda *_: pytest.fail("loaded"))
    with pytest.raises(GaokerenaError) as raised:
        train(make_recipe("instruct", "model.adapter=null", *changes), workspace)
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not workspace.root.exists()


@pytest.mark.thorough
def test_an_adapter_of_another_model_is_refused(
    workspace: Workspace, make_recipe: MakeRecipe, tiny_cohere: Path, tmp_path: Path
) -> None:
    train(make_recipe("pretrain", "max_steps=1"), workspace)
    tokenizer = AutoTokenizer.from_pretrained(tiny_cohere)
    tokenizer.save_pretrained(tmp_path / "wider")
    build_model(tokenizer, hidden=96).save_pretrained(tmp_path / "wider")
    with pytest.raises(GaokerenaError, match="does not fit the model"):
        train(make_recipe("instruct", f"model.name={tmp_path / 'wider'}"), workspace)


def test_an_adapter_is_found_by_run_or_folder(
    workspace: Workspace, make_recipe: MakeRecipe
) -> None:
    run = train(make_recipe("pretrain", "max_steps=1"), workspace)
    for name in ("pretrain", str(run.path), str(run.adapter)):
        assert locate_adapter(name, workspace) == (run.adapter, None)
