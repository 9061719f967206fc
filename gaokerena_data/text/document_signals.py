"""What a curation's rules ask of whole documents, measured for many texts in one go.

The names that `quality.quality_signals` also has mean the same and have the same values.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.arrays import run_starts, slices
from gaokerena_data.text.files import listed_lines
from gaokerena_data.text.quality import LINE_END, boilerplate
from gaokerena_data.text.repetition import duplicate_characters
from gaokerena_data.text.shingling import shingles_of
from gaokerena_data.text.word_arrays import Positions, WordArrays, word_hashes

type Shares = npt.NDArray[np.float64]

DOCUMENT_SIGNALS = (
    "duplicate_line_character_share",
    "line_end_share",
    "words_per_line",
    "top_2_gram_share",
    "duplicate_5_gram_share",
    "mean_word_length",
    "boilerplate_share",
    "medical_share",
    "shop_share",
    "news_share",
)
_TOPICS = ("medical", "shop", "news")


def document_signals(texts: Sequence[str], words: WordArrays) -> dict[str, Shares]:
    """Measure a batch of normalized texts.

    Args:
        texts: the batch.
        words: their words, as `word_arrays(texts)` gives them.

    Returns:
        One array of (texts,) for each of `DOCUMENT_SIGNALS`. All are shares from 0 to 1, but the
        mean word length and the words per line: of characters in repeated lines, of lines that
        end like a sentence, of characters in the most frequent pair of words and in repeated runs
        of five (Gopher, table A1); of characters in greetings, farewells and sentences that
        answer any question; of words that are medicine's, a shop's, and the news'.
    """
    lines = [[line for line in text.split("\n") if line.strip()] for text in texts]
    topics = _topic_shares(words)
    return {
        "duplicate_line_character_share": np.array([duplicate_characters(some) for some in lines]),
        "line_end_share": np.array([_share_of_sentences(some) for some in lines]),
        "words_per_line": np.diff(words.first_words) / np.maximum([len(some) for some in lines], 1),
        "top_2_gram_share": _top_share(words, 2),
        "duplicate_5_gram_share": _duplicate_share(words, 5),
        "mean_word_length": _per_text(words.lengths, words.first_words)
        / np.maximum(np.diff(words.first_words), 1),
        "boilerplate_share": np.array([min(sum(boilerplate(text).values()), 1) for text in texts]),
        **{f"{topic}_share": topics[:, k] for k, topic in enumerate(_TOPICS)},
    }


def _share_of_sentences(lines: list[str]) -> float:
    return sum(line.rstrip().endswith(LINE_END) for line in lines) / len(lines) if lines else 0.0


def _per_text(values: Positions, first: Positions) -> Positions:
    """The sum of each text's values."""
    sums = np.concatenate(([0], np.cumsum(values)))
    return sums[first[1:]] - sums[first[:-1]]


def _grams(words: WordArrays, n: int) -> tuple[Positions, Positions, Positions]:
    """Every n-gram by its first word, where each text's begin, and the first place of an equal."""
    shingles = shingles_of(words, n)
    counts = np.diff(shingles.starts)
    text = np.repeat(np.arange(len(counts)), counts)
    word = slices(words.first_words[:-1], counts)
    keys = (shingles.hashes & np.uint64(0xFFFFFFFF)) | (text.astype(np.uint64) << np.uint64(32))
    order = np.argsort(keys)
    begins_run = run_starts(keys[order])
    first = np.empty_like(order)
    if len(order):
        least = np.minimum.reduceat(order, np.flatnonzero(begins_run))
        first[order] = least[np.cumsum(begins_run) - 1]
    return word, shingles.starts, first


def _top_share(words: WordArrays, n: int) -> Shares:
    """Characters of the most frequent n-gram; a gram that comes once is none."""
    word, starts, first = _grams(words, n)
    ends = np.concatenate(([0], np.cumsum(words.lengths)))
    count = np.bincount(first, minlength=len(first))
    weight = np.where(count > 1, count * (ends[word + n] - ends[word]), 0)
    most = np.zeros(len(words.first_words) - 1, np.int64)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        most[filled] = np.maximum.reduceat(weight, starts[filled])
    # Overlapping occurrences («ها ها ها») cannot cover more than the whole.
    return np.minimum(most / np.maximum(_per_text(words.lengths, words.first_words), 1), 1.0)


def _duplicate_share(words: WordArrays, n: int) -> Shares:
    """Characters of the n-grams that came before, overlaps counted once."""
    word, _, first = _grams(words, n)
    again = word[first != np.arange(len(first))]
    edges = np.bincount(again, minlength=len(words.hashes) + n + 1)
    edges -= np.bincount(again + n, minlength=len(edges))
    covered = np.cumsum(edges)[: len(words.hashes)] > 0
    characters = _per_text(words.lengths, words.first_words)
    repeated = _per_text(words.lengths * covered, words.first_words)
    return repeated / np.maximum(characters, 1)


def _topic_shares(words: WordArrays) -> Shares:
    hashes, topics = _topic_words()
    place = np.minimum(np.searchsorted(hashes, words.hashes), len(hashes) - 1)
    topic = np.where(hashes[place] == words.hashes, topics[place], -1)
    first = words.first_words
    counts = [_per_text((topic == k).astype(np.int64), first) for k in range(len(_TOPICS))]
    return np.stack(counts, axis=1) / np.maximum(np.diff(first), 1)[:, None]


@cache
def _topic_words() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The hashes of all listed words in order, and the topic of each as its place in `_TOPICS`."""
    listed = {"medical": listed_lines("medical_words.txt")}
    for line in listed_lines("page_words.txt"):
        if line.startswith("["):
            listed[line.strip("[]")] = current = []
        else:
            current.append(line)
    hashes = [word_hashes(listed[topic]) for topic in _TOPICS]
    topics = np.repeat(np.arange(len(_TOPICS)), [len(some) for some in hashes])
    # A word of medicine is that, whatever else it may be.
    joined, first = np.unique(np.concatenate(hashes), return_index=True)
    return joined, topics[first]
