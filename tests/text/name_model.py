"""A tiny classifier of tokens that knows one name: «زرقانک»."""

from pathlib import Path

import pytest

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "زرقانک", "دیروز", "آمد", "دارو", "خورد"]


def make_name_model(folder: Path) -> Path:
    """Write a classifier whose embedding of «زرقانک» alone is of a person."""
    torch = pytest.importorskip("torch")
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    numbered = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(numbered, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=0,
        num_attention_heads=1,
        intermediate_size=16,
        id2label={0: "O", 1: "B-PER"},
        label2id={"O": 0, "B-PER": 1},
    )
    network = BertForTokenClassification(config)
    with torch.no_grad():
        for weights in network.parameters():
            weights.zero_()
        network.bert.embeddings.LayerNorm.weight.fill_(1.0)
        network.bert.embeddings.word_embeddings.weight[WORDS.index("زرقانک"), 0] = 8.0
        network.classifier.bias[0] = 5.0
        network.classifier.weight[1, 0] = 10.0
    network.save_pretrained(folder)
    return folder
