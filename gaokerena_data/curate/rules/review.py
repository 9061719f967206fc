"""The review step: what clinicians decided is applied, at every run, to the rows they judged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.measures.measure import NUMBERS
from gaokerena_data.curate.rules.filters import Outcome, leave_out
from gaokerena_data.curate.texts.input_index import text_key
from gaokerena_data.curate.texts.signal_store import SignalStore, read_numbers
from gaokerena_data.review.apply import STEP, apply_review
from gaokerena_data.review.settle import Settled


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the step made.

    Args:
        outcome: rows that stay (an edited one with the key of its new texts, and a `note`), and
            ledger rows of those that were rejected.
        candidates: the rows as reviewers are to see them, before any decision, in id order.
        stale: ids of records that were judged, but never in their present words.
    """

    outcome: Outcome
    candidates: pa.Table
    stale: list[str]


def review_rows(table: pa.Table, store: SignalStore, settled: Settled) -> Reviewed:
    """Apply the settled decisions to the rows that all rules have kept.

    Args:
        table: the records under curation.
        store: where their texts are, and where corrected texts are measured like any other.
        settled: what `review.settle` made of the log.
    """
    table = table.sort_by("id")
    texts = store.read(table["key"], ["heading", "body"])
    questions, answers = texts["heading"].to_pylist(), texts["body"].to_pylist()
    candidates = pa.table(
        {
            "id": table["id"],
            "source": table["source"],
            "question": texts["heading"],
            "answer": texts["body"],
            "answer_words": table["body_words"],
            "persian_share": table["persian_share"],
        }
    )
    applied = apply_review(table["id"].to_pylist(), questions, answers, settled)
    details = pa.array(applied.details, pa.string())
    table = _with_corrections(table, applied.questions, applied.answers, applied.edited, store)
    rejected = np.array(applied.rejected, dtype=bool)
    outcome = leave_out(
        table.append_column("note", details),
        rejected,
        STEP,
        reason=[reason for reason in applied.reasons if reason is not None],
        detail=details,
    )
    return Reviewed(outcome, candidates, applied.stale)


def _with_corrections(
    table: pa.Table,
    questions: Sequence[str],
    answers: Sequence[str],
    edited: Sequence[bool],
    store: SignalStore,
) -> pa.Table:
    """The rows with the keys and the numbers of their corrected texts."""
    if not any(edited):
        return table
    keys = table["key"].to_pylist()
    for row, is_edited in enumerate(edited):
        if is_edited:
            keys[row] = text_key(questions[row], answers[row])
    store.measure_texts(
        [(questions[row], answers[row]) for row, is_edited in enumerate(edited) if is_edited]
    )
    index = table.drop_columns(list(NUMBERS))
    index = index.set_column(
        index.column_names.index("key"), "key", pa.chunked_array([pa.array(keys, pa.string())])
    )
    return read_numbers(store, index)
