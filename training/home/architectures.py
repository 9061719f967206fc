"""Models as llama.cpp knows them: what their settings and tensors are called in a GGUF file."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from gaokerena_data.errors import GaokerenaError

# Every fourth layer of Cohere2 attends to everything; llama.cpp knows no other order.
_FULL_EVERY = 4
# gguf's name of what transformers calls a model, and whether its rotated heads lie in halves there
# and in pairs here.
_KNOWN = {
    "cohere": ("COMMAND_R", False),
    "cohere2": ("COHERE2", False),
    "llama": ("LLAMA", True),
    "qwen2": ("QWEN2", False),
}


@dataclass(frozen=True, slots=True)
class Architecture:
    """A model's shape, and how it is written.

    Attributes:
        config: of transformers.
        arch: of gguf.
        permuted: whether query and key rows change places.
        head: values of one attention head.
    """

    config: Any
    arch: Any
    permuted: bool
    head: int

    @property
    def layers(self) -> int:
        """How many."""
        return int(self.config.num_hidden_layers)

    @property
    def tied(self) -> bool:
        """Whether the embeddings are the output as well."""
        return bool(self.config.tie_word_embeddings)

    @property
    def context(self) -> int:
        """The most tokens that it was made for."""
        return int(self.config.max_position_embeddings)

    def cache_bytes(self, tokens: int) -> int:
        """Memory of keys and values (float16) for so many tokens, no layer sliding."""
        return 2 * 2 * self.layers * int(self.config.num_key_value_heads) * self.head * tokens

    def tensor_name(self, name: str) -> str:
        """The GGUF name of a tensor.

        Raises:
            GaokerenaError: the format has none for it.
        """
        found = _names(self.arch, self.layers).get_name(name, try_suffixes=(".weight", ".bias"))
        if found is None:
            raise GaokerenaError(f"{self.config.model_type}: a GGUF file has no place for {name}")
        return str(found)

    def rearranges(self, name: str) -> bool:
        """Whether a tensor's rows have another order in the file."""
        return self.permuted and name.split(".")[-2] in {"attn_q", "attn_k"}

    def arranged(self, name: str, rows: np.ndarray) -> np.ndarray:
        """A tensor's rows in the order of the file (rows of queries and keys may differ)."""
        if not self.rearranges(name):
            return rows
        query = name.split(".")[-2] == "attn_q"
        heads = self.config.num_attention_heads if query else self.config.num_key_value_heads
        halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
        return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(rows.shape)


def read_architecture(config: Any, where: str) -> Architecture:
    """Find out whether llama.cpp computes what a model does.

    Args:
        config: of transformers.
        where: whose it is, for messages.

    Raises:
        GaokerenaError: it does not.
    """
    import gguf

    kind = config.model_type
    if kind not in _KNOWN:
        raise GaokerenaError(
            f"{where} is a {kind}: only {', '.join(_KNOWN)} models can be exported to GGUF"
        )
    name, permuted = _KNOWN[kind]
    if config.hidden_act != "silu":
        raise GaokerenaError(f"{where}: llama.cpp knows no {kind} model with {config.hidden_act}")
    if kind == "qwen2" and config.use_sliding_window:
        raise GaokerenaError(f"{where}: llama.cpp knows no {kind} model with a sliding window")
    if kind.startswith("cohere") and config.attention_bias:
        raise GaokerenaError(f"{where}: llama.cpp knows no {kind} model with biases")
    if kind == "cohere2":
        full = [layer == "full_attention" for layer in config.layer_types]
        if full != [place % _FULL_EVERY == _FULL_EVERY - 1 for place in range(len(full))]:
            raise GaokerenaError(
                f"{where}: llama.cpp knows {kind} only with full attention in every fourth layer"
            )
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return Architecture(config, gguf.MODEL_ARCH[name], permuted, int(head))


def add_settings(writer: Any, made: Architecture, where: str) -> None:
    """Write a model's settings.

    Raises:
        GaokerenaError: its positions are scaled in a way that the format does not have.
    """
    config = made.config
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(made.context)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(made.layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(made.head)
    writer.add_value_length(made.head)
    writer.add_rope_dimension_count(made.head)
    if config.model_type.startswith("cohere"):
        writer.add_layer_norm_eps(config.layer_norm_eps)
        writer.add_logit_scale(config.logit_scale)
    else:
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    if config.model_type == "cohere2":
        writer.add_sliding_window(config.sliding_window)
    _add_positions(writer, made, where)


def _positions(made: Architecture) -> dict[str, Any]:
    return dict(made.config.rope_parameters or {})


def _add_positions(writer: Any, made: Architecture, where: str) -> None:
    import gguf

    stated = _positions(made)
    kind = stated.get("rope_type", "default")
    writer.add_rope_freq_base(float(stated.get("rope_theta", 10_000.0)))
    if kind in {"default", "llama3"}:  # the latter as factors, a tensor of their own
        writer.add_rope_scaling_type(gguf.RopeScalingType.NONE)
    elif kind in {"linear", "yarn"}:
        writer.add_rope_scaling_type(gguf.RopeScalingType[kind.upper()])
        writer.add_rope_scaling_factor(float(stated["factor"]))
        if original := stated.get("original_max_position_embeddings"):
            writer.add_rope_scaling_orig_ctx_len(int(original))
    else:
        raise GaokerenaError(f"{where}: a GGUF file has no place for positions by {kind}")


def frequency_factors(made: Architecture) -> np.ndarray | None:
    """By what each rotation's frequency is divided (Llama 3), float32; None where by nothing."""
    stated = _positions(made)
    if stated.get("rope_type") != "llama3":
        return None
    base, low, high = stated["rope_theta"], stated["low_freq_factor"], stated["high_freq_factor"]
    factor, original = stated["factor"], stated["original_max_position_embeddings"]
    places = np.arange(0, made.head, 2, dtype=np.float32) / made.head
    waves = 2 * np.pi * np.power(np.float32(base), places)
    smooth = np.clip((original / waves - low) / (high - low), 0, 1)
    return np.asarray(1 / ((1 - smooth) / factor + smooth), np.float32)


@cache
def _names(arch: Any, layers: int) -> Any:
    """The names of a model's tensors: all of them, for so many layers."""
    import gguf

    return gguf.get_tensor_name_map(arch, layers)
