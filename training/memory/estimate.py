"""The memory of one training step, part by part, before anything is loaded.

Counted are the tensors that are there at the largest moment of a step on one GPU: weights, the
adapter with gradients and optimizer, what the layers keep for the way back, and the head. trl
computes the loss in tiles of 4,096 tokens times 32,768 words, forward and back, so that the table
of all tokens times the vocabulary is never there (`whole_logits` says what it would take). What
the allocator loses between tensors, and CUDA itself, is taken as a share and a constant.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from training.runs.recipe import Recipe

# trl 1.16, `kernels/chunked_logprob.py` and `trainer/utils.py`.
_TILE_TOKENS, _TILE_WORDS = 4096, 32768
_FOUR_BITS = 0.5 + 0.127 / 8  # NF4 with double quantization, bytes a weight
_CUDA, _LOST = 0.8e9, 1.05  # kernels and libraries; fragments
_OPTIMIZER = {"adamw_torch": 8, "paged_adamw_32bit": 8, "adamw_8bit": 2, "paged_adamw_8bit": 2}
_TIED = ("cohere", "cohere2", "gemma", "gemma2", "gemma3_text")


@dataclass(frozen=True, slots=True)
class Shapes:
    """Of a decoder: sizes of its linear layers by name, how many layers, width, vocabulary.

    Attributes:
        linear: inputs and outputs of each linear layer of one decoder layer.
        layers: decoder layers.
        hidden: width.
        vocabulary: rows of the embedding.
        tied: whether the head is the embedding.
    """

    linear: Mapping[str, tuple[int, int]]
    layers: int
    hidden: int
    vocabulary: int
    tied: bool

    @property
    def weights(self) -> int:
        """Of all linear layers."""
        return self.layers * sum(one * other for one, other in self.linear.values())


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of the parts, and of what the loss would take if logits were whole."""

    weights: float
    adapter: float
    layers: float
    head: float
    overhead: float
    whole_logits: float

    @property
    def total(self) -> float:
        """All but `whole_logits`."""
        return float(sum(asdict(self).values())) - self.whole_logits


def shapes_of(config: Mapping[str, Any]) -> Shapes | None:
    """Shapes by a model's config.json; None for one that is no decoder of the usual kind."""
    text = {**config, **config.get("text_config", {})}
    names = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    if not all(isinstance(text.get(name), int) for name in (*names, "vocab_size")):
        return None
    hidden, inner, layers, heads = (text[name] for name in names)
    size = text.get("head_dim") or hidden // heads
    keys = (text.get("num_key_value_heads") or heads) * size
    linear = {
        "q_proj": (hidden, heads * size), "k_proj": (hidden, keys), "v_proj": (hidden, keys),
        "o_proj": (heads * size, hidden), "gate_proj": (hidden, inner),
        "up_proj": (hidden, inner), "down_proj": (inner, hidden),
    }  # fmt: skip
    tied = text.get("tie_word_embeddings", text.get("model_type") in _TIED)
    return Shapes(linear, layers, hidden, text["vocab_size"], bool(tied))


def estimate(recipe: Recipe, shapes: Shapes, element: int = 2) -> Memory:
    """The memory of one step of one process.

    Args:
        recipe: of the run.
        shapes: of its model.
        element: bytes of a number: 2 for bfloat16 (CUDA), 4 for float32.
    """
    tokens = recipe.batch.size * recipe.preparation.context * (2 if recipe.preference else 1)
    embedding = shapes.vocabulary * shapes.hidden * (1 if shapes.tied else 2)
    each = _FOUR_BITS if recipe.model.quantization else element
    targets = recipe.lora.targets
    adapted = {
        name: sizes
        for name, sizes in shapes.linear.items()
        if targets == "all-linear" or any(name == each.rpartition(".")[2] for each in targets)
    }
    rank = recipe.lora.rank
    trained = shapes.layers * rank * sum(one + other for one, other in adapted.values())
    layer = tokens * _kept_by_layer(recipe, shapes, adapted, element)
    if recipe.gradient_checkpointing:
        layers = shapes.layers * tokens * shapes.hidden * element + 1.5 * layer
    else:
        layers = (shapes.layers + 0.5) * layer
    tile = min(tokens, _TILE_TOKENS) * min(shapes.vocabulary, _TILE_WORDS) * element
    weights = shapes.weights * each + embedding * element
    adapter = trained * (4 + 4 + _OPTIMIZER[recipe.optimizer.name])
    # The tile, and the hidden states' gradient in float32.
    head = tile + tokens * shapes.hidden * (4 + 2 * element)
    total = weights + adapter + layers + head
    return Memory(
        weights, adapter, layers, head,
        overhead=(_LOST - 1) * total + (_CUDA if element == 2 else 0),
        whole_logits=tokens * shapes.vocabulary * (element + 2 * 4),
    )  # fmt: skip


def _kept_by_layer(
    recipe: Recipe, shapes: Shapes, adapted: Mapping[str, tuple[int, int]], element: int
) -> float:
    """Bytes that one layer keeps of a token until the way back."""
    outputs = sum(shapes.linear[name][1] for name in ("q_proj", "k_proj", "v_proj"))
    attention = 2 * outputs + 2 * shapes.linear["o_proj"][0]
    inner = shapes.linear["up_proj"][1]
    kept = (attention + 4 * shapes.hidden + 4 * inner) * element + 2 * 4 * shapes.hidden
    if recipe.lora.dropout and recipe.preference is None:  # an input of its own, and a mask
        kept += sum(one for one, _ in adapted.values()) * (element + 1)
    return float(kept)
