"""A conversation with a model of transformers: merged, or a base with its adapters."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from gaokerena_data.errors import GaokerenaError
from training.models.adapters import adapter_chain, is_adapter
from training.models.answerer import Usage
from training.models.decoding import Decoding
from training.models.encoding import Encoder
from training.models.merge_target import attach
from training.models.pretrained import attention, device, dtype, load


class ChatModel:
    """A model on this machine: merged, or a base with its adapters."""

    def __init__(self, path: str, decoding: Decoding, base: str | None = None) -> None:
        """Load it.

        Args:
            path: a merged model's folder, a run or adapter folder, or a Hub id.
            decoding: how it answers.
            base: for an adapter, another base than the one it names.

        Raises:
            GaokerenaError: it cannot be loaded, or has no chat template.
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self._decoding = decoding
        adapters = adapter_chain(Path(path)) if is_adapter(Path(path)) else []
        name = (base or adapters[0].base_model) if adapters else path
        model = load(AutoModelForCausalLM, name, dtype=dtype(), attn_implementation=attention())
        for adapter in adapters:
            model = attach(model, adapter).merge_and_unload()
        self._model = model.to(device()).eval()
        own = adapters and (adapters[-1].folder / "tokenizer_config.json").is_file()
        self._tokenizer = load(AutoTokenizer, str(adapters[-1].folder) if own else name)
        if not self._tokenizer.chat_template:
            raise GaokerenaError(f"{path} has no chat template: it was not made for conversations")
        self._encoder = Encoder(self._tokenizer)

    def answer(
        self,
        messages: Sequence[dict[str, str]],
        decoding: Decoding | None = None,
        usage: Usage | None = None,
    ) -> Iterator[str]:
        """Pieces of the next turn; the oldest turns are left out when the context is full."""
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        how, count = decoding or self._decoding, usage or Usage()
        inputs = self._inputs(messages, how.max_new_tokens)
        asked = inputs["input_ids"].shape[1]
        count.tokens_in = asked
        stopped = threading.Event()
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        options: dict[str, Any] = {
            **inputs,
            "streamer": streamer,
            "max_new_tokens": how.max_new_tokens,
            "repetition_penalty": how.repetition_penalty,
            "stopping_criteria": StoppingCriteriaList([lambda ids, _scores: _all(ids, stopped)]),
            "do_sample": how.temperature > 0,
        }
        if options["do_sample"]:
            options["temperature"] = how.temperature
            torch.manual_seed(how.seed)
        failures: list[Exception] = []

        def generate() -> None:
            try:
                made = self._model.generate(**options)
                count.tokens_out = made.shape[1] - asked
                ends = self._model.generation_config.eos_token_id
                last = int(made[0, -1])
                ended = last in ends if isinstance(ends, list) else last == ends
                count.cut_off = count.tokens_out == how.max_new_tokens and not ended
            except Exception as error:  # told where the answer is read
                failures.append(error)
                streamer.end()

        worker = threading.Thread(target=generate, daemon=True)
        worker.start()
        try:
            yield from streamer
        finally:
            stopped.set()
            worker.join()
        if failures:
            raise GaokerenaError(f"the model failed: {' '.join(str(failures[0]).split())[:200]}")

    def _inputs(self, messages: Sequence[dict[str, str]], new_tokens: int) -> dict[str, Any]:
        limit = getattr(self._model.config, "max_position_embeddings", None) or 2**31
        ids = self._encoder.newest_turns(messages, limit - new_tokens)
        asked = torch.tensor([ids], device=self._model.device)
        return {"input_ids": asked, "attention_mask": torch.ones_like(asked)}


def _all(ids: torch.Tensor, stopped: threading.Event) -> torch.Tensor:
    return torch.full((len(ids),), stopped.is_set(), device=ids.device)
