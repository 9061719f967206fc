"""What a few dozen plain numbers say of a pair: lengths, marks, overlap, and words that tell."""

from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from gaokerena_data.scoring.grams import STEM_LETTERS, phrase_places
from gaokerena_data.text.quality import LINE_END
from gaokerena_data.text.shingling import shingles_of
from gaokerena_data.text.word_arrays import Hashes, WordArrays, hashes_of, mix, word_arrays

type Numbers = npt.NDArray[np.float64]

_LONGEST_CUE = 3  # words
_MOST_COUNTED = 8  # times that one group is counted in a text
_MARKS = {"asks": "؟?", "exclaims": "!", "stops": ".", "commas": "،,", "brackets": "[", "dots": "…"}
_SHAPES = ("words", "letters_a_word", "digits", "latin", "lines", "ends_like_a_sentence", *_MARKS)
_OVERLAPS = (
    "answer_in_question",
    "question_in_answer",
    "new_words",
    "new_numbers",
    "new_latin",
)


@cache
def signal_names() -> tuple[str, ...]:
    """The numbers of a pair, in the order of `pair_signals`' columns."""
    shapes = (f"{side}:{name}" for side in ("question", "answer") for name in _SHAPES)
    return (*shapes, *_OVERLAPS, *_cues().groups)


def pair_signals(
    questions: Sequence[str], answers: Sequence[str], asked: WordArrays, told: WordArrays
) -> Numbers:
    """Measure a batch of pairs.

    Only sums, quotients and square roots are used, which every machine rounds alike.

    Args:
        questions: normalized texts.
        answers: the same number of them.
        asked: the words of the questions.
        told: the words of the answers.

    Returns:
        (pairs, `signal_names`) numbers.
    """
    columns = [
        *_shapes(questions, asked),
        *_shapes(answers, told),
        *_overlaps(asked, told),
        *_cue_counts({"question": asked, "answer": told}),
    ]
    return np.stack(columns, axis=1)


def _shapes(texts: Sequence[str], words: WordArrays) -> list[Numbers]:
    count = np.diff(words.first_words).astype(np.float64)
    some = np.maximum(count, 1)
    rows = _rows(words)
    first = words.units[words.begins] if len(words.begins) else np.zeros(0, np.intp)
    return [
        np.sqrt(count),
        np.bincount(rows, words.lengths, len(texts)) / some,
        np.bincount(rows, _is_digit(first), len(texts)) / some,
        np.bincount(rows, _is_latin(first), len(texts)) / some,
        np.array([min(text.strip().count("\n"), _MOST_COUNTED) for text in texts], np.float64),
        np.array([text.rstrip().endswith(LINE_END) for text in texts], np.float64),
        *(
            np.array(
                [min(sum(map(text.count, marks)), _MOST_COUNTED) for text in texts], np.float64
            )
            for marks in _MARKS.values()
        ),
    ]


def _is_digit(units: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (
        ((units >= ord("0")) & (units <= ord("9")))
        | ((units >= ord("۰")) & (units <= ord("۹")))
        | ((units >= ord("٠")) & (units <= ord("٩")))
    )
    return found


def _is_latin(units: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    small = units | 32
    found: npt.NDArray[np.bool_] = (small >= ord("a")) & (small <= ord("z"))
    return found


def _rows(words: WordArrays) -> npt.NDArray[np.int64]:
    counts = np.diff(words.first_words)
    return np.repeat(np.arange(len(counts)), counts)


def _stems(words: WordArrays) -> Hashes:
    """The beginning of every word, by which its forms are one."""
    return hashes_of(words.units, words.begins, np.minimum(words.ends, words.begins + STEM_LETTERS))


def _overlaps(asked: WordArrays, told: WordArrays) -> list[Numbers]:
    count = len(asked.first_words) - 1
    (asked_keys, asked_rows, _), (told_keys, told_rows, told_first) = map(_keys, (asked, told))
    common = np.isin(told_keys, asked_keys, assume_unique=True)
    asked_count = np.bincount(asked_rows, minlength=count)
    told_count = np.bincount(told_rows, minlength=count)
    shared = np.bincount(told_rows, common, count)
    units = told.units[told.begins[told_first]] if len(told_first) else np.zeros(0, np.intp)
    new = ~common
    return [
        shared / np.maximum(told_count, 1),
        shared / np.maximum(asked_count, 1),
        np.sqrt(np.bincount(told_rows, new, count)),
        np.sqrt(np.bincount(told_rows, new & _is_digit(units), count)),
        np.sqrt(np.bincount(told_rows, new & _is_latin(units), count)),
    ]


def _keys(words: WordArrays) -> tuple[Hashes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Every different stem of every text: a key of both, its text, and a word that has it."""
    rows = _rows(words)
    keys = mix(_stems(words) + rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    unique, first = np.unique(keys, return_index=True)
    return unique, rows[first], first


class _Cues:
    """The listed phrases, as hashes by their number of words."""

    def __init__(self) -> None:
        listed = resources.files("gaokerena_data.scoring").joinpath("cues.txt").read_text("utf-8")
        self.groups: list[str] = []
        phrases: dict[int, list[tuple[str, int]]] = {n: [] for n in range(1, _LONGEST_CUE + 1)}
        for line in listed.splitlines():
            if line.startswith("["):
                self.groups.append(line.strip("[]"))
            elif line and not line.startswith("#"):
                words = len(word_arrays([line]).hashes)
                if words <= _LONGEST_CUE:
                    phrases[words].append((line, len(self.groups) - 1))
        self.by_words: dict[int, dict[str, tuple[Hashes, npt.NDArray[np.int64]]]] = {}
        for n, listed_of in phrases.items():
            self.by_words[n] = {}
            for side in ("question", "answer"):
                of_side = [
                    (phrase, group)
                    for phrase, group in listed_of
                    if self.groups[group].startswith(side)
                ]
                hashes = shingles_of(word_arrays([phrase for phrase, _ in of_side]), n).hashes
                groups = np.array([group for _, group in of_side], np.int64)
                order = np.argsort(hashes, kind="stable")
                self.by_words[n][side] = hashes[order], groups[order]


@cache
def _cues() -> _Cues:
    return _Cues()


def _cue_counts(sides: dict[str, WordArrays]) -> list[Numbers]:
    cues = _cues()
    texts = len(sides["answer"].first_words) - 1
    counts = np.zeros((len(cues.groups), texts), np.float64)
    for n, of_sides in cues.by_words.items():
        for side, words in sides.items():
            listed, groups = of_sides[side]
            hashes, rows = phrase_places(words, n)
            if not len(listed) or not len(hashes):
                continue
            place = np.minimum(np.searchsorted(listed, hashes), len(listed) - 1)
            found = listed[place] == hashes
            np.add.at(counts, (groups[place[found]], rows[found]), 1)
    return list(np.minimum(counts, _MOST_COUNTED))
