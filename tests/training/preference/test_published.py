"""A preference run over both stages before it: merged, published, fetched again, talked to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForCausalLM

from gaokerena_data.workspace import Workspace
from tests.hub.forks import Forks
from tests.hub_server.server import HubServer
from tests.training.conftest import SMALL
from tests.training.preference.texts import pairs, write_pairs
from tests.training.tiny_models import write_run
from training.models.located import folder_digest
from training.runs.recipe import load_recipe
from training.train import train

BASE = "org/tiny-aya"
COMMAND = "from gaokerena_data.cli import main; main()"
MODULES = ("datasets", "gaokerena_data.cli", "huggingface_hub.hf_api", "peft", "training.chat")

pytestmark = pytest.mark.thorough

# The forks' own standard input is the pipe of their server, which never ends.
ASK = "import io, sys; sys.stdin = io.StringIO('سرفه دارم\\n'); " + COMMAND

RELOAD = """
import sys, torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
ids = AutoTokenizer.from_pretrained("org/prefers")("سرفه دارم", return_tensors="pt")["input_ids"]
base = AutoModelForCausalLM.from_pretrained(sys.argv[1])
whole = AutoModelForCausalLM.from_pretrained(sys.argv[2])
model = PeftModel.from_pretrained(base, "org/prefers", revision="v1.0.0")
with torch.no_grad():
    print("apart:", float((model(ids).logits - whole(ids).logits).abs().max()))
"""


@pytest.fixture
def forks(hub: HubServer, tmp_path: Path) -> Iterator[Forks]:
    server = Forks({**hub.env(tmp_path / "home"), "OMP_NUM_THREADS": "1"}, tmp_path, MODULES)
    yield server
    server.stop()


def test_three_stages_merged_published_reloaded_and_asked(
    tmp_path: Path, workspace: Workspace, tiny_cohere: Path, hub: HubServer, forks: Forks
) -> None:
    release = write_pairs(tmp_path / "release", pairs(range(12)), pairs(range(12, 16)))
    model: Any = AutoModelForCausalLM.from_pretrained(tiny_cohere)
    parent = None
    names = ("adapter_config.json", "adapter_model.safetensors")
    for stage, rank in (("pretrain", 8), ("instruct", 2)):
        run = workspace.run(stage)
        model = write_run(run, model, stage, tiny_cohere, parent=parent, rank=rank)
        digest = folder_digest(run / "adapter", names)
        parent = {"name": stage, "path": str(run / "adapter"), "sha256": digest}
    changes = (f"model.name={tiny_cohere}", f"dataset.name={release}", "max_steps=2", *SMALL)
    run = train(load_recipe("prefer", None, changes), workspace).path
    alone = forks.run(
        COMMAND, "train", "publish", str(run), "--to", "org/x", "--base", BASE, "--license", "mit"
    )
    assert alone.returncode == 1
    assert "works only on the base with another adapter merged" in alone.stderr

    merged = tmp_path / "merged"
    stages = [str(workspace.run(stage)) for stage in ("pretrain", "instruct", "prefer")]
    done = forks.run(COMMAND, "train", "merge", *stages, "--to", str(merged))
    assert done.returncode == 0, done.stderr
    done = forks.run(
        COMMAND, "train", "publish", str(merged / "adapter"), "--to", "org/prefers",
        "--base", BASE, "--license", "mit",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    files = hub.repository("org/prefers", "models").files("v1.0.0")
    card = files["README.md"].decode()
    assert "| method | not recorded | not recorded | DPO, beta 0.1 + 1 x SFT |" in card
    assert "| pairs trained on | not recorded | not recorded | 12 |" in card
    assert "the reference is the base with the earlier stages merged" in card
    assert "![Reward margins of prefer, step by step](training/3-prefer/margins.png)" in card
    assert files["training/3-prefer/margins.jsonl"]
    told = forks.run(RELOAD, str(tiny_cohere), str(merged))
    assert told.returncode == 0, told.stderr[-2000:]
    assert float(told.stdout.rpartition("apart:")[2]) < 1e-4
    asked = forks.run(ASK, "train", "chat", "--model", str(run), "--max-new-tokens", "4")
    assert asked.returncode == 0, asked.stderr
    assert "مدل: " in asked.stdout
