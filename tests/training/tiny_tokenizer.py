"""Byte-level BPE tokenizers as small as a test's texts, set up as aya-expanse's is."""

from collections.abc import Sequence
from typing import Any


def train_bpe(texts: Sequence[str], special: Sequence[str], vocabulary: int) -> Any:
    """A tokenizer of `tokenizers`, trained on the texts."""
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


def as_cohere(tokenizer: Any, template: str, **options: Any) -> Any:
    """The same as one of `transformers`, with aya-expanse's tokens and a chat template."""
    from transformers import PreTrainedTokenizerFast

    made: Any = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<BOS_TOKEN>",
        eos_token="<|END_OF_TURN_TOKEN|>",
        pad_token="<PAD>",
        unk_token="<UNK>",
        **options,
    )
    made.chat_template = template
    return made
