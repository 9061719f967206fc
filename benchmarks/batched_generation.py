"""Answers in batches against one by one: the same model, the same answers, greedy, on a CPU.

Run: python benchmarks/batched_generation.py [--questions 32] [--batch-size 16]
The figure is a ratio of two times of one run; the model is random, its shape that of a Cohere
model small enough for one core.
"""

import argparse
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from training.evaluation.questions.prompts import free_form_prompt
from training.evaluation.systems.opening import open_model
from training.models.decoding import Decoding

transformers: Any = import_module("transformers")
COMPLAINTS = ("تب", "سرفه", "سردرد", "درد شکم", "خارش پوست", "بی‌خوابی", "سرگیجه", "درد زانو")


def build_model(folder: Path, hidden: int) -> None:
    """Write a random Cohere model with a byte-level tokenizer."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=2_000,
        special_tokens=["<PAD>", "<BOS>", "<EOS>"],
        initial_alphabet=alphabet,
        show_progress=False,
    )
    tokenizer.train_from_iterator([free_form_prompt(text) for text in COMPLAINTS], trainer)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<PAD>", bos_token="<BOS>", eos_token="<EOS>"
    )
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.CohereConfig(
        vocab_size=len(fast),
        hidden_size=hidden,
        intermediate_size=hidden * 4,
        num_hidden_layers=6,
        num_attention_heads=8,
        num_key_value_heads=4,
        max_position_embeddings=2048,
        bos_token_id=fast.bos_token_id,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
    )
    model = transformers.CohereForCausalLM(config)
    with torch.no_grad():
        for weights in model.parameters():
            weights.mul_(4)  # Logits far enough apart that none tie.
    model.save_pretrained(folder)


def main() -> None:
    """Print the two times, their ratio, and whether the answers are the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=32)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=48)
    options = parser.parse_args()
    torch.set_num_threads(1)
    prompts = [
        free_form_prompt(f"{number} روز است که {COMPLAINTS[number % len(COMPLAINTS)]} دارم.")
        for number in range(options.questions)
    ]
    decoding = Decoding(max_new_tokens=options.tokens, repetition_penalty=1.2)
    with TemporaryDirectory() as folder:
        build_model(Path(folder), options.hidden)
        model = open_model(folder)
    model.generate(prompts[:2], decoding)
    seconds: dict[int, float] = {}
    answers: dict[int, list[str]] = {}
    for size in (1, options.batch_size):
        began = time.perf_counter()
        batches = [prompts[start : start + size] for start in range(0, len(prompts), size)]
        answers[size] = [a.text for batch in batches for a in model.generate(batch, decoding)]
        seconds[size] = time.perf_counter() - began
    same = sum(a == b for a, b in zip(*answers.values(), strict=True))
    for size, took in seconds.items():
        print(f"batch of {size}: {took:.1f} s")
    ratio = seconds[1] / seconds[options.batch_size]
    print(f"{ratio:.1f} times as fast, {same} of {len(prompts)} answers the same")


if __name__ == "__main__":
    main()
