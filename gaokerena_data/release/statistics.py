"""What a release holds, counted: rows, words, tokens, characters, lengths, dates, answers."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaokerena_data.datasets.configs import SCORED
from gaokerena_data.progress import Progress
from gaokerena_data.release.folder import TEXT_COLUMNS, source_column
from gaokerena_data.release.inputs import Tables
from gaokerena_data.release.messages import last_text
from gaokerena_data.release.personal import count_quasi_identifiers
from gaokerena_data.release.scores import count_scores
from gaokerena_data.release.tokens import NamedTokenizer
from gaokerena_data.text.counting import count_words
from gaokerena_data.text.script import count_letters

STATISTICS = "statistics.json"
ALL = "all"  # the key of a split's sum beside its sources
PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
DATE_COLUMNS = ("published_at", "fetched_at")
_BATCH_ROWS = 2_000

type Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Text:
    """Numbers of one text column, a row each; -1 words where the cell is null."""

    words: Numbers
    characters: Numbers
    tokens: Numbers
    persian: Numbers
    letters: Numbers


def make_statistics(
    tables: Tables, tokenizer: NamedTokenizer, progress: Progress
) -> dict[str, Any]:
    """Count a release.

    Args:
        tables: config -> split -> published table.
        tokenizer: what tokens are.
        progress: told (what, rows done, rows in all).

    Returns:
        `configs`: config -> split -> source (and "all") -> rows, questions and answers a question
        where there are questions, per text column words, tokens and characters (sum, mean,
        percentiles, a histogram by powers of two) and the share of Persian letters, and the range
        of each date; of datasets of patients' questions `quasi_identifiers` as well (see
        `release.personal`), and `scores` where there are some (see `release.scores`). Words are
        hazm's, as the curation counts them.
    """
    # The texts of `scored` are those of `default`.
    read = {config: splits for config, splits in tables.items() if config != SCORED}
    total = sum(table.num_rows for splits in read.values() for table in splits.values())
    done = 0
    configs: dict[str, dict[str, Any]] = {}
    for config, splits in read.items():
        configs[config] = {}
        for split, table in splits.items():
            configs[config][split] = _split_statistics(table, tokenizer)
            done += table.num_rows
            progress("statistics", done, total)
    statistics = {
        "words": "hazm WordTokenizer",
        "tokenizer": {"name": tokenizer.name, "sha256": tokenizer.sha256},
        "percentiles": list(PERCENTILES),
        "configs": configs,
    }
    counted = {"quasi_identifiers": count_quasi_identifiers(read), "scores": count_scores(tables)}
    return statistics | {name: facts for name, facts in counted.items() if facts}


def _split_statistics(table: pa.Table, tokenizer: NamedTokenizer) -> dict[str, Any]:
    column = source_column(table.column_names)
    names = table[column].to_pylist() if column else [""] * table.num_rows
    sources = np.array([name or "" for name in names], dtype=object)
    texts = {
        name: _measure(table[name], tokenizer)
        for name in TEXT_COLUMNS
        if name in table.column_names
    }
    everything = np.ones(len(sources), dtype=bool)
    masks = {ALL: everything} | {
        name: sources == name for name in sorted(set(sources.tolist())) if name
    }
    return {name: _facts(table, texts, mask) for name, mask in masks.items()}


def _measure(column: pa.ChunkedArray, tokenizer: NamedTokenizer) -> _Text:
    rows: list[tuple[int, int, int, int, int]] = []
    for start in range(0, len(column), _BATCH_ROWS):
        texts = [last_text(cell) for cell in column.slice(start, _BATCH_ROWS).to_pylist()]
        tokens = tokenizer.count([text or "" for text in texts])
        for text, count in zip(texts, tokens, strict=True):
            if text is None:
                rows.append((-1, 0, 0, 0, 0))
                continue
            persian, other = count_letters(text)
            rows.append((count_words(text), len(text), count, persian, persian + other))
    numbers = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return _Text(*numbers.T)


def _facts(table: pa.Table, texts: dict[str, _Text], mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
    facts: dict[str, Any] = {"rows": int(mask.sum())}
    picked = table.filter(pa.array(mask))
    if "Answer" in texts:
        facts |= _answers(picked)
    facts["texts"] = {name: _text_facts(text, mask) for name, text in texts.items()}
    facts["dates"] = {
        name: _dates(picked[name]) for name in DATE_COLUMNS if name in picked.column_names
    }
    return facts


def _answers(table: pa.Table) -> dict[str, Any]:
    """Answers a question: rows of one page, or of the same words where there is no page."""
    asked = zip(
        table["Source"].to_pylist(),
        table["url"].to_pylist(),
        table["Question"].to_pylist(),
        strict=True,
    )
    answers = Counter((source, url or question) for source, url, question in asked)
    mean = table.num_rows / len(answers) if answers else 0.0
    return {
        "questions": len(answers),
        "answers_a_question": {
            "mean": round(mean, 3),
            "max": max(answers.values(), default=0),
            "with_several": sum(count > 1 for count in answers.values()),
        },
    }


def _text_facts(text: _Text, mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
    there = mask & (text.words >= 0)
    letters = int(text.letters[there].sum())
    return {
        "rows": int(there.sum()),
        "words": _lengths(text.words[there]),
        "tokens": _lengths(text.tokens[there]),
        "characters": _lengths(text.characters[there]),
        "persian_share": round(int(text.persian[there].sum()) / letters, 4) if letters else None,
    }


def _lengths(numbers: Numbers) -> dict[str, Any]:
    """Sum, mean, extremes, percentiles; `histogram[n]` counts lengths from 2**n to 2**(n+1)-1."""
    if not len(numbers):
        return {"sum": 0}
    bins = np.floor(np.log2(np.maximum(numbers, 1))).astype(int)
    points = np.percentile(numbers, PERCENTILES, method="inverted_cdf")
    return {
        "sum": int(numbers.sum()),
        "mean": round(float(numbers.mean()), 2),
        "min": int(numbers.min()),
        "max": int(numbers.max()),
        "percentiles": [int(point) for point in points],
        "histogram": np.bincount(bins).tolist(),
    }


def _dates(column: pa.ChunkedArray) -> dict[str, Any]:
    days = sorted(str(date)[:10] for date in column.to_pylist() if date)
    return {
        "rows": len(days),
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
    }
