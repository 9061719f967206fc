"""Several processes train as one does: the same rows a step, the same loss."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from safetensors.torch import load_file

from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from tests.training.processes import run_together, run_until
from training.runs.recipe import Recipe
from training.runs.run_folder import RunFolder
from training.runs.tracking import read_metrics

CONFIGS = Path(__file__).parents[2] / "training" / "distributed"
TOLERANCE = 1e-5


def assert_alike(run: RunFolder, other: RunFolder) -> None:
    """The same curves within float tolerance, and the same weights at the end."""
    ours, theirs = read_metrics(run.metrics), read_metrics(other.metrics)
    assert len(ours) == len(theirs) > 2
    for mine, yours in zip(ours, theirs, strict=True):
        for name in ("step", "loss", "learning_rate", "grad_norm", "tokens"):
            assert mine[name] == pytest.approx(yours[name], abs=TOLERANCE), name
    name = "adapter_model.safetensors"
    weights, others = load_file(run.adapter / name), load_file(other.adapter / name)
    assert weights.keys() == others.keys()
    for key, weight in weights.items():
        torch.testing.assert_close(weight, others[key], atol=TOLERANCE, rtol=0)


def one_and_two(make_recipe: MakeRecipe) -> tuple[Recipe, Recipe]:
    """A whole epoch, its last step not full; twice the accumulation for one process.

    Dropout is drawn by each process for itself, so that it has to go.
    """
    common = ("lora.dropout=0", "batch.size=2", "optimizer.learning_rate=5e-3")
    return (
        make_recipe("pretrain", *common, "batch.accumulation=6"),
        make_recipe("pretrain", *common, "batch.accumulation=3"),
    )


@pytest.mark.thorough
def test_two_processes_train_as_one_with_twice_the_accumulation(
    tmp_path: Path, make_recipe: MakeRecipe
) -> None:
    alone, shared = one_and_two(make_recipe)
    one, two = Workspace(tmp_path / "one"), Workspace(tmp_path / "two")
    assert run_until(alone, one) == 0
    assert run_together(shared, two, processes=2) == 0
    runs = RunFolder(one.run(alone.name)), RunFolder(two.run(shared.name))
    assert_alike(*runs)
    stated = [run.read_metadata() for run in runs]
    assert [each["hardware"]["processes"] for each in stated] == [1, 2]
    assert stated[0]["tokens"] == stated[1]["tokens"]
    assert stated[0]["steps"] == stated[1]["steps"]


@pytest.mark.slow
@pytest.mark.parametrize("config", ["ddp", "fsdp"])
def test_accelerate_launch_with_the_shipped_files(
    tmp_path: Path, make_recipe: MakeRecipe, config: str, slow: None
) -> None:
    """On CPUs accelerate shares the rows out and not the parameters, whichever file it is given."""
    alone, shared = one_and_two(make_recipe)
    one, two = Workspace(tmp_path / "one"), Workspace(tmp_path / "two")
    assert run_until(alone, one) == 0
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(shared.as_yaml(), "utf-8")
    scripts = Path(sys.executable).parent
    command: list[Any] = [
        scripts / "accelerate", "launch", "--config_file", CONFIGS / f"{config}.yaml",
        "--num_processes", "2", "--mixed_precision", "no", "--no_python",
        scripts / "gaokerena", "train", "pretrain", "--recipe", recipe, "--workspace", two.root,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    assert_alike(RunFolder(one.run(alone.name)), RunFolder(two.run(shared.name)))


@pytest.mark.parametrize("file", sorted(CONFIGS.glob("*.yaml")), ids=lambda file: file.stem)
def test_accelerate_reads_the_shipped_files(file: Path) -> None:
    """No key that accelerate does not know, and every file for a different way to share."""
    from accelerate.commands.config.config_args import ClusterConfig

    config = ClusterConfig.from_yaml_file(str(file))
    stated = yaml.safe_load(file.read_text("utf-8"))
    assert str(config.distributed_type).rpartition(".")[2] == stated["distributed_type"]
    assert config.num_processes == 2
