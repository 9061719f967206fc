"""kill -9 at any step, the same command again: the weights are those of an undisturbed run."""

import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from tests.training.processes import Moment, run_until
from training.runs.checkpoints import is_whole, newest_checkpoint
from training.runs.recipe import Recipe
from training.runs.run_folder import RunFolder
from training.runs.tracking import read_metrics
from training.train import train

STEPS = 6
# Between checkpoints, before the first, with one half written, unsealed, just sealed, at the end.
MOMENTS = (
    Moment("batch", 1),
    Moment("batch", 3),
    Moment("writing", 4),
    Moment("seal", 4),
    Moment("sealed", 4),
    Moment("batch", 5),
    Moment("adapter", STEPS),
)
MEASURED = ("step", "loss", "learning_rate", "grad_norm", "epoch", "tokens")

pytestmark = pytest.mark.thorough  # tests/training/test_train.py has a kill and a resume


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, make_recipe: MakeRecipe) -> RunFolder:
    workspace = Workspace(tmp_path_factory.mktemp("undisturbed"))
    recipe = make_recipe("pretrain", f"max_steps={STEPS}")
    assert run_until(recipe, workspace) == 0
    return RunFolder(workspace.run(recipe.name))


def assert_same(run: RunFolder, other: RunFolder) -> None:
    """Bit by bit the same weights, and the same history."""
    name = "adapter_model.safetensors"
    ours, theirs = load_file(run.adapter / name), load_file(other.adapter / name)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    assert any(bool(weights.any()) for key, weights in ours.items() if "lora_B" in key)

    def history(folder: RunFolder) -> list[dict[str, Any]]:
        lines = read_metrics(folder.metrics)
        return [{name: line[name] for name in MEASURED} for line in lines]

    assert history(run) == history(other)
    assert [line["step"] for line in history(run)] == list(range(1, STEPS + 1))


def damage(checkpoint: Path, how: str) -> None:
    """Spoil a checkpoint as a full disk, a bad cable or a person would."""
    optimizer = checkpoint / "optimizer.pt"
    content = bytearray(optimizer.read_bytes())
    if how == "flipped":
        content[len(content) // 2] ^= 1
        optimizer.write_bytes(content)
    elif how == "cut":
        optimizer.write_bytes(content[: len(content) // 2])
    elif how == "missing":
        (checkpoint / "rng_state.pth").unlink()
    elif how == "unsealed":
        (checkpoint / "complete.json").unlink()
    else:
        (checkpoint / "complete.json").write_bytes(b"\x00" * 40)


@pytest.mark.parametrize("moments", [(Moment("writing", 4),), MOMENTS], ids=["one moment", "all"])
def test_a_run_that_is_killed_again_and_again_ends_the_same(
    workspace: Workspace,
    make_recipe: MakeRecipe,
    undisturbed: RunFolder,
    moments: tuple[Moment, ...],
) -> None:
    recipe = make_recipe("pretrain", f"max_steps={STEPS}")
    for moment in moments:
        assert run_until(recipe, workspace, moment) == -9
    assert run_until(recipe, workspace) == 0
    run = RunFolder(workspace.run(recipe.name))
    assert_same(run, undisturbed)
    assert run.finished
    assert not (run.checkpoints / ".writing").exists()


def test_a_damaged_checkpoint_is_passed_over(
    workspace: Workspace, make_recipe: MakeRecipe, undisturbed: RunFolder
) -> None:
    recipe = make_recipe("pretrain", f"max_steps={STEPS}")
    assert run_until(recipe, workspace, Moment("batch", 5)) == -9
    run = RunFolder(workspace.run(recipe.name))
    damage(run.checkpoints / "checkpoint-4", "flipped")
    newest = newest_checkpoint(run.checkpoints)
    assert newest is not None
    assert newest.name == "checkpoint-2"
    assert run_until(recipe, workspace) == 0
    assert_same(run, undisturbed)
    assert is_whole(run.checkpoints / "checkpoint-4")


@pytest.mark.parametrize("how", ["flipped", "cut", "missing", "unsealed", "garbled"])
def test_any_damage_is_seen(tmp_path: Path, undisturbed: RunFolder, how: str) -> None:
    shutil.copytree(undisturbed.checkpoints, tmp_path / "checkpoints")
    last = newest_checkpoint(tmp_path / "checkpoints")
    assert last is not None
    assert last.name == f"checkpoint-{STEPS}"
    damage(last, how)
    assert not is_whole(last)
    before = newest_checkpoint(tmp_path / "checkpoints")
    assert before is not None
    assert before.name == f"checkpoint-{STEPS - 2}"


def test_a_finished_run_is_left_alone(undisturbed: RunFolder, make_recipe: MakeRecipe) -> None:
    before = {p: p.stat().st_mtime_ns for p in undisturbed.path.rglob("*") if p.is_file()}
    workspace = Workspace(undisturbed.path.parents[1])
    train(make_recipe("pretrain", f"max_steps={STEPS}"), workspace)
    assert {p: p.stat().st_mtime_ns for p in undisturbed.path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("change", "named"),
    [("lora.rank=4", "lora.rank"), ("dataset.share=0.5", "dataset.share"), ("seed=1", "seed")],
)
def test_another_recipe_does_not_go_on_with_a_run(
    undisturbed: RunFolder, make_recipe: MakeRecipe, change: str, named: str
) -> None:
    workspace = Workspace(undisturbed.path.parents[1])
    with pytest.raises(GaokerenaError, match=f"{named}.*another --name"):
        train(make_recipe("pretrain", f"max_steps={STEPS}", change), workspace)


@pytest.mark.slow
def test_twenty_kills_at_random_moments(
    workspace: Workspace, make_recipe: MakeRecipe, undisturbed: RunFolder, slow: None
) -> None:
    random = Random(3)
    recipe: Recipe = make_recipe("pretrain", f"max_steps={STEPS}")
    anywhere = [Moment("batch", step) for step in range(1, STEPS)]
    anywhere += [Moment("writing", step) for step in (2, 4, 6)]
    anywhere += [Moment("seal", step) for step in (2, 4, 6)]
    for _ in range(20):
        run_until(recipe, workspace, random.choice(anywhere))
    assert run_until(recipe, workspace) == 0
    assert_same(RunFolder(workspace.run(recipe.name)), undisturbed)
