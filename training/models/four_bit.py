"""4-bit weights (NF4) as QLoRA trains on them, on any device: what rounding makes of a weight.

bitsandbytes rounds blocks of 64 values to 16 levels times the largest of the block. It rounds these
largest values too, to 8 bits (double quantization), which is left out here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

BLOCK = 64
# Quantiles of a normal distribution, from the QLoRA paper (appendix E).
LEVELS = torch.tensor([
    -1.0, -0.6961928, -0.52507305, -0.3949175, -0.28444138, -0.18477343, -0.09105004, 0.0,
    0.0795803, 0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0,
])  # fmt: skip


def rounded(weight: torch.Tensor) -> torch.Tensor:
    """A weight as NF4 holds it, in the shape and dtype it came in.

    Example:
        >>> rounded(torch.tensor([2.0, -1.3, 0.1]))
        tensor([ 2.0000, -1.3924,  0.1592])
    """
    flat = weight.detach().float().flatten()
    padded = torch.nn.functional.pad(flat, (0, -flat.numel() % BLOCK)).view(-1, BLOCK)
    largest = padded.abs().amax(1, keepdim=True).clamp(min=1e-30)
    between = (LEVELS[1:] + LEVELS[:-1]) / 2
    places = torch.bucketize(padded / largest, between.to(flat.device))
    values = LEVELS.to(flat.device)[places] * largest
    return values.flatten()[: flat.numel()].view(weight.shape).to(weight.dtype)


@contextmanager
def in_four_bit(model: Any) -> Iterator[None]:
    """The linear layers of a model rounded as long as this lasts; its head stays as it is."""
    head = model.get_output_embeddings()
    layers = [
        layer
        for layer in model.modules()
        if isinstance(layer, torch.nn.Linear) and layer is not head
    ]
    kept = [layer.weight.data for layer in layers]
    try:
        for layer in layers:
            layer.weight.data = rounded(layer.weight.data)
        yield
    finally:
        for layer, weight in zip(layers, kept, strict=True):
            layer.weight.data = weight
