"""What is wrong with a recipe is told in one line, before torch is there or a weight is read."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.training.conftest import MakeRecipe
from training.checks import check_recipe
from training.runs.recipe import Recipe
from training.train import train

ENDLESS = (
    "{{ bos_token }}{% for m in messages %}<|START_OF_TURN_TOKEN|>{% if m['role'] == 'assistant' %}"
    "<|CHATBOT_TOKEN|>{% generation %}{{ m['content'] }}{% endgeneration %}{% else %}"
    "<|USER_TOKEN|>{{ m['content'] }}{% endif %}<|END_OF_TURN_TOKEN|>{% endfor %}"
)
BY_COMMAND = """
import json, sys
from typer.testing import CliRunner
from gaokerena_data.cli import app
said = []
for arguments in json.loads(sys.argv[1]):
    done = CliRunner().invoke(app, arguments)
    said.append([str(done.exception), "torch" in sys.modules])
print(json.dumps(said))
"""


def in_the_model(change: str, model: Path, tmp_path: Path) -> Path:
    """A copy of a model of which one thing does not fit."""
    copy = tmp_path / change
    shutil.copytree(model, copy)
    config = json.loads((copy / "config.json").read_text("utf-8"))
    if change == "few":
        (copy / "config.json").write_text(json.dumps(config | {"vocab_size": 500}), "utf-8")
    else:
        template = (copy / "chat_template.jinja").read_text("utf-8")
        changed = {
            "endless": ENDLESS,
            "unended": ENDLESS.replace("<|END_OF_TURN_TOKEN|>", ""),
            "unmarked": template + " ",
        }[change]
        (copy / "chat_template.jinja").write_text(changed, "utf-8")
    return copy


CASES = {
    "endless": "leaves the end of turn outside of {% generation %}",
    "unended": "writes no end of turn after an answer",
    "unmarked": "does not mark answers with {% generation %}",
    "few": "tokens and the model only 500 embeddings",
}


@pytest.mark.parametrize("change", CASES)
def test_what_does_not_fit_the_model_is_one_line(
    tiny_cohere: Path, tmp_path: Path, make_recipe: MakeRecipe, workspace: Workspace, change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """By the quick look, and by the real tokenizer where that saw nothing."""
    model = in_the_model(change, tiny_cohere, tmp_path)
    recipe = make_recipe("instruct", f"model.name={model}", "model.adapter=null")
    monkeypatch.setattr("training.models.base_model.load_model", lambda *_: pytest.fail("loaded"))
    with pytest.raises(GaokerenaError) as quick:
        check_recipe(recipe, workspace)
    monkeypatch.setattr("training.train.check_recipe", lambda *_: None)
    with pytest.raises(GaokerenaError) as slow:
        train(recipe, workspace)
    for raised in (quick, slow):
        assert CASES[change] in str(raised.value)
        assert "\n" not in str(raised.value)
    assert not workspace.root.exists()


def test_sound_recipes_pass(
    make_recipe: MakeRecipe, workspace: Workspace, tiny_cohere: Path, tmp_path: Path
) -> None:
    sound: list[Recipe] = [
        make_recipe("pretrain"),
        make_recipe("instruct", "model.adapter=null"),
        make_recipe("instruct", "model.adapter=null", "lora.targets=all-linear"),
        make_recipe("instruct", "model.adapter=null", "lora.targets=[mlp.up_proj,lm_head]"),
    ]
    whole = ENDLESS.replace("{% endgeneration %}", "<|END_OF_TURN_TOKEN|>{% endgeneration %}")
    (tmp_path / "own.jinja").write_text(whole, "utf-8")
    own = f"model.chat_template={tmp_path / 'own.jinja'}"
    for recipe in (*sound, make_recipe("instruct", "model.adapter=null", own)):
        check_recipe(recipe, workspace)


def test_a_single_unknown_layer_is_named(make_recipe: MakeRecipe, workspace: Workspace) -> None:
    """Peft takes it for nothing, as long as another one is there."""
    recipe = make_recipe("pretrain", "lora.targets=[q_proj,query_proj]")
    with pytest.raises(GaokerenaError, match=r"has no layer query_proj: it has down_proj, gate_pr"):
        check_recipe(recipe, workspace)


def test_torch_is_not_imported_to_say_so(tiny_cohere: Path, pairs: Path, tmp_path: Path) -> None:
    changes = {
        "dataset.name: there is no folder /nowhere": ["dataset.name=/nowhere"],
        "has no layer qkv": ["lora.targets=[q_proj,qkv]"],
        "model.name: there is no folder /nowhere": ["model.name=/nowhere"],
        "is no finished run": ["model.adapter=never"],
        "there is no file no.jinja": ["model.chat_template=no.jinja"],
    }
    for change, line in CASES.items():
        changes[line] = [f"model.name={in_the_model(change, tiny_cohere, tmp_path)}"]
    ground = [f"model.name={tiny_cohere}", f"dataset.name={pairs}", "model.adapter=null"]
    commands = [
        ["train", "instruct", "--workspace", str(tmp_path / "w")]
        + [part for each in (*ground, *given) for part in ("--set", each)]
        for given in changes.values()
    ]
    done = subprocess.run(
        [sys.executable, "-c", BY_COMMAND, json.dumps(commands)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for line, (said, torch) in zip(changes, json.loads(done.stdout), strict=True):
        assert line in said
        assert not torch
