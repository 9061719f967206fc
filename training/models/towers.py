"""The language tower inside a vision model, seen as a language model of its own.

An adapter names layers (`q_proj`) that a vision encoder has too. Put on the tower alone, it meets
the layers it was trained for and no others.
"""

from collections.abc import Sequence
from typing import Any

import torch

from gaokerena_data.errors import GaokerenaError

# What a text configuration says that changes the function and not the shapes.
_BEHAVIOUR = (
    "model_type", "rope_parameters", "sliding_window", "layer_types", "logit_scale", "hidden_act",
    "use_qk_norm",
)  # fmt: skip
_HEADS = ("num_attention_heads", "num_key_value_heads", "head_dim")


def language_tower(vision: Any, name: str) -> Any:
    """A causal language model that shares its modules with a vision model.

    Args:
        vision: such as `AyaVisionForConditionalGeneration`.
        name: what it is called, for errors.

    Raises:
        GaokerenaError: it has no language tower that stands alone.
    """
    from transformers import AutoModelForCausalLM

    inner = getattr(vision.model, "language_model", None) if hasattr(vision, "model") else None
    text_config = getattr(vision.config, "text_config", None)
    if inner is None or text_config is None:
        raise GaokerenaError(
            f"{name} ({type(vision).__name__}) has no language tower: give a model such as "
            "aya-vision"
        )
    with torch.device("meta"):
        tower = AutoModelForCausalLM.from_config(text_config)
    tower.model = inner
    tower.lm_head = vision.get_output_embeddings()
    return tower


def refuse_other_shapes(base_config: Any, base: str, tower: Any, vision: str) -> None:
    """Make sure that a tower has the base's parameters, name by name and shape by shape.

    Raises:
        GaokerenaError: names the first parameter that differs.
    """
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(base_config)
    wanted = {name: tuple(value.shape) for name, value in model.named_parameters()}
    found = {name: tuple(value.shape) for name, value in tower.named_parameters()}
    for name in [*wanted, *(name for name in found if name not in wanted)]:
        if wanted.get(name) != found.get(name):
            raise GaokerenaError(
                f"the adapters cannot go into {vision}: {name} is {_shape(wanted.get(name))} in "
                f"{base} and {_shape(found.get(name))} in its language tower: choose a vision "
                "model whose tower has the same shapes"
            )
    # The same matrix cut into other heads has the same shape, and is another function.
    for key in _HEADS:
        ours, theirs = getattr(base_config, key, None), getattr(tower.config, key, None)
        if None not in (ours, theirs) and ours != theirs:
            raise GaokerenaError(
                f"the adapters cannot go into {vision}: {key} is {ours} in {base} and {theirs} in "
                "its language tower: choose a vision model whose tower has the same shapes"
            )


def refuse_other_tokens(base: Any, vision: Any, name: str) -> int:
    """Make sure that no token has another id in the vision model's tokenizer.

    Returns:
        How many tokens only one of the two has: placeholders of images, as a rule.

    Raises:
        GaokerenaError: names the first token whose id differs.
    """
    ours, theirs = base.get_vocab(), vision.get_vocab()
    for token, place in sorted(ours.items(), key=lambda item: item[1]):
        if theirs.get(token, place) != place:
            raise GaokerenaError(
                f"the adapters cannot go into {name}: token {token!r} is number {place} in the "
                f"base and {theirs[token]} there: choose a vision model with the same tokenizer"
            )
    return len(ours.keys() ^ theirs.keys())


def differences(base_config: Any, tower_config: Any) -> dict[str, list[Any]]:
    """What two text configurations say differently, although their shapes are the same."""
    pairs = {
        key: [getattr(base_config, key, None), getattr(tower_config, key, None)]
        for key in _BEHAVIOUR
    }
    return {key: _plain(pair) for key, pair in pairs.items() if pair[0] != pair[1]}


def _plain(pair: Sequence[Any]) -> list[Any]:
    return [sorted(set(value)) if isinstance(value, list) else value for value in pair]


def _shape(shape: tuple[int, ...] | None) -> str:
    return "absent" if shape is None else " x ".join(map(str, shape))
