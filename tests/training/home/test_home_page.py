"""docs/home.md is followed as somebody new would, with a tiny model; its sizes are computed."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pages import blocks, run_block
from tests.training.home.models import write_tiny
from training.home.quantization import Mixture, bytes_of

PAGE = ROOT / "docs" / "home.md"
LAYERS, HIDDEN, KEYS, INNER, WORDS = 32, 4096, 1024, 14336, 256_000
BLOCK = {
    "attn_q": (HIDDEN, HIDDEN),
    "attn_k": (KEYS, HIDDEN),
    "attn_v": (KEYS, HIDDEN),
    "attn_output": (HIDDEN, HIDDEN),
    "ffn_gate": (INNER, HIDDEN),
    "ffn_up": (INNER, HIDDEN),
    "ffn_down": (HIDDEN, INNER),
}


def test_the_sizes_of_the_page_follow_from_the_tensors() -> None:
    shapes = {
        f"blk.{layer}.{name}.weight": shape
        for layer in range(LAYERS)
        for name, shape in BLOCK.items()
    }
    shapes["token_embd.weight"] = (WORDS, HIDDEN)
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) GB \| ([\d.]+) GB \|$", PAGE.read_text(), re.M)
    assert len(rows) == 4
    cache = 2 * 2 * LAYERS * KEYS * 4096
    for name, file, memory in rows:
        mixture = Mixture(name, LAYERS, tied=True)
        size = sum(
            bytes_of(shape, mixture.type_of(tensor, shape)) for tensor, shape in shapes.items()
        )
        assert f"{size / 1e9:.2f}" == file, name
        assert f"{(size + cache) / 1e9:.2f}" == memory, name


@pytest.mark.thorough
def test_the_page_can_be_followed(tmp_path: Path) -> None:
    write_tiny("cohere", tmp_path / "merged")
    followed = [block for block in blocks(PAGE) if block.comment.startswith("run")]
    assert len(followed) == 2
    for block in followed:
        assert block.steps, block.where
        run_block(block, tmp_path, {"COLUMNS": "80"})
    assert (tmp_path / "home" / "Modelfile").is_file()
