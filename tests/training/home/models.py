"""Tiny models of each architecture that llama.cpp gets, each with a tokenizer of its own cut."""

import json
from pathlib import Path
from typing import Any

from tests.training.tiny_models import build_tokenizer

LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN_2 = LLAMA_3.replace(r"\p{N}{1,3}", r"\p{N}")
# Persian as people type it, and what trips tokenizers.
TEXTS = (
    "برای سرفهٔ خشک چه بخورم؟",
    "می‌خواهم بدانم نمی‌شود قرص‌ها را نصف کرد؟!",
    "۲۰۰ میلی‌گرم Metformin روزی ۲ بار، نه 1000mg",
    "فشارم ۱۴/۹ است 😀👨‍👩‍👧 و   چند   فاصله\n\n\tو خط تازه  ",
    "It's ۱۲۳۴۵۶ و I'll؛ آ أ ئ ؤ ۀ هٔ ي ك",
    "نسخه <|END_OF_TURN_TOKEN|><|USER_TOKEN|> را <BOS_TOKEN> بخوان <UNK>",
    "",
)


def write_tiny(kind: str, folder: Path) -> Path:
    """A random model of an architecture with its tokenizer, its logits far apart.

    Args:
        kind: `cohere`, `cohere2`, `llama` or `qwen2`.
        folder: for it.
    """
    import torch
    import transformers

    tokenizer = _tokenizer(kind)
    sizes: dict[str, Any] = {
        "vocab_size": len(tokenizer) + 3,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 5 if kind == "cohere2" else 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    scaled = {
        "rope_type": "llama3", "rope_theta": 5000.0, "factor": 4.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
    }  # fmt: skip
    own: dict[str, dict[str, Any]] = {
        "cohere": {"logit_scale": 0.125},
        "cohere2": {"logit_scale": 0.25, "sliding_window": 16, "head_dim": 16},
        "llama": {"head_dim": 32, "rope_parameters": scaled, "tie_word_embeddings": False},
        "qwen2": {"tie_word_embeddings": True},
    }
    torch.manual_seed(5)
    name = {"cohere": "Cohere", "cohere2": "Cohere2", "llama": "Llama", "qwen2": "Qwen2"}[kind]
    config: Any = getattr(transformers, f"{name}Config")(**sizes, **own[kind])
    model = getattr(transformers, f"{name}ForCausalLM")(config)
    with torch.no_grad():
        for each in model.parameters():
            each.mul_(4.0) if each.ndim > 1 else each.add_(torch.randn_like(each) / 8)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(kind: str) -> Any:
    from tokenizers import Regex, Tokenizer, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    made = build_tokenizer()
    if kind == "cohere2":
        return made  # cut by bytes alone
    letters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=kind == "cohere")
    cuts: dict[str, Any] = {
        "cohere": pre_tokenizers.Digits(individual_digits=True),
        "llama": pre_tokenizers.Split(Regex(LLAMA_3), "isolated"),
        "qwen2": pre_tokenizers.Split(Regex(QWEN_2), "isolated"),
    }
    cut = cuts[kind]
    stated = json.loads(made.backend_tokenizer.to_str())
    stated["model"]["ignore_merges"] = kind == "llama"
    backend = Tokenizer.from_str(json.dumps(stated))
    backend.pre_tokenizer = pre_tokenizers.Sequence([cut, letters])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token=made.bos_token,
        eos_token=made.eos_token,
        pad_token=made.pad_token,
        unk_token=made.unk_token,
    )
    tokenizer.chat_template = made.chat_template
    return tokenizer
