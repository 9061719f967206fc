"""What fits which GPU: the table of docs/memory.md, made from the estimate."""

from collections.abc import Iterator

from training.memory.estimate import Memory, Shapes, estimate, shapes_of
from training.runs.recipe import load_recipe

GPUS = (16, 24, 40, 80)  # GB
_AYA = {
    "model_type": "cohere", "hidden_size": 4096, "intermediate_size": 14336,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "vocab_size": 256000,
}  # fmt: skip
_KINDS = {
    "bf16, gradient checkpointing": (),
    "bf16, without": ("gradient_checkpointing=false",),
    "4-bit, gradient checkpointing": ("model.quantization=4bit",),
    "4-bit, without": ("model.quantization=4bit", "gradient_checkpointing=false"),
}


def aya_expanse() -> Shapes:
    """The shapes of aya-expanse-8b."""
    found = shapes_of(_AYA)
    assert found is not None  # noqa: S101
    return found


def memory_table() -> Iterator[str]:
    """The pretrain recipe on aya-expanse-8b: GB of its parts, and which GPU holds it."""
    yield (
        "| precision | batch x context | weights | adapter | layers | head | all | whole logits | "
        + " | ".join(f"{gpu} GB" for gpu in GPUS)
        + " |"
    )
    yield f"|{'---|' * (8 + len(GPUS))}"
    for kind, changes in _KINDS.items():
        for batch, context in ((1, 1024), (2, 1024), (2, 4096)):
            given = (*changes, f"batch.size={batch}", f"preparation.context={context}")
            memory = estimate(load_recipe("pretrain", None, given), aya_expanse())
            yield _row(f"{kind} | {batch} x {context:,}", memory)


def _row(name: str, memory: Memory) -> str:
    parts = (
        memory.weights, memory.adapter, memory.layers, memory.head, memory.total,
        memory.whole_logits,
    )  # fmt: skip
    fits = ["yes" if memory.total < gpu * 1e9 else "-" for gpu in GPUS]
    return f"| {name} | {' | '.join([*(f'{part / 1e9:.1f}' for part in parts), *fits])} |"
