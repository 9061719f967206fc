"""Random models of the real classes, a few ten thousand parameters small, and adapters on them.

All have one tokenizer: aya-expanse's special tokens and chat template, trained on invented Persian.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.pairs import answer, question
from tests.training.texts import articles

SPECIAL_TOKENS = (
    "<PAD>", "<UNK>", "<CLS>", "<SEP>", "<MASK_TOKEN>", "<BOS_TOKEN>", "<EOS_TOKEN>",
    "<EOP_TOKEN>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>",
    "<|CHATBOT_TOKEN|>", "<|SYSTEM_TOKEN|>", "<image>",
)  # fmt: skip
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


@cache
def _invented() -> tuple[str, ...]:
    return (*articles(40), *map(question, range(40)), *map(answer, range(40)))


def build_tokenizer(
    texts: Sequence[str] = (),
    vocabulary: int = 1_000,
    special: Sequence[str] = SPECIAL_TOKENS,
) -> Any:
    """A byte-level BPE tokenizer, set up as aya-expanse's is.

    Args:
        texts: what it is trained on; invented Persian by default.
        vocabulary: how many tokens it has.
        special: its special tokens, which get the first numbers.
    """
    import trl
    from tokenizers import processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = _train_bpe(texts or _invented(), special, vocabulary)
    begin = ("<BOS_TOKEN>", tokenizer.token_to_id("<BOS_TOKEN>"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<BOS_TOKEN> $A", pair="<BOS_TOKEN> $A <BOS_TOKEN> $B", special_tokens=[begin]
    )
    made: Any = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<BOS_TOKEN>",
        eos_token="<|END_OF_TURN_TOKEN|>",
        pad_token="<PAD>",
        unk_token="<UNK>",
        padding_side="left",
    )
    # trl keeps a copy of aya-expanse-8b's own template.
    template = Path(trl.__file__).with_name("chat_templates") / "cohere.jinja"
    made.chat_template = template.read_text("utf-8")
    return made


def _train_bpe(texts: Sequence[str], special: Sequence[str], vocabulary: int) -> Any:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.trainers import BpeTrainer

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _sizes(
    tokenizer: Any, hidden: int = 64, layers: int = 2, context: int = 2048
) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": hidden,
        "intermediate_size": 2 * hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": context,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def build_model(tokenizer: Any, seed: int = 0, **sizes: int) -> Any:
    """A random CohereForCausalLM with grouped key-value heads, as aya-expanse-8b is one.

    Args:
        tokenizer: whose tokens it reads.
        seed: of its weights.
        sizes: `hidden`, `layers` and `context`, where they are to be others than usual.
    """
    import torch
    from transformers import CohereConfig, CohereForCausalLM

    torch.manual_seed(seed)
    config = CohereConfig(**_sizes(tokenizer, **sizes), logit_scale=0.125, use_qk_norm=False)
    return CohereForCausalLM(config)


def write_base(folder: Path, *, seed: int = 0, weights: float = 1.0, **sizes: int) -> Path:
    """Such a model with its tokenizer; with large `weights` no two logits tie."""
    import torch

    tokenizer = build_tokenizer()
    model = build_model(tokenizer, seed, **sizes)
    with torch.no_grad():
        for each in model.parameters():
            each.mul_(weights)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_vision(folder: Path, special: Sequence[str] = SPECIAL_TOKENS, **changes: Any) -> Path:
    """A random AyaVisionForConditionalGeneration over a Cohere2 tower, as aya-vision-8b is one."""
    import torch
    from transformers import (
        AyaVisionConfig,
        AyaVisionForConditionalGeneration,
        Cohere2Config,
        SiglipVisionConfig,
    )

    torch.manual_seed(7)
    tokenizer = build_tokenizer(special=special)
    eyes = SiglipVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        image_size=16, patch_size=4, vision_use_head=False,
    )  # fmt: skip
    text = Cohere2Config(**_sizes(tokenizer) | changes)
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
    import torch
    from peft import LoraConfig, get_peft_model

    from training.models.located import folder_digest

    torch.manual_seed(rank)
    settings = {"target_modules": LINEAR} | lora
    config = LoraConfig(
        r=rank, lora_alpha=alpha, task_type="CAUSAL_LM", init_lora_weights=False, **settings
    )
    trained = get_peft_model(model, config)
    trained.save_pretrained(str(folder / "adapter"))
    build_tokenizer().save_pretrained(folder / "adapter")
    run = {
        "stage": stage,
        "base_model": {"name": str(base), "revision_or_digest": folder_digest(base)},
        "parent_adapter": parent,
    }
    (folder / "run.json").write_text(json.dumps(run), "utf-8")
    return trained.merge_and_unload()
