"""Sentences of a text and of its translation, side by side."""

import re

_SENTENCE = re.compile(r"(?<=[.!?؟])\s+|\n+")


def sentences_of(text: str) -> list[str]:
    """The sentences of a text in any language, by their end marks and lines."""
    return [part for part in _SENTENCE.split(text.strip()) if part.strip()]


def aligned(source: str, translation: str) -> list[tuple[str, str]]:
    """Pairs of sentences where there are as many on both sides, else both texts whole."""
    ours, theirs = sentences_of(source), sentences_of(translation)
    if len(ours) != len(theirs):
        return [(source, translation)]
    return list(zip(ours, theirs, strict=True))
