"""Random models of the real classes, a few thousand parameters small, and adapters on them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    AyaVisionConfig,
    AyaVisionForConditionalGeneration,
    Cohere2Config,
    CohereConfig,
    CohereForCausalLM,
    SiglipVisionConfig,
)

from tests.training.tiny_tokenizer import as_cohere, train_bpe
from training.models.base_model import folder_digest

TEXTS = (
    "سردرد شما با توجه به شرح حال، بیشتر به سردرد تنشی شبیه است.",
    "سلام خسته نباشید، دخترم دو سالشه و از دیشب تب داره چیکار کنم؟",
    "برای ضدعفونی زخم سطحی، شست‌وشو با آب و صابون کافی است.",
    "metformin 500 mg روزی دو بار همراه غذا، و آزمایش HbA1c هر سه ماه",
)
SPECIAL = (
    "<PAD>", "<UNK>", "<BOS_TOKEN>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>",
    "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<image>",
)  # fmt: skip
TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}"
    "{{ '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + m['content'].strip() + '<|END_OF_TURN_TOKEN|>' }}"
    "{% else %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' + m['content'].strip() + "
    "'<|END_OF_TURN_TOKEN|>' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}"
)
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def tiny_tokenizer(special: Sequence[str] = SPECIAL) -> Any:
    return as_cohere(train_bpe(TEXTS, special, 400), TEMPLATE)


def _sizes(tokenizer: Any, **changes: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    } | changes


def write_base(folder: Path, *, seed: int = 1) -> Path:
    """A random CohereForCausalLM, as aya-expanse-8b is one, with its tokenizer."""
    torch.manual_seed(seed)
    tokenizer = tiny_tokenizer()
    CohereForCausalLM(CohereConfig(**_sizes(tokenizer))).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_vision(folder: Path, special: Sequence[str] = SPECIAL, **changes: Any) -> Path:
    """A random AyaVisionForConditionalGeneration over a Cohere2 tower, as aya-vision-8b is one."""
    torch.manual_seed(7)
    tokenizer = tiny_tokenizer(special)
    eyes = SiglipVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        image_size=16, patch_size=4, vision_use_head=False,
    )  # fmt: skip
    text = Cohere2Config(**_sizes(tokenizer, **changes))
    place = tokenizer.convert_tokens_to_ids("<image>")
    config = AyaVisionConfig(vision_config=eyes, text_config=text, image_token_index=place)
    AyaVisionForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_run(
    folder: Path,
    model: Any,
    stage: str,
    base: Path,
    *,
    parent: dict[str, str] | None = None,
    rank: int = 8,
    alpha: int = 16,
    **lora: Any,
) -> Any:
    """A run folder with a random adapter on `model`; the model with the adapter merged."""
    torch.manual_seed(rank)
    settings = {"target_modules": LINEAR} | lora
    config = LoraConfig(
        r=rank, lora_alpha=alpha, task_type="CAUSAL_LM", init_lora_weights=False, **settings
    )
    trained = get_peft_model(model, config)
    trained.save_pretrained(str(folder / "adapter"))
    tiny_tokenizer().save_pretrained(folder / "adapter")
    run = {
        "stage": stage,
        "base_model": {"name": str(base), "revision_or_digest": folder_digest(base)},
        "parent_adapter": parent,
    }
    (folder / "run.json").write_text(json.dumps(run), "utf-8")
    return trained.merge_and_unload()
