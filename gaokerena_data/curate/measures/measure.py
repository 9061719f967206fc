"""Everything that is measured on one record: a pure function of its two texts.

Rules are not applied here: thresholds can change without measuring again (dolma's "tag, then mix").
"""

from collections.abc import Iterable
from importlib.metadata import version

import pyarrow as pa

from gaokerena_data.curate.measures.name_models import load_name_model
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.text.counting import count_words
from gaokerena_data.text.document_signals import DOCUMENT_SIGNALS, document_signals
from gaokerena_data.text.language import detect_language
from gaokerena_data.text.near_duplicates.signatures import batches, fingerprint_words
from gaokerena_data.text.normalizer import PERSIAN, normalizer
from gaokerena_data.text.pairs.faults import pair_faults
from gaokerena_data.text.privacy import find_personal_data, replace_spans
from gaokerena_data.text.script import persian_share
from gaokerena_data.text.word_arrays import digest_words, word_arrays

# Part of the cache's name: raise it when a measure changes its meaning.
MEASURE = f"measure@7-hazm{version('hazm')}-langdetect{version('langdetect')}"

TEXTS = ("heading", "body")
SIGNALS_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("heading", pa.string()),
        ("body", pa.string()),
        # The extracted texts without personal data; null where there was none.
        ("redacted_heading", pa.string()),
        ("redacted_body", pa.string()),
        ("personal_data", pa.list_(pa.string())),
        ("language", pa.string()),
        ("persian_share", pa.float64()),
        ("body_words", pa.int32()),
        ("heading_digest", pa.string()),
        ("body_digest", pa.string()),
        # Fingerprints of the two texts: see `text.near_duplicates.signatures`.
        ("heading_signature", pa.binary()),
        ("heading_whole", pa.uint64()),
        ("heading_length", pa.int64()),
        ("body_signature", pa.binary()),
        ("body_whole", pa.uint64()),
        ("body_length", pa.int64()),
        # Of the body: see `text.document_signals`.
        *((name, pa.float64()) for name in DOCUMENT_SIGNALS),
        # Of the two together: see `text.pairs.faults`. None where they are no question and answer.
        ("faults", pa.list_(pa.string())),
    ]
)
# What rules work on: neither texts nor fingerprints.
NUMBERS = (
    "personal_data",
    "language",
    "persian_share",
    "body_words",
    "heading_digest",
    "body_digest",
    *DOCUMENT_SIGNALS,
    "faults",
)


def measure(
    batch: pa.Table,
    settings: NearDuplicates,
    language: str = PERSIAN,
    name_model: str | None = None,
    are_pairs: bool = False,
) -> pa.Table:
    """Measure a batch of texts.

    Args:
        batch: columns `key`, `heading`, `body` (strings, the last two nullable), as extracted.
        settings: of the fingerprints.
        language: of the dataset; only Persian is normalized with hazm.
        name_model: that finds names as well, by name or folder.
        are_pairs: whether they are questions and answers, whose faults are looked for.

    Returns:
        A table of `SIGNALS_SCHEMA` in the same order: texts without personal data and normalized,
        the kinds of personal data that were found (see `text.privacy`), language an ISO code or
        "unknown", the share of letters in Persian script (0..1), words of the body by hazm's
        WordTokenizer, digests of the words alone (letters and digits, spacing apart) by which
        exact duplicates are found, the MinHash fingerprints of the normalized texts, and the
        faults of pairs in Persian.
    """
    raw = {name: [text or "" for text in batch[name].to_pylist()] for name in TEXTS}
    # Personal data is found in the raw text: normalization takes numbers and links apart.
    net = load_name_model(name_model) if name_model else None
    spans = {name: [find_personal_data(text, net) for text in raw[name]] for name in TEXTS}
    redacted = {name: list(map(replace_spans, raw[name], spans[name])) for name in TEXTS}
    normalized = normalizer(language)
    clean = {name: list(map(normalized, redacted[name])) for name in TEXTS}
    # Script and language are judged on the raw text: hazm rewrites Urdu and Pashto letters.
    both = [f"{heading}\n{body}" for heading, body in zip(*raw.values(), strict=True)]
    columns: dict[str, object] = {
        "key": batch["key"],
        **clean,
        **{f"redacted_{name}": _where_changed(raw[name], redacted[name]) for name in TEXTS},
        "personal_data": [
            sorted({span.kind for span in (*heading, *body)})
            for heading, body in zip(*spans.values(), strict=True)
        ],
        "language": [detect_language(text) for text in both],
        "persian_share": [persian_share(text) for text in both],
        "body_words": [count_words(text) for text in raw["body"]],
        "faults": _faults(clean) if are_pairs and language == PERSIAN else [[] for _ in both],
    }
    for name in TEXTS:
        columns |= _measure_words(name, clean[name], settings)
    return pa.table(columns, schema=SIGNALS_SCHEMA)


def _faults(texts: dict[str, list[str]]) -> list[list[str]]:
    return [
        [fault.value for fault in pair_faults(heading, body).faults]
        for heading, body in zip(*texts.values(), strict=True)
    ]


def _where_changed(before: list[str], after: list[str]) -> list[str | None]:
    return [new if new != old else None for old, new in zip(before, after, strict=True)]


def _measure_words(
    name: str, texts: list[str], settings: NearDuplicates
) -> dict[str, list[object]]:
    parts = [_measure_batch(name, some, settings) for some in batches(texts)]
    return {key: [value for part in parts for value in part[key]] for key in parts[0]}


def _measure_batch(
    name: str, texts: list[str], settings: NearDuplicates
) -> dict[str, Iterable[object]]:
    """What is counted from words, which are found once for all of it."""
    words = word_arrays(texts)
    permutations = settings.bands * settings.rows
    prints = fingerprint_words(words, settings.shingle_words, permutations, settings.seed)
    columns: dict[str, Iterable[object]] = {
        f"{name}_digest": digest_words(words),
        f"{name}_signature": [row.tobytes() for row in prints.signatures.astype("<u4")],
        f"{name}_whole": prints.whole.tolist(),
        f"{name}_length": prints.word_counts.tolist(),
    }
    if name == "body":
        signals = document_signals(texts, words)
        columns |= {key: values.tolist() for key, values in signals.items()}
    return columns
