"""rsLoRA, DoRA and NEFTune: trained, merged and stated as plain LoRA is."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from tests.training.tiny_models import write_run
from training.models.merge import merge
from training.models.parity import compare, logits_of
from training.train import train

IDS = [torch.tensor([[5, 40, 300, 77, 8, 512]])]


@pytest.mark.parametrize(
    "kind", [{"use_rslora": True}, {"use_dora": True}, {"use_rslora": True, "use_dora": True}]
)
def test_a_merge_says_what_base_and_adapter_say(
    kind: dict[str, Any], tiny_cohere: Path, tmp_path: Path
) -> None:
    base = AutoModelForCausalLM.from_pretrained(tiny_cohere, dtype=torch.float32)
    plain = logits_of(base, IDS)
    trained = write_run(tmp_path / "run", base, "instruct", tiny_cohere, **kind)
    expected = logits_of(trained, IDS)
    merged = merge([tmp_path / "run"], tmp_path / "merged")
    assert merged.parity.relative < 1e-5
    found = AutoModelForCausalLM.from_pretrained(tmp_path / "merged", dtype=torch.float32)
    assert compare(expected, logits_of(found, IDS)).relative < 1e-5
    assert compare(plain, expected).relative > 1e-3


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["packed", "padded_paper"])
def test_a_run_with_all_of_them(
    method: str, make_recipe: MakeRecipe, workspace: Workspace, tmp_path: Path
) -> None:
    keys = ("lora.rslora=true", "lora.dora=true", "optimizer.neftune_alpha=5", "max_steps=2")
    ground = ("model.adapter=null", f"preparation.method={method}")
    run = train(make_recipe("instruct", *ground, *keys), workspace)
    merged = merge([run.path], tmp_path / "merged")
    assert merged.parity.relative < 1e-4
    quiet = make_recipe("instruct", *ground, *keys, "optimizer.neftune_alpha=null", "name=quiet")
    losses = [each.read_metadata()["final_loss"] for each in (run, train(quiet, workspace))]
    assert losses[0] != losses[1]
