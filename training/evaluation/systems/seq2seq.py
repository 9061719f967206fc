"""A transformers encoder-decoder as translator, such as parsinlu's mT5 or NLLB."""

from collections.abc import Sequence

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from training.evaluation.systems.translator import Language
from training.models.pretrained import device, load

_NLLB: dict[Language, str] = {"en": "eng_Latn", "fa": "pes_Arab"}


class Seq2SeqTranslator:
    """An encoder-decoder that translates in one direction, or in both where it knows codes."""

    def __init__(self, name: str, *, max_new_tokens: int = 512, batch_size: int = 16) -> None:
        """Load weights and tokenizer.

        Raises:
            GaokerenaError: there is no such model.
        """
        self.name = name
        self.device = device()
        self.tokenizer = load(AutoTokenizer, name, "translator")
        self.model = load(AutoModelForSeq2SeqLM, name, "translator").to(self.device).eval()
        self._max_new_tokens = max_new_tokens
        self._batch_size = batch_size

    def translate(self, texts: Sequence[str], into: Language) -> list[str]:
        """One translation a text, in order, in batches."""
        options: dict[str, int] = {}
        code = self.tokenizer.convert_tokens_to_ids(_NLLB[into])
        if isinstance(code, int) and code != self.tokenizer.unk_token_id:
            options["forced_bos_token_id"] = code
            self.tokenizer.src_lang = _NLLB["fa" if into == "en" else "en"]
        found: list[str] = []
        for start in range(0, len(texts), self._batch_size):
            batch = list(texts[start : start + self._batch_size])
            inputs = self.tokenizer(batch, return_tensors="pt", padding=True, truncation=True)
            with torch.inference_mode():
                output = self.model.generate(
                    **inputs.to(self.device), max_new_tokens=self._max_new_tokens, **options
                )
            decoded = self.tokenizer.batch_decode(output, skip_special_tokens=True)
            found.extend(text.strip() for text in decoded)
        return found
