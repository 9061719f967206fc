"""Several GPUs, sharded or 4-bit weights: handled, or one line before any weight is loaded."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from tests.training.tiny_models import write_base, write_run
from training.checks import check_recipe
from training.models.base_model import freeze_quantized
from training.models.four_bit import BLOCK, LEVELS, in_four_bit, rounded
from training.models.merge import merge
from training.train import train


def test_several_gpus_without_a_launcher_are_one_line(
    make_recipe: MakeRecipe, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.setattr("training.models.base_model.load_model", lambda *_: pytest.fail("loaded"))
    with pytest.raises(GaokerenaError, match=r"4 GPUs.*--num_processes 4.*CUDA_VISIBLE_DEVICES=0"):
        train(make_recipe("pretrain"), workspace)


def test_four_bits_under_fsdp_are_one_line(
    make_recipe: MakeRecipe, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")
    check_recipe(make_recipe("pretrain"), workspace)
    with pytest.raises(GaokerenaError, match=r"4bit under fsdp\.yaml.*ddp\.yaml"):
        check_recipe(make_recipe("pretrain", "model.quantization=4bit"), workspace)


def test_the_tied_embedding_is_not_raised_to_float32(tiny_cohere: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(tiny_cohere, dtype=torch.bfloat16)
    freeze_quantized(model)
    assert model.get_input_embeddings().weight.dtype == torch.bfloat16
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight
    kinds = {weight.ndim: weight.dtype for weight in model.parameters()}
    assert kinds == {1: torch.float32, 2: torch.bfloat16}
    assert not any(weight.requires_grad for weight in model.parameters())


def test_rounding_takes_the_nearest_level_of_each_block() -> None:
    torch.manual_seed(3)
    weight = torch.randn(6, 50)
    found = rounded(weight).flatten()
    for begin in range(0, weight.numel(), BLOCK):
        block = weight.flatten()[begin : begin + BLOCK]
        levels = LEVELS * block.abs().max()
        nearest = levels[(block[:, None] - levels).abs().argmin(1)]
        assert torch.allclose(found[begin : begin + BLOCK], nearest)


def test_a_merge_is_compared_with_the_4_bit_weights_it_was_trained_on(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base")
    model: Any = AutoModelForCausalLM.from_pretrained(base)
    before = model.state_dict()["model.layers.0.mlp.up_proj.weight"].clone()
    with in_four_bit(model):
        assert not torch.equal(model.model.layers[0].mlp.up_proj.weight, before)
    assert torch.equal(model.model.layers[0].mlp.up_proj.weight, before)
    write_run(tmp_path / "run", model, "pretrain", base)
    plain = merge([tmp_path / "run"], tmp_path / "plain")
    assert plain.provenance["trained_in_4bit"] is None
    run = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    run["recipe"] = {"model": {"quantization": "4bit"}}
    (tmp_path / "run" / "run.json").write_text(json.dumps(run), "utf-8")
    said: list[str] = []
    merged = merge([tmp_path / "run"], tmp_path / "merged", say=said.append)
    assert 1e-3 < merged.provenance["trained_in_4bit"]["relative"] < 0.3
    assert any(line.startswith("trained on 4-bit weights: ") for line in said)
    assert merged.provenance["parity"]["relative"] < 1e-4
