"""How much of a text repeats itself: the signals of Gopher (Rae et al. 2021, table A1)."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_PARAGRAPHS = re.compile(r"\n{2,}")
TOP_SIZES = (2, 3, 4)
DUPLICATE_SIZES = (5, 6, 7, 8, 9, 10)


def repetition_signals(text: str, words: Sequence[str]) -> dict[str, float]:
    """Shares, from 0 to 1, of a text that are repetitions within it.

    Args:
        text: the text, for its lines and paragraphs.
        words: its words, in order.

    Returns:
        `duplicate_line_share` and `duplicate_paragraph_share` (of their number), the same with
        `_character_` (of the characters), `top_N_gram_share` for N from 2 to 4 (characters of the
        most frequent n-gram) and `duplicate_N_gram_share` for N from 5 to 10 (characters of
        n-grams that occurred before, overlaps counted once).
    """
    lines = [line for line in text.split("\n") if line.strip()]
    paragraphs = [part for part in _PARAGRAPHS.split(text) if part.strip()]
    characters = sum(map(len, words))
    signals: dict[str, float] = {}
    for name, parts in (("line", lines), ("paragraph", paragraphs)):
        share, in_characters = _duplicates(parts)
        signals[f"duplicate_{name}_share"] = share
        signals[f"duplicate_{name}_character_share"] = in_characters
    for size in TOP_SIZES:
        signals[f"top_{size}_gram_share"] = _top_share(words, size, characters)
    for size in DUPLICATE_SIZES:
        signals[f"duplicate_{size}_gram_share"] = _duplicate_share(words, size, characters)
    return signals


def _duplicates(parts: Sequence[str]) -> tuple[float, float]:
    seen: set[str] = set()
    count = characters = 0
    for part in parts:
        if part in seen:
            count += 1
            characters += len(part)
        seen.add(part)
    return _share(count, len(parts)), _share(characters, sum(map(len, parts)))


def duplicate_characters(parts: Sequence[str]) -> float:
    """Share of the characters of lines or paragraphs that are repetitions of an earlier one."""
    return _duplicates(parts)[1]


def _top_share(words: Sequence[str], size: int, characters: int) -> float:
    grams = Counter(zip(*(words[i:] for i in range(size)), strict=False))
    lengths = (sum(map(len, gram)) * count for gram, count in grams.items() if count > 1)
    # Overlapping occurrences («ها ها ها») cannot cover more than the whole.
    return min(_share(max(lengths, default=0), characters), 1.0)


def _duplicate_share(words: Sequence[str], size: int, characters: int) -> float:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    seen: set[tuple[str, ...]] = set()
    covered = [False] * len(words)
    for i in range(len(words) - size + 1):
        gram = tuple(words[i : i + size])
        if gram in seen:
            covered[i : i + size] = [True] * size
        seen.add(gram)
    spans = zip(pairwise(starts), covered, strict=True)
    return _share(sum(end - start for (start, end), again in spans if again), characters)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
