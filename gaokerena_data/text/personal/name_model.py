"""A second net for names: any model that classifies tokens, by name or by folder.

It sees what no rule does (an unlisted name without a title), and takes far longer; so it is
off unless it is asked for. What it finds is only added to what the rules find.
"""

import re
from collections.abc import Iterator
from typing import Any

from gaokerena_data.text.personal.span import Span

_PERSON = re.compile(r"(?:[BIESLU]-)?(?:PER|PERS|PERSON|PERSON_NAME|NAME)", re.IGNORECASE)
_WINDOW = re.compile(r"\S[\s\S]{0,799}(?!\S)|\S{1,800}")  # whole words, as many as a model reads


class NameModel:
    """Finds names of people in a text by a model of transformers.

    Args:
        model: of the Hugging Face Hub, by name, or a folder with `config.json`; its tokenizer must
            be a fast one, which knows where each token stands.
        least_score: how sure the model must be of an entity, 0..1.

    Raises:
        ModuleNotFoundError: transformers or torch is not installed.
        OSError, ValueError: there is no such model, or it classifies no tokens.
    """

    def __init__(self, model: str, least_score: float = 0.8) -> None:
        from transformers import pipeline
        from transformers.utils import logging

        logging.disable_progress_bar()
        self.least_score = least_score
        self._classify: Any = pipeline(
            "token-classification", model=model, aggregation_strategy="simple"
        )

    def __call__(self, text: str) -> list[Span]:
        """Spans of names in a text: whole words, in order, neighbours as one."""
        spans: list[Span] = []
        for entity in sorted(self._entities(text)):
            start, end = _whole_words(text, *entity)
            if spans and not text[spans[-1].end : start].strip(" \u200c"):
                spans[-1] = spans[-1]._replace(end=max(spans[-1].end, end))
            else:
                spans.append(Span(start, end, "name"))
        return spans

    def _entities(self, text: str) -> Iterator[tuple[int, int]]:
        for window in _WINDOW.finditer(text):
            for entity in self._classify(window.group()):
                named = _PERSON.fullmatch(entity["entity_group"]) is not None
                if named and entity["score"] >= self.least_score:
                    start = window.start() + int(entity["start"])
                    yield start, window.start() + int(entity["end"])


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span, wider by what is left of its first and last word."""
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return start, end
