"""Preference runs of a tiny model: killed, gone on with, measured on pairs held out."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.training.conftest import SMALL
from tests.training.preference.texts import conversational, pairs, write_pairs
from tests.training.processes import Moment, run_until
from tests.training.tiny_models import write_run
from training.models.base_model import load_model
from training.models.located import folder_digest, locate_model
from training.preference.margins import MARGINS
from training.preference.trainer import PreferenceTrainer
from training.runs.footprint import estimate
from training.runs.recipe import Recipe, load_recipe
from training.runs.run_folder import RunFolder
from training.runs.tracking import read_metrics
from training.train import build_trainer, prepare, train

STEPS = 6
MEASURED = ("step", "loss", "grad_norm", "rewards/margins", "rewards/accuracies", "tokens")

type MakePreference = Callable[..., Recipe]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases") / "preference_pairs"
    rows = [conversational(row) for row in pairs(range(32))]
    return write_pairs(folder, rows[:24], rows[24:])


@pytest.fixture
def make(tiny_cohere: Path, release: Path) -> MakePreference:
    """The shipped recipe on the tiny model, with a rate from which it learns in a few steps."""

    def recipe(*changes: str, over: str | None = None) -> Recipe:
        ground = (
            f"model.name={tiny_cohere}", f"dataset.name={release}", "model.adapter=null", *SMALL,
            f"max_steps={STEPS}", "optimizer.learning_rate=1e-2", "preference.held_out_every=2",
        )  # fmt: skip
        return load_recipe("prefer", over, [*ground, *changes])

    return recipe


def history(run: RunFolder) -> list[dict[str, Any]]:
    lines = [line for line in read_metrics(run.metrics) if "loss" in line]
    return [{name: line[name] for name in MEASURED} for line in lines]


@pytest.mark.thorough
def test_a_killed_run_ends_as_an_undisturbed_one(
    workspace: Workspace, make: MakePreference, tmp_path: Path
) -> None:
    recipe = make("gradient_checkpointing=true", "checkpoints.every=2")
    assert run_until(recipe, workspace, Moment("batch", 3)) == -9
    assert run_until(recipe, workspace, Moment("writing", 4)) == -9
    assert run_until(recipe, workspace) == 0
    run = RunFolder(workspace.run(recipe.name))
    other = Workspace(tmp_path / "other")
    assert run_until(recipe, other) == 0
    undisturbed = RunFolder(other.run(recipe.name))
    name = "adapter_model.safetensors"
    ours, theirs = load_file(run.adapter / name), load_file(undisturbed.adapter / name)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    assert history(run) == history(undisturbed)
    assert read_metrics(run.path / MARGINS) == read_metrics(undisturbed.path / MARGINS)


def test_margins_of_held_out_pairs_rise(workspace: Workspace, make: MakePreference) -> None:
    run = train(make(), workspace)
    held_out = read_metrics(run.path / MARGINS)
    assert [line["step"] for line in held_out] == [2, 4, 6]
    margins = [line["margin"] for line in held_out]
    assert margins == sorted(margins)
    assert margins[-1] > 0.02
    assert held_out[-1]["accuracy"] == 1.0
    stated = run.read_metadata()
    assert (stated["stage"], stated["held_out"]) == ("prefer", held_out[-1])
    assert stated["dataset"]["held_out"]["pairs"] == 8
    assert stated["tokens"]["rows"] == 24
    for figure in ("margins.svg", "margins.png", "loss.png"):
        assert (run.path / figure).stat().st_size > 0


def test_losses_of_the_first_step_by_hand(workspace: Workspace, make: MakePreference) -> None:
    """Before it policy and reference are the same: every margin is 0."""

    def first(*changes: str) -> float:
        name = "-".join(changes).replace("=", "_")
        one = ("max_steps=1", "preference.held_out=null", f"name=run{name}")
        run = train(make(*one, *(f"preference.{change}" for change in changes)), workspace)
        (line,) = read_metrics(run.metrics)
        assert line["rewards/margins"] == 0.0
        return float(line["loss"])

    assert first("sft_weight=0") == pytest.approx(math.log(2))
    assert first("sft_weight=0", "loss=ipo") == pytest.approx((1 / (2 * 0.1)) ** 2)
    half = first("sft_weight=0.5") - math.log(2)
    assert half == pytest.approx(math.log(1000) / 2, rel=0.1)  # a random model of 1,000 tokens


def test_the_reference_is_the_model_itself_without_its_adapter(
    workspace: Workspace, make: MakePreference
) -> None:
    recipe = make()
    trainer = build_trainer(recipe, prepare(recipe, workspace), RunFolder(workspace.run("x")))
    assert isinstance(trainer, PreferenceTrainer)
    assert trainer.ref_model is None
    model: Any = trainer.model
    trained = {name for name, each in model.named_parameters() if each.requires_grad}
    assert trained
    assert all("lora_" in name and ".default." in name for name in trained)


def test_all_stages_below_are_merged_in_their_order(
    workspace: Workspace, make: MakePreference, tiny_cohere: Path
) -> None:
    """Naming the instruct run is enough: the pre-trained adapter below it is merged first."""
    base: Any = AutoModelForCausalLM.from_pretrained(tiny_cohere)
    first = workspace.run("pretrain")
    below = write_run(first, base, "pretrain", tiny_cohere)
    names = ("adapter_config.json", "adapter_model.safetensors")
    parent = {
        "name": "pretrain",
        "path": str(first / "adapter"),
        "sha256": folder_digest(first / "adapter", names),
    }
    second = workspace.run("instruct")
    both = write_run(second, below, "instruct", tiny_cohere, parent=parent, rank=2)
    recipe = make("model.adapter=instruct")
    ids = torch.arange(20, 60)[None]
    with torch.no_grad():
        found = load_model(locate_model(recipe.model, workspace), recipe.model)(ids).logits
        assert (found - both(ids).logits).abs().max() < 1e-5


def test_rows_that_are_trained_on_are_not_held_out(
    workspace: Workspace, make: MakePreference, release: Path, tmp_path: Path
) -> None:
    """A file has no splits: its own rows would look as if they were new."""
    with pytest.raises(GaokerenaError, match=r"preference\.held_out: train is what is trained on"):
        prepare(make("preference.held_out=train"), workspace)
    lines = [json.dumps(row, ensure_ascii=False) for row in pairs(range(12))]
    mine, other = tmp_path / "mine.jsonl", tmp_path / "other.jsonl"
    mine.write_text("\n".join(lines[:8]), "utf-8")
    other.write_text("\n".join(lines[8:]), "utf-8")
    for changes in (("preference.held_out=test",), (f"dataset.name={mine}",)):
        prepared = prepare(make(*changes), workspace)
        assert prepared.held_out is None
        assert "no margins are measured" in "\n".join(prepared.notices)
        trainer = build_trainer(make(*changes), prepared, RunFolder(workspace.run("x")))
        assert trainer.args.eval_strategy == "no"
    for name in (mine, release):
        apart = prepare(make(f"dataset.name={name}", f"preference.held_out={other}"), workspace)
        assert len(apart.held_out) == 4
    with pytest.raises(GaokerenaError, match="is what is trained on"):
        prepare(make(f"dataset.name={mine}", f"preference.held_out={mine}"), workspace)


@pytest.mark.parametrize(
    ("stage", "change", "told"),
    [
        ("prefer", "preparation.method=packed", "preparation: method: `train prefer` knows padded"),
        ("instruct", "preparation.method=padded", "preparation: method: `train instruct` knows"),
        ("prefer", "preference.loss=dpo", "preference.loss"),
        ("prefer", "preference.beta=0", "preference.beta"),
        ("pretrain", "preference.beta=1", "preference"),
    ],
)
def test_a_recipe_is_held_to_its_stage(stage: Any, change: str, told: str) -> None:
    with pytest.raises(GaokerenaError, match=told):
        load_recipe(stage, None, [change])


def test_the_authors_recipe_and_its_footprint() -> None:
    paper = load_recipe("prefer", "prefer_paper")
    assert (paper.lora.rank, paper.lora.alpha, paper.lora.dropout) == (16, 16, 0.05)
    assert (paper.batch.size, paper.batch.accumulation, paper.epochs) == (1, 4, 1)
    told = paper.footprint
    hour = estimate(1, watts=told.watts, region=told.region, kg_per_kwh=told.kg_per_kwh)
    assert hour.kg_co2e == pytest.approx(0.0301)
    run = json.loads(json.dumps(paper.model_dump()))
    assert load_recipe("prefer", "prefer_paper") == Recipe.model_validate(run)
