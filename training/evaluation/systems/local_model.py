"""A transformers model on this machine, generating and scoring in batches."""

import time
from collections.abc import Sequence

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from gaokerena_data.errors import GaokerenaError
from training.evaluation.systems.model import Generation
from training.models.decoding import Decoding
from training.models.encoding import Encoder
from training.models.pretrained import attention, device, dtype, load


class LocalModel:
    """A causal language model with its tokenizer; bf16 on CUDA, float32 elsewhere."""

    def __init__(self, name: str, *, adapter: str | None = None, chat: bool = True) -> None:
        """Load weights and tokenizer.

        Raises:
            GaokerenaError: there is no such model or adapter.
        """
        self.name = adapter or name
        self.device = device()
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(adapter or name, padding_side="left")
        except (OSError, ValueError):
            self.tokenizer = load(AutoTokenizer, name, padding_side="left")
        model = load(AutoModelForCausalLM, name, dtype=dtype(), attn_implementation=attention())
        if adapter is not None:
            try:
                from peft import PeftModel
            except ModuleNotFoundError as error:
                raise GaokerenaError(
                    "an adapter needs peft: pip install 'gaokerena-data[train]'"
                ) from error
            model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
        self.model = model.to(self.device).eval()
        self._encoder = Encoder(self.tokenizer)
        self.chat = chat and self.tokenizer.chat_template is not None
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        """One answer a prompt, in order, all in one batch (padded on the left)."""
        if not prompts:
            return []
        rows = [self._asked(prompt) for prompt in prompts]
        width = max(map(len, rows))
        pad = self.tokenizer.pad_token_id
        inputs = {
            "input_ids": [[pad] * (width - len(row)) + row for row in rows],
            "attention_mask": [[0] * (width - len(row)) + [1] * len(row) for row in rows],
        }
        sampling = (
            {"do_sample": True, "temperature": decoding.temperature}
            if decoding.temperature > 0
            else {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        )
        torch.manual_seed(decoding.seed)
        began = time.perf_counter()
        with torch.inference_mode():
            output = self.model.generate(
                **{name: torch.tensor(ids).to(self.device) for name, ids in inputs.items()},
                max_new_tokens=decoding.max_new_tokens,
                repetition_penalty=decoding.repetition_penalty,
                pad_token_id=self.tokenizer.pad_token_id,
                **sampling,
            )
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        seconds = (time.perf_counter() - began) / len(prompts)
        new = output[:, width:]
        decoded = self.tokenizer.batch_decode(new, skip_special_tokens=True)
        return [
            Generation(text.strip(), self._length(row), seconds)
            for text, row in zip(decoded, new, strict=True)
        ]

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        """For every prompt, the summed log probability of every continuation, as lm-eval does.

        After a chat template the continuation follows at once, after bare text a space.
        """
        gap = "" if self.chat else " "
        pairs = [(prompt, gap + text) for prompt in prompts for text in continuations]
        scores = self.log_likelihoods(pairs)
        width = len(continuations)
        return [scores[start : start + width] for start in range(0, len(scores), width)]

    def log_likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Summed log probabilities of continuations, cut into tokens as lm-eval's harness does.

        Args:
            pairs: a prompt, and what may follow it, each.
        """
        if not pairs:
            return []
        rows = [self._encode(context, continuation) for context, continuation in pairs]
        longest = max(len(context) + len(rest) for context, rest in rows)
        limit = getattr(self.model.config, "max_position_embeddings", longest) or longest
        sequences = [(context + rest)[-limit:] for context, rest in rows]
        width = max(map(len, sequences))
        pad = self.tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (width - len(row)) + row for row in sequences])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in sequences])
        # Padded on the left, all continuations end at the last place: only their logits are
        # computed, which at 256,000 tokens of vocabulary is most of the memory.
        kept = max(len(rest) for _, rest in rows) + 1
        with torch.inference_mode():
            logits = self.model(
                input_ids=ids.to(self.device),
                attention_mask=mask.to(self.device),
                position_ids=(mask.cumsum(-1) - 1).clamp(min=0).to(self.device),
                logits_to_keep=kept,
            ).logits
        scores = torch.log_softmax(logits.float(), dim=-1).cpu()
        return [
            float(scores[index, torch.arange(-len(rest) - 1, -1), torch.tensor(rest)].sum())
            for index, (_, rest) in enumerate(rows)
        ]

    def _asked(self, prompt: str) -> list[int]:
        """What the model reads: the prompt as a user turn, or as it is; its letters are text."""
        if self.chat:
            return self._encoder.conversation(_turn(prompt), ask=True).ids
        start, end = self._encoder.ends()
        return [*start, *self._encoder.texts([prompt])[0][0], *end]

    def _encode(self, prompt: str, continuation: str) -> tuple[list[int], list[int]]:
        """Tokens of prompt and continuation; spaces at the prompt's end go with what follows."""
        if self.chat:
            return self._encoder.continued(_turn(prompt), continuation)
        kept = prompt.rstrip()
        tokens, _ = self._encoder.texts([kept, prompt + continuation])
        start, _ = self._encoder.ends()
        head, whole = ([*start, *row] for row in tokens)
        return head, whole[len(head) :]

    def _length(self, row: torch.Tensor) -> int:
        """How many tokens a row has up to its first end token."""
        ends = self.model.generation_config.eos_token_id
        ends = set(ends) if isinstance(ends, list) else {ends}
        tokens: list[int] = row.tolist()
        return next((place for place, t in enumerate(tokens, start=1) if t in ends), len(tokens))


def _turn(prompt: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt}]
