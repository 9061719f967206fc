"""A tiny random CohereForCausalLM: aya-expanse's architecture, special tokens and chat template."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.pairs import answer, question
from tests.training.texts import articles
from tests.training.tiny_tokenizer import as_cohere, train_bpe

SPECIAL_TOKENS = (
    "<PAD>", "<UNK>", "<CLS>", "<SEP>", "<MASK_TOKEN>", "<BOS_TOKEN>", "<EOS_TOKEN>",
    "<EOP_TOKEN>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>",
    "<|CHATBOT_TOKEN|>", "<|SYSTEM_TOKEN|>",
)  # fmt: skip


def build_tokenizer(texts: Sequence[str] = (), vocabulary: int = 1_000) -> Any:
    """A byte-level BPE tokenizer, set up as aya-expanse's is; trained on invented Persian."""
    import trl
    from tokenizers import processors

    invented = [*articles(40), *map(question, range(40)), *map(answer, range(40))]
    tokenizer = train_bpe(texts or invented, SPECIAL_TOKENS, vocabulary)
    begin = ("<BOS_TOKEN>", tokenizer.token_to_id("<BOS_TOKEN>"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<BOS_TOKEN> $A", pair="<BOS_TOKEN> $A <BOS_TOKEN> $B", special_tokens=[begin]
    )
    # trl keeps a copy of aya-expanse-8b's own template.
    template = Path(trl.__file__).with_name("chat_templates") / "cohere.jinja"
    return as_cohere(tokenizer, template.read_text("utf-8"), padding_side="left")


def build_model(tokenizer: Any, seed: int = 0, *, hidden: int = 64, layers: int = 2) -> Any:
    """A random model for that tokenizer, with grouped key-value heads."""
    import torch
    from transformers import CohereConfig, CohereForCausalLM

    torch.manual_seed(seed)
    config = CohereConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        logit_scale=0.125,
        use_qk_norm=False,
    )
    return CohereForCausalLM(config)


@pytest.fixture(scope="session")
def tiny_cohere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the model with its tokenizer."""
    folder = tmp_path_factory.mktemp("models") / "tiny-cohere"
    tokenizer = build_tokenizer()
    tokenizer.save_pretrained(folder)
    build_model(tokenizer).save_pretrained(folder)
    return folder
