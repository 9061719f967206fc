"""The estimate of memory: held to counts by hand, to its table, and to what it advises."""

import pytest

from gaokerena_data.errors import GaokerenaError
from tests.conftest import ROOT
from training.memory.check import refuse_too_large
from training.memory.estimate import estimate, shapes_of
from training.memory.table import _AYA, aya_expanse, memory_table
from training.runs.recipe import load_recipe


def test_weights_and_logits_of_aya_by_hand() -> None:
    memory = estimate(load_recipe("pretrain"), aya_expanse())
    layer = 2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336
    assert memory.weights == 2 * (32 * layer + 256_000 * 4096)
    assert memory.whole_logits == 2 * 1024 * 256_000 * 10
    assert memory.head < memory.whole_logits / 5
    assert memory.adapter == 16 * 20_971_520  # as peft counts them: 8 x (in + out), 32 layers


def test_what_does_not_fit_is_one_line_that_says_what_would() -> None:
    recipe = load_recipe("pretrain", None, ["gradient_checkpointing=false"])
    refuse_too_large(recipe, _AYA, 80e9)
    with pytest.raises(GaokerenaError, match=r"GB are needed.*--set gradient_checkpointing=true"):
        refuse_too_large(recipe, _AYA, 24e9)
    with pytest.raises(GaokerenaError, match=r"--set model.quantization=4bit"):
        refuse_too_large(recipe, _AYA, 12e9)
    with pytest.raises(GaokerenaError, match="a larger GPU"):
        refuse_too_large(recipe, _AYA, 2e9)


def test_a_model_of_another_kind_is_not_judged() -> None:
    assert shapes_of({"model_type": "mamba", "hidden_size": 64}) is None


def test_the_table_of_the_docs_is_that_of_the_code() -> None:
    assert "\n".join(memory_table()) in (ROOT / "docs" / "memory.md").read_text("utf-8")
