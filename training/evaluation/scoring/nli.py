"""A natural-language-inference classifier of transformers as judge of entailment."""

from collections.abc import Sequence

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from gaokerena_data.errors import GaokerenaError
from training.evaluation.reading.entailment_labels import Label
from training.evaluation.scoring.entailment import Judged
from training.models.pretrained import device, load

_PREFIXES: tuple[tuple[str, Label], ...] = (
    ("entail", "entails"),
    ("contradict", "contradicts"),
    ("neutral", "neutral"),
)


class NliEntailment:
    """A sequence classifier whose labels are entailment, neutral and contradiction."""

    def __init__(self, name: str) -> None:
        """Load weights and tokenizer.

        Raises:
            GaokerenaError: there is no such model, or its labels are not those of NLI.
        """
        self.name = name
        self.device = device()
        self.tokenizer = load(AutoTokenizer, name, "NLI model")
        model = load(AutoModelForSequenceClassification, name, "NLI model")
        self.model = model.to(self.device).eval()
        self._labels: dict[int, Label] = {
            int(index): label
            for index, text in self.model.config.id2label.items()
            for prefix, label in _PREFIXES
            if str(text).casefold().startswith(prefix)
        }
        if set(self._labels.values()) != {label for _, label in _PREFIXES}:
            raise GaokerenaError(
                f"{name} has the labels {', '.join(self.model.config.id2label.values())}: "
                "an NLI model has entailment, neutral and contradiction"
            )

    def label(self, pairs: Sequence[tuple[str, str]]) -> list[Judged]:
        """One label for every (answer, statement); a long answer is cut, never the statement."""
        if not pairs:
            return []
        limit = min(self.tokenizer.model_max_length, self._positions())
        inputs = self.tokenizer(
            [answer for answer, _ in pairs],
            [statement for _, statement in pairs],
            truncation="only_first",
            max_length=limit,
            padding=True,
            return_tensors="pt",
        ).to(self.device)
        with torch.inference_mode():
            best = self.model(**inputs).logits.argmax(-1).tolist()
        return [Judged(self._labels[index]) for index in best]

    def _positions(self) -> int:
        """How many tokens fit; RoBERTa's two extra positions are no room for text."""
        positions = getattr(self.model.config, "max_position_embeddings", 0) or 514
        return int(positions) - 2
